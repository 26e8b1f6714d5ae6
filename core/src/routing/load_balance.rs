//! Load balancing: each message to the next peer that can take it.

use std::collections::VecDeque;

use zmtp_codec::Message;

use crate::pattern::Row;
use crate::peer::{PeerId, PeerMap};
use crate::pipe::{PipeWriter, PushError};
use crate::wakes::Wakes;

/// Gives messages to all peers in turn, one to each that has room
/// ([RFC 30](https://rfc.zeromq.org/spec/30/), PUSH). A full peer is left out
/// until it has room again; a peer that is still connecting takes its share.
#[derive(Debug, Default)]
pub struct LoadBalance {
    /// Peers that have room, or may have; the front is next.
    active: VecDeque<Box<Route>>,
    /// Peers at their high-water mark; they will call.
    full: PeerMap<Box<Route>>,
}

#[derive(Debug)]
struct Route {
    peer: PeerId,
    writer: PipeWriter,
}

impl LoadBalance {
    /// No peers.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a peer.
    pub fn attach(&mut self, peer: PeerId, writer: PipeWriter) {
        self.active.push_back(Box::new(Route { peer, writer }));
    }

    /// A peer's pipe has called.
    pub fn handle_writable(&mut self, peer: PeerId) {
        match self.full.remove(&peer) {
            Some(route) if route.writer.is_closed() => {}
            Some(route) => self.active.push_back(route),
            None => self
                .active
                .retain(|route| route.peer != peer || !route.writer.is_closed()),
        }
    }

    /// Removes a peer, and returns its pipe; if that is dropped, what is in it
    /// still leaves.
    pub fn detach(&mut self, peer: PeerId) -> Option<PipeWriter> {
        let place = self.active.iter().position(|route| route.peer == peer);
        let route = match place {
            Some(place) => self.active.remove(place),
            None => self.full.remove(&peer),
        };
        route.map(|route| route.writer)
    }

    /// Removes all peers.
    pub fn detach_all(&mut self) {
        *self = Self::default();
    }

    /// Sends to the next peer that has room, as [`PipeWriter::push`] does, and
    /// says which one that was; `None` if no peer has room.
    #[inline]
    pub fn push(
        &mut self,
        prefix: &[u8],
        message: &Message,
        skip: usize,
        wakes: &mut Wakes,
    ) -> Option<PeerId> {
        self.give(|writer| writer.push(prefix, message, skip, wakes))
    }

    /// Sends a message, as [`PipeWriter::push_owned`] does, to the next peer that has room,
    /// and says which one that was.
    #[inline]
    pub fn push_owned(&mut self, message: &mut Message, wakes: &mut Wakes) -> Option<PeerId> {
        self.give(|writer| writer.push_owned(message, wakes))
    }

    /// Sends a message of one frame, as [`PipeWriter::push_frame`] does, to the next
    /// peer that has room, and says which one that was.
    #[inline]
    pub fn push_frame(&mut self, prefix: &[u8], body: &[u8], wakes: &mut Wakes) -> Option<PeerId> {
        self.give(|writer| writer.push_frame(prefix, body, wakes))
    }

    /// Sends messages as [`push`](Self::push) does, as many as peers have room for, and
    /// says how many: to the only peer that has room all at once, to others in turn.
    pub fn push_many(&mut self, messages: &mut Row<'_>, wakes: &mut Wakes) -> usize {
        let mut sent = 0;
        while messages.len() > 0 {
            let share = match self.active.len() {
                0 => break,
                1 => usize::MAX,
                _ => 1,
            };
            match self.active[0].writer.push_many(messages, share, wakes) {
                Ok(more) => {
                    sent += more;
                    self.rotate();
                }
                Err(error) => self.rest(error),
            }
        }
        sent
    }

    /// Holds a slot in the pipe of the next peer that has room.
    pub fn reserve(&mut self, wakes: &mut Wakes) -> Option<PeerId> {
        self.give(|writer| writer.reserve(wakes))
    }

    /// Gives something to the next peer that takes it.
    #[inline]
    fn give(
        &mut self,
        mut give: impl FnMut(&mut PipeWriter) -> Result<(), PushError>,
    ) -> Option<PeerId> {
        loop {
            match give(&mut self.active.front_mut()?.writer) {
                Ok(()) => return Some(self.rotate()),
                Err(error) => self.rest(error),
            }
        }
    }

    /// Sends into a slot; the message is dropped if the peer has left. Says whether the
    /// peer is known here.
    pub fn commit(
        &mut self,
        peer: PeerId,
        prefix: &[u8],
        message: &Message,
        skip: usize,
        wakes: &mut Wakes,
    ) -> bool {
        let Some(route) = self.find(peer) else {
            return false;
        };
        // Closed is the only error there can be, and the peer's end.
        let _ = route.writer.push_reserved(prefix, message, skip, wakes);
        true
    }

    /// Gives a slot back.
    pub fn release(&mut self, peer: PeerId) {
        if let Some(route) = self.find(peer) {
            route.writer.release();
        }
        // There is room now, and the peer may have nothing to take and so not call.
        if let Some(route) = self.full.remove(&peer) {
            self.active.push_back(route);
        }
    }

    /// Whether [`push`](Self::push) would find a peer.
    pub fn is_writable(&mut self, wakes: &mut Wakes) -> bool {
        while let Some(route) = self.active.front_mut() {
            match route.writer.room(wakes) {
                Ok(_) => return true,
                Err(error) => self.rest(error),
            }
        }
        false
    }

    #[inline]
    fn rotate(&mut self) -> PeerId {
        let peer = self.active[0].peer;
        if self.active.len() > 1 {
            self.active.rotate_left(1);
        }
        peer
    }

    /// Sets the front peer aside: it is full, or has left.
    fn rest(&mut self, error: PushError) {
        if let Some(route) = self.active.pop_front() {
            if error == PushError::Full {
                self.full.insert(route.peer, route);
            }
        }
    }

    fn find(&mut self, peer: PeerId) -> Option<&mut Route> {
        // From the back, where the peer that had its turn last stands.
        let mut active = self.active.iter_mut().rev();
        match active.find(|route| route.peer == peer) {
            Some(route) => Some(route),
            None => self.full.get_mut(&peer).map(|route| &mut **route),
        }
    }
}
