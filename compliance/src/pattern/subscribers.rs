//! How many have subscribed.

use ferromq_core::PopError;

use super::outbound::tell;
use super::{FarEnd, Marks, Profile, Socket, number};

/// Those are counted that a message would be sent to, whether they have room or not:
/// from their subscription on until they leave, are disconnected, or the socket closes.
/// Where nobody subscribes there is no count.
pub fn those_are_counted_who_would_be_sent_a_message<P: Profile>() {
    let mut socket = Socket::<P>::new();
    assert_count(&mut socket, None, 0);
    let mut peers: Vec<_> = (0..4_usize)
        .map(|nth| {
            let peer = socket.join(Marks {
                send: 2,
                ..Marks::default()
            });
            assert_count(&mut socket, Some(&peer), nth + 1);
            peer
        })
        .collect();
    if !P::HAS_SUBSCRIBERS {
        return;
    }
    // The last of these finds no room.
    for n in 0..3 {
        let _ = tell(&mut socket, &mut peers[0], &number(n));
        assert_count(&mut socket, Some(&peers[0]), 4);
    }
    let taken = peers.iter_mut().map(|peer| peer.pop_all().len());
    assert_eq!(
        taken.collect::<Vec<_>>(),
        [2; 4],
        "each of them was sent two"
    );

    peers[1].leave();
    assert_count(&mut socket, Some(&peers[0]), 3);
    socket.detach(&peers[2]);
    assert_count(&mut socket, Some(&peers[0]), 2);
    assert_eq!(tell(&mut socket, &mut peers[0], &number(9)), Ok(()));
    assert_eq!(peers[2].pop(), Err(PopError::Closed));
    socket.close();
    assert_count(&mut socket, Some(&peers[0]), 0);
}

/// Checks the count of all, and of those who would be sent what is said to `peer`.
fn assert_count<P: Profile>(socket: &mut Socket<P>, peer: Option<&FarEnd>, count: usize) {
    let expected = P::HAS_SUBSCRIBERS.then_some(count);
    assert_eq!(socket.subscribers(None), expected);
    if let Some(peer) = peer {
        let head = P::head(peer);
        assert_eq!(socket.subscribers(Some(&head)), expected);
    }
}
