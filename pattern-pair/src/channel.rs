//! CHANNEL: a pair of messages of one frame.

use ferromq_core::routing::SingleFrame;
use ferromq_core::{CanReceive, CanSend, Halves, Joint, Pattern, SocketType, Wakes};

use crate::Pair;

/// A [`Pair`] of messages of one frame ([RFC 52](https://rfc.zeromq.org/spec/52/)). One
/// of several frames is refused as malformed.
#[derive(Debug)]
pub struct Channel;

impl Pattern for Channel {
    const SOCKET_TYPE: SocketType = SocketType::Channel;
    type Halves = Joint<SingleFrame<Pair>>;

    fn halves() -> Self::Halves {
        let halves = Joint::new(SingleFrame::default());
        let half = halves.inbound();
        half.lock(&mut Wakes::new()).watch(half.lane());
        halves
    }
}

impl CanSend for Channel {}
impl CanReceive for Channel {}
