//! CLIENT: messages to servers in turn, messages from servers in turn.

use ferromq_core::routing::{FairQueue, LoadBalance, SingleFrame};
use ferromq_core::{CanReceive, CanSend, Halves, Pattern, SocketType, Split, Wakes};

/// An asynchronous requester ([RFC 41](https://rfc.zeromq.org/spec/41/), "The CLIENT
/// Socket Type").
///
/// A message goes to one server, the next in turn that has room; without any,
/// sending waits. It has one frame: one of several is refused as malformed.
#[derive(Debug)]
pub struct Client;

impl Pattern for Client {
    const SOCKET_TYPE: SocketType = SocketType::Client;
    type Halves = Split<SingleFrame<LoadBalance>, SingleFrame<FairQueue>>;

    fn halves() -> Self::Halves {
        let halves = Split::new(SingleFrame::default(), SingleFrame::default());
        watch(&halves);
        halves
    }
}

impl CanSend for Client {}
impl CanReceive for Client {}

/// Gives the receiving half its own lane.
pub(crate) fn watch(halves: &impl Halves<Inbound = SingleFrame<FairQueue>>) {
    let inbound = halves.inbound();
    inbound.lock(&mut Wakes::new()).watch(inbound.lane());
}
