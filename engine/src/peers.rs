//! Who has sent a message.

use std::collections::VecDeque;
use std::sync::Arc;

use ferromq_core::{Message, Mutex, Pattern, PeerId, PeerInfo, PeerMap};

use crate::any::AnySocket;
use crate::ops::Ops;
use crate::socket::Socket;

/// So many peers that are gone are remembered, for messages of theirs that are still
/// to be received.
const REMEMBERED: usize = 1000;

/// What the handshakes of a socket's peers told, by the key in their messages.
#[derive(Debug, Default)]
pub(crate) struct Peers(Mutex<Table>);

#[derive(Debug, Default)]
struct Table {
    known: PeerMap<Arc<PeerInfo>>,
    /// Those of them that are gone, the first one first.
    gone: VecDeque<PeerId>,
}

impl Peers {
    pub(crate) fn note(&self, peer: PeerId, info: &Arc<PeerInfo>) {
        self.0.lock().known.insert(peer, Arc::clone(info));
    }

    /// A peer is gone, and does not come back by this name.
    pub(crate) fn leave(&self, peer: PeerId) {
        let mut table = self.0.lock();
        if !table.known.contains_key(&peer) {
            return;
        }
        table.gone.push_back(peer);
        if table.gone.len() > REMEMBERED {
            let oldest = table.gone.pop_front();
            oldest.and_then(|oldest| table.known.remove(&oldest));
        }
    }

    /// What a peer's last handshake told.
    pub(crate) fn info(&self, peer: PeerId) -> Option<Arc<PeerInfo>> {
        self.0.lock().known.get(&peer).cloned()
    }

    fn of(&self, message: &Message) -> Option<Arc<PeerInfo>> {
        self.info(PeerId::new(message.origin()))
    }
}

impl<P: Pattern, D> Socket<P, D> {
    /// Who has sent a message that this socket has received: its socket type and
    /// address, and what else its last handshake told. (`zmq_msg_gets`)
    ///
    /// `None` over `inproc://`, which has no handshakes, for a message of another
    /// socket, and for a peer that has left when a thousand others have since.
    ///
    /// ```no_run
    /// # async fn example<P: ferromq_core::CanReceive>(socket: ferromq_engine::Socket<P>) {
    /// # let message = socket.recv().await.unwrap();
    /// let peer = socket.peer_of(&message);
    /// let address = peer.as_ref().and_then(|peer| peer.property("Peer-Address"));
    /// # let _ = address;
    /// # }
    /// ```
    #[must_use]
    pub fn peer_of(&self, message: &Message) -> Option<Arc<PeerInfo>> {
        self.inner().hub().peers.of(message)
    }
}

impl AnySocket {
    /// As [`Socket::peer_of`].
    #[must_use]
    pub fn peer_of(&self, message: &Message) -> Option<Arc<PeerInfo>> {
        self.ops().hub().peers.of(message)
    }
}

#[cfg(feature = "blocking")]
impl<P: Pattern, D> crate::blocking::Socket<P, D> {
    /// As [`Socket::peer_of`].
    #[must_use]
    pub fn peer_of(&self, message: &Message) -> Option<Arc<PeerInfo>> {
        self.as_async().peer_of(message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_that_are_gone_are_remembered() {
        let peers = Peers::default();
        let info = Arc::new(PeerInfo::default());
        for number in 1..=2002 {
            peers.note(PeerId::new(number), &info);
            if number > 1 {
                peers.leave(PeerId::new(number));
            }
        }
        let known = |number| {
            let mut message = Message::new();
            message.set_origin(number);
            peers.of(&message).is_some()
        };
        assert!(known(1), "who is there is known");
        assert_eq!((2..=2002).filter(|number| known(*number)).count(), 1000);
        assert!(known(1003) && !known(1002));
        peers.leave(PeerId::new(7));
        assert_eq!(peers.0.lock().gone.len(), 1000, "nobody leaves twice");
    }
}
