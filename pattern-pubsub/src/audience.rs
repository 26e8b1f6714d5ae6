//! The peers of a publisher, and what they have asked for.

use ferromq_core::routing::{FanOut, Subscriptions};
use ferromq_core::{
    Dropped, Message, OptionError, PatternOption, Peer, PeerId, PipeReader, PopError, Sent, Slot,
    TrySendError, Wakes,
};

use crate::manual::Manual;
use crate::outsiders::Outsiders;
use crate::request::{Effect, Request, Rest, sift};

/// So many messages of a peer are read at a time; then it is the others' turn.
const ROUND: usize = 10_000;

/// The peers of a PUB, XPUB or RADIO: messages go out to them, requests come in.
///
/// Requests are read whenever the half is entered, so before each publication, and
/// take effect at once.
#[derive(Debug, Default)]
pub(crate) struct Audience {
    peers: FanOut,
    subscriptions: Subscriptions,
    outsiders: Outsiders,
    /// What peers send, by slot.
    readers: Vec<Option<PipeReader>>,
    /// Peers that had more to say than one round takes.
    unread: Vec<PeerId>,
    welcome: Option<Message>,
    waits: bool,
    /// Who gets the next message, and who all of them but that.
    rule: Rule,
    usual: Rule,
    only_first: bool,
    manual: Manual,
}

/// Who gets a message.
#[derive(Debug, Clone, Copy, Default)]
enum Rule {
    /// Those who want what it begins with.
    #[default]
    Prefix,
    /// The others (`ZMQ_INVERT_MATCHING`).
    Inverted,
    /// Those who want just what stands in its first frame.
    Group,
    /// This peer, if it is for it (`ZMQ_XPUB_MANUAL_LAST_VALUE`).
    Only(PeerId),
}

/// Who learns what peers send.
pub(crate) trait Ear {
    /// A peer has asked for something.
    fn hear_request(&mut self, _peer: PeerId, _request: Request<'_>, _effect: Effect) {}

    /// A peer has sent a message.
    fn hear_message(&mut self, _peer: PeerId, _message: &Message) {}

    /// That was all in one message of the peer. Says whether it waits for the
    /// application; then it keeps its room in the peer's pipe.
    fn keeps_room(&mut self) -> bool {
        false
    }

    /// A peer has left; its subscriptions end.
    fn hear_end(&mut self, _peer: PeerId, subscriptions: &mut Subscriptions, slot: u32) {
        subscriptions.remove_member(slot);
    }
}

impl Audience {
    /// An audience that has joined groups, where others have subscribed to topics.
    pub(crate) fn of_groups() -> Self {
        Self {
            rule: Rule::Group,
            usual: Rule::Group,
            ..Self::default()
        }
    }

    pub(crate) fn attach(&mut self, peer: Peer, wakes: &mut Wakes) {
        let (Some(writer), Some(reader)) = (peer.writer, peer.reader) else {
            return;
        };
        let slot = self.peers.attach(peer.id, writer);
        let index = slot as usize;
        if self.readers.len() <= index {
            self.readers.resize_with(index + 1, || None);
        }
        self.readers[index] = Some(reader);
        if peer.takes_all {
            match self.usual {
                Rule::Group => self.outsiders.add(slot),
                // Everything begins with nothing.
                _ => {
                    self.subscriptions.insert(b"", slot);
                }
            }
        }
        if let Some(welcome) = &self.welcome {
            // Nothing is in the pipe yet, so it is the first message.
            let _ = self.peers.push(slot, welcome, wakes);
        }
    }

    pub(crate) fn handle_writable(&mut self, peer: PeerId) {
        // A peer that has left stays until what it sent has been read.
        self.peers.handle_writable(peer);
    }

    pub(crate) fn detach(&mut self, peer: PeerId, ear: &mut impl Ear) {
        let Some(slot) = self.peers.detach(peer) else {
            return;
        };
        self.readers[slot as usize] = None;
        self.outsiders.remove(slot);
        self.manual.forget(peer);
        let (manual, requested) = (self.manual.is_on(), self.manual.requested());
        // The application hears of what the peer has asked for itself.
        let (told, silent) = match manual {
            false => (&mut self.subscriptions, requested),
            true => (requested, &mut self.subscriptions),
        };
        ear.hear_end(peer, told, slot);
        silent.remove_member(slot);
        self.choose_rule();
    }

