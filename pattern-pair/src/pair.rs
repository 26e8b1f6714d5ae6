//! PAIR: one peer, both ways.

use ferromq_core::{
    Attend, CanReceive, CanSend, Inbound, Joint, Message, Outbound, Pattern, Peer, PeerId,
    PipeReader, PipeWriter, PopError, Sent, Slot, SocketType, TryRecvError, TrySendError, Wakes,
};

/// One end of an exclusive pair.
///
/// ```text
///             attach                    the peer leaves
///  alone ────────────────▶ paired ─────────────────────────▶ alone
///                          attach: the newcomer is let go
/// ```
///
/// The first peer is the socket's peer until it leaves. The pipes of any other
/// are dropped at once, which ends its connection. What a peer sent before it
/// left can still be received, ahead of what the next peer sends; until it was,
/// a peer that leaves as well keeps its place.
#[derive(Debug, Default)]
pub struct Pair {
    partner: Option<Partner>,
    /// What is left of the partner before.
    legacy: Option<(PeerId, PipeReader)>,
}

#[derive(Debug)]
struct Partner {
    id: PeerId,
    writer: PipeWriter,
    reader: PipeReader,
}

impl Pattern for Pair {
    const SOCKET_TYPE: SocketType = SocketType::Pair;
    type Halves = Joint<Self>;

    fn halves() -> Self::Halves {
        Joint::new(Self::default())
    }
}

impl CanSend for Pair {}
impl CanReceive for Pair {}

impl Attend for Pair {
    fn attach(&mut self, peer: Peer, _wakes: &mut Wakes) {
        self.part();
        let (None, Some(writer), Some(reader)) = (&self.partner, peer.writer, peer.reader) else {
            return;
        };
        self.partner = Some(Partner {
            id: peer.id,
            writer,
            reader,
        });
    }

    fn handle_readable(&mut self, _peer: PeerId, _wakes: &mut Wakes) {
        self.part();
    }

    fn handle_writable(&mut self, _peer: PeerId, _wakes: &mut Wakes) {
        self.part();
    }

    fn detach(&mut self, peer: PeerId) {
        self.partner.take_if(|partner| partner.id == peer);
        self.legacy.take_if(|(id, _)| *id == peer);
    }

    fn detach_all(&mut self) {
        *self = Self::default();
    }
}

impl Outbound for Pair {
    #[inline]
    fn try_send(&mut self, message: &Message, wakes: &mut Wakes) -> Result<Sent, TrySendError> {
        let partner = self.partner.as_mut().ok_or(TrySendError::Full)?;
        match partner.writer.push(&[], message, 0, wakes) {
            Ok(()) => Ok(Sent::Queued),
            // Full or closed: both mean that there is nobody to take it now.
            Err(_) => Err(TrySendError::Full),
        }
    }

    fn reserve(&mut self, _head: &[u8], wakes: &mut Wakes) -> Result<Slot, TrySendError> {
        let partner = self.partner.as_mut().ok_or(TrySendError::Full)?;
        match partner.writer.reserve(wakes) {
            Ok(()) => Ok(Slot::Peer(partner.id)),
            Err(_) => Err(TrySendError::Full),
        }
    }

    fn commit(&mut self, slot: Slot, message: &Message, wakes: &mut Wakes) {
        if let Some(partner) = self.holder(&slot) {
            // A partner that has left gets nothing more.
            let _ = partner.writer.push_reserved(&[], message, 0, wakes);
        }
    }

    fn release(&mut self, slot: Slot) {
        if let Some(partner) = self.holder(&slot) {
            partner.writer.release();
        }
    }

    fn is_writable(&mut self, wakes: &mut Wakes) -> bool {
        match &mut self.partner {
            Some(partner) => partner.writer.room(wakes).is_ok(),
            None => false,
        }
    }
}

impl Inbound for Pair {
    #[inline]
    fn try_recv(&mut self, into: &mut Message, wakes: &mut Wakes) -> Result<(), TryRecvError> {
        if let Some((id, reader)) = self.source() {
            if reader.pop(into, wakes).is_ok() {
                into.set_origin(id.get());
                return Ok(());
            }
        }
        self.part();
        Err(TryRecvError::Empty)
    }

    fn is_readable(&mut self, _wakes: &mut Wakes) -> bool {
        let readable = self.source().is_some();
        if !readable {
            self.part();
        }
        readable
    }
}

impl Pair {
    /// Lets go who has left: what can still be received becomes the legacy.
    fn part(&mut self) {
        self.legacy
            .take_if(|(_, reader)| reader.readable() == Err(PopError::Closed));
        if self.legacy.is_some() {
            return;
        }
        let left = self.partner.take_if(|partner| partner.writer.is_closed());
        self.legacy = left
            .map(|partner| (partner.id, partner.reader))
            .filter(|(_, reader)| !(reader.is_closed() && reader.is_empty()));
    }

    /// Where the next message is, if there is one.
    #[inline]
    fn source(&mut self) -> Option<(PeerId, &mut PipeReader)> {
        let legacy = self.legacy.as_mut().map(|(id, reader)| (*id, reader));
        let partner = self.partner.as_mut();
        let partner = partner.map(|partner| (partner.id, &mut partner.reader));
        let mut sources = legacy.into_iter().chain(partner);
        sources.find_map(|(id, reader)| reader.readable().is_ok().then_some((id, reader)))
    }

    /// The partner, if the slot is in its pipe.
    fn holder(&mut self, slot: &Slot) -> Option<&mut Partner> {
        let Slot::Peer(peer) = slot else {
            return None;
        };
        self.partner.as_mut().filter(|partner| partner.id == *peer)
    }
}
