//! DGRAM: datagrams to anybody and from anybody.

use ferromq_core::routing::TwoFrames;
use ferromq_core::{CanReceive, CanSend, Halves, Joint, Pattern, SocketType, Wakes};

use crate::Pair;

/// Datagrams with the addresses that they go to and come from. It has one link, as a
/// [`Pair`] has one peer: that of its first bind; others are let go at once.
///
/// A message has two frames, the address, as in `127.0.0.1:5555`, and the body. Any other
/// is refused as malformed. No RFC tells of this type; libzmq's `dgram.cpp` does.
#[derive(Debug)]
pub struct Dgram;

impl Pattern for Dgram {
    const SOCKET_TYPE: SocketType = SocketType::Dgram;
    type Halves = Joint<TwoFrames<Pair>>;

    fn halves() -> Self::Halves {
        let halves = Joint::new(TwoFrames::default());
        let half = halves.inbound();
        half.lock(&mut Wakes::new()).watch(half.lane());
        halves
    }
}

impl CanSend for Dgram {}
impl CanReceive for Dgram {}
