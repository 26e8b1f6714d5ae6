//! PUB and RADIO: messages to everybody who wants them.

use std::marker::PhantomData;

use ferromq_core::{
    Attend, CanSend, Dropped, HasSubscribers, HasTopics, Message, OptionError, Outbound, Pattern,
    PatternOption, Peer, PeerId, SendOnly, Sent, Slot, SocketType, TrySendError, Wakes,
};

use crate::audience::{Audience, Ear};
use crate::kind::{Groups, Kind, Topics};

/// The publishing end ([RFC 29](https://rfc.zeromq.org/spec/29/), "The PUB Socket
/// Type").
///
/// A message goes to each peer that subscribed to a topic with which the message's
/// first frame begins, and to nobody if there is none: sending never waits. A peer
/// at its high-water mark misses the message; the others do not. What subscribers
/// send, but for their subscriptions, is dropped.
///
/// With [`PatternOption::XpubNoDrop`] sending waits for peers without room.
pub type Pub = Publisher<Topics>;

/// The sending end of groups ([RFC 48](https://rfc.zeromq.org/spec/48/), "The RADIO
/// Socket Type").
///
/// A message has two frames, as on the wire: a group, up to 255 bytes, and the body
/// (`zmq_msg_set_group`, `zmq_msg_group`). Any other is refused as malformed. It goes to
/// each peer that has joined just this group, and to nobody if there is none: sending
/// never waits, but with [`PatternOption::XpubNoDrop`].
pub type Radio = Publisher<Groups>;

/// A [`Pub`] or a [`Radio`].
#[derive(Debug)]
pub struct Publisher<K> {
    audience: Audience,
    kind: PhantomData<K>,
}

/// A publisher's application never learns what peers send.
struct Deaf;

impl Ear for Deaf {}

impl<K> Publisher<K> {
    /// How many messages a peer has missed at its high-water mark.
    #[must_use]
    pub fn dropped(&self, peer: PeerId) -> Option<u64> {
        self.audience.dropped(peer)
    }

    /// How many messages all peers have missed, those that have left included.
    #[must_use]
    pub fn dropped_in_all(&self) -> u64 {
        self.audience.dropped_in_all()
    }
}

impl<K: Kind> Pattern for Publisher<K> {
    const SOCKET_TYPE: SocketType = K::PUBLISHER;
    type Halves = SendOnly<Self>;

    fn halves() -> Self::Halves {
        SendOnly::new(Self {
            audience: K::audience(),
            kind: PhantomData,
        })
    }
}

impl<K: Kind> CanSend for Publisher<K> {}
impl<K: Kind> HasTopics for Publisher<K> {}
impl<K: Kind> HasSubscribers for Publisher<K> {}

impl<K: Kind> Attend for Publisher<K> {
    fn attach(&mut self, peer: Peer, wakes: &mut Wakes) {
        self.audience.attach(peer, wakes);
    }

    fn handle_readable(&mut self, peer: PeerId, wakes: &mut Wakes) {
        self.audience.read(peer, &mut Deaf, wakes);
    }

    fn handle_writable(&mut self, peer: PeerId, _wakes: &mut Wakes) {
        self.audience.handle_writable(peer);
    }

    fn detach(&mut self, peer: PeerId) {
        self.audience.detach(peer, &mut Deaf);
    }

    fn detach_all(&mut self) {
        self.audience.detach_all();
    }

    fn tell_drops(&self, tell: &mut dyn FnMut(Option<PeerId>, &Dropped)) {
        self.audience.tell_drops(tell);
    }

    fn set_option(&mut self, option: &PatternOption) -> Result<(), OptionError> {
        match K::has_publisher_option(option) && self.audience.set_option(option) {
            true => Ok(()),
            false => Err(OptionError::Unsupported(option.name())),
        }
    }
}

impl<K: Kind> Outbound for Publisher<K> {
    #[inline]
    fn try_send(&mut self, message: &Message, wakes: &mut Wakes) -> Result<Sent, TrySendError> {
        if !K::is_well_formed(message) {
            return Err(TrySendError::Malformed);
        }
        self.audience.read_on(&mut Deaf, wakes);
        self.audience.publish(message, wakes)
    }

    fn try_send_late(&mut self, _message: &Message, last: bool, wakes: &mut Wakes) -> Sent {
        self.audience.send_late(last, wakes)
    }

    fn reserve(&mut self, head: &[u8], wakes: &mut Wakes) -> Result<Slot, TrySendError> {
        self.audience.read_on(&mut Deaf, wakes);
        self.audience.reserve(head, wakes)
    }

    fn commit(&mut self, _slot: Slot, message: &Message, wakes: &mut Wakes) {
        if K::is_well_formed(message) {
            self.audience.send_now(message, wakes);
        }
    }

    fn release(&mut self, _slot: Slot) {}

    fn is_writable(&mut self, _wakes: &mut Wakes) -> bool {
        true
    }

    fn topics(&self) -> Option<usize> {
        Some(self.audience.topics())
    }

    fn subscribers(&mut self, topic: Option<&[u8]>, wakes: &mut Wakes) -> Option<usize> {
        self.audience.read_on(&mut Deaf, wakes);
        Some(self.audience.subscribers(topic))
    }
}
