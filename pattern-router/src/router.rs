//! ROUTER: messages to peers by routing id, messages from peers in turn.

mod inbound;
mod outbound;
mod registry;

use std::sync::Arc;

use ferromq_core::{CanReceive, CanRoute, CanSend, Pattern, SocketType, Split};

pub use inbound::RouterInbound;
pub use outbound::RouterOutbound;
use registry::Registry;

/// The socket that knows its peers apart
/// ([RFC 28](https://rfc.zeromq.org/spec/28/), "The ROUTER Socket Type").
///
/// The first frame of each message is a routing id: on the way in the ROUTER puts
/// it there and it says who sent the message; on the way out it says who is to get
/// it, and the ROUTER takes it off.
///
/// ```text
///                 the handshake, or an assigned id
///  not named yet ─────────────────────────────────▶ named ──── the peer leaves ──▶
///                │                                    │
///                │ the id is taken                    │ handover to another peer
///                ▼                                    ▼
///             ignored                               let go
/// ```
///
/// # Routing ids
///
/// The id that the application has assigned to a peer wins, and can be used before
/// the peer is there. Otherwise it is the identity that the peer gave itself, or one
/// made up of a zero octet and a number. A peer keeps its id over reconnections.
///
/// A peer whose id another one has is ignored for as long as it stays: its
/// connection is open, but nothing is read from it, and nothing is sent to it. With
/// [`ZMQ_ROUTER_HANDOVER`](ferromq_core::PatternOption::RouterHandover) it takes the
/// id over, and the other is let go with all that it sent.
///
/// # What cannot be delivered
///
/// A message for an id that nobody has, or for a peer that takes no more, is
/// dropped. With [`ZMQ_ROUTER_MANDATORY`](ferromq_core::PatternOption::RouterMandatory)
/// it is refused, as `Unroutable` or `Full`. A message of one frame, an id with
/// nothing to send there, is always dropped.
#[derive(Debug)]
pub struct Router;

impl Pattern for Router {
    const SOCKET_TYPE: SocketType = SocketType::Router;
    type Halves = Split<RouterOutbound, RouterInbound>;

    fn halves() -> Self::Halves {
        let registry = Arc::new(Registry::default());
        Split::new(
            RouterOutbound::new(Arc::clone(&registry)),
            RouterInbound::new(registry),
        )
    }
}

impl CanSend for Router {}
impl CanReceive for Router {}
impl CanRoute for Router {}
