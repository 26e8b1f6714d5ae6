//! The receiving half of a ROUTER.

use std::sync::Arc;

use bytes::Bytes;
use ferromq_core::routing::{FairQueue, Look};
use ferromq_core::{
    Attend, Inbound, Message, OptionError, PatternOption, Peer, PeerId, PeerInfo, PeerMap,
    PipeReader, TryRecvError, Wakes,
};

use super::registry::{Registry, Seat, Standing, wanted_by};
use crate::notices::Notices;

/// The receiving half of a [`Router`](crate::Router).
#[derive(Debug)]
pub struct RouterInbound {
    registry: Arc<Registry>,
    peers: FairQueue,
    /// The ids of those in the queue.
    names: PeerMap<(Bytes, Seat)>,
    /// Peers that are not read.
    aside: PeerMap<Aside>,
    notices: Notices,
}

/// A peer that is not read.
#[derive(Debug)]
struct Aside {
    reader: PipeReader,
    seat: Seat,
    /// Whether that is for ever; otherwise it is not named yet.
    ignored: bool,
}

impl RouterInbound {
    pub(super) fn new(registry: Arc<Registry>) -> Self {
        Self {
            registry,
            peers: FairQueue::new(),
            names: PeerMap::default(),
            aside: PeerMap::default(),
            notices: Notices::new(false, false),
        }
    }

    /// Gives a peer its place by the id that it wants.
    fn place(&mut self, peer: PeerId, wanted: Bytes, reader: PipeReader, seat: Seat) {
        match seat.claim(wanted, |holder| self.peers.has_left(holder)) {
            Standing::Named { id, displaced } => {
                displaced.into_iter().for_each(|peer| self.detach(peer));
                self.names.insert(peer, (id, seat));
                self.peers.attach(peer, reader);
            }
            Standing::Ignored => self.set_aside(peer, reader, seat, true),
            Standing::Open | Standing::Displaced => {}
        }
    }

    fn set_aside(&mut self, peer: PeerId, reader: PipeReader, seat: Seat, ignored: bool) {
        let aside = Aside {
            reader,
            seat,
            ignored,
        };
        self.aside.insert(peer, aside);
    }

    fn handle_up(&mut self, peer: PeerId) {
        if let Some((id, _)) = self.names.get(&peer) {
            self.notices.handle_up(peer, id);
        }
    }

    /// Whose message is next; `None` if a notice is, or nothing.
    #[inline]
    fn next(&mut self) -> Option<PeerId> {
        while !self.notices.are_due() {
            match self.peers.look() {
                Look::Message(peer) => return Some(peer),
                Look::Idle(peer) => self.notices.handle_dry(peer),
                Look::Left(peer) => {
                    self.notices.handle_left(peer);
                    self.names.remove(&peer);
                }
                Look::Nothing => return None,
            }
        }
        None
    }
}

impl Aside {
    fn is_done(&self) -> bool {
        self.reader.is_closed() && (self.ignored || self.reader.is_empty())
    }
}

impl Attend for RouterInbound {
    fn attach(&mut self, peer: Peer, _wakes: &mut Wakes) {
        let (wanted, connected) = (wanted_by(&peer), peer.info.is_some());
        let Some(reader) = peer.reader else {
            return;
        };
        let seat = self.registry.seat(peer.id);
        match wanted {
            Some(wanted) => self.place(peer.id, wanted, reader, seat),
            None => self.set_aside(peer.id, reader, seat, false),
        }
        if connected {
            self.handle_up(peer.id);
        }
    }

    fn handle_ready(&mut self, peer: PeerId, info: &Arc<PeerInfo>, _wakes: &mut Wakes) {
        if self.aside.get(&peer).is_some_and(|aside| !aside.ignored) {
            if let Some(aside) = self.aside.remove(&peer) {
                self.place(peer, info.identity.clone(), aside.reader, aside.seat);
            }
        }
        self.handle_up(peer);
    }

    fn handle_lost(&mut self, peer: PeerId, _wakes: &mut Wakes) {
        self.notices.handle_down(peer);
        // So that it is looked at, even if it has nothing.
        self.peers.handle_readable(peer);
    }

    fn handle_readable(&mut self, peer: PeerId, _wakes: &mut Wakes) {
        self.peers.handle_readable(peer);
        // What it sent before it was named can still be read once it is.
        if !self.aside.get(&peer).is_some_and(Aside::is_done) {
            return;
        }
        if let Some(aside) = self.aside.remove(&peer) {
            // The other half may have seen it named.
            let displaced = aside.seat.displaced().into_iter();
            displaced.for_each(|peer| self.detach(peer));
        }
    }

    fn detach(&mut self, peer: PeerId) {
        self.peers.detach(peer);
        self.names.remove(&peer);
        self.aside.remove(&peer);
        self.notices.forget(peer);
    }

    fn detach_all(&mut self) {
        self.peers.detach_all();
        self.names.clear();
        self.aside.clear();
        self.notices.clear();
    }

    fn set_option(&mut self, option: &PatternOption) -> Result<(), OptionError> {
        match option {
            PatternOption::RouterHandover(handover) => self.registry.set_handover(*handover),
            PatternOption::RouterNotify {
                connect,
                disconnect,
            } => {
                self.notices.of_connect = *connect;
                self.notices.of_disconnect = *disconnect;
            }
            _ => return Err(OptionError::Unsupported(option.name())),
        }
        Ok(())
    }
}

impl Inbound for RouterInbound {
    #[inline]
    fn try_recv(&mut self, into: &mut Message, wakes: &mut Wakes) -> Result<(), TryRecvError> {
        let Some(peer) = self.next() else {
            return match self.notices.pop(into) {
                true => Ok(()),
                false => Err(TryRecvError::Empty),
            };
        };
        self.peers.pop(into, wakes);
        if let Some((id, _)) = self.names.get(&peer) {
            into.push_front(id.clone());
        }
        Ok(())
    }

    fn is_readable(&mut self, _wakes: &mut Wakes) -> bool {
        self.next().is_some() || self.notices.are_due()
    }
}
