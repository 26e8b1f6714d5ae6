//! What the socket sends.

use ferromq_core::{Message, TrySendError};

use super::{FarEnd, Marks, Profile, Socket, WhenRefused, number};

/// Says `body` to the peer, in its turn.
pub(super) fn tell<P: Profile>(
    socket: &mut Socket<P>,
    peer: &mut FarEnd,
    body: &Message,
) -> Result<(), TrySendError> {
    P::before_send(socket, peer);
    let told = socket.say(peer, body);
    if told.is_ok() {
        P::after_send(socket, peer);
    }
    told
}

/// What the peer gets when it is told the numbers.
pub(super) fn numbers<P: Profile>(numbers: impl IntoIterator<Item = usize>) -> Vec<Message> {
    let numbers = numbers.into_iter();
    numbers.map(|n| P::at_peer(&number(n))).collect()
}

/// Messages of one frame or more, small and large, reach the peer whole and in order.
pub fn messages_leave_whole_and_in_order<P: Profile>() {
    let mut socket = Socket::<P>::new();
    let mut peer = socket.join(Marks::default());
    let bodies = P::bodies();
    for body in &bodies {
        assert_eq!(tell(&mut socket, &mut peer, body), Ok(()));
    }
    let expected: Vec<_> = bodies.iter().map(P::at_peer).collect();
    assert_eq!(peer.pop_all(), expected);
}

/// Where messages go to one peer after the other, each peer gets one in turn.
pub fn each_peer_has_its_turn<P: Profile>() {
    const PEERS: usize = 3;
    let mut socket = Socket::<P>::new();
    let mut peers: Vec<_> = (0..PEERS).map(|_| socket.join(Marks::default())).collect();
    for n in 0..2 * PEERS {
        let told = tell(&mut socket, &mut peers[n % PEERS], &number(n));
        assert_eq!(told, Ok(()));
    }
    for (n, peer) in peers.iter_mut().enumerate() {
        assert_eq!(peer.pop_all(), numbers::<P>([n, n + PEERS]));
    }
}

/// Where messages go to one peer after the other, a peer at its mark is left out,
/// and has its turn again when there is room.
pub fn a_full_peer_is_passed_over<P: Profile>() {
    let mut socket = Socket::<P>::new();
    let mark_of_one = Marks {
        send: 1,
        ..Marks::default()
    };
    let (mut narrow, mut wide) = (socket.join(mark_of_one), socket.join(Marks::default()));
    assert_eq!(tell(&mut socket, &mut narrow, &number(0)), Ok(()));
    for n in 1..4 {
        assert_eq!(tell(&mut socket, &mut wide, &number(n)), Ok(()));
    }
    assert_eq!(wide.pop_all(), numbers::<P>(1..4));
    assert_eq!(narrow.pop_all(), numbers::<P>([0]));

    let mut told = 0;
    for n in 4..6 {
        assert_eq!(socket.say(&wide, &number(n)), Ok(()));
        let other = match wide.source.readable() {
            Ok(()) => &mut wide,
            Err(_) => &mut narrow,
        };
        assert_eq!(other.pop_all(), numbers::<P>([n]));
        P::after_send(&mut socket, other);
        told += usize::from(other.nth == narrow.nth);
    }
    assert_eq!(told, 1, "two messages, one for each");
}

/// A peer that is not there yet has its queue, and takes its share.
pub fn a_peer_that_still_connects_has_its_turn<P: Profile>() {
    let mut socket = Socket::<P>::new();
    let (mut absent, mut present) = (socket.dial(Marks::default()), socket.join(Marks::default()));
    for n in 0..2 {
        assert_eq!(tell(&mut socket, &mut absent, &number(2 * n)), Ok(()));
        assert_eq!(tell(&mut socket, &mut present, &number(2 * n + 1)), Ok(()));
    }
    socket.ready(&mut absent);
    socket.settle();
    assert_eq!(present.pop_all(), numbers::<P>([1, 3]));
    assert_eq!(absent.pop_all(), numbers::<P>([0, 2]));
}

/// A peer is sent as many messages as its mark says, and not one more; room comes
/// back when it has taken half of them, and is then half the mark.
pub fn marks_are_exact<P: Profile>() {
    for mark in [2, 3, 4, 5, 10] {
        check_mark::<P>(mark);
    }
}

/// A mark of one lets one message through at a time; without a mark there is no end.
pub fn a_mark_of_one_and_none_at_all<P: Profile>() {
    check_mark::<P>(1);

    let mut socket = Socket::<P>::new();
    let mut peer = socket.join(Marks {
        send: 0,
        receive: 0,
    });
    for n in 0..2500 {
        assert_eq!(tell(&mut socket, &mut peer, &number(n)), Ok(()));
    }
    assert_eq!(peer.pop_all(), numbers::<P>(0..2500));
}

fn check_mark<P: Profile>(mark: usize) {
    let batch = mark.div_ceil(2);
    let mut socket = Socket::<P>::new();
    let mut peer = socket.join(Marks {
        send: mark,
        receive: 0,
    });
    let mut got = Vec::new();
    let mut told = 0..;
    let mut offer = |socket: &mut Socket<P>, peer: &mut FarEnd, fits: bool| {
        let n = told.next().unwrap_or_default();
        let expected = if fits { Ok(()) } else { P::WHEN_FULL.outcome() };
        assert_eq!(
            tell(socket, peer, &number(n)),
            expected,
            "number {n} of {mark}"
        );
    };
    (0..mark).for_each(|_| offer(&mut socket, &mut peer, true));
    offer(&mut socket, &mut peer, false);
    got.extend((1..batch).map(|_| peer.pop()));
    offer(&mut socket, &mut peer, false);
    got.push(peer.pop());
    (0..batch).for_each(|_| offer(&mut socket, &mut peer, true));
    offer(&mut socket, &mut peer, false);
    got.extend(peer.pop_all().into_iter().map(Ok));

    let got: Result<Vec<_>, _> = got.into_iter().collect();
    let fitted = (0..mark).chain(mark + 2..mark + 2 + batch);
    assert_eq!(got, Ok(numbers::<P>(fitted)), "a mark of {mark}");
}

/// Without peers nothing is sent, and nothing is kept for those who come later.
pub fn without_peers_nothing_is_sent<P: Profile>() {
    let mut elsewhere = Socket::<P>::new();
    let stranger = elsewhere.join(Marks::default());
    let mut socket = Socket::<P>::new();
    let outcome = socket.say(&stranger, &number(1));
    assert_eq!(outcome, P::WHEN_ALONE.outcome());
    let mut peer = socket.join(Marks::default());
    socket.settle();
    assert_eq!(peer.pop_all(), []);
}

/// Whoever could not send because a peer was full is called when it has room.
pub fn a_full_socket_is_told_of_room<P: Profile>() {
    let mut socket = Socket::<P>::new();
    let mut peer = socket.join(Marks {
        send: 1,
        receive: 0,
    });
    assert_eq!(tell(&mut socket, &mut peer, &number(0)), Ok(()));
    let refused = tell(&mut socket, &mut peer, &number(1));
    assert_eq!(refused, P::WHEN_FULL.outcome());
    let before = socket.calls_sender();
    assert_eq!(peer.pop_all(), numbers::<P>([0]));
    if P::WHEN_FULL != WhenRefused::Drops {
        assert!(!before && socket.calls_sender(), "the sender is called now");
    }
    assert_eq!(tell(&mut socket, &mut peer, &number(2)), Ok(()));
    assert_eq!(peer.pop_all(), numbers::<P>([2]));
}
