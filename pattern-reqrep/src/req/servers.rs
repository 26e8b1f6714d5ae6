//! The peers that a REQ asks, and what they owe.

use ferromq_core::routing::LoadBalance;
use ferromq_core::{
    DropReason, Dropped, Drops, Message, PeerId, PeerMap, PipeReader, PipeWriter, PopError, Wakes,
};

use crate::envelope::Reply;

/// The peers that a REQ asks, each in turn, and those last that owe a reply.
///
/// A reply is owed to a request that was abandoned. A peer is taken to answer on
/// the connection that brought the request, once, and in the order of the
/// requests: so a REP does, and so what is counted here tells late replies from
/// the one that is waited for.
#[derive(Debug, Default)]
pub(crate) struct Servers {
    /// The way to those that owe nothing.
    free: LoadBalance,
    /// The way to those that do.
    debtors: LoadBalance,
    servers: PeerMap<Server>,
    drops: Drops,
}

#[derive(Debug)]
struct Server {
    reader: PipeReader,
    /// How many replies are to come that nobody waits for.
    owed: u32,
    /// Whether the pipe is empty and will call.
    idle: bool,
}

impl Servers {
    pub(crate) fn attach(&mut self, peer: PeerId, writer: PipeWriter, reader: PipeReader) {
        self.free.attach(peer, writer);
        let server = Server {
            reader,
            owed: 0,
            idle: false,
        };
        self.servers.insert(peer, server);
    }

    /// The connection to the peer is gone, and with it the replies that were to
    /// come on it.
    pub(crate) fn handle_lost(&mut self, peer: PeerId) {
        if let Some(server) = self.servers.get_mut(&peer) {
            server.owed = 0;
        }
        self.settle(peer);
    }

    /// The peer's pipe has called.
    pub(crate) fn handle_readable(&mut self, peer: PeerId) {
        if let Some(server) = self.servers.get_mut(&peer) {
            server.idle = false;
        }
    }

    pub(crate) fn handle_writable(&mut self, peer: PeerId) {
        self.free.handle_writable(peer);
        self.debtors.handle_writable(peer);
    }

    pub(crate) fn detach(&mut self, peer: PeerId) {
        self.servers.remove(&peer);
        self.drops.forget(peer);
        self.free.detach(peer);
        self.debtors.detach(peer);
    }

    /// Whether the peer is still there.
    pub(crate) fn has(&self, peer: PeerId) -> bool {
        self.servers.contains_key(&peer)
    }

    /// How many replies are to come from the peer that nobody waits for, if it is there.
    pub(crate) fn owed(&self, peer: PeerId) -> Option<u32> {
        self.servers.get(&peer).map(|server| server.owed)
    }

    /// Nobody waits any more for the reply to a request.
    pub(crate) fn abandon(&mut self, peer: PeerId) {
        let Some(server) = self.servers.get_mut(&peer) else {
            return;
        };
        server.owed = server.owed.saturating_add(1);
        if let Some(writer) = self.free.detach(peer) {
            self.debtors.attach(peer, writer);
        }
    }

    /// Holds a slot in the pipe of the next peer that has room.
    pub(crate) fn reserve(&mut self, wakes: &mut Wakes) -> Option<PeerId> {
        let free = self.free.reserve(wakes);
        free.or_else(|| self.debtors.reserve(wakes))
    }

    /// Sends into a slot; the message is dropped if the peer has left.
    pub(crate) fn commit(
        &mut self,
        peer: PeerId,
        prefix: &[u8],
        message: &Message,
        wakes: &mut Wakes,
    ) {
        // Only one of them knows the peer.
        if !self.free.commit(peer, prefix, message, 0, wakes) {
            self.debtors.commit(peer, prefix, message, 0, wakes);
        }
    }

    pub(crate) fn release(&mut self, peer: PeerId) {
        self.free.release(peer);
        self.debtors.release(peer);
    }

    pub(crate) fn is_writable(&mut self, wakes: &mut Wakes) -> bool {
        self.free.is_writable(wakes) || self.debtors.is_writable(wakes)
    }

    /// Takes the peer's next message that is no late reply, and says what it looks
    /// like; `None` if there is none. A peer that has left is forgotten then.
    pub(crate) fn pop(
        &mut self,
        peer: PeerId,
        into: &mut Message,
        wakes: &mut Wakes,
    ) -> Option<Reply> {
        let server = self.servers.get_mut(&peer)?;
        if server.idle {
            return None;
        }
        let owed = server.owed;
        let popped = server.pop(into, wakes, || {
            self.drops.count(Some(peer), DropReason::Late);
        });
        if owed > 0 {
            self.settle(peer);
        }
        if popped == Err(PopError::Closed) {
            self.detach(peer);
        }
        popped.ok()
    }

    /// Discards what a peer has sent.
    pub(crate) fn skim(&mut self, peer: PeerId, wakes: &mut Wakes) {
        let mut discarded = Message::new();
        while self.pop(peer, &mut discarded, wakes).is_some() {
            self.note_late(peer);
        }
    }

    /// Nobody has waited for what was popped.
    pub(crate) fn note_late(&mut self, peer: PeerId) {
        self.drops.count(Some(peer), DropReason::Late);
    }

    pub(crate) fn tell_drops(&self, tell: &mut dyn FnMut(Option<PeerId>, &Dropped)) {
        self.drops.tell(tell);
    }

    /// Lets all peers go.
    pub(crate) fn detach_all(&mut self) {
        *self = Self {
            drops: std::mem::take(&mut self.drops),
            ..Self::default()
        };
    }

    /// A peer that owes nothing any more is one like the others.
    fn settle(&mut self, peer: PeerId) {
        if self.owed(peer).unwrap_or(0) == 0 {
            if let Some(writer) = self.debtors.detach(peer) {
                self.free.attach(peer, writer);
            }
        }
    }
}

impl Server {
    /// The next message that is no late reply.
    fn pop(
        &mut self,
        into: &mut Message,
        wakes: &mut Wakes,
        mut late: impl FnMut(),
    ) -> Result<Reply, PopError> {
        loop {
            if let Err(error) = self.reader.pop(into, wakes) {
                self.idle = error == PopError::Empty;
                return Err(error);
            }
            match Reply::of(into) {
                Reply::Plain if self.owed > 0 => {
                    self.owed -= 1;
                    late();
                }
                reply => return Ok(reply),
            }
        }
    }
}
