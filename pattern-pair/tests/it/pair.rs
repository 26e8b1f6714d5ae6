//! What is particular to PAIR.

use ferromq_compliance::pattern::{FarEnd, Marks, Socket};
use ferromq_core::{Message, PushError, TryRecvError, TrySendError};

use crate::compliance::PairProfile;

fn pair() -> (Socket<PairProfile>, FarEnd) {
    let mut socket = Socket::new();
    let peer = socket.join(Marks::default());
    (socket, peer)
}

fn push(peer: &mut FarEnd, body: &'static str) {
    assert_eq!(peer.push(&Message::from(body)), Ok(()));
}

fn expect(socket: &mut Socket<PairProfile>, peer: &FarEnd, body: &'static str) {
    let received = socket.recv();
    let origin = received.as_ref().map(Message::origin);
    assert_eq!(origin, Ok(peer.id.get()));
    assert_eq!(received, Ok(Message::from(body)));
}

#[test]
fn the_first_peer_is_the_one_and_others_are_let_go() {
    let (mut pair, mut first) = pair();
    let mut second = pair.join(Marks::default());
    push(&mut second, "not wanted, and not known yet");
    pair.settle();
    assert!(second.is_let_go() && !first.is_let_go());
    assert_eq!(second.push(&Message::new()), Err(PushError::Closed));
    assert_eq!(pair.recv(), Err(TryRecvError::Empty));

    assert_eq!(pair.send(&Message::from("to the first")), Ok(()));
    assert_eq!(first.pop_all(), [Message::from("to the first")]);
    push(&mut first, "of the first");
    expect(&mut pair, &first, "of the first");
}

#[test]
fn a_peer_that_is_not_there_yet_has_the_place() {
    let mut pair = Socket::<PairProfile>::new();
    let mut dialed = pair.dial(Marks::default());
    let accepted = pair.join(Marks::default());
    assert_eq!(pair.send(&Message::from("queued")), Ok(()));
    assert!(accepted.is_let_go());
    pair.ready(&mut dialed);
    assert_eq!(dialed.pop_all(), [Message::from("queued")]);
}

#[test]
fn the_place_is_free_when_the_peer_has_left() {
    let (mut pair, mut first) = pair();
    first.leave();
    assert_eq!(pair.send(&Message::new()), Err(TrySendError::Full));
    let mut second = pair.join(Marks::default());
    assert_eq!(pair.send(&Message::from("to the second")), Ok(()));
    assert_eq!(second.pop_all(), [Message::from("to the second")]);

    pair.detach(&second);
    let third = pair.join(Marks::default());
    pair.settle();
    assert!(second.is_let_go() && !third.is_let_go());
}

#[test]
fn what_a_peer_left_unread_comes_before_what_its_successor_sends() {
    let (mut pair, mut first) = pair();
    let watch = first.watch();
    push(&mut first, "one");
    push(&mut first, "two");
    first.leave();
    let mut second = pair.join(Marks::default());
    push(&mut second, "three");
    assert_eq!(pair.send(&Message::from("already")), Ok(()));
    assert_eq!(second.pop_all(), [Message::from("already")]);
    for (peer, body) in [(&first, "one"), (&first, "two"), (&second, "three")] {
        expect(&mut pair, peer, body);
    }
    assert_eq!(pair.recv(), Err(TryRecvError::Empty));
    assert!(watch.is_over(), "nothing is left of the first");
}

#[test]
fn two_may_leave_messages_behind() {
    let (mut pair, mut first) = pair();
    push(&mut first, "of the first");
    first.leave();
    let mut second = pair.join(Marks::default());
    push(&mut second, "of the second");
    pair.settle();
    second.leave();
    let third = pair.join(Marks::default());
    pair.settle();
    assert!(third.is_let_go(), "two are not heard out yet");
    expect(&mut pair, &first, "of the first");
    expect(&mut pair, &second, "of the second");
    let fourth = pair.join(Marks::default());
    pair.settle();
    assert!(!fourth.is_let_go());
}

#[test]
fn a_disconnected_peer_leaves_nothing_behind() {
    let (mut pair, mut first) = pair();
    push(&mut first, "of the first");
    first.leave();
    let second = pair.join(Marks::default());
    pair.settle();
    pair.detach(&first);
    assert_eq!(pair.recv(), Err(TryRecvError::Empty));
    assert!(!second.is_let_go());
}
