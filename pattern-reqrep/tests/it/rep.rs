//! What is particular to REP.

use bytes::Bytes;
use ferromq_compliance::pattern::{FarEnd, Marks, Socket};
use ferromq_core::{Message, OptionError, PatternOption, Slot, TryRecvError, TrySendError};

use crate::compliance::RepProfile;
use crate::req::{frames, push};

fn rep() -> (Socket<RepProfile>, FarEnd) {
    let mut socket = Socket::new();
    let peer = socket.join(Marks::default());
    (socket, peer)
}

fn reply(socket: &mut Socket<RepProfile>, body: &'static str) {
    assert_eq!(socket.send(&Message::from(body)), Ok(()));
}

#[test]
fn the_envelope_is_kept_and_goes_in_front_of_the_reply() {
    let (mut rep, mut peer) = rep();
    push(&mut peer, &frames(["router", "1234", "", "a", "", "b"]));
    assert_eq!(rep.recv(), Ok(frames(["a", "", "b"])));
    assert_eq!(rep.send(&frames(["x", "y"])), Ok(()));
    assert_eq!(peer.pop(), Ok(frames(["router", "1234", "", "x", "y"])));
    push(&mut peer, &frames(["", ""]));
    assert_eq!(rep.recv(), Ok(frames([""])));
    reply(&mut rep, "z");
    assert_eq!(peer.pop(), Ok(frames(["", "z"])));
}

#[test]
fn envelopes_may_be_large_and_deep() {
    for (size, depth) in [(255, 1), (256, 2), (70_000, 3), (1, 8), (1, 9), (3, 500)] {
        let (mut rep, mut peer) = rep();
        let hop = Bytes::from(vec![b'h'; size]);
        let with = |body: &'static str| {
            let mut message = frames(["", body]);
            (0..depth).for_each(|_| message.push_front(hop.clone()));
            message
        };
        push(&mut peer, &with("request"));
        let received = rep.recv().expect("a request");
        assert_eq!(received, frames(["request"]));
        assert_eq!(received.origin(), peer.id.get());
        reply(&mut rep, "reply");
        assert_eq!(peer.pop(), Ok(with("reply")), "{depth} of {size}");
    }
}

#[test]
fn a_request_without_delimiter_or_body_is_passed_over() {
    let (mut rep, mut peer) = rep();
    push(&mut peer, &frames(["no delimiter"]));
    push(&mut peer, &frames(["still", "no", "delimiter"]));
    push(&mut peer, &frames([""]));
    push(&mut peer, &frames(["no body", ""]));
    assert_eq!(rep.recv(), Err(TryRecvError::Empty));
    push(&mut peer, &frames(["no", "delimiter"]));
    push(&mut peer, &frames(["id", "", "request"]));
    assert_eq!(rep.recv(), Ok(frames(["request"])));
    reply(&mut rep, "reply");
    assert_eq!(peer.pop_all(), [frames(["id", "", "reply"])]);
}

#[test]
fn receiving_and_sending_take_turns() {
    let (mut rep, mut peer) = rep();
    for _ in 0..3 {
        let early = rep.send(&Message::from("early"));
        assert_eq!(early, Err(TrySendError::OutOfTurn));
        push(&mut peer, &frames(["", "request"]));
        push(&mut peer, &frames(["", "another"]));
        // Even once it is known that a request is there.
        assert!(rep.is_readable() && !rep.is_writable());
        assert_eq!(rep.recv(), Ok(frames(["request"])));
        assert_eq!(rep.recv(), Err(TryRecvError::OutOfTurn));
        reply(&mut rep, "reply");
        assert_eq!(rep.recv(), Ok(frames(["another"])));
        reply(&mut rep, "reply");
    }
}

#[test]
fn a_slot_is_the_turn() {
    let (mut rep, mut peer) = rep();
    push(&mut peer, &frames(["", "request"]));
    assert_eq!(rep.recv(), Ok(frames(["request"])));
    let slot = rep.reserve(&peer).expect("a slot");
    assert_eq!(rep.reserve(&peer).map(drop), Err(TrySendError::OutOfTurn));
    assert_eq!(rep.recv(), Err(TryRecvError::OutOfTurn));
    rep.release(slot);
    reply(&mut rep, "reply");
    assert_eq!(peer.pop_all(), [frames(["", "reply"])]);
}

#[test]
fn each_reply_goes_to_who_has_asked() {
    let mut rep = Socket::<RepProfile>::new();
    let mut peers = [(); 3].map(|()| rep.join(Marks::default()));
    for peer in &mut peers {
        push(peer, &frames(["", "request"]));
    }
    for peer in &mut peers {
        assert_eq!(
            rep.recv().map(|request| request.origin()),
            Ok(peer.id.get())
        );
        reply(&mut rep, "reply");
        assert_eq!(peer.pop_all(), [frames(["", "reply"])]);
    }
}

#[test]
fn a_reply_to_a_peer_that_has_left_is_dropped() {
    for disconnected in [false, true] {
        let (mut rep, mut peer) = rep();
        let watch = peer.watch();
        push(&mut peer, &frames(["", "request"]));
        assert_eq!(rep.recv(), Ok(frames(["request"])));
        match disconnected {
            true => rep.detach(&peer),
            false => peer.leave(),
        }
        reply(&mut rep, "to nobody");
        peer.leave();
        assert_eq!(rep.recv(), Err(TryRecvError::Empty));
        assert!(watch.is_over());

        let mut other = rep.join(Marks::default());
        push(&mut other, &frames(["other", "", "request"]));
        assert_eq!(rep.recv(), Ok(frames(["request"])));
        reply(&mut rep, "reply");
        assert_eq!(other.pop_all(), [frames(["other", "", "reply"])]);
    }
}

#[test]
fn a_reply_to_a_peer_that_takes_no_more_is_dropped() {
    let mut rep = Socket::<RepProfile>::new();
    let mut peer = rep.join(Marks {
        send: 1,
        receive: 0,
    });
    for body in ["first", "second"] {
        push(&mut peer, &frames(["", body]));
        assert_eq!(rep.recv(), Ok(frames([body])));
        reply(&mut rep, body);
    }
    push(&mut peer, &frames(["", "third"]));
    assert_eq!(rep.recv(), Ok(frames(["third"])));
    let slot = rep.reserve(&peer).expect("the turn");
    assert!(matches!(slot, Slot::Open));
    rep.commit(&peer, slot, &Message::from("third"));
    assert_eq!(peer.pop_all(), [frames(["", "first"])]);
}

#[test]
fn a_reply_waits_for_the_connection_to_come_back() {
    let mut rep = Socket::<RepProfile>::new();
    let mut peer = rep.dial(Marks::default());
    rep.ready(&mut peer);
    push(&mut peer, &frames(["", "request"]));
    assert_eq!(rep.recv(), Ok(frames(["request"])));
    rep.lost(&peer);
    reply(&mut rep, "reply");
    rep.ready(&mut peer);
    assert_eq!(peer.pop_all(), [frames(["", "reply"])]);
}

#[test]
fn other_patterns_options_are_refused() {
    let (mut rep, _peer) = rep();
    let option = PatternOption::ReqRelaxed(true);
    let refused = OptionError::Unsupported("ZMQ_REQ_RELAXED");
    assert_eq!(rep.set(&option), Err(refused));
}
