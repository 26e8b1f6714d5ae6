//! Fanning out: one message to many peers.

use zmtp_codec::Message;

use crate::drops::{DropReason, Dropped};
use crate::pattern::Sent;
use crate::peer::{PeerId, PeerMap};
use crate::pipe::{PipeWriter, PushError};
use crate::wakes::Wakes;

/// Gives a message to each of many peers ([RFC 29](https://rfc.zeromq.org/spec/29/),
/// PUB).
///
/// A peer has a slot, a small number that is given out again once the peer is
/// gone. A peer at its high-water mark lags: it is offered the message again,
/// [later](Self::send_late), and misses it if it still has no room. From then on
/// it misses all of them, without being asked, until its pipe calls. Each peer gets
/// a message whole or not at all, and no peer waits for another.
#[derive(Debug, Default)]
pub struct FanOut {
    routes: Vec<Option<Route>>,
    free: Vec<u32>,
    slots: PeerMap<u32>,
    /// Who lags with the last message, and that message.
    lagging: Vec<u32>,
    late: Option<Message>,
    dropped: u64,
    /// Counts the messages that were not for everybody.
    turn: u64,
}

#[derive(Debug)]
struct Route {
    writer: PipeWriter,
    gate: Gate,
    dropped: u64,
    /// The last turn that left this peer out.
    spared: u64,
}

/// Whether a peer is asked to take a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gate {
    Open,
    /// It was full when it was asked last.
    Full,
    /// It has left.
    Gone,
}

impl Route {
    #[inline]
    fn ask(&mut self, message: &Message, wakes: &mut Wakes) -> Result<(), PushError> {
        let pushed = self.writer.push(&[], message, 0, wakes);
        self.gate = match pushed {
            Ok(()) => Gate::Open,
            // It has room for topics that wait.
            Err(PushError::Full) if self.writer.conflates_by_topic() => Gate::Open,
            Err(PushError::Full) => Gate::Full,
            Err(PushError::Closed) => Gate::Gone,
        };
        pushed
    }
}

impl FanOut {
    /// No peers.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a peer, and returns its slot.
    pub fn attach(&mut self, peer: PeerId, writer: PipeWriter) -> u32 {
        let route = Some(Route {
            writer,
            gate: Gate::Open,
            dropped: 0,
            spared: 0,
        });
        let slot = match self.free.pop() {
            Some(slot) => {
                self.routes[slot as usize] = route;
                slot
            }
            None => {
                self.routes.push(route);
                (self.routes.len() - 1) as u32
            }
        };
        self.slots.insert(peer, slot);
        slot
    }

    /// The slot of a peer.
    #[must_use]
    pub fn slot(&self, peer: PeerId) -> Option<u32> {
        self.slots.get(&peer).copied()
    }

