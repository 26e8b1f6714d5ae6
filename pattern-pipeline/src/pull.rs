//! PULL: messages from peers in turn.

use ferromq_core::routing::FairQueue;
use ferromq_core::{CanReceive, Pattern, ReceiveOnly, SocketType};

/// The receiving end of a pipeline.
///
/// Messages come from all peers in turn, one from each that has any. A PULL
/// never sends: the ways back to its peers are let go.
#[derive(Debug)]
pub struct Pull;

impl Pattern for Pull {
    const SOCKET_TYPE: SocketType = SocketType::Pull;
    type Halves = ReceiveOnly<FairQueue>;

    fn halves() -> Self::Halves {
        ReceiveOnly::new(FairQueue::new())
    }
}

impl CanReceive for Pull {}
