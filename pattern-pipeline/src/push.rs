//! PUSH: messages to peers in turn.

use ferromq_core::routing::LoadBalance;
use ferromq_core::{
    Attend, CanSend, Message, Outbound, Pattern, Peer, PeerId, SendOnly, Sent, Slot, SocketType,
    TrySendError, Wakes,
};

/// The sending end of a pipeline.
///
/// A message goes to one peer, the next in turn that has room; without any,
/// sending waits. A PUSH never reads: its peers' pipes to it are let go.
#[derive(Debug, Default)]
pub struct Push {
    peers: LoadBalance,
}

impl Pattern for Push {
    const SOCKET_TYPE: SocketType = SocketType::Push;
    type Halves = SendOnly<Self>;

    fn halves() -> Self::Halves {
        SendOnly::new(Self::default())
    }
}

impl CanSend for Push {}

impl Attend for Push {
    fn attach(&mut self, peer: Peer, _wakes: &mut Wakes) {
        if let Some(writer) = peer.writer {
            self.peers.attach(peer.id, writer);
        }
    }

    fn handle_writable(&mut self, peer: PeerId, _wakes: &mut Wakes) {
        self.peers.handle_writable(peer);
    }

    fn detach(&mut self, peer: PeerId) {
        self.peers.detach(peer);
    }

    fn detach_all(&mut self) {
        self.peers.detach_all();
    }
}

impl Outbound for Push {
    #[inline]
    fn try_send(&mut self, message: &Message, wakes: &mut Wakes) -> Result<Sent, TrySendError> {
        match self.peers.push(&[], message, 0, wakes) {
            Some(_) => Ok(Sent::Queued),
            None => Err(TrySendError::Full),
        }
    }

    #[inline]
    fn try_send_frame(&mut self, body: &[u8], wakes: &mut Wakes) -> Result<Sent, TrySendError> {
        match self.peers.push_frame(&[], body, wakes) {
            Some(_) => Ok(Sent::Queued),
            None => Err(TrySendError::Full),
        }
    }

    fn reserve(&mut self, _head: &[u8], wakes: &mut Wakes) -> Result<Slot, TrySendError> {
        self.peers
            .reserve(wakes)
            .map(Slot::Peer)
            .ok_or(TrySendError::Full)
    }

    fn commit(&mut self, slot: Slot, message: &Message, wakes: &mut Wakes) {
        if let Slot::Peer(peer) = slot {
            self.peers.commit(peer, &[], message, 0, wakes);
        }
    }

    fn release(&mut self, slot: Slot) {
        if let Slot::Peer(peer) = slot {
            self.peers.release(peer);
        }
    }

    fn is_writable(&mut self, wakes: &mut Wakes) -> bool {
        self.peers.is_writable(wakes)
    }
}