    /// The slots of all peers.
    pub fn slots(&self) -> impl Iterator<Item = u32> + '_ {
        let slots = (0..).zip(&self.routes);
        slots
            .filter(|(_, route)| route.is_some())
            .map(|(slot, _)| slot)
    }

    /// How many messages a peer has missed at its high-water mark.
    #[must_use]
    pub fn dropped(&self, peer: PeerId) -> Option<u64> {
        let route = self.routes.get(self.slot(peer)? as usize)?;
        route.as_ref().map(|route| route.dropped)
    }

    /// How many messages were missed in all, by peers that are gone too.
    #[must_use]
    pub fn dropped_in_all(&self) -> u64 {
        self.dropped
    }

    /// Tells how many each peer has missed, and those that are gone.
    pub fn tell_drops(&self, tell: &mut dyn FnMut(Option<PeerId>, &Dropped)) {
        let mut gone = self.dropped;
        let mut tell = |peer, count| {
            let mut dropped = Dropped::default();
            dropped.add(DropReason::HighWater, count);
            tell(peer, &dropped);
        };
        for peer in self.slots.keys() {
            let count = self.dropped(*peer).unwrap_or_default();
            gone -= count;
            tell(Some(*peer), count);
        }
        tell(None, gone);
    }

    /// A peer's pipe has called: it has room again, or the peer has left. Says
    /// whether it is still there.
    pub fn handle_writable(&mut self, peer: PeerId) -> bool {
        let slot = self.slot(peer);
        let Some(route) = slot.and_then(|slot| self.route(slot)) else {
            return false;
        };
        let there = !route.writer.is_closed();
        route.gate = if there { Gate::Open } else { Gate::Gone };
        there
    }

    /// Removes a peer and frees its slot, which is returned; what is in its pipe
    /// still leaves.
    pub fn detach(&mut self, peer: PeerId) -> Option<u32> {
        let slot = self.slots.remove(&peer)?;
        self.routes[slot as usize] = None;
        self.free.push(slot);
        self.lagging.retain(|lagging| *lagging != slot);
        if self.lagging.is_empty() {
            self.late = None;
        }
        Some(slot)
    }

    /// Removes all peers.
    pub fn detach_all(&mut self) {
        *self = Self {
            dropped: self.dropped,
            ..Self::default()
        };
    }

    /// Sends to all peers.
    pub fn send_to_all(&mut self, message: &Message, wakes: &mut Wakes) -> Sent {
        self.settle(wakes);
        for slot in 0..self.routes.len() as u32 {
            self.offer(slot, message, wakes);
        }
        self.finish(message)
    }

    /// Sends to the peers in these slots.
    #[inline]
    pub fn send_to(&mut self, slots: &[u32], message: &Message, wakes: &mut Wakes) -> Sent {
        self.settle(wakes);
        for slot in slots {
            self.offer(*slot, message, wakes);
        }
        self.finish(message)
    }

    /// Sends to all peers but those in these slots.
    pub fn send_to_others(&mut self, slots: &[u32], message: &Message, wakes: &mut Wakes) -> Sent {
        self.settle(wakes);
        self.spare(slots);
        for slot in 0..self.routes.len() as u32 {
            if !self.is_spared(slot) {
                self.offer(slot, message, wakes);
            }
        }
        self.finish(message)
    }

    /// Offers the last message again to those that lag; with `last`, for the last
    /// time.
    ///
    /// The message was kept: when others send meanwhile, those that lag have their
    /// last chance before, so that nobody gets two messages in the wrong order.
    pub fn send_late(&mut self, last: bool, wakes: &mut Wakes) -> Sent {
        let Some(message) = self.late.take() else {
            return Sent::Queued;
        };
        let mut lagging = std::mem::take(&mut self.lagging);
        lagging.retain(|slot| {
            let full = self.ask(*slot, &message, wakes) == Err(PushError::Full);
            if full && last {
                self.drop_for(*slot);
            }
            full && !last
        });
        self.lagging = lagging;
        self.finish(&message)
    }

    /// Sends to one peer. Nothing is counted as dropped: an error leaves the message
    /// with the caller. A peer without room is not asked again until its pipe calls.
    ///
    /// # Errors
    ///
    /// As [`PipeWriter::push`].
    pub fn push(
        &mut self,
        slot: u32,
        message: &Message,
        wakes: &mut Wakes,
    ) -> Result<(), PushError> {
        match self.route(slot).map(|route| route.gate) {
            Some(Gate::Open) => self.ask(slot, message, wakes),
            Some(Gate::Full) => Err(PushError::Full),
            Some(Gate::Gone) | None => Err(PushError::Closed),
        }
    }

    /// Whether all peers in these slots have room, for those who would rather wait
    /// than drop. If not, the pipe of one that has none will call.
    pub fn have_room(&mut self, slots: &[u32], wakes: &mut Wakes) -> bool {
        slots.iter().all(|slot| {
            let route = self.route(*slot);
            route.is_none_or(|route| route.writer.room(wakes) != Err(PushError::Full))
        })
    }

    /// [`have_room`](Self::have_room), for all peers but those in these slots.
    pub fn others_have_room(&mut self, slots: &[u32], wakes: &mut Wakes) -> bool {
        self.spare(slots);
        let others = (0..self.routes.len() as u32).filter(|slot| !self.is_spared(*slot));
        let others: Vec<_> = others.collect();
        self.have_room(&others, wakes)
    }

    /// Begins a turn that leaves out the peers in these slots.
    fn spare(&mut self, slots: &[u32]) {
        self.turn += 1;
        for slot in slots {
            if let Some(Some(route)) = self.routes.get_mut(*slot as usize) {
                route.spared = self.turn;
            }
        }
    }

    fn is_spared(&self, slot: u32) -> bool {
        let route = self.routes.get(slot as usize).and_then(Option::as_ref);
        route.is_none_or(|route| route.spared == self.turn)
    }

    fn route(&mut self, slot: u32) -> Option<&mut Route> {
        self.routes.get_mut(slot as usize)?.as_mut()
    }

    #[inline]
    fn offer(&mut self, slot: u32, message: &Message, wakes: &mut Wakes) {
        let Some(Some(route)) = self.routes.get_mut(slot as usize) else {
            return;
        };
        match route.gate {
            Gate::Open => {
                if route.ask(message, wakes) == Err(PushError::Full) {
                    self.lagging.push(slot);
                }
            }
            Gate::Full => self.drop_for(slot),
            Gate::Gone => {}
        }
    }

    fn ask(&mut self, slot: u32, message: &Message, wakes: &mut Wakes) -> Result<(), PushError> {
        let route = self.route(slot).ok_or(PushError::Closed)?;
        route.ask(message, wakes)
    }

    /// A peer misses a message.
    #[cold]
    fn drop_for(&mut self, slot: u32) {
        self.dropped += 1;
        if let Some(route) = self.route(slot) {
            route.dropped += 1;
        }
    }

    /// Has done with the message before.
    #[inline]
    fn settle(&mut self, wakes: &mut Wakes) {
        if !self.lagging.is_empty() {
            self.send_late(true, wakes);
        }
    }

    #[inline]
    fn finish(&mut self, message: &Message) -> Sent {
        if self.lagging.is_empty() {
            return Sent::Queued;
        }
        self.late = Some(message.clone());
        Sent::Lagging
    }
}
