//! The sending half of a ROUTER.

use std::sync::Arc;

use bytes::Bytes;
use ferromq_core::{
    Attend, DropReason, Dropped, Drops, Message, OptionError, Outbound, PatternOption, Peer,
    PeerId, PeerInfo, PeerMap, PipeWriter, PushError, Sent, Slot, TrySendError, Wakes,
};

use super::registry::{Registry, Seat, Standing, wanted_by};
use crate::routes::{Route, Routes};

/// The sending half of a [`Router`](crate::Router).
#[derive(Debug)]
pub struct RouterOutbound {
    registry: Arc<Registry>,
    routes: Routes<Seat>,
    /// Peers that nothing is sent to.
    aside: PeerMap<Aside>,
    newest_id: Option<Bytes>,
    mandatory: bool,
    probe: bool,
    drops: Drops,
}

/// Who was to get a message, if anybody has the id, and why it did not.
type Undelivered = Option<(PeerId, PushError)>;

/// A peer that nothing is sent to.
#[derive(Debug)]
struct Aside {
    writer: PipeWriter,
    seat: Seat,
    /// Whether that is for ever; otherwise it is not named yet.
    ignored: bool,
}

impl RouterOutbound {
    pub(super) fn new(registry: Arc<Registry>) -> Self {
        Self {
            registry,
            routes: Routes::default(),
            aside: PeerMap::default(),
            newest_id: None,
            mandatory: false,
            probe: false,
            drops: Drops::default(),
        }
    }

    /// Gives a peer its place by the id that it wants.
    fn place(&mut self, peer: PeerId, wanted: Bytes, writer: PipeWriter, seat: Seat) {
        match seat.claim(wanted, |holder| self.routes.has_left(holder)) {
            Standing::Named { id, displaced } => {
                displaced.into_iter().for_each(|peer| self.detach(peer));
                // It may have left already, as far as the other half knows.
                if seat.holds(&id) {
                    self.newest_id = Some(id.clone());
                    self.routes.insert(id, Route { peer, writer, seat });
                }
            }
            Standing::Ignored => self.set_aside(peer, writer, seat, true),
            Standing::Open | Standing::Displaced => {}
        }
    }

    fn set_aside(&mut self, peer: PeerId, writer: PipeWriter, seat: Seat, ignored: bool) {
        let aside = Aside {
            writer,
            seat,
            ignored,
        };
        self.aside.insert(peer, aside);
    }

    /// What becomes of a message that cannot be delivered: with nobody of that id, or
    /// with this peer, which is full or has left.
    #[cold]
    fn undeliverable<T>(&mut self, dropped: T, failed: Undelivered) -> Result<T, TrySendError> {
        let (peer, reason, error) = match failed {
            None => (None, DropReason::Unroutable, TrySendError::Unroutable),
            Some((peer, PushError::Full)) => {
                (Some(peer), DropReason::HighWater, TrySendError::Full)
            }
            Some((peer, PushError::Closed)) => {
                (Some(peer), DropReason::Unroutable, TrySendError::Unroutable)
            }
        };
        if self.mandatory {
            return Err(error);
        }
        self.drops.count(peer, reason);
        Ok(dropped)
    }
}

impl Attend for RouterOutbound {
    fn attach(&mut self, peer: Peer, wakes: &mut Wakes) {
        let wanted = wanted_by(&peer);
        let Some(mut writer) = peer.writer else {
            return;
        };
        if self.probe {
            // Nobody is there to be told if a new pipe refuses.
            let _ = writer.push(&[], &Message::new(), 0, wakes);
        }
        let seat = self.registry.seat(peer.id);
        match wanted {
            Some(wanted) => self.place(peer.id, wanted, writer, seat),
            None => self.set_aside(peer.id, writer, seat, false),
        }
    }

    fn handle_ready(&mut self, peer: PeerId, info: &Arc<PeerInfo>, _wakes: &mut Wakes) {
        if self.aside.get(&peer).is_some_and(|aside| !aside.ignored) {
            if let Some(aside) = self.aside.remove(&peer) {
                self.place(peer, info.identity.clone(), aside.writer, aside.seat);
            }
        }
    }

