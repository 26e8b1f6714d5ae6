//! The publishers of a subscriber, and what they are told.
//!
//! # Why no subscription is lost
//!
//! A publisher behind a wire learns of subscriptions in two ways. Each time it is
//! connected, the driver sends it all that the socket [wants](Wanted), in order,
//! pulling topic by topic. Every change from then on goes through the pipe, behind
//! that. A change must go one way at least; if it goes both ways, no harm is done,
//! because publishers keep sets.
//!
//! A peer is *open* once the half knows that it is connected: then changes go
//! through its pipe. The driver says so before it begins to pull, with a signal in
//! the half's lane. So a change that finds the peer not open was either made before
//! the pull began, and will be pulled, or the signal is in the lane. Which of them,
//! the lane tells *after* the change is made: if it is empty then, all is
//! well; if not, the change is kept as *unsure*, and told to whoever turns out to be
//! open when the lane is drained. (The lock on the topics puts both in order: if the
//! driver's first pull did not see the change, it came before, and so did the signal.)
//!
//! A pipe may be full. What did not fit goes to the peer's [`Backlog`], and from
//! there into the pipe when there is room, before anything else.
//!
//! When a connection is lost, changes go on through the pipe as long as there is room.
//! The next connection begins with all that the socket wants then, so they are not for
//! it: before it pulls the first topic, the driver drops what waits in the pipe, and the
//! half what waits in the backlog. Otherwise a publisher would hear the end of what
//! it was never told.
//!
//! A peer behind no wire, but in the same process, is open from the beginning, and
//! told everything through its pipe.

use std::sync::Arc;

use bytes::Bytes;
use ferromq_core::routing::FanOut;
use ferromq_core::{Dropped, Lane, Message, Peer, PeerId, PipeWriter, PushError, Sent, Wakes};

use crate::backlog::Backlog;
use crate::request::Request;
use crate::wanted::Wanted;

/// The peers of a SUB or XSUB as it sends to them.
#[derive(Debug, Default)]
pub(crate) struct Upstream {
    peers: FanOut,
    /// By slot.
    told: Vec<Told>,
    wanted: Wanted,
    /// The lane of this half.
    lane: Option<Arc<Lane>>,
    /// Topics that changed while a signal was in the lane.
    unsure: Vec<Bytes>,
    /// Whether the lane was drained since.
    attended: bool,
}

/// How far a peer is told what the socket wants.
#[derive(Debug, Default)]
struct Told {
    open: bool,
    direct: bool,
    backlog: Backlog,
}

impl Upstream {
    /// Gives the half its own lane to look at.
    pub(crate) fn watch(&mut self, lane: &Arc<Lane>) {
        self.lane = Some(Arc::clone(lane));
    }

    pub(crate) fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// Adds a peer to which `writer` leads.
    pub(crate) fn attach(&mut self, peer: &Peer, writer: PipeWriter, wakes: &mut Wakes) {
        self.attended = true;
        let slot = self.peers.attach(peer.id, writer);
        let index = slot as usize;
        if self.told.len() <= index {
            self.told.resize_with(index + 1, Told::default);
        }
        self.told[index] = Told {
            open: peer.direct,
            direct: peer.direct,
            backlog: Backlog::default(),
        };
        if peer.direct {
            for topic in self.wanted.snapshot().iter() {
                let request = Request::Subscribe(&topic);
                self.tell(slot, request, &request.message(), true, wakes);
            }
        } else if peer.info.is_some() {
            self.open(slot, wakes);
        }
    }

    /// A peer is connected.
    pub(crate) fn handle_ready(&mut self, peer: PeerId, wakes: &mut Wakes) {
        self.attended = true;
        let slot = self.peers.slot(peer);
        if let Some(slot) = slot.filter(|slot| !self.told[*slot as usize].direct) {
            self.open(slot, wakes);
        }
    }

    pub(crate) fn handle_writable(&mut self, peer: PeerId, wakes: &mut Wakes) {
        self.attended = true;
        if !self.peers.handle_writable(peer) {
            self.detach(peer);
        } else if let Some(slot) = self.peers.slot(peer) {
            self.catch_up(slot, wakes);
        }
    }

    pub(crate) fn detach(&mut self, peer: PeerId) {
        if let Some(slot) = self.peers.detach(peer) {
            self.told[slot as usize] = Told::default();
        }
    }

    pub(crate) fn detach_all(&mut self) {
        self.peers.detach_all();
        self.told.clear();
    }

