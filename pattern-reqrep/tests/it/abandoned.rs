//! Requests that nobody waits for any more.

use ferromq_compliance::pattern::{FarEnd, Marks, Socket};
use ferromq_core::{Halves, Message, PatternOption, PeerId, TryRecvError, Wakes};

use crate::compliance::ReqProfile;
use crate::req::{frames, push, req_with, send};

pub(crate) fn abandon(socket: &Socket<ReqProfile>) -> Option<PeerId> {
    socket.halves().outbound().lock(&mut Wakes::new()).abandon()
}

/// The peer answers its oldest request by its own words.
fn answer(peer: &mut FarEnd) {
    let request = peer.pop().expect("a request");
    push(peer, &request);
}

fn expect_reply(socket: &mut Socket<ReqProfile>, body: &'static str) {
    assert_eq!(socket.recv(), Ok(Message::from(body)));
}

#[test]
fn the_socket_is_free_at_once() {
    let (mut req, _peers) = req_with(1);
    assert_eq!(abandon(&req), None, "there is no request");
    send(&mut req, "one");
    assert!(!req.is_writable());
    assert_eq!(abandon(&req), None);
    assert!(req.is_writable());
    assert_eq!(req.recv(), Err(TryRecvError::OutOfTurn));
    send(&mut req, "two");
}

#[test]
fn the_late_reply_is_not_taken_for_that_of_the_next_request() {
    let (mut req, mut peers) = req_with(1);
    send(&mut req, "one");
    abandon(&req);
    send(&mut req, "two");
    answer(&mut peers[0]);
    assert_eq!(req.recv(), Err(TryRecvError::Empty), "that was for one");
    answer(&mut peers[0]);
    expect_reply(&mut req, "two");
}

#[test]
fn late_replies_may_come_between_requests_and_with_the_next_reply() {
    let (mut req, mut peers) = req_with(2);
    for _ in 0..2 {
        send(&mut req, "late");
        assert_eq!(abandon(&req), None);
    }
    answer(&mut peers[0]);
    assert!(!req.is_readable());
    send(&mut req, "in time");
    answer(&mut peers[0]);
    expect_reply(&mut req, "in time");
    let busy = req.reserve(&peers[0]).expect("the first owes nothing");
    req.release(busy);
    answer(&mut peers[1]);
    for name in ["one", "two"] {
        send(&mut req, name);
        for peer in &mut peers {
            if !peer.source.is_empty() {
                answer(peer);
            }
        }
        expect_reply(&mut req, name);
    }
}

#[test]
fn a_reply_that_was_there_already_is_dropped_and_nothing_is_owed() {
    let (mut req, mut peers) = req_with(1);
    send(&mut req, "one");
    answer(&mut peers[0]);
    assert!(req.is_readable());
    assert_eq!(abandon(&req), None);
    send(&mut req, "two");
    answer(&mut peers[0]);
    expect_reply(&mut req, "two");
}

#[test]
fn peers_that_owe_nothing_go_first() {
    let (mut req, mut peers) = req_with(3);
    send(&mut req, "one");
    abandon(&req);
    for name in ["two", "three", "four", "five"] {
        send(&mut req, name);
        let asked = peers[1..].iter_mut().find(|peer| !peer.source.is_empty());
        answer(asked.expect("one of the other two is asked"));
        expect_reply(&mut req, name);
    }
    answer(&mut peers[0]);
    req.settle();
    // It has paid, and is one like the others.
    let mut asked = 0;
    for name in ["six", "seven", "eight"] {
        send(&mut req, name);
        asked += usize::from(!peers[0].source.is_empty());
        for peer in &mut peers {
            if !peer.source.is_empty() {
                answer(peer);
            }
        }
        expect_reply(&mut req, name);
    }
    assert_eq!(asked, 1);
}

#[test]
fn a_peer_that_owes_is_asked_when_the_others_are_full() {
    let mut req = Socket::<ReqProfile>::new();
    let mut debtor = req.join(Marks::default());
    send(&mut req, "one");
    abandon(&req);
    let mut narrow = req.join(Marks {
        send: 1,
        receive: 0,
    });
    send(&mut req, "two");
    push(&mut narrow, &frames(["", "two"]));
    expect_reply(&mut req, "two");
    send(&mut req, "three");
    answer(&mut debtor);
    answer(&mut debtor);
    expect_reply(&mut req, "three");
}

