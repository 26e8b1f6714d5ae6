//! Policies that are a pattern's half as they are.

use zmtp_codec::Message;

use super::{FairQueue, LoadBalance};
use crate::pattern::{Attend, Inbound, Outbound, Row, Sent, Slot, TryRecvError, TrySendError};
use crate::peer::{Peer, PeerId};
use crate::wakes::Wakes;

impl Attend for LoadBalance {
    fn attach(&mut self, peer: Peer, _wakes: &mut Wakes) {
        if let Some(writer) = peer.writer {
            Self::attach(self, peer.id, writer);
        }
    }

    fn handle_writable(&mut self, peer: PeerId, _wakes: &mut Wakes) {
        Self::handle_writable(self, peer);
    }

    fn detach(&mut self, peer: PeerId) {
        Self::detach(self, peer);
    }

    fn detach_all(&mut self) {
        Self::detach_all(self);
    }
}

impl Outbound for LoadBalance {
    #[inline]
    fn try_send(&mut self, message: &Message, wakes: &mut Wakes) -> Result<Sent, TrySendError> {
        match self.push(&[], message, 0, wakes) {
            Some(_) => Ok(Sent::Queued),
            None => Err(TrySendError::Full),
        }
    }

    #[inline]
    fn try_send_owned(
        &mut self,
        message: &mut Message,
        wakes: &mut Wakes,
    ) -> Result<Sent, TrySendError> {
        match self.push_owned(message, wakes) {
            Some(_) => Ok(Sent::Queued),
            None => Err(TrySendError::Full),
        }
    }

    #[inline]
    fn try_send_frame(&mut self, body: &[u8], wakes: &mut Wakes) -> Result<Sent, TrySendError> {
        match self.push_frame(&[], body, wakes) {
            Some(_) => Ok(Sent::Queued),
            None => Err(TrySendError::Full),
        }
    }

    fn try_send_many(
        &mut self,
        messages: &mut Row<'_>,
        wakes: &mut Wakes,
    ) -> (usize, Result<Sent, TrySendError>) {
        let sent = self.push_many(messages, wakes);
        match messages.len() {
            0 => (sent, Ok(Sent::Queued)),
            _ => (sent, Err(TrySendError::Full)),
        }
    }

    fn reserve(&mut self, _head: &[u8], wakes: &mut Wakes) -> Result<Slot, TrySendError> {
        let peer = Self::reserve(self, wakes);
        peer.map(Slot::Peer).ok_or(TrySendError::Full)
    }

    fn commit(&mut self, slot: Slot, message: &Message, wakes: &mut Wakes) {
        if let Slot::Peer(peer) = slot {
            Self::commit(self, peer, &[], message, 0, wakes);
        }
    }

    fn release(&mut self, slot: Slot) {
        if let Slot::Peer(peer) = slot {
            Self::release(self, peer);
        }
    }

    fn is_writable(&mut self, wakes: &mut Wakes) -> bool {
        Self::is_writable(self, wakes)
    }
}

impl Attend for FairQueue {
    fn attach(&mut self, peer: Peer, _wakes: &mut Wakes) {
        if let Some(reader) = peer.reader {
            Self::attach(self, peer.id, reader);
        }
    }

    fn handle_readable(&mut self, peer: PeerId, _wakes: &mut Wakes) {
        Self::handle_readable(self, peer);
    }

    fn detach(&mut self, peer: PeerId) {
        Self::detach(self, peer);
    }

    fn detach_all(&mut self) {
        Self::detach_all(self);
    }
}

impl Inbound for FairQueue {
    #[inline]
    fn try_recv(&mut self, into: &mut Message, wakes: &mut Wakes) -> Result<(), TryRecvError> {
        match self.pop(into, wakes) {
            true => Ok(()),
            false => Err(TryRecvError::Empty),
        }
    }

    fn try_recv_many(
        &mut self,
        into: &mut Vec<Message>,
        limit: usize,
        wakes: &mut Wakes,
    ) -> Result<usize, TryRecvError> {
        match self.pop_many(into, limit, wakes) {
            0 => Err(TryRecvError::Empty),
            received => Ok(received),
        }
    }

    fn is_readable(&mut self, _wakes: &mut Wakes) -> bool {
        Self::is_readable(self)
    }
}
