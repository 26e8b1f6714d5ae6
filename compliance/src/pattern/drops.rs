//! What the socket tells of messages that it has dropped.

use ferromq_core::DropReason;

use super::inbound::{expect, hear};
use super::outbound::tell;
use super::{FarEnd, Marks, Profile, Socket, WhenRefused, is_excepted, number};

/// So many messages are for a peer that has no room.
const TOO_MANY: u64 = 3;

/// A mark of one message.
const NARROW: Marks = Marks {
    send: 1,
    receive: 1000,
};

/// Nothing is counted of what is sent, received or refused.
pub fn what_is_not_dropped_is_not_counted<P: Profile>() {
    let mut socket = Socket::<P>::new();
    let mut peer = socket.join(Marks::default());
    for n in 0..3 {
        if !is_excepted::<P>("outbound") {
            assert_eq!(tell(&mut socket, &mut peer, &number(n)), Ok(()));
            peer.pop_all();
        }
        if !is_excepted::<P>("inbound") {
            hear(&mut socket, &mut peer, &number(n));
            expect(&mut socket, &mut peer, &number(n));
        }
    }
    assert_eq!(socket.dropped().total(), 0);
}

/// What a peer misses at its high-water mark is counted as that, and as this peer's;
/// what the socket refuses then stays with the application, and is not.
pub fn what_a_full_peer_misses_is_counted<P: Profile>() {
    let Some((socket, peer)) = full::<P>() else {
        return;
    };
    let of_peer = socket.dropped_of(&peer);
    let expected = match P::WHEN_FULL {
        WhenRefused::Drops => TOO_MANY,
        WhenRefused::Fails(_) => 0,
    };
    assert_eq!(of_peer.of(DropReason::HighWater), expected);
    assert_eq!(of_peer.total(), expected, "for no other reason");
    assert_eq!(socket.dropped().total(), expected, "of nobody else");
}

/// What is for nobody is counted where a message says whom it is for; elsewhere nobody
/// has missed it.
pub fn what_is_for_nobody_is_counted<P: Profile>() {
    let mut socket = Socket::<P>::new();
    let mut peer = socket.join(Marks::default());
    P::before_send(&mut socket, &mut peer);
    socket.detach(&peer);
    let said = socket.say(&peer, &number(0));
    let expected = u64::from(said.is_ok() && P::ADDRESSED);
    let dropped = socket.dropped();
    assert_eq!(dropped.of(DropReason::Unroutable), expected);
    assert_eq!(dropped.total(), expected, "for no other reason");
}

/// What was counted stays so when the peer leaves, is disconnected, and when the socket
/// closes; of one that was disconnected nothing is told apart.
pub fn what_was_counted_outlives_its_peer<P: Profile>() {
    for detached in [false, true] {
        let Some((mut socket, mut peer)) = full::<P>() else {
            return;
        };
        let before = socket.dropped();
        match detached {
            true => socket.detach(&peer),
            false => peer.leave(),
        }
        socket.settle();
        assert_eq!(socket.dropped(), before, "detached {detached}");
        if detached {
            assert_eq!(socket.dropped_of(&peer).total(), 0, "it is forgotten");
        }
        socket.close();
        assert_eq!(socket.dropped(), before, "detached {detached}, and closed");
    }
}

/// A socket that has said more to a peer than there was room for, if it says anything.
fn full<P: Profile>() -> Option<(Socket<P>, FarEnd)> {
    if is_excepted::<P>("outbound") {
        return None;
    }
    let mut socket = Socket::<P>::new();
    let mut peer = socket.join(NARROW);
    assert_eq!(tell(&mut socket, &mut peer, &number(0)), Ok(()));
    for n in 1..=TOO_MANY {
        let told = tell(&mut socket, &mut peer, &number(n as usize));
        assert_eq!(told, P::WHEN_FULL.outcome());
    }
    Some((socket, peer))
}
