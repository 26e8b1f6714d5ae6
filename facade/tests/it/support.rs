//! What several rooms use.

use std::time::Duration;

use ferromq::{Context, EventKind, Monitor, Options};
use ferromq_compliance::network::Network;

/// A context whose only transport is a network in memory.
pub(crate) fn simulated() -> (Network, Context) {
    let network = Network::new();
    let context = Context::builder().transport(network.clone()).build();
    (network, context)
}

/// Options under which nothing is waited for in vain.
pub(crate) fn impatient() -> Options {
    Options::new().linger(Duration::ZERO)
}

/// Waits for an event of a kind.
pub(crate) async fn event(monitor: &mut Monitor, wanted: impl Fn(&EventKind) -> bool) -> EventKind {
    loop {
        let event = monitor.recv().await.expect("the socket is still there");
        if wanted(&event.kind) {
            return event.kind;
        }
    }
}

/// Waits until a peer is there.
pub(crate) async fn ready(monitor: &mut Monitor) {
    event(monitor, |kind| {
        matches!(kind, EventKind::HandshakeSucceeded(_))
    })
    .await;
}
