//! The right to send a message later.

use ferromq_core::{PopError, Slot};

use super::outbound::{numbers, tell};
use super::{FarEnd, Marks, Profile, Socket, WhenRefused, number};

/// Takes a slot in the socket's turn.
fn reserve<P: Profile>(socket: &mut Socket<P>, peer: &mut FarEnd) -> Slot {
    P::before_send(socket, peer);
    let slot = socket.reserve(peer);
    slot.unwrap_or_else(|error| panic!("no slot: {error}"))
}

/// A message sent into a slot arrives like any other.
pub fn one_is_kept_and_used<P: Profile>() {
    let mut socket = Socket::<P>::new();
    let mut peer = socket.join(Marks::default());
    for n in 0..3 {
        let slot = reserve(&mut socket, &mut peer);
        assert_eq!(peer.pop(), Err(PopError::Empty));
        socket.commit(&peer, slot, &number(n));
        P::after_send(&mut socket, &mut peer);
        assert_eq!(peer.pop(), Ok(P::at_peer(&number(n))));
    }
}

/// A slot that was given back is as if it had never been taken, even if somebody
/// found no room meanwhile.
pub fn one_can_be_given_back<P: Profile>() {
    let mut socket = Socket::<P>::new();
    let mut peer = socket.join(Marks {
        send: 1,
        receive: 0,
    });
    let mut slot = reserve(&mut socket, &mut peer);
    for _ in 0..3 {
        if P::WHEN_FULL != WhenRefused::Drops {
            assert!(socket.say(&peer, &number(0)).is_err(), "there is no room");
        }
        socket.release(slot);
        let again = socket.reserve(&peer);
        slot = again.unwrap_or_else(|error| panic!("no slot: {error}"));
    }
    socket.release(slot);
    assert_eq!(socket.say(&peer, &number(1)), Ok(()));
    assert_eq!(peer.pop_all(), numbers::<P>([1]));
}

/// Slots taken are room taken.
pub fn they_count_against_the_mark<P: Profile>() {
    let mut socket = Socket::<P>::new();
    let mut peer = socket.join(Marks {
        send: 3,
        receive: 0,
    });
    let slots = [
        reserve(&mut socket, &mut peer),
        reserve(&mut socket, &mut peer),
    ];
    assert_eq!(tell(&mut socket, &mut peer, &number(0)), Ok(()));
    let refused = tell(&mut socket, &mut peer, &number(1));
    assert_eq!(refused, P::WHEN_FULL.outcome());
    for (n, slot) in (2..).zip(slots) {
        socket.commit(&peer, slot, &number(n));
    }
    assert_eq!(peer.pop_all(), numbers::<P>([0, 2, 3]));
}

/// A slot whose peer has left, or was disconnected, can be used or given back;
/// what is sent into it is lost.
pub fn one_outlives_its_peer<P: Profile>() {
    for (left, used) in [(true, true), (true, false), (false, true), (false, false)] {
        let mut socket = Socket::<P>::new();
        let mut peer = socket.join(Marks::default());
        let watch = peer.watch();
        let slot = reserve(&mut socket, &mut peer);
        match left {
            true => peer.leave(),
            false => socket.detach(&peer),
        }
        match used {
            true => socket.commit(&peer, slot, &number(0)),
            false => socket.release(slot),
        }
        assert_eq!(peer.pop(), Err(PopError::Closed));
        peer.leave();
        // A socket whose turn it still is has to use it before it looks around.
        let _ = socket.say(&peer, &number(1));
        socket.settle();
        socket.is_writable();
        socket.is_readable();
        assert!(watch.is_over(), "left {left}, used {used}: forgotten");
    }
}
