//! The peers that a REQ asks, and what they owe.

use ferromq_core::routing::LoadBalance;
use ferromq_core::{Message, PeerId, PeerMap, PipeReader, PipeWriter, PopError, Wakes};

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
}

#[derive(Debug)]
struct Server {
    reader: PipeReader,
    /// Whether what is sent now leaves on a connection that is there.
    connected: bool,
    /// Replies to come to requests that the connection took; they end with it.
    owed: u32,
    /// Replies to come to requests that wait for a connection.
    owed_later: u32,
}

impl Servers {
    pub(crate) fn attach(
        &mut self,
        peer: PeerId,
        writer: PipeWriter,
        reader: PipeReader,
        connected: bool,
    ) {
        self.free.attach(peer, writer);
        let server = Server {
            reader,
            connected,
            owed: 0,
            owed_later: 0,
        };
        self.servers.insert(peer, server);
    }

    /// A connection to the peer is there, and takes what has waited for it.
    pub(crate) fn handle_ready(&mut self, peer: PeerId) {
        if let Some(server) = self.servers.get_mut(&peer) {
            server.connected = true;
            server.owed += std::mem::take(&mut server.owed_later);
        }
    }

    /// The connection to the peer is gone, and with it the replies that were to
    /// come on it.
    pub(crate) fn handle_lost(&mut self, peer: PeerId) {
        if let Some(server) = self.servers.get_mut(&peer) {
            server.connected = false;
            server.owed = 0;
        }
        self.settle(peer);
    }

    pub(crate) fn handle_writable(&mut self, peer: PeerId) {
        self.free.handle_writable(peer);
        self.debtors.handle_writable(peer);
    }

    pub(crate) fn detach(&mut self, peer: PeerId) {
        self.servers.remove(&peer);
        self.free.detach(peer);
        self.debtors.detach(peer);
    }

    /// Whether the peer is still there.
    pub(crate) fn has(&self, peer: PeerId) -> bool {
        self.servers.contains_key(&peer)
    }

    pub(crate) fn is_connected(&self, peer: PeerId) -> bool {
        self.servers.get(&peer).is_some_and(|peer| peer.connected)
    }

    /// Whether replies are to come from the peer that nobody waits for.
    pub(crate) fn owes(&self, peer: PeerId) -> bool {
        self.servers.get(&peer).is_some_and(Server::owes)
    }

    /// Nobody waits any more for the reply to a request, which a connection took
    /// or not.
    pub(crate) fn abandon(&mut self, peer: PeerId, taken: bool) {
        let Some(server) = self.servers.get_mut(&peer) else {
            return;
        };
        let owed = match taken {
            true => &mut server.owed,
            false => &mut server.owed_later,
        };
        *owed = owed.saturating_add(1);
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
        self.free.commit(peer, prefix, message, 0, wakes);
        self.debtors.commit(peer, prefix, message, 0, wakes);
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
        let popped = server.pop(into, wakes);
        self.settle(peer);
        if popped == Err(PopError::Closed) {
            self.detach(peer);
        }
        popped.ok()
    }

    /// Discards what a peer has sent.
    pub(crate) fn skim(&mut self, peer: PeerId, wakes: &mut Wakes) {
        let mut discarded = Message::new();
        while self.pop(peer, &mut discarded, wakes).is_some() {}
    }

    /// A peer that owes nothing any more is one like the others.
    fn settle(&mut self, peer: PeerId) {
        if !self.owes(peer) {
            if let Some(writer) = self.debtors.detach(peer) {
                self.free.attach(peer, writer);
            }
        }
    }
}

impl Server {
    fn pop(&mut self, into: &mut Message, wakes: &mut Wakes) -> Result<Reply, PopError> {
        loop {
            self.reader.pop(into, wakes)?;
            let reply = Reply::of(into);
            if reply != Reply::Plain || !self.pay() {
                return Ok(reply);
            }
        }
    }

    fn owes(&self) -> bool {
        self.owed > 0 || self.owed_later > 0
    }

    /// A reply has come; says whether it was owed.
    fn pay(&mut self) -> bool {
        let owed = match self.owed {
            0 => &mut self.owed_later,
            _ => &mut self.owed,
        };
        let pays = *owed > 0;
        *owed = owed.saturating_sub(1);
        pays
    }
}
