//! PAIR: one peer, both ways.

use std::collections::VecDeque;

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
/// left can still be received, ahead of what the next peer sends. Two peers that
/// have left with messages unread are the most: as long as there are two,
/// newcomers are let go too.
#[derive(Debug, Default)]
pub struct Pair {
    /// The way to the peer, if one is there.
    writer: Option<(PeerId, PipeWriter)>,
    /// The ways from the peer and from those before it, which have left; oldest first.
    readers: VecDeque<(PeerId, PipeReader)>,
}

/// How many peers can be there, or have left messages behind.
const PEERS: usize = 2;

impl Pattern for Pair {
    const SOCKET_TYPE: SocketType = SocketType::Pair;
    type Halves = Joint<Self>;

    fn halves() -> Self::Halves {
        Joint::new(Self::default())
    }
}

impl CanSend for Pair {}
impl CanReceive for Pair {}

impl Pair {
    /// Lets go who has left.
    fn part(&mut self) {
        self.writer.take_if(|(_, writer)| writer.is_closed());
        self.readers
            .retain_mut(|(_, reader)| reader.readable() != Err(PopError::Closed));
    }

    /// Where the next message is, if there is one.
    #[inline]
    fn source(&mut self) -> Option<&mut (PeerId, PipeReader)> {
        let mut readers = self.readers.iter_mut();
        readers.find_map(|source| source.1.readable().is_ok().then_some(source))
    }

    /// The way to the peer, if the slot is in it.
    fn holder(&mut self, slot: &Slot) -> Option<&mut PipeWriter> {
        match (slot, &mut self.writer) {
            (Slot::Peer(holder), Some((peer, writer))) if holder == peer => Some(writer),
            _ => None,
        }
    }
}

impl Attend for Pair {
    fn attach(&mut self, peer: Peer, _wakes: &mut Wakes) {
        self.part();
        let (Some(writer), Some(reader)) = (peer.writer, peer.reader) else {
            return;
        };
        if self.writer.is_none() && self.readers.len() < PEERS {
            self.writer = Some((peer.id, writer));
            self.readers.push_back((peer.id, reader));
        }
    }

    fn handle_readable(&mut self, _peer: PeerId, _wakes: &mut Wakes) {
        self.part();
    }

    fn handle_writable(&mut self, _peer: PeerId, _wakes: &mut Wakes) {
        self.part();
    }

    fn detach(&mut self, peer: PeerId) {
        self.writer.take_if(|(id, _)| *id == peer);
        self.readers.retain(|(id, _)| *id != peer);
    }

    fn detach_all(&mut self) {
        *self = Self::default();
    }
}

impl Outbound for Pair {
    #[inline]
    fn try_send(&mut self, message: &Message, wakes: &mut Wakes) -> Result<Sent, TrySendError> {
        let (_, writer) = self.writer.as_mut().ok_or(TrySendError::Full)?;
        match writer.push(&[], message, 0, wakes) {
            Ok(()) => Ok(Sent::Queued),
            // Full or closed: nobody can take it now.
            Err(_) => Err(TrySendError::Full),
        }
    }

    #[inline]
    fn try_send_owned(
        &mut self,
        message: &mut Message,
        wakes: &mut Wakes,
    ) -> Result<Sent, TrySendError> {
        let (_, writer) = self.writer.as_mut().ok_or(TrySendError::Full)?;
        match writer.push_owned(message, wakes) {
            Ok(()) => Ok(Sent::Queued),
            Err(_) => Err(TrySendError::Full),
        }
    }

    #[inline]
    fn try_send_frame(&mut self, body: &[u8], wakes: &mut Wakes) -> Result<Sent, TrySendError> {
        let (_, writer) = self.writer.as_mut().ok_or(TrySendError::Full)?;
        match writer.push_frame(&[], body, wakes) {
            Ok(()) => Ok(Sent::Queued),
            Err(_) => Err(TrySendError::Full),
        }
    }

    fn reserve(&mut self, _head: &[u8], wakes: &mut Wakes) -> Result<Slot, TrySendError> {
        let (peer, writer) = self.writer.as_mut().ok_or(TrySendError::Full)?;
        match writer.reserve(wakes) {
            Ok(()) => Ok(Slot::Peer(*peer)),
            Err(_) => Err(TrySendError::Full),
        }
    }

    fn commit(&mut self, slot: Slot, message: &Message, wakes: &mut Wakes) {
        if let Some(writer) = self.holder(&slot) {
            // A peer that has left gets nothing more.
            let _ = writer.push_reserved(&[], message, 0, wakes);
        }
    }

    fn release(&mut self, slot: Slot) {
        if let Some(writer) = self.holder(&slot) {
            writer.release();
        }
    }

    fn is_writable(&mut self, wakes: &mut Wakes) -> bool {
        let writer = self.writer.as_mut();
        writer.is_some_and(|(_, writer)| writer.room(wakes).is_ok())
    }
}

impl Inbound for Pair {
    #[inline]
    fn try_recv(&mut self, into: &mut Message, wakes: &mut Wakes) -> Result<(), TryRecvError> {
        if let Some((peer, reader)) = self.source() {
            if reader.pop(into, wakes).is_ok() {
                into.set_origin(peer.get());
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
