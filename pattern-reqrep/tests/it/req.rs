//! What is particular to REQ.

use ferromq_compliance::pattern::{FarEnd, Marks, Socket};
use ferromq_core::{
    Halves, Message, OptionError, PatternOption, TryRecvError, TrySendError, Wakes,
};

use crate::compliance::ReqProfile;

/// A REQ and so many peers.
pub(crate) fn req_with(peers: usize) -> (Socket<ReqProfile>, Vec<FarEnd>) {
    let mut socket = Socket::new();
    let peers = (0..peers).map(|_| socket.join(Marks::default())).collect();
    (socket, peers)
}

/// A message of these frames.
pub(crate) fn frames<const N: usize>(frames: [&'static str; N]) -> Message {
    Message::from_frames(frames)
}

pub(crate) fn send(socket: &mut Socket<ReqProfile>, body: &'static str) {
    assert_eq!(socket.send(&Message::from(body)), Ok(()));
}

pub(crate) fn push(peer: &mut FarEnd, message: &Message) {
    assert_eq!(peer.push(message), Ok(()));
}

fn is_lost(socket: &Socket<ReqProfile>) -> bool {
    socket.halves().outbound().lock(&mut Wakes::new()).is_lost()
}

#[test]
fn a_request_has_a_delimiter_in_front_and_a_reply_loses_it() {
    let (mut req, mut peers) = req_with(1);
    assert_eq!(req.send(&frames(["a", "", "b"])), Ok(()));
    assert_eq!(peers[0].pop(), Ok(frames(["", "a", "", "b"])));
    push(&mut peers[0], &frames(["", "", "x", "y"]));
    assert_eq!(req.recv(), Ok(frames(["", "x", "y"])));
}

#[test]
fn sending_and_receiving_take_turns() {
    let (mut req, mut peers) = req_with(1);
    for _ in 0..3 {
        assert_eq!(req.recv(), Err(TryRecvError::OutOfTurn));
        send(&mut req, "request");
        let again = req.send(&Message::from("again"));
        assert_eq!(again, Err(TrySendError::OutOfTurn));
        assert_eq!(req.recv(), Err(TryRecvError::Empty));
        push(&mut peers[0], &frames(["", "reply"]));
        // Even once the reply is known to be there.
        assert!(req.is_readable() && !req.is_writable());
        assert_eq!(req.recv(), Ok(Message::from("reply")));
        assert!(req.is_writable() && !req.is_readable());
    }
}

#[test]
fn there_is_one_slot_and_the_turn_goes_with_it() {
    let (mut req, mut peers) = req_with(2);
    let slot = req.reserve(&peers[0]).expect("a slot");
    assert_eq!(
        req.reserve(&peers[1]).map(drop),
        Err(TrySendError::OutOfTurn)
    );
    assert_eq!(req.send(&Message::from("x")), Err(TrySendError::OutOfTurn));
    assert_eq!(req.recv(), Err(TryRecvError::OutOfTurn));
    req.release(slot);
    send(&mut req, "next in turn");
    assert_eq!(peers[1].pop(), Ok(frames(["", "next in turn"])));
}

#[test]
fn only_the_peer_asked_can_answer() {
    let (mut req, mut peers) = req_with(2);
    send(&mut req, "to the first");
    push(&mut peers[1], &frames(["", "not asked"]));
    assert_eq!(req.recv(), Err(TryRecvError::Empty));
    push(&mut peers[0], &frames(["", "asked"]));
    assert_eq!(req.recv(), Ok(Message::from("asked")));
}

#[test]
fn what_came_before_the_request_is_no_reply_to_it() {
    let (mut req, mut peers) = req_with(1);
    push(&mut peers[0], &frames(["", "too early"]));
    send(&mut req, "request");
    assert_eq!(req.recv(), Err(TryRecvError::Empty));
    push(&mut peers[0], &frames(["", "reply"]));
    push(&mut peers[0], &frames(["", "one too many"]));
    assert_eq!(req.recv(), Ok(Message::from("reply")));
    send(&mut req, "request");
    assert_eq!(req.recv(), Err(TryRecvError::Empty));
}

#[test]
fn what_is_no_reply_is_skipped_whole() {
    let (mut req, mut peers) = req_with(1);
    send(&mut req, "request");
    push(&mut peers[0], &frames(["no delimiter"]));
    push(&mut peers[0], &frames(["no", "delimiter"]));
    push(&mut peers[0], &frames(["not", "", "first"]));
    push(
        &mut peers[0],
        &frames(["1234", "", "a number that was not given"]),
    );
    push(&mut peers[0], &frames([""]));
    assert_eq!(req.recv(), Err(TryRecvError::Empty));
    push(&mut peers[0], &frames(["", "reply"]));
    assert_eq!(req.recv(), Ok(Message::from("reply")));
}

#[test]
fn the_request_waits_on_when_the_peer_dies() {
    let (mut req, mut peers) = req_with(2);
    send(&mut req, "request");
    assert!(!is_lost(&req));
    peers[0].leave();
    assert_eq!(req.recv(), Err(TryRecvError::Empty));
    assert!(is_lost(&req) && !req.is_writable());
    // Nobody else can answer it.
    push(&mut peers[1], &frames(["", "reply"]));
    assert_eq!(req.recv(), Err(TryRecvError::Empty));
}

#[test]
fn a_reply_counts_though_the_peer_has_left_since() {
    let (mut req, mut peers) = req_with(1);
    send(&mut req, "request");
    push(&mut peers[0], &frames(["", "last words"]));
    peers[0].leave();
    req.settle();
    assert!(!is_lost(&req));
    assert_eq!(req.recv(), Ok(Message::from("last words")));
}

#[test]
fn a_request_is_lost_with_the_connection_that_took_it() {
    let mut req = Socket::<ReqProfile>::new();
    let mut peer = req.dial(Marks::default());
    send(&mut req, "before there is a connection");
    assert!(!is_lost(&req), "it has not left yet");
    req.ready(&mut peer);
    assert!(!is_lost(&req));
    req.lost(&peer);
    assert!(is_lost(&req));
    req.ready(&mut peer);
    assert!(is_lost(&req), "this connection knows nothing of it");
    // But who knows: if there is a reply after all, it is taken.
    push(&mut peer, &frames(["", "reply"]));
    assert_eq!(req.recv(), Ok(Message::from("reply")));
    assert!(!is_lost(&req));
}

#[test]
fn correlated_requests_are_numbered_and_so_are_their_replies() {
    let (mut req, mut peers) = req_with(1);
    assert_eq!(req.set(&PatternOption::ReqCorrelate(true)), Ok(()));
    let mut ids = Vec::new();
    for _ in 0..2 {
        send(&mut req, "request");
        let mut request = peers[0].pop().expect("a request");
        let id = request.pop_front().expect("an id");
        assert_eq!(request, frames(["", "request"]));
        push(&mut peers[0], &frames(["", "no number"]));
        push(&mut peers[0], &frames(["1234", "", "another number"]));
        assert_eq!(req.recv(), Err(TryRecvError::Empty));
        push(
            &mut peers[0],
            &Message::from_frames([&id[..], b"", b"reply"].map(<[u8]>::to_vec)),
        );
        assert_eq!(req.recv(), Ok(Message::from("reply")));
        ids.push(u32::from_ne_bytes(id[..].try_into().expect("four bytes")));
    }
    assert_eq!(ids[1], ids[0].wrapping_add(1));
}

/// libzmq's `test_req_relaxed`, cases 1 to 3.
#[test]
fn a_relaxed_request_may_be_followed_by_another() {
    let (mut req, mut peers) = req_with(3);
    assert_eq!(req.set(&PatternOption::ReqRelaxed(true)), Ok(()));
    assert_eq!(req.set(&PatternOption::ReqCorrelate(true)), Ok(()));
    send(&mut req, "A");
    let unanswered = peers[0].pop().expect("the first request");
    assert!(req.is_writable() && !req.is_readable());
    send(&mut req, "B");
    let answered = peers[1].pop().expect("the second request");
    push(&mut peers[0], &unanswered);
    assert_eq!(req.recv(), Err(TryRecvError::Empty));
    push(&mut peers[1], &answered);
    assert_eq!(req.recv(), Ok(Message::from("B")));

    // Also when the reply is there already.
    send(&mut req, "C");
    let too_late = peers[2].pop().expect("the third request");
    push(&mut peers[2], &too_late);
    assert!(req.is_readable() && req.is_writable());
    send(&mut req, "D");
    assert!(!req.is_readable(), "C is forgotten");
    let answered = peers[0].pop().expect("the fourth request");
    push(&mut peers[0], &answered);
    assert_eq!(req.recv(), Ok(Message::from("D")));
}

/// libzmq's `test_req_relaxed`, case 4.
#[test]
fn relaxed_requests_that_waited_for_their_peer_are_told_apart() {
    let mut req = Socket::<ReqProfile>::new();
    assert_eq!(req.set(&PatternOption::ReqRelaxed(true)), Ok(()));
    assert_eq!(req.set(&PatternOption::ReqCorrelate(true)), Ok(()));
    let mut peer = req.dial(Marks::default());
    send(&mut req, "to be discarded");
    send(&mut req, "to be answered");
    req.ready(&mut peer);
    for request in peer.pop_all() {
        push(&mut peer, &request);
    }
    assert_eq!(req.recv(), Ok(Message::from("to be answered")));
}

#[test]
fn a_probe_goes_first() {
    let mut req = Socket::<ReqProfile>::new();
    assert_eq!(req.set(&PatternOption::ProbeRouter(true)), Ok(()));
    let mut peer = req.join(Marks::default());
    send(&mut req, "request");
    assert_eq!(peer.pop_all(), [Message::new(), frames(["", "request"])]);
}

#[test]
fn other_patterns_options_are_refused() {
    let mut req = Socket::<ReqProfile>::new();
    let option = PatternOption::RouterMandatory(true);
    let refused = OptionError::Unsupported("ZMQ_ROUTER_MANDATORY");
    assert_eq!(req.set(&option), Err(refused));
}
