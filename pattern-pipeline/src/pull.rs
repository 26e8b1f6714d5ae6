//! PULL: messages from peers in turn.

use ferromq_core::routing::FairQueue;
use ferromq_core::{
    Attend, CanReceive, Inbound, Message, Pattern, Peer, PeerId, ReceiveOnly, SocketType,
    TryRecvError, Wakes,
};

/// The receiving end of a pipeline.
///
/// Messages come from all peers in turn, one from each that has any. A PULL
/// never sends: the ways back to its peers are let go.
#[derive(Debug, Default)]
pub struct Pull {
    peers: FairQueue,
}

impl Pattern for Pull {
    const SOCKET_TYPE: SocketType = SocketType::Pull;
    type Halves = ReceiveOnly<Self>;

    fn halves() -> Self::Halves {
        ReceiveOnly::new(Self::default())
    }
}

impl CanReceive for Pull {}

impl Attend for Pull {
    fn attach(&mut self, peer: Peer, _wakes: &mut Wakes) {
        if let Some(reader) = peer.reader {
            self.peers.attach(peer.id, reader);
        }
    }

    fn handle_readable(&mut self, peer: PeerId, _wakes: &mut Wakes) {
        self.peers.handle_readable(peer);
    }

    fn detach(&mut self, peer: PeerId) {
        self.peers.detach(peer);
    }

    fn detach_all(&mut self) {
        self.peers.detach_all();
    }
}

impl Inbound for Pull {
    #[inline]
    fn try_recv(&mut self, into: &mut Message, wakes: &mut Wakes) -> Result<(), TryRecvError> {
        match self.peers.pop(into, wakes) {
            true => Ok(()),
            false => Err(TryRecvError::Empty),
        }
    }

    fn is_readable(&mut self, _wakes: &mut Wakes) -> bool {
        self.peers.is_readable()
    }
}
