//! PUSH: messages to peers in turn.

use ferromq_core::routing::LoadBalance;
use ferromq_core::{CanSend, Pattern, SendOnly, SocketType};

/// The sending end of a pipeline.
///
/// A message goes to one peer, the next in turn that has room; without any,
/// sending waits. A PUSH never reads: its peers' pipes to it are let go.
#[derive(Debug)]
pub struct Push;

impl Pattern for Push {
    const SOCKET_TYPE: SocketType = SocketType::Push;
    type Halves = SendOnly<LoadBalance>;

    fn halves() -> Self::Halves {
        SendOnly::new(LoadBalance::new())
    }
}

impl CanSend for Push {}
