//! What monitors tell, in order, on a paused clock; libzmq's names are those of its
//! `ZMQ_EVENT_*`.

use std::time::Duration;

use ferromq::{
    DealerSocket, DefaultContext, EventKind, LinkError, Monitor, PullSocket, PushSocket,
    TransportError,
};

use crate::support::{impatient, simulated};

/// The names of the events up to now, once nothing happens any more.
async fn so_far(monitor: &mut Monitor) -> Vec<&'static str> {
    // The clock is paused: it moves on when nobody has anything to do.
    tokio::time::sleep(Duration::from_millis(50)).await;
    std::iter::from_fn(|| monitor.try_recv())
        .map(|event| name(&event.kind))
        .collect()
}

fn name(kind: &EventKind) -> &'static str {
    match kind {
        EventKind::Listening => "LISTENING",
        EventKind::BindFailed(_) => "BIND_FAILED",
        EventKind::Accepted => "ACCEPTED",
        EventKind::ConnectDelayed => "CONNECT_DELAYED",
        EventKind::Connected => "CONNECTED",
        EventKind::ConnectFailed(_) | EventKind::Closed => "CLOSED",
        EventKind::ConnectRetried(_) => "CONNECT_RETRIED",
        EventKind::HandshakeSucceeded(_) => "HANDSHAKE_SUCCEEDED",
        EventKind::HandshakeFailed(_) => "HANDSHAKE_FAILED",
        EventKind::Disconnected(_) => "DISCONNECTED",
        _ => "another",
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_begins_breaks_and_begins_again() {
    let (network, context) = simulated();
    let pull = PullSocket::in_context(&context, impatient());
    let push = PushSocket::in_context(&context, impatient());
    let (mut bound, mut connecting) = (pull.monitor(), push.monitor());
    let begin = ["CONNECT_DELAYED", "CONNECTED", "HANDSHAKE_SUCCEEDED"];
    pull.bind("sim://sink").await.expect("a free name");
    push.connect("sim://sink").expect("an endpoint");
    assert_eq!(so_far(&mut connecting).await, begin);
    let accepted = ["ACCEPTED", "HANDSHAKE_SUCCEEDED"];
    assert_eq!(
        so_far(&mut bound).await,
        [&["LISTENING"], &accepted[..]].concat()
    );
    network.cut();
    tokio::time::sleep(Duration::from_millis(250)).await;
    let again = [&["DISCONNECTED", "CONNECT_RETRIED"], &begin[..]].concat();
    assert_eq!(so_far(&mut connecting).await, again);
    assert_eq!(
        so_far(&mut bound).await,
        [&["DISCONNECTED"], &accepted[..]].concat()
    );
    pull.close().await;
    // Listener and connection end at once, in either order.
    let mut ends = so_far(&mut bound).await;
    ends.sort_unstable();
    assert_eq!(ends, ["CLOSED", "DISCONNECTED"]);
    let lost = ["DISCONNECTED", "CONNECT_RETRIED"];
    assert_eq!(so_far(&mut connecting).await, lost);
    drop((pull, push));
    tokio::time::sleep(Duration::from_millis(50)).await;
    while connecting.try_recv().is_some() {}
    // MONITOR_STOPPED is the end of the monitor.
    assert!(connecting.recv().await.is_none() && bound.recv().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn who_is_refused_tries_again() {
    let (_network, context) = simulated();
    let push = PushSocket::in_context(&context, impatient());
    let mut monitor = push.monitor();
    push.connect("sim://nobody").expect("an endpoint");
    let round = ["CONNECT_DELAYED", "CLOSED", "CONNECT_RETRIED"];
    assert_eq!(so_far(&mut monitor).await, round);
    tokio::time::sleep(Duration::from_millis(150)).await;
    assert_eq!(so_far(&mut monitor).await[..3], round);
}

#[tokio::test(start_paused = true)]
async fn a_failed_handshake_ends_its_connection() {
    let (network, context) = simulated();
    let pull = PullSocket::in_context(&context, impatient());
    let mut bound = pull.monitor();
    pull.bind("sim://sink").await.expect("a free name");
    drop(network.dial("sink").expect("a listener"));
    let failed = ["HANDSHAKE_FAILED", "DISCONNECTED"];
    let begin = ["LISTENING", "ACCEPTED"];
    assert_eq!(so_far(&mut bound).await, [&begin[..], &failed].concat());
    let dealer = DealerSocket::in_context(&context, impatient());
    let mut connecting = dealer.monitor();
    dealer.connect("sim://sink").expect("an endpoint");
    let begin = ["CONNECT_DELAYED", "CONNECTED"];
    assert_eq!(
        so_far(&mut connecting).await,
        [&begin[..], &failed].concat()
    );
    assert_eq!(
        so_far(&mut bound).await,
        [&["ACCEPTED"], &failed[..]].concat()
    );
}

#[tokio::test]
async fn a_bind_that_fails_is_an_event_and_an_error() {
    let context = DefaultContext::builder().build();
    let (first, second) = (
        PullSocket::in_context(&context, impatient()),
        PullSocket::in_context(&context, impatient()),
    );
    let endpoint = first.bind("tcp://127.0.0.1:*").await.expect("a port");
    let mut monitor = second.monitor();
    let refused = second.bind(endpoint.as_str()).await;
    let in_use = |error: &TransportError| matches!(error, TransportError::AddressInUse(_));
    assert!(matches!(&refused, Err(LinkError::Transport(error)) if in_use(error)));
    let event = monitor.try_recv().expect("an event");
    assert!(matches!(&event.kind, EventKind::BindFailed(error) if in_use(error)));
    assert_eq!(event.endpoint, endpoint);
}
