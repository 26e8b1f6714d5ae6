//! SCATTER and GATHER: a pipeline of messages of one frame.

use ferromq_core::routing::SingleFrame;
use ferromq_core::{
    CanReceive, CanSend, Halves, Pattern, ReceiveOnly, SendOnly, SocketType, Wakes,
};

use crate::{Pull, Push};

/// A [`Push`] of messages of one frame ([RFC 49](https://rfc.zeromq.org/spec/49/),
/// "The SCATTER Socket Type"). One of several frames is refused as malformed.
#[derive(Debug)]
pub struct Scatter;

/// A [`Pull`] of messages of one frame ([RFC 49](https://rfc.zeromq.org/spec/49/),
/// "The GATHER Socket Type").
#[derive(Debug)]
pub struct Gather;

impl Pattern for Scatter {
    const SOCKET_TYPE: SocketType = SocketType::Scatter;
    type Halves = SendOnly<SingleFrame<Push>>;

    fn halves() -> Self::Halves {
        SendOnly::new(SingleFrame::default())
    }
}

impl Pattern for Gather {
    const SOCKET_TYPE: SocketType = SocketType::Gather;
    type Halves = ReceiveOnly<SingleFrame<Pull>>;

    fn halves() -> Self::Halves {
        let halves = ReceiveOnly::new(SingleFrame::default());
        let inbound = halves.inbound();
        inbound.lock(&mut Wakes::new()).watch(inbound.lane());
        halves
    }
}

impl CanSend for Scatter {}
impl CanReceive for Gather {}