    fn handle_writable(&mut self, peer: PeerId, _wakes: &mut Wakes) {
        self.routes.handle_writable(peer);
        let aside = self.aside.get(&peer);
        if !aside.is_some_and(|aside| aside.writer.is_closed()) {
            return;
        }
        if let Some(aside) = self.aside.remove(&peer) {
            // The other half may have seen it named.
            let displaced = aside.seat.displaced().into_iter();
            displaced.for_each(|peer| self.detach(peer));
        }
    }

    fn detach(&mut self, peer: PeerId) {
        self.drops.forget(peer);
        self.routes.remove(peer);
        self.aside.remove(&peer);
    }

    fn detach_all(&mut self) {
        self.routes.clear();
        self.aside.clear();
    }

    fn tell_drops(&self, tell: &mut dyn FnMut(Option<PeerId>, &Dropped)) {
        self.drops.tell(tell);
    }

    fn set_option(&mut self, option: &PatternOption) -> Result<(), OptionError> {
        match option {
            PatternOption::RouterMandatory(mandatory) => self.mandatory = *mandatory,
            PatternOption::RouterHandover(handover) => self.registry.set_handover(*handover),
            PatternOption::ProbeRouter(probe) => self.probe = *probe,
            _ => return Err(OptionError::Unsupported(option.name())),
        }
        Ok(())
    }
}

impl Outbound for RouterOutbound {
    #[inline]
    fn try_send(&mut self, message: &Message, wakes: &mut Wakes) -> Result<Sent, TrySendError> {
        if message.frame(1).is_none() {
            self.drops.count(None, DropReason::Malformed);
            return Ok(Sent::Queued);
        }
        let Some(route) = self.routes.get_mut(message.head(), message.origin()) else {
            return self.undeliverable(Sent::Queued, None);
        };
        match route.writer.push(&[], message, 1, wakes) {
            Ok(()) => Ok(Sent::Queued),
            Err(error) => {
                let failed = Some((route.peer, error));
                self.undeliverable(Sent::Queued, failed)
            }
        }
    }

    fn reserve(&mut self, head: &[u8], wakes: &mut Wakes) -> Result<Slot, TrySendError> {
        let Some(route) = self.routes.get_mut(head, 0) else {
            return self.undeliverable(Slot::Open, None);
        };
        match route.writer.reserve(wakes) {
            Ok(()) => Ok(Slot::Peer(route.peer)),
            Err(error) => {
                let failed = Some((route.peer, error));
                self.undeliverable(Slot::Open, failed)
            }
        }
    }

    fn commit(&mut self, slot: Slot, message: &Message, wakes: &mut Wakes) {
        if message.frame(1).is_none() {
            self.drops.count(None, DropReason::Malformed);
            return self.release(slot);
        }
        let Slot::Peer(peer) = slot else { return };
        if let Some(route) = self.routes.of_peer(peer) {
            // A peer that has left gets nothing more.
            if route.writer.push_reserved(&[], message, 1, wakes).is_err() {
                self.drops.count(Some(peer), DropReason::Unroutable);
            }
        }
    }

    fn release(&mut self, slot: Slot) {
        let Slot::Peer(peer) = slot else { return };
        if let Some(route) = self.routes.of_peer(peer) {
            route.writer.release();
        }
    }

    /// Always, because a message can always be dropped; with
    /// `ZMQ_ROUTER_MANDATORY`, if some peer has room.
    fn is_writable(&mut self, wakes: &mut Wakes) -> bool {
        !self.mandatory || self.routes.have_room(wakes)
    }

    fn is_writable_to(&mut self, id: &[u8], wakes: &mut Wakes) -> Result<bool, TrySendError> {
        self.routes.has_room(id, wakes)
    }

    fn newest_id(&self) -> Option<Bytes> {
        self.newest_id.clone()
    }
}
