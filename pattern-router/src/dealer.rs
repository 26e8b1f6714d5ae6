//! DEALER: messages to peers in turn, messages from peers in turn.

use ferromq_core::routing::{FairQueue, LoadBalance};
use ferromq_core::{
    Attend, CanReceive, CanSend, Message, OptionError, Outbound, Pattern, PatternOption, Peer,
    PeerId, Sent, Slot, SocketType, Split, TrySendError, Wakes,
};

/// An asynchronous peer for ROUTER, REP and other DEALERs
/// ([RFC 28](https://rfc.zeromq.org/spec/28/), "The DEALER Socket Type").
///
/// Messages pass unchanged both ways: one for a REP needs the empty delimiter
/// frame in front.
#[derive(Debug)]
pub struct Dealer;

impl Pattern for Dealer {
    const SOCKET_TYPE: SocketType = SocketType::Dealer;
    type Halves = Split<DealerOutbound, FairQueue>;

    fn halves() -> Self::Halves {
        Split::new(DealerOutbound::default(), FairQueue::new())
    }
}

impl CanSend for Dealer {}
impl CanReceive for Dealer {}

/// The sending half of a [`Dealer`].
#[derive(Debug, Default)]
pub struct DealerOutbound {
    peers: LoadBalance,
    probe: bool,
}

impl Attend for DealerOutbound {
    fn attach(&mut self, peer: Peer, wakes: &mut Wakes) {
        let Some(mut writer) = peer.writer else {
            return;
        };
        if self.probe {
            // Nobody is there to be told if a new pipe refuses.
            let _ = writer.push(&[], &Message::new(), 0, wakes);
        }
        self.peers.attach(peer.id, writer);
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

    fn set_option(&mut self, option: &PatternOption) -> Result<(), OptionError> {
        match option {
            PatternOption::ProbeRouter(probe) => {
                self.probe = *probe;
                Ok(())
            }
            _ => Err(OptionError::Unsupported(option.name())),
        }
    }
}

impl Outbound for DealerOutbound {
    #[inline]
    fn try_send(&mut self, message: &Message, wakes: &mut Wakes) -> Result<Sent, TrySendError> {
        self.peers.try_send(message, wakes)
    }

    #[inline]
    fn try_send_owned(
        &mut self,
        message: &mut Message,
        wakes: &mut Wakes,
    ) -> Result<Sent, TrySendError> {
        self.peers.try_send_owned(message, wakes)
    }

    #[inline]
    fn try_send_frame(&mut self, body: &[u8], wakes: &mut Wakes) -> Result<Sent, TrySendError> {
        self.peers.try_send_frame(body, wakes)
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
