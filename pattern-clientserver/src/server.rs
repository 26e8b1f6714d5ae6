//! SERVER and PEER: messages to peers by number, messages from peers in turn.

use ferromq_core::routing::{FairQueue, SingleFrame};
use ferromq_core::{CanAddress, CanReceive, CanSend, Pattern, SocketType, Split};

use crate::by_number::ByNumber;
use crate::client::watch;

/// An asynchronous replier ([RFC 41](https://rfc.zeromq.org/spec/41/), "The SERVER
/// Socket Type").
///
/// # Numbers
///
/// Each peer has a number, which is never 0 and never given to another. A message that
/// was received bears it as its [origin](ferromq_core::Message::origin), and one that
/// is sent goes to the peer whose number is its origin (`zmq_msg_routing_id`,
/// `zmq_msg_set_routing_id`). The number never travels, and costs no frame. A peer
/// that this socket connects to keeps its number over reconnections; one that
/// connects again itself has a new one.
///
/// A [slot](ferromq_core::Outbound::reserve) is reserved by the number as four bytes,
/// the most significant first.
///
/// # What cannot be delivered
///
/// A message for a number that nobody has is refused as unroutable; one for a peer
/// that takes no more now waits; one of several frames is malformed.
#[derive(Debug)]
pub struct Server;

/// A [`Server`] for its own kind ([RFC 51](https://rfc.zeromq.org/spec/51/)), which can
/// speak first: who connects learns the number of the peer that will be there.
#[derive(Debug)]
pub struct Peer;

/// The halves of both.
type Addressed = Split<SingleFrame<ByNumber>, SingleFrame<FairQueue>>;

fn addressed() -> Addressed {
    let halves = Split::new(SingleFrame::default(), SingleFrame::default());
    watch(&halves);
    halves
}

impl Pattern for Server {
    const SOCKET_TYPE: SocketType = SocketType::Server;
    type Halves = Addressed;

    fn halves() -> Self::Halves {
        addressed()
    }
}

impl Pattern for Peer {
    const SOCKET_TYPE: SocketType = SocketType::Peer;
    type Halves = Addressed;

    fn halves() -> Self::Halves {
        addressed()
    }
}

impl CanSend for Server {}
impl CanReceive for Server {}
impl CanAddress for Server {}

impl CanSend for Peer {}
impl CanReceive for Peer {}
impl CanAddress for Peer {}
