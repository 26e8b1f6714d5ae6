//! What the socket receives.

use ferromq_core::{Message, PushError, TryRecvError};

use super::{FarEnd, Marks, Profile, Socket, number};

/// Lets the peer say `body`, in its turn.
pub(super) fn hear<P: Profile>(socket: &mut Socket<P>, peer: &mut FarEnd, body: &Message) {
    P::before_receive(socket, peer);
    assert_eq!(peer.push(&P::to_pipe(body)), Ok(()));
}

/// Receives `body`, said by the peer, and nothing else.
pub(super) fn expect<P: Profile>(socket: &mut Socket<P>, peer: &mut FarEnd, body: &Message) {
    assert_eq!(socket.recv(), Ok(P::at_socket(peer, body)));
    P::after_receive(socket, peer);
}

/// Messages of one frame or more, small and large, arrive whole and in order.
pub fn messages_arrive_whole_and_in_order<P: Profile>() {
    let mut socket = Socket::<P>::new();
    let mut peer = socket.join(Marks::default());
    for body in P::bodies() {
        hear(&mut socket, &mut peer, &body);
        expect(&mut socket, &mut peer, &body);
        assert!(!socket.is_readable(), "once is enough");
    }
}

/// Messages that come one after the other wait for the application, in order.
pub fn messages_queue_in_order<P: Profile>() {
    let mut socket = Socket::<P>::new();
    let mut peer = socket.join(Marks::default());
    for body in P::bodies() {
        assert_eq!(peer.push(&P::to_pipe(&body)), Ok(()));
    }
    for body in P::bodies() {
        expect(&mut socket, &mut peer, &body);
    }
    assert!(!socket.is_readable(), "all was received");
}

/// Each peer that has sent something is heard once in turn.
pub fn each_peer_is_heard_in_turn<P: Profile>() {
    const PEERS: usize = 3;
    let mut socket = Socket::<P>::new();
    let mut peers: Vec<_> = (0..PEERS).map(|_| socket.join(Marks::default())).collect();
    for (n, peer) in peers.iter_mut().enumerate() {
        for round in 0..=n {
            assert_eq!(peer.push(&P::to_pipe(&number(10 * round + n))), Ok(()));
        }
    }
    for round in 0..PEERS {
        for (n, peer) in peers.iter_mut().enumerate().skip(round) {
            expect(&mut socket, peer, &number(10 * round + n));
        }
    }
    assert!(!socket.is_readable(), "all was received");
}

/// A peer can send as many messages ahead as its mark says, and not one more; room
/// comes back when half of them were received, and is then half the mark.
pub fn marks_are_exact<P: Profile>() {
    for mark in [1_usize, 2, 3, 4, 5, 10] {
        let batch = mark.div_ceil(2);
        let mut socket = Socket::<P>::new();
        let mut peer = socket.join(Marks {
            send: 0,
            receive: mark,
        });
        let mut sent = 0..;
        let mut heard = 0..;
        let mut fill = |peer: &mut FarEnd, room| {
            for _ in 0..room {
                let n = sent.next().unwrap_or_default();
                assert_eq!(peer.push(&P::to_pipe(&number(n))), Ok(()), "number {n}");
            }
            let more = peer.push(&P::to_pipe(&number(0)));
            assert_eq!(more, Err(PushError::Full), "a mark of {mark}");
        };
        let mut take = |socket: &mut Socket<P>, peer: &mut FarEnd, count| {
            for n in heard.by_ref().take(count) {
                expect(socket, peer, &number(n));
            }
        };
        fill(&mut peer, mark);
        take(&mut socket, &mut peer, batch - 1);
        fill(&mut peer, 0);
        take(&mut socket, &mut peer, 1);
        fill(&mut peer, batch);
        take(&mut socket, &mut peer, mark);
        assert!(!socket.is_readable(), "all was received");
    }
}

/// A message that was received tells by its origin which peer has sent it.
pub fn messages_tell_whose_they_are<P: Profile>() {
    let mut socket = Socket::<P>::new();
    let mut peers = [socket.join(Marks::default()), socket.join(Marks::default())];
    for peer in &mut peers {
        hear(&mut socket, peer, &number(1));
        let origin = socket.recv().map(|message| message.origin());
        assert_eq!(origin, Ok(peer.id.get()));
        P::after_receive(&mut socket, peer);
    }
}

/// Whoever found nothing to receive is called when there is something.
pub fn an_empty_socket_is_told_of_a_message<P: Profile>() {
    let mut socket = Socket::<P>::new();
    let mut peer = socket.join(Marks::default());
    for n in 0..3 {
        P::before_receive(&mut socket, &mut peer);
        assert_eq!(socket.recv(), Err(TryRecvError::Empty));
        assert!(!socket.calls_receiver(), "nothing has come");
        assert_eq!(peer.push(&P::to_pipe(&number(n))), Ok(()));
        assert!(socket.calls_receiver(), "the receiver is called now");
        expect(&mut socket, &mut peer, &number(n));
    }
}