    /// Wants a topic, once more. Publishers are told each time: an XPUB may pass it on.
    pub(crate) fn subscribe(&mut self, topic: &[u8], wakes: &mut Wakes) {
        let count = self.wanted.add(topic);
        if count > 0 {
            self.tell_all(Request::Subscribe(topic), count == 1, wakes);
        }
    }

    /// Wants a topic once less. Publishers are told when it is not wanted any more, or
    /// `always`; otherwise nothing happens if it never was.
    pub(crate) fn cancel(&mut self, topic: &[u8], always: bool, wakes: &mut Wakes) {
        if self.wanted.remove(topic) == Some(0) || always {
            self.tell_all(Request::Cancel(topic), false, wakes);
        }
    }

    /// Sends a message of the application to all peers.
    pub(crate) fn send(&mut self, message: &Message, wakes: &mut Wakes) -> Sent {
        self.peers.send_to_all(message, wakes)
    }

    pub(crate) fn tell_drops(&self, tell: &mut dyn FnMut(Option<PeerId>, &Dropped)) {
        self.peers.tell_drops(tell);
    }

    pub(crate) fn send_late(&mut self, last: bool, wakes: &mut Wakes) -> Sent {
        self.peers.send_late(last, wakes)
    }

    /// The topics have changed by this request.
    fn tell_all(&mut self, request: Request<'_>, first: bool, wakes: &mut Wakes) {
        if std::mem::take(&mut self.attended) {
            self.unsure.clear();
        }
        if self.lane.as_ref().is_some_and(|lane| lane.is_pending()) {
            self.unsure.push(Bytes::copy_from_slice(request.topic()));
        }
        let message = request.message();
        for slot in 0..self.told.len() as u32 {
            self.tell(slot, request, &message, first, wakes);
        }
    }

    /// Tells a peer of a change, now or later, unless it will hear of it anyway.
    fn tell(
        &mut self,
        slot: u32,
        request: Request<'_>,
        message: &Message,
        first: bool,
        wakes: &mut Wakes,
    ) {
        let Told { open, backlog, .. } = &mut self.told[slot as usize];
        if !*open {
            return;
        }
        let waits = !backlog.is_empty();
        if waits || self.peers.push(slot, message, wakes) == Err(PushError::Full) {
            backlog.add(request, first, self.wanted.pulls());
        }
    }

    /// The driver pulls now what the socket wants, or has begun to.
    fn open(&mut self, slot: u32, wakes: &mut Wakes) {
        let Told { open, backlog, .. } = &mut self.told[slot as usize];
        *open = true;
        *backlog = Backlog::default();
        self.unsure.iter().for_each(|topic| backlog.insist(topic));
        self.catch_up(slot, wakes);
    }

    /// Tells a peer what it was not told, as far as there is room.
    fn catch_up(&mut self, slot: u32, wakes: &mut Wakes) {
        let backlog = &mut self.told[slot as usize].backlog;
        while let Some(topic) = backlog.first() {
            let request = match self.wanted.has(&topic) {
                true => Request::Subscribe(&topic),
                false => Request::Cancel(&topic),
            };
            if self.peers.push(slot, &request.message(), wakes) == Err(PushError::Full) {
                return;
            }
            backlog.remove(&topic);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ferromq_core::{Conflate, Mark, PeerId, PipeConfig, pipe};

    #[test]
    fn a_publisher_that_leaves_is_forgotten() {
        let config = PipeConfig {
            send_mark: Some(Mark::messages(1)),
            receive_mark: None,
            share_from: 4096,
            conflate: Conflate::No,
        };
        let (writer, source) = pipe(config);
        let mut wakes = Wakes::new();
        let mut upstream = Upstream::default();
        upstream.subscribe(b"a", &mut wakes);
        upstream.subscribe(b"b", &mut wakes);
        let id = PeerId::new(1);
        let peer = Peer {
            id,
            writer: None,
            reader: None,
            info: None,
            direct: true,
            takes_all: false,
            assigned_id: None,
        };
        upstream.attach(&peer, writer, &mut wakes);
        upstream.handle_writable(id, &mut wakes);
        assert!(!upstream.told[0].backlog.is_empty());
        drop(source);
        upstream.handle_writable(id, &mut wakes);
        assert_eq!(upstream.peers.slots().count(), 0);
        assert!(upstream.told[0].backlog.is_empty());
    }
}