    pub(crate) fn detach_all(&mut self) {
        self.peers.detach_all();
        self.subscriptions = Subscriptions::new();
        self.outsiders.clear();
        self.readers.clear();
        self.unread.clear();
        self.manual.forget_all();
        self.choose_rule();
    }

    /// Sets an option; says whether it is one of these.
    pub(crate) fn set_option(&mut self, option: &PatternOption) -> bool {
        match option {
            PatternOption::XpubNoDrop(waits) => self.waits = *waits,
            PatternOption::InvertMatching(true) => self.usual = Rule::Inverted,
            PatternOption::InvertMatching(false) => self.usual = Rule::Prefix,
            PatternOption::OnlyFirstSubscribe(only_first) => self.only_first = *only_first,
            PatternOption::XpubWelcome(welcome) => {
                self.welcome = (!welcome.is_empty()).then(|| welcome.clone().into());
            }
            _ => return false,
        }
        self.choose_rule();
        true
    }

    /// Sets one of the options for that; says whether the application now subscribes
    /// for its peers.
    pub(crate) fn set_manual(&mut self, option: &PatternOption) -> bool {
        self.manual.set_option(option);
        self.choose_rule();
        self.manual.is_on()
    }

    /// The application has received a request, of a peer or of one that has left.
    pub(crate) fn note_received(&mut self, peer: Option<PeerId>) {
        let there = peer.filter(|peer| self.peers.slot(*peer).is_some());
        self.manual.note_received(there);
        self.choose_rule();
    }

    /// Subscribes, or cancels, for the peer whose request was received last; does
    /// nothing if it has left.
    ///
    /// # Errors
    ///
    /// [`OptionError::OutOfTurn`] if peers do that themselves.
    pub(crate) fn decide(
        &mut self,
        request: Request<'_>,
        option: &PatternOption,
    ) -> Result<(), OptionError> {
        if !self.manual.is_on() {
            return Err(OptionError::OutOfTurn(option.name()));
        }
        let peer = self.manual.last();
        if let Some(slot) = peer.and_then(|peer| self.peers.slot(peer)) {
            request.apply(&mut self.subscriptions, slot);
        }
        Ok(())
    }

    /// How many messages a peer has missed.
    pub(crate) fn dropped(&self, peer: PeerId) -> Option<u64> {
        self.peers.dropped(peer)
    }

    /// How many messages peers have missed in all.
    pub(crate) fn dropped_in_all(&self) -> u64 {
        self.peers.dropped_in_all()
    }

    /// How many different topics are subscribed to.
    pub(crate) fn topics(&self) -> usize {
        self.subscriptions.topics()
    }

    /// Reads what a peer has sent, up to a round.
    pub(crate) fn read(&mut self, peer: PeerId, ear: &mut impl Ear, wakes: &mut Wakes) {
        let Some(slot) = self.peers.slot(peer) else {
            return;
        };
        let mut message = Message::new();
        for _ in 0..ROUND {
            let Some(Some(reader)) = self.readers.get_mut(slot as usize) else {
                return;
            };
            match reader.pop_held(&mut message) {
                Ok(()) => self.hear(peer, slot, &message, ear, wakes),
                Err(PopError::Empty) => return,
                Err(PopError::Closed) => return self.detach(peer, ear),
            }
        }
        self.unread.push(peer);
    }

    /// A message of the peer does not wait any more.
    pub(crate) fn give_room_back(&mut self, peer: PeerId, wakes: &mut Wakes) {
        let slot = self.peers.slot(peer);
        let reader = slot.and_then(|slot| self.readers.get_mut(slot as usize));
        if let Some(Some(reader)) = reader {
            reader.release_last(1, wakes);
        }
    }

    /// Reads on where a round was not enough.
    #[inline]
    pub(crate) fn read_on(&mut self, ear: &mut impl Ear, wakes: &mut Wakes) {
        if !self.unread.is_empty() {
            for peer in std::mem::take(&mut self.unread) {
                self.read(peer, ear, wakes);
            }
        }
    }

    /// Sends to all who want it.
    ///
    /// # Errors
    ///
    /// [`TrySendError::Full`] if one of them has no room and none shall miss a
    /// message (`ZMQ_XPUB_NODROP`).
    #[inline]
    pub(crate) fn publish(
        &mut self,
        message: &Message,
        wakes: &mut Wakes,
    ) -> Result<Sent, TrySendError> {
        if self.waits && !self.have_room(message.head(), wakes) {
            return Err(TrySendError::Full);
        }
        Ok(self.send(message, wakes))
    }

