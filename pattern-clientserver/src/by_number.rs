//! The ways to peers, by number.

use ferromq_core::{
    Attend, Message, Outbound, Peer, PeerId, PeerMap, PipeWriter, PushError, Sent, Slot,
    TrySendError, Wakes,
};

/// Sends each message to the peer whose number is the message's
/// [origin](Message::origin): the sending half of a [`Server`](crate::Server).
#[derive(Debug, Default)]
pub struct ByNumber {
    peers: PeerMap<PipeWriter>,
}

impl ByNumber {
    /// Gives something to the peer, if it is there.
    #[inline]
    fn give(
        &mut self,
        peer: PeerId,
        give: impl FnOnce(&mut PipeWriter) -> Result<(), PushError>,
    ) -> Result<(), TrySendError> {
        let writer = self.peers.get_mut(&peer).ok_or(TrySendError::Unroutable)?;
        give(writer).map_err(|error| match error {
            PushError::Full => TrySendError::Full,
            PushError::Closed => TrySendError::Unroutable,
        })
    }
}

impl Attend for ByNumber {
    fn attach(&mut self, peer: Peer, _wakes: &mut Wakes) {
        if let Some(writer) = peer.writer {
            self.peers.insert(peer.id, writer);
        }
    }

    fn handle_writable(&mut self, peer: PeerId, _wakes: &mut Wakes) {
        if self.peers.get(&peer).is_some_and(PipeWriter::is_closed) {
            self.peers.remove(&peer);
        }
    }

    fn detach(&mut self, peer: PeerId) {
        self.peers.remove(&peer);
    }

    fn detach_all(&mut self) {
        self.peers.clear();
    }
}

impl Outbound for ByNumber {
    #[inline]
    fn try_send(&mut self, message: &Message, wakes: &mut Wakes) -> Result<Sent, TrySendError> {
        let peer = PeerId::new(message.origin());
        self.give(peer, |writer| writer.push(&[], message, 0, wakes))?;
        Ok(Sent::Queued)
    }

    fn reserve(&mut self, head: &[u8], wakes: &mut Wakes) -> Result<Slot, TrySendError> {
        let number = head.try_into().map_err(|_| TrySendError::Unroutable)?;
        let peer = PeerId::new(u32::from_be_bytes(number));
        self.give(peer, |writer| writer.reserve(wakes))?;
        Ok(Slot::Peer(peer))
    }

    fn commit(&mut self, slot: Slot, message: &Message, wakes: &mut Wakes) {
        if let Slot::Peer(peer) = slot {
            // A peer that has left gets nothing more.
            let _ = self.give(peer, |writer| writer.push_reserved(&[], message, 0, wakes));
        }
    }

    fn release(&mut self, slot: Slot) {
        if let Slot::Peer(peer) = slot {
            if let Some(writer) = self.peers.get_mut(&peer) {
                writer.release();
            }
        }
    }

    /// Always, because that depends on whom a message is for.
    fn is_writable(&mut self, _wakes: &mut Wakes) -> bool {
        true
    }

    fn has_peer(&self, peer: PeerId) -> Option<bool> {
        let writer = self.peers.get(&peer);
        Some(writer.is_some_and(|writer| !writer.is_closed()))
    }
}
