//! XPUB: a publisher that sees its subscriptions.

use ferromq_core::{
    Attend, CanReceive, CanSend, Dropped, HasSubscribers, HasTopics, Inbound, Joint, Message,
    OptionError, Outbound, Pattern, PatternOption, Peer, PeerId, Sent, Slot, SocketType,
    TryRecvError, TrySendError, Wakes,
};

use crate::audience::Audience;
use crate::notices::Notices;
use crate::request::Request;

/// A [`Pub`](crate::Pub) that receives ([RFC 29](https://rfc.zeromq.org/spec/29/),
/// "The XPUB Socket Type"): subscriptions, and messages from XSUBs.
///
/// A subscription is received as a message of one frame, the octet 1 and the topic,
/// when a topic gets its first subscriber; with 0 instead of 1 when the last has
/// cancelled it or left. [`PatternOption::XpubVerbose`] adds the subscriptions of
/// further subscribers, [`PatternOption::XpubVerboser`] their ends too. An
/// application that does not receive them misses nothing: where many wait, those that
/// undo each other are left out. In the verbose modes and with
/// [`PatternOption::XpubManual`] none is while its peer is there, and a peer with many
/// of them waits until they are received, at its high-water mark; of peers that have
/// left those are left out that undo each other.
///
/// With [`PatternOption::XpubManual`] no subscription takes effect by itself. Each is
/// received, and so is each end of one, also when the peer leaves. Until the next
/// is received, [`PatternOption::Subscribe`] and [`PatternOption::Unsubscribe`] act for
/// the peer that it came from, and do nothing once that has left. With
/// [`PatternOption::XpubManualLastValue`] the next message sent then goes to that peer
/// alone, if it wants it: so a peer gets the last value of a topic, and the others do
/// not get it again.
///
/// Frames of an XSUB that do not begin with 0 or 1 are received as they are.
#[derive(Debug, Default)]
pub struct XPub {
    audience: Audience,
    notices: Notices,
}

impl XPub {
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

impl Pattern for XPub {
    const SOCKET_TYPE: SocketType = SocketType::XPub;
    type Halves = Joint<Self>;

    fn halves() -> Self::Halves {
        Joint::new(Self::default())
    }
}

impl CanSend for XPub {}
impl HasTopics for XPub {}
impl HasSubscribers for XPub {}
impl CanReceive for XPub {}

impl Attend for XPub {
    fn attach(&mut self, peer: Peer, wakes: &mut Wakes) {
        self.audience.attach(peer, wakes);
    }

    fn handle_readable(&mut self, peer: PeerId, wakes: &mut Wakes) {
        self.audience.read(peer, &mut self.notices, wakes);
    }

    fn handle_writable(&mut self, peer: PeerId, _wakes: &mut Wakes) {
        self.audience.handle_writable(peer);
    }

    fn detach(&mut self, peer: PeerId) {
        self.notices.discard(peer);
        self.audience.detach(peer, &mut self.notices);
    }

    fn detach_all(&mut self) {
        self.audience.detach_all();
        self.notices = Notices::default();
    }

    fn tell_drops(&self, tell: &mut dyn FnMut(Option<PeerId>, &Dropped)) {
        self.audience.tell_drops(tell);
    }

    fn set_option(&mut self, option: &PatternOption) -> Result<(), OptionError> {
        match option {
            // As in libzmq, either one also takes back what the other has set.
            PatternOption::XpubVerbose(on) => self.notices.set_verbose(*on, false),
            PatternOption::XpubVerboser(on) => self.notices.set_verbose(*on, *on),
            PatternOption::XpubManual(_) | PatternOption::XpubManualLastValue(_) => {
                self.notices.set_manual(self.audience.set_manual(option));
            }
            PatternOption::Subscribe(topic) => {
                return self.audience.decide(Request::Subscribe(topic), option);
            }
            PatternOption::Unsubscribe(topic) => {
                return self.audience.decide(Request::Cancel(topic), option);
            }
            _ if self.audience.set_option(option) => {}
            _ => return Err(OptionError::Unsupported(option.name())),
        }
        Ok(())
    }
}

impl Outbound for XPub {
    #[inline]
    fn try_send(&mut self, message: &Message, wakes: &mut Wakes) -> Result<Sent, TrySendError> {
        self.audience.read_on(&mut self.notices, wakes);
        self.audience.publish(message, wakes)
    }

    fn try_send_late(&mut self, _message: &Message, last: bool, wakes: &mut Wakes) -> Sent {
        self.audience.send_late(last, wakes)
    }

    fn reserve(&mut self, head: &[u8], wakes: &mut Wakes) -> Result<Slot, TrySendError> {
        self.audience.read_on(&mut self.notices, wakes);
        self.audience.reserve(head, wakes)
    }

    fn commit(&mut self, _slot: Slot, message: &Message, wakes: &mut Wakes) {
        self.audience.send_now(message, wakes);
    }

    fn release(&mut self, _slot: Slot) {}

    fn is_writable(&mut self, _wakes: &mut Wakes) -> bool {
        true
    }

    fn topics(&self) -> Option<usize> {
        Some(self.audience.topics())
    }

    fn subscribers(&mut self, topic: Option<&[u8]>, wakes: &mut Wakes) -> Option<usize> {
        self.audience.read_on(&mut self.notices, wakes);
        Some(self.audience.subscribers(topic))
    }
}

impl Inbound for XPub {
    fn try_recv(&mut self, into: &mut Message, wakes: &mut Wakes) -> Result<(), TryRecvError> {
        self.audience.read_on(&mut self.notices, wakes);
        let taken = self.notices.pop(into).ok_or(TryRecvError::Empty)?;
        if let Some(peer) = taken.peer.filter(|_| taken.kept_room) {
            self.audience.give_room_back(peer, wakes);
        }
        if taken.is_request {
            self.audience.note_received(taken.peer);
        }
        Ok(())
    }

    fn is_readable(&mut self, wakes: &mut Wakes) -> bool {
        self.audience.read_on(&mut self.notices, wakes);
        !self.notices.is_empty()
    }
}