    /// Promises that a message with that head will be sent. To whom is decided when
    /// it is: who then has no room misses it.
    ///
    /// # Errors
    ///
    /// As [`publish`](Self::publish).
    pub(crate) fn reserve(&mut self, head: &[u8], wakes: &mut Wakes) -> Result<Slot, TrySendError> {
        match self.waits && !self.have_room(head, wakes) {
            true => Err(TrySendError::Full),
            false => Ok(Slot::Open),
        }
    }

    /// Sends to all who want it and have room, and once more to those who lag.
    pub(crate) fn send_now(&mut self, message: &Message, wakes: &mut Wakes) {
        if self.send(message, wakes) == Sent::Lagging {
            self.send_late(true, wakes);
        }
    }

    pub(crate) fn send_late(&mut self, last: bool, wakes: &mut Wakes) -> Sent {
        self.peers.send_late(last, wakes)
    }

    /// Whether nobody who wants a message with that head would miss it.
    fn have_room(&mut self, head: &[u8], wakes: &mut Wakes) -> bool {
        let Self {
            peers,
            subscriptions,
            outsiders,
            ..
        } = self;
        match self.rule {
            Rule::Prefix => peers.have_room(subscriptions.matching(head), wakes),
            Rule::Inverted => peers.others_have_room(subscriptions.matching(head), wakes),
            Rule::Group => {
                let everybody = outsiders.and(subscriptions.holding(head));
                peers.have_room(everybody, wakes)
            }
            Rule::Only(peer) => {
                let only = self.only(peer, head);
                self.peers.have_room(only.as_slice(), wakes)
            }
        }
    }

    #[inline]
    fn send(&mut self, message: &Message, wakes: &mut Wakes) -> Sent {
        let Self {
            peers,
            subscriptions,
            outsiders,
            ..
        } = self;
        let head = message.head();
        match self.rule {
            Rule::Prefix => peers.send_to(subscriptions.matching(head), message, wakes),
            Rule::Inverted => peers.send_to_others(subscriptions.matching(head), message, wakes),
            Rule::Group => {
                let everybody = outsiders.and(subscriptions.holding(head));
                peers.send_to(everybody, message, wakes)
            }
            Rule::Only(peer) => self.send_only(peer, message, wakes),
        }
    }

    #[cold]
    fn send_only(&mut self, peer: PeerId, message: &Message, wakes: &mut Wakes) -> Sent {
        let only = self.only(peer, message.head());
        self.note_received(None);
        self.peers.send_to(only.as_slice(), message, wakes)
    }

    pub(crate) fn tell_drops(&self, tell: &mut dyn FnMut(Option<PeerId>, &Dropped)) {
        self.peers.tell_drops(tell);
    }

    /// How many peers have subscribed to anything, or would be sent a message with that
    /// topic.
    pub(crate) fn subscribers(&mut self, topic: Option<&[u8]>) -> usize {
        let Some(topic) = topic else {
            return self.subscriptions.members();
        };
        match self.usual {
            Rule::Group => self.subscriptions.holding(topic).len(),
            Rule::Inverted => self.peers.slots().count() - self.subscriptions.matching(topic).len(),
            Rule::Prefix | Rule::Only(_) => self.subscriptions.matching(topic).len(),
        }
    }

    /// The slot of the one peer that a message can be for, if it is for it.
    fn only(&mut self, peer: PeerId, head: &[u8]) -> Option<u32> {
        let inverted = matches!(self.usual, Rule::Inverted);
        let matching = self.subscriptions.matching(head);
        let slot = self.peers.slot(peer);
        slot.filter(|slot| matching.contains(slot) != inverted)
    }

    /// Decides who gets the next message, when that may have changed.
    fn choose_rule(&mut self) {
        self.rule = self.manual.target().map_or(self.usual, Rule::Only);
    }

    fn hear(
        &mut self,
        peer: PeerId,
        slot: u32,
        message: &Message,
        ear: &mut impl Ear,
        wakes: &mut Wakes,
    ) {
        let subscriptions = match self.manual.is_on() {
            false => &mut self.subscriptions,
            true => self.manual.requested(),
        };
        let rest = sift(message, self.only_first, |request| {
            let effect = request.apply(subscriptions, slot);
            ear.hear_request(peer, request, effect);
        });
        match rest {
            Rest::Nothing => {}
            Rest::Whole => ear.hear_message(peer, message),
            Rest::Part(message) => ear.hear_message(peer, &message),
        }
        if !ear.keeps_room() {
            self.give_room_back(peer, wakes);
        }
    }
}
