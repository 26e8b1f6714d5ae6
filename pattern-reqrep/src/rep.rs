//! REP: a request, then one's reply to it.

use ferromq_core::routing::FairQueue;
use ferromq_core::{
    Attend, CanReceive, CanSend, DropReason, Dropped, Drops, Inbound, Joint, Message, OptionError,
    Outbound, Pattern, PatternOption, Peer, PeerId, PeerMap, PipeWriter, Sent, Slot, SocketType,
    TryRecvError, TrySendError, Wakes,
};

use crate::envelope::Envelope;

/// The answering end of request-reply
/// ([RFC 28](https://rfc.zeromq.org/spec/28/), "The REP Socket Type").
///
/// ```text
///                 recv              reserve
///  receiving ────────────▶ replying ───────▶ promised
///    ▲    ▲                 │    ▲  release   │   │
///    │    └──────send───────┘    └────────────┘   │
///    └───────────────────commit───────────────────┘
/// ```
///
/// Requests come from all peers in turn. The envelope of a request, up to and
/// including the first empty frame, is kept and goes in front of the reply, to
/// the peer that asked. A request without such a frame, or without anything
/// behind it, is discarded. Sending and receiving take turns; the other is
/// `OutOfTurn`.
///
/// Sending never waits: if the peer that asked has left, or takes no more, the
/// reply is dropped.
#[derive(Debug, Default)]
pub struct Rep {
    requests: FairQueue,
    clients: PeerMap<PipeWriter>,
    /// The envelope of the request that was found last.
    envelope: Envelope,
    turn: Turn,
    probe: bool,
    drops: Drops,
}

#[derive(Debug, Default)]
enum Turn {
    #[default]
    Receiving,
    /// A request is here and was not received yet; its origin is who asked.
    Found(Message),
    Replying(PeerId),
    /// Somebody holds the slot for the reply.
    Promised(PeerId),
}

impl Pattern for Rep {
    const SOCKET_TYPE: SocketType = SocketType::Rep;
    type Halves = Joint<Self>;

    fn halves() -> Self::Halves {
        Joint::new(Self::default())
    }
}

impl CanSend for Rep {}
impl CanReceive for Rep {}

impl Rep {
    /// Takes the next request, into the place of a message, and keeps its envelope.
    fn pop(&mut self, into: &mut Message, wakes: &mut Wakes) -> bool {
        while self.requests.pop(into, wakes) {
            if self.envelope.take_from(into) {
                return true;
            }
            let peer = PeerId::new(into.origin());
            self.drops.count(Some(peer), DropReason::Malformed);
        }
        false
    }

    /// There was no room for the reply that was promised then, or nobody to get it.
    #[cold]
    fn count_refused(&mut self, turn: &Turn) {
        let client = match turn {
            Turn::Promised(peer) => self.clients.get(peer).map(|writer| (*peer, writer)),
            _ => None,
        };
        match client.filter(|(_, writer)| !writer.is_closed()) {
            Some((peer, _)) => self.drops.count(Some(peer), DropReason::HighWater),
            None => self.drops.count(None, DropReason::Unroutable),
        }
    }
}

impl Attend for Rep {
    fn attach(&mut self, peer: Peer, wakes: &mut Wakes) {
        let (Some(mut writer), Some(reader)) = (peer.writer, peer.reader) else {
            return;
        };
        if self.probe {
            // Nobody is there to be told if a new pipe refuses.
            let _ = writer.push(&[], &Message::new(), 0, wakes);
        }
        self.clients.insert(peer.id, writer);
        self.requests.attach(peer.id, reader);
    }

    fn handle_readable(&mut self, peer: PeerId, _wakes: &mut Wakes) {
        self.requests.handle_readable(peer);
    }

    fn handle_writable(&mut self, peer: PeerId, _wakes: &mut Wakes) {
        if self.clients.get(&peer).is_some_and(PipeWriter::is_closed) {
            self.clients.remove(&peer);
        }
    }

    fn detach(&mut self, peer: PeerId) {
        self.requests.detach(peer);
        self.clients.remove(&peer);
        self.drops.forget(peer);
        if matches!(&self.turn, Turn::Found(request) if request.origin() == peer.get()) {
            self.turn = Turn::Receiving;
        }
    }

    fn detach_all(&mut self) {
        self.requests.detach_all();
        self.clients.clear();
        self.turn = Turn::Receiving;
    }

    fn tell_drops(&self, tell: &mut dyn FnMut(Option<PeerId>, &Dropped)) {
        self.drops.tell(tell);
    }

    fn set_option(&mut self, option: &PatternOption) -> Result<(), OptionError> {
        match option {
            PatternOption::ProbeRouter(probe) => self.probe = *probe,
            _ => return Err(OptionError::Unsupported(option.name())),
        }
        Ok(())
    }
}

impl Outbound for Rep {
    fn try_send(&mut self, message: &Message, wakes: &mut Wakes) -> Result<Sent, TrySendError> {
        let slot = self.reserve(message.head(), wakes)?;
        self.commit(slot, message, wakes);
        Ok(Sent::Queued)
    }

    fn reserve(&mut self, _head: &[u8], wakes: &mut Wakes) -> Result<Slot, TrySendError> {
        let Turn::Replying(peer) = self.turn else {
            return Err(TrySendError::OutOfTurn);
        };
        self.turn = Turn::Promised(peer);
        // "SHALL silently discard the reply [...] if the originating peer is no
        // longer connected" and "SHALL not block on sending" (RFC 28).
        let client = self.clients.get_mut(&peer);
        let has_room = client.is_some_and(|writer| writer.reserve(wakes).is_ok());
        Ok(if has_room {
            Slot::Peer(peer)
        } else {
            Slot::Open
        })
    }

    fn commit(&mut self, slot: Slot, message: &Message, wakes: &mut Wakes) {
        let turn = std::mem::replace(&mut self.turn, Turn::Receiving);
        let Slot::Peer(peer) = slot else {
            return self.count_refused(&turn);
        };
        let writer = self.clients.get_mut(&peer);
        let sent = writer.is_some_and(|writer| {
            let envelope = self.envelope.as_wire();
            writer.push_reserved(envelope, message, 0, wakes).is_ok()
        });
        if !sent {
            self.drops.count(None, DropReason::Unroutable);
        }
    }

    fn release(&mut self, slot: Slot) {
        if let Turn::Promised(peer) = self.turn {
            self.turn = Turn::Replying(peer);
        }
        if let Slot::Peer(peer) = slot {
            if let Some(writer) = self.clients.get_mut(&peer) {
                writer.release();
            }
        }
    }

    fn is_writable(&mut self, _wakes: &mut Wakes) -> bool {
        matches!(self.turn, Turn::Replying(_))
    }
}

impl Inbound for Rep {
    fn try_recv(&mut self, into: &mut Message, wakes: &mut Wakes) -> Result<(), TryRecvError> {
        match &mut self.turn {
            Turn::Receiving => {
                if !self.pop(into, wakes) {
                    return Err(TryRecvError::Empty);
                }
            }
            Turn::Found(request) => std::mem::swap(into, request),
            Turn::Replying(_) | Turn::Promised(_) => return Err(TryRecvError::OutOfTurn),
        }
        self.turn = Turn::Replying(PeerId::new(into.origin()));
        Ok(())
    }

    fn is_readable(&mut self, wakes: &mut Wakes) -> bool {
        if matches!(self.turn, Turn::Receiving) {
            let mut request = Message::new();
            if self.pop(&mut request, wakes) {
                self.turn = Turn::Found(request);
            }
        }
        matches!(self.turn, Turn::Found(_))
    }
}
