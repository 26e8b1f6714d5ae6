//! Peers that come and go.

use std::sync::Arc;

use ferromq_core::{PeerId, PopError, Signal};

use super::inbound::{expect, hear};
use super::outbound::{numbers, tell};
use super::{FarEnd, Marks, Profile, Socket, is_excepted, number};

/// What a peer sent before it left can still be received; then it is forgotten.
pub fn what_one_sent_before_it_left_is_received<P: Profile>() {
    let mut socket = Socket::<P>::new();
    let mut peer = socket.join(Marks::default());
    let watch = peer.watch();
    hear(&mut socket, &mut peer, &number(1));
    peer.leave();
    socket.settle();
    expect(&mut socket, &mut peer, &number(1));
    assert!(!socket.is_readable(), "there was one message");
    assert!(watch.is_over(), "the peer is forgotten");
}

/// What was sent to a peer before the application disconnected it still leaves.
pub fn what_was_sent_to_one_still_leaves<P: Profile>() {
    let mut socket = Socket::<P>::new();
    let mut peer = socket.join(Marks::default());
    assert_eq!(tell(&mut socket, &mut peer, &number(1)), Ok(()));
    socket.detach(&peer);
    assert_eq!(peer.pop(), Ok(P::at_peer(&number(1))));
    assert_eq!(peer.pop(), Err(PopError::Closed));
    assert!(peer.is_let_go());
}

/// What a peer has sent is discarded when the application disconnects it, even if
/// the socket has said already that it is there.
pub fn what_a_disconnected_one_sent_is_discarded<P: Profile>() {
    for seen in [false, true] {
        let mut socket = Socket::<P>::new();
        let mut peer = socket.join(Marks::default());
        let watch = peer.watch();
        hear(&mut socket, &mut peer, &number(1));
        if seen {
            assert!(socket.is_readable());
        }
        socket.detach(&peer);
        assert!(socket.recv().is_err(), "seen {seen}: discarded");
        assert!(peer.is_let_go(), "seen {seen}: let go");
        peer.leave();
        assert!(watch.is_over(), "seen {seen}: forgotten");
    }
}

/// A peer that has left is forgotten, whether its pipes were idle, full or new.
pub fn one_that_left_is_forgotten<P: Profile>() {
    let sends = !is_excepted::<P>("outbound");
    for used in ["not at all", "asked", "full"] {
        let mut socket = Socket::<P>::new();
        let mut peer = socket.join(Marks {
            send: 1,
            receive: 1,
        });
        let watch = peer.watch();
        if used != "not at all" {
            socket.is_readable();
            socket.is_writable();
        }
        if used == "full" && sends {
            let _ = tell(&mut socket, &mut peer, &number(1));
            let _ = tell(&mut socket, &mut peer, &number(2));
        }
        peer.leave();
        socket.settle();
        socket.is_readable();
        socket.is_writable();
        assert!(watch.is_over(), "used {used}: forgotten");
        drop(peer);
        socket.join(Marks::default());
    }
}

/// All peers are let go when the socket closes; what was sent to them still leaves.
pub fn all_are_let_go_with_the_socket<P: Profile>() {
    let mut socket = Socket::<P>::new();
    let mut peers = [
        socket.join(Marks::default()),
        socket.join(Marks::default()),
        socket.dial(Marks::default()),
    ];
    let watches = peers.each_mut().map(FarEnd::watch);
    let told = match is_excepted::<P>("outbound") {
        true => Vec::new(),
        false => {
            assert_eq!(tell(&mut socket, &mut peers[0], &number(1)), Ok(()));
            numbers::<P>([1])
        }
    };
    socket.close();
    assert!(socket.recv().is_err(), "nothing is left");
    assert_eq!(peers[0].pop_all(), told);
    for (peer, watch) in peers.iter_mut().zip(watches) {
        assert!(peer.is_let_go(), "peer {} is let go", peer.nth);
        peer.leave();
        assert!(watch.is_over(), "peer {} is forgotten", peer.nth);
    }
}

/// A peer that is connected again has its pipes, and what was in them.
pub fn one_that_comes_back_keeps_its_pipes<P: Profile>() {
    let mut socket = Socket::<P>::new();
    let mut peer = socket.dial(Marks::default());
    socket.ready(&mut peer);
    socket.settle();
    for n in 0..3 {
        if !is_excepted::<P>("outbound") {
            assert_eq!(tell(&mut socket, &mut peer, &number(n)), Ok(()));
        }
        socket.lost(&peer);
        socket.settle();
        if !is_excepted::<P>("outbound") {
            assert_eq!(tell(&mut socket, &mut peer, &number(n + 10)), Ok(()));
        }
        socket.ready(&mut peer);
        socket.settle();
        if !is_excepted::<P>("inbound") {
            hear(&mut socket, &mut peer, &number(n));
            expect(&mut socket, &mut peer, &number(n));
        }
    }
    assert!(!peer.is_let_go());
}

/// Signals of peers that are not there, or not any more, do nothing.
pub fn strangers_are_no_trouble<P: Profile>() {
    let mut socket = Socket::<P>::new();
    let mut peer = socket.join(Marks::default());
    let stranger = PeerId::new(1000);
    let info = Arc::new(P::info(1000));
    socket.signal(|| Signal::Ready(stranger, Arc::clone(&info)));
    socket.signal(|| Signal::Lost(stranger));
    socket.signal(|| Signal::Readable(stranger));
    socket.signal(|| Signal::Writable(stranger));
    socket.signal(|| Signal::Detach(stranger));
    socket.settle();
    if !is_excepted::<P>("outbound") {
        assert_eq!(tell(&mut socket, &mut peer, &number(1)), Ok(()));
        assert_eq!(peer.pop_all(), numbers::<P>([1]));
    }
    if !is_excepted::<P>("inbound") {
        hear(&mut socket, &mut peer, &number(1));
        expect(&mut socket, &mut peer, &number(1));
    }
}
