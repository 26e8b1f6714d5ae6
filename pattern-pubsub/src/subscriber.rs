//! SUB and DISH: messages from all publishers, of the topics or groups it wants.

use std::marker::PhantomData;
use std::sync::Arc;

use ferromq_core::routing::FairQueue;
use ferromq_core::{
    Attend, CanJoin, CanReceive, CanSubscribe, DropReason, Dropped, Drops, Halves, HasTopics,
    Inbound, Joint, Lane, Message, OptionError, Outbound, Pattern, PatternOption, Peer, PeerId,
    PeerInfo, Prologue, Sent, Slot, SocketType, TryRecvError, TrySendError, Wakes,
};

use crate::kind::{Change, Groups, Kind, Topics};
use crate::upstream::Upstream;

/// So many unwanted messages are passed over at a time; then others have their turn.
const PASSES: usize = 1000;

/// The subscribing end ([RFC 29](https://rfc.zeromq.org/spec/29/), "The SUB Socket
/// Type").
///
/// Messages come from all publishers in turn, one from each that has any, if their
/// first frame begins with a topic that was
/// [subscribed to](PatternOption::Subscribe). Publishers are told, and send nothing
/// else; what they sent before they knew is passed over here.
///
/// A topic that was subscribed to several times has to be unsubscribed from as often.
/// Unsubscribing from one that was not subscribed to does nothing.
pub type Sub = Subscriber<Topics>;

/// A member of groups ([RFC 48](https://rfc.zeromq.org/spec/48/), "The DISH Socket
/// Type").
///
/// Messages come from all RADIOs in turn, one from each that has any, of the groups
/// that were [joined](PatternOption::Join) and not [left](PatternOption::Leave) since.
/// They have two frames: the group and the body. To join a group twice, or to leave
/// one that was not joined, is refused.
pub type Dish = Subscriber<Groups>;

/// A [`Sub`] or a [`Dish`].
#[derive(Debug, Default)]
pub struct Subscriber<K> {
    upstream: Upstream,
    peers: FairQueue,
    /// Taken out to see whether it is wanted, which it is.
    ahead: Option<Message>,
    /// Set, and not told to publishers yet.
    changes: Vec<Change>,
    inverted: bool,
    drops: Drops,
    lane: Option<Arc<Lane>>,
    kind: PhantomData<K>,
}

impl<K: Kind> Subscriber<K> {
    /// Takes the next message that is wanted; says whether there is one.
    #[inline]
    fn pop(&mut self, into: &mut Message, wakes: &mut Wakes) -> bool {
        for _ in 0..PASSES {
            if !self.peers.pop(into, wakes) {
                return false;
            }
            if K::is_wanted(into, self.upstream.wanted(), self.inverted) {
                return true;
            }
            let peer = PeerId::new(into.origin());
            self.drops.count(Some(peer), DropReason::Unwanted);
        }
        // There may be more: whoever waits has to come back.
        let lane = self.lane.as_ref();
        wakes.extend(lane.map(|lane| lane.readable_waker(PeerId::new(into.origin()))));
        false
    }
}

impl<K: Kind> Pattern for Subscriber<K> {
    const SOCKET_TYPE: SocketType = K::SUBSCRIBER;
    type Halves = Joint<Self>;

    fn halves() -> Self::Halves {
        let halves = Joint::new(Self::default());
        let lane = halves.outbound().lane();
        let mut state = halves.outbound().lock(&mut Wakes::new());
        state.upstream.watch(lane);
        state.lane = Some(Arc::clone(lane));
        drop(state);
        halves
    }
}

impl<K: Kind> CanReceive for Subscriber<K> {}
impl<K: Kind> HasTopics for Subscriber<K> {}
impl CanSubscribe for Sub {}
impl CanJoin for Dish {}

impl<K: Kind> Attend for Subscriber<K> {
    fn attach(&mut self, mut peer: Peer, wakes: &mut Wakes) {
        if let Some(reader) = peer.reader.take() {
            self.peers.attach(peer.id, reader);
        }
        if let Some(writer) = peer.writer.take() {
            self.upstream.attach(&peer, writer, wakes);
        }
    }

    fn handle_ready(&mut self, peer: PeerId, _info: &Arc<PeerInfo>, wakes: &mut Wakes) {
        self.upstream.handle_ready(peer, wakes);
    }

    fn handle_readable(&mut self, peer: PeerId, _wakes: &mut Wakes) {
        self.peers.handle_readable(peer);
    }

    fn handle_writable(&mut self, peer: PeerId, wakes: &mut Wakes) {
        self.upstream.handle_writable(peer, wakes);
    }

    fn detach(&mut self, peer: PeerId) {
        self.upstream.detach(peer);
        self.peers.detach(peer);
        self.drops.forget(peer);
        self.ahead.take_if(|ahead| ahead.origin() == peer.get());
    }

    fn detach_all(&mut self) {
        self.upstream.detach_all();
        self.peers.detach_all();
        self.ahead = None;
    }

    fn tell_drops(&self, tell: &mut dyn FnMut(Option<PeerId>, &Dropped)) {
        self.drops.tell(tell);
    }

    fn prologue(&self) -> Option<Arc<dyn Prologue>> {
        Some(self.upstream.wanted().prologue())
    }

    fn set_option(&mut self, option: &PatternOption) -> Result<(), OptionError> {
        if let Some(change) = K::change(option, self.upstream.wanted())? {
            self.changes.push(change);
            return Ok(());
        }
        match option {
            PatternOption::InvertMatching(inverted) => self.inverted = *inverted,
            _ => return Err(OptionError::Unsupported(option.name())),
        }
        Ok(())
    }

    fn handle_option(&mut self, wakes: &mut Wakes) {
        for Change { topic, wanted } in std::mem::take(&mut self.changes) {
            match wanted {
                true => self.upstream.subscribe(&topic, wakes),
                false => self.upstream.cancel(&topic, false, wakes),
            }
        }
    }
}

/// What a subscriber sends are its subscriptions, not messages.
impl<K: Kind> Outbound for Subscriber<K> {
    fn try_send(&mut self, _message: &Message, _wakes: &mut Wakes) -> Result<Sent, TrySendError> {
        Err(TrySendError::Unsupported)
    }

    fn reserve(&mut self, _head: &[u8], _wakes: &mut Wakes) -> Result<Slot, TrySendError> {
        Err(TrySendError::Unsupported)
    }

    fn commit(&mut self, _slot: Slot, _message: &Message, _wakes: &mut Wakes) {}

    fn release(&mut self, _slot: Slot) {}

    fn is_writable(&mut self, _wakes: &mut Wakes) -> bool {
        false
    }

    fn topics(&self) -> Option<usize> {
        Some(self.upstream.wanted().len())
    }
}

impl<K: Kind> Inbound for Subscriber<K> {
    #[inline]
    fn try_recv(&mut self, into: &mut Message, wakes: &mut Wakes) -> Result<(), TryRecvError> {
        if let Some(ahead) = self.ahead.take() {
            *into = ahead;
            return Ok(());
        }
        match self.pop(into, wakes) {
            true => Ok(()),
            false => Err(TryRecvError::Empty),
        }
    }

    fn is_readable(&mut self, wakes: &mut Wakes) -> bool {
        if self.ahead.is_none() {
            let mut message = Message::new();
            self.ahead = self.pop(&mut message, wakes).then_some(message);
        }
        self.ahead.is_some()
    }
}
