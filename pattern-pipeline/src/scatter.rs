//! SCATTER and GATHER: a pipeline of messages of one frame.

use ferromq_core::routing::{FairQueue, LoadBalance, SingleFrame};
use ferromq_core::{
    CanReceive, CanSend, Halves, Pattern, ReceiveOnly, SendOnly, SocketType, Wakes,
};

/// A [`Push`](crate::Push) of messages of one frame ([RFC 49](https://rfc.zeromq.org/spec/49/),
/// "The SCATTER Socket Type"). One of several frames is refused as malformed.
#[derive(Debug)]
pub struct Scatter;

/// A [`Pull`](crate::Pull) of messages of one frame ([RFC 49](https://rfc.zeromq.org/spec/49/),
/// "The GATHER Socket Type").
#[derive(Debug)]
pub struct Gather;

impl Pattern for Scatter {
    const SOCKET_TYPE: SocketType = SocketType::Scatter;
    type Halves = SendOnly<SingleFrame<LoadBalance>>;

    fn halves() -> Self::Halves {
        SendOnly::new(SingleFrame::default())
    }
}

impl Pattern for Gather {
    const SOCKET_TYPE: SocketType = SocketType::Gather;
    type Halves = ReceiveOnly<SingleFrame<FairQueue>>;

    fn halves() -> Self::Halves {
        let halves = ReceiveOnly::new(SingleFrame::default());
        let inbound = halves.inbound();
        inbound.lock(&mut Wakes::new()).watch(inbound.lane());
        halves
    }
}

impl CanSend for Scatter {}
impl CanReceive for Gather {}