#[test]
fn what_a_connection_took_is_owed_no_longer_than_it_lasts() {
    let mut req = Socket::<ReqProfile>::new();
    let mut peer = req.dial(Marks::default());
    req.ready(&mut peer);
    send(&mut req, "one");
    peer.pop_all();
    abandon(&req);
    req.lost(&peer);
    req.ready(&mut peer);
    send(&mut req, "two");
    answer(&mut peer);
    expect_reply(&mut req, "two");
}

#[test]
fn what_waits_for_a_connection_is_owed_by_the_next_one() {
    let mut req = Socket::<ReqProfile>::new();
    let mut peer = req.dial(Marks::default());
    send(&mut req, "one");
    abandon(&req);
    req.ready(&mut peer);
    send(&mut req, "two");
    answer(&mut peer);
    assert_eq!(req.recv(), Err(TryRecvError::Empty), "that was for one");
    answer(&mut peer);
    expect_reply(&mut req, "two");
}

#[test]
fn what_waited_for_a_connection_is_owed_no_longer_than_that_lasts() {
    let mut req = Socket::<ReqProfile>::new();
    let mut peer = req.dial(Marks::default());
    send(&mut req, "one");
    abandon(&req);
    req.ready(&mut peer);
    peer.pop_all();
    req.lost(&peer);
    send(&mut req, "two");
    req.ready(&mut peer);
    answer(&mut peer);
    expect_reply(&mut req, "two");
}

#[test]
fn a_peer_that_may_be_asked_again_by_its_next_connection_is_let_go() {
    let mut req = Socket::<ReqProfile>::new();
    let mut peer = req.dial(Marks::default());
    req.ready(&mut peer);
    send(&mut req, "one");
    req.lost(&peer);
    assert_eq!(abandon(&req), Some(peer.id));
    assert!(peer.is_let_go());
}

#[test]
fn a_late_reply_that_came_before_the_connection_ended_is_no_reply_afterwards() {
    let mut req = Socket::<ReqProfile>::new();
    let mut peer = req.dial(Marks::default());
    req.ready(&mut peer);
    send(&mut req, "one");
    abandon(&req);
    answer(&mut peer);
    req.lost(&peer);
    send(&mut req, "two");
    req.ready(&mut peer);
    assert_eq!(req.recv(), Err(TryRecvError::Empty), "that was for one");
    answer(&mut peer);
    expect_reply(&mut req, "two");
}

#[test]
fn correlated_requests_are_never_owed() {
    let (mut req, mut peers) = req_with(1);
    send(&mut req, "plain");
    abandon(&req);
    assert_eq!(req.set(&PatternOption::ReqCorrelate(true)), Ok(()));
    for _ in 0..3 {
        send(&mut req, "numbered and lost");
        abandon(&req);
    }
    send(&mut req, "numbered");
    let requests = peers[0].pop_all();
    // The plain one is answered, the lost ones are not.
    push(&mut peers[0], &requests[0]);
    push(&mut peers[0], &requests[4]);
    expect_reply(&mut req, "numbered");

    assert_eq!(req.set(&PatternOption::ReqCorrelate(false)), Ok(()));
    send(&mut req, "plain again");
    push(&mut peers[0], &requests[3]);
    assert_eq!(req.recv(), Err(TryRecvError::Empty), "it has a number");
    answer(&mut peers[0]);
    expect_reply(&mut req, "plain again");
}

#[test]
fn a_peer_that_fails_twice_in_a_row_is_let_go() {
    let mut req = Socket::<ReqProfile>::new();
    let mut peer = req.join(Marks::default());
    send(&mut req, "one, which the service loses");
    peer.pop_all();
    assert_eq!(abandon(&req), None);
    send(&mut req, "two");
    answer(&mut peer);
    assert_eq!(
        req.recv(),
        Err(TryRecvError::Empty),
        "taken for that of one"
    );
    assert_eq!(abandon(&req), Some(peer.id));
    assert!(peer.is_let_go());

    let mut again = req.join(Marks::default());
    send(&mut req, "three");
    answer(&mut again);
    expect_reply(&mut req, "three");
}

#[test]
fn nothing_is_kept_of_a_peer_that_has_left() {
    for disconnected in [false, true] {
        let (mut req, mut peers) = req_with(1);
        let watch = peers[0].watch();
        send(&mut req, "one");
        abandon(&req);
        send(&mut req, "two");
        match disconnected {
            true => req.detach(&peers[0]),
            false => peers[0].leave(),
        }
        assert_eq!(req.recv(), Err(TryRecvError::Empty));
        peers[0].leave();
        assert!(watch.is_over());
        assert_eq!(abandon(&req), None);
        let mut other = req.join(Marks::default());
        send(&mut req, "three");
        answer(&mut other);
        expect_reply(&mut req, "three");
    }
}
