//! What an XPUB has for its application.

use std::collections::{HashMap, VecDeque};

use ferromq_core::routing::Subscriptions;
use ferromq_core::{Message, PeerId};

use crate::audience::Ear;
use crate::request::{Effect, Request};

/// Notices are merged once there are more than this, and twice as many as the last
/// merging left.
const MANY: usize = 1000;

/// The queue of an XPUB's application: subscriptions that begin and end, and
/// messages from XSUBs.
///
/// The application may be slow, or never look: the queue is bounded in two ways.
///
/// - A notice says that a topic has got its first subscriber, or lost its last. Where
///   many wait, those that leave a topic as the application knows it are all dropped, and
///   of others only the last is kept. So no more wait than there are topics whose state
///   the application does not know, and whatever it does, subscriptions take effect at
///   once.
/// - Messages cannot be merged; nor can notices in the verbose and manual modes, where
///   each one counts. Those keep their room in their peer's pipe until the application
///   has them. So a peer whose mark is reached has to wait, and only it.
///
/// When a peer leaves, its pipe bounds nothing any more, and what it had asked for ends.
/// Its notices are then merged as the others are, verbose or not: for each topic of
/// its own where the application counts peers, for the topic as such where it counts
/// none. So however often peers come and go, no more wait than the ends of what the
/// application has been told of.
#[derive(Debug)]
pub(crate) struct Notices {
    queue: VecDeque<Notice>,
    /// The length at which notices are merged.
    many: usize,
    /// Whether subscriptions are passed up to topics that others have already.
    verbose: bool,
    /// Whether ends of subscriptions are passed up while others have the topic.
    verboser: bool,
    /// Whether all requests are passed up, because the application answers them.
    manual: bool,
    /// Whether something of the pipe's message that is being heard has to wait.
    waits: bool,
}

#[derive(Debug)]
struct Notice {
    message: Message,
    peer: PeerId,
    kind: Kind,
    /// Whether the topic was there before, or the peer had it where peers count.
    before: bool,
    /// Whether the peer has left since.
    gone: bool,
    /// Whether it tells what ended because the peer left.
    leaving: bool,
    /// Whether it keeps room in the peer's pipe.
    room: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A topic's first subscriber, or its last: merged where many wait.
    Change,
    /// A request, not to be merged while its peer is there.
    Request,
    /// A change or a request from before the mode was another one, not to be merged.
    Settled,
    Message,
}

/// What waits of one topic.
struct Story {
    /// How the application knows the topic before all that, or when it has what was
    /// kept so far.
    told: bool,
    /// How the topic is known when all is told that is not to be merged.
    known: bool,
    /// How it is, and the notice that says so.
    now: bool,
    last: usize,
}

impl Default for Notices {
    fn default() -> Self {
        Self {
            queue: VecDeque::new(),
            many: MANY,
            verbose: false,
            verboser: false,
            manual: false,
            waits: false,
        }
    }
}

impl Notices {
    pub(crate) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// `ZMQ_XPUB_VERBOSE` and `ZMQ_XPUB_VERBOSER`.
    pub(crate) fn set_verbose(&mut self, verbose: bool, verboser: bool) {
        if (self.verbose, self.verboser) != (verbose, verboser) {
            (self.verbose, self.verboser) = (verbose, verboser);
            self.settle();
        }
    }

    /// `ZMQ_XPUB_MANUAL`.
    pub(crate) fn set_manual(&mut self, manual: bool) {
        if self.manual != manual {
            self.manual = manual;
            self.settle();
        }
    }

    /// What comes next counts otherwise than what waits.
    fn settle(&mut self) {
        for notice in &mut self.queue {
            if notice.kind != Kind::Message {
                notice.kind = Kind::Settled;
            }
        }
    }

    /// Takes the next entry out, into the place of a message; its
    /// [origin](Message::origin) is the peer's number.
    pub(crate) fn pop(&mut self, into: &mut Message) -> Option<Taken> {
        let notice = self.queue.pop_front()?;
        let peer = (!notice.leaving).then_some(notice.peer);
        *into = notice.message;
        into.set_origin(peer.map_or(0, PeerId::get));
        if self.queue.is_empty() {
            self.many = MANY;
            self.queue.shrink_to(MANY);
        }
        Some(Taken {
            peer,
            is_request: notice.kind != Kind::Message,
            kept_room: notice.room,
        })
    }

    /// Forgets the messages of a peer that the application disconnects.
    pub(crate) fn discard(&mut self, peer: PeerId) {
        let unwanted = |notice: &Notice| notice.kind == Kind::Message && notice.peer == peer;
        self.queue.retain(|notice| !unwanted(notice));
    }

    fn push(&mut self, notice: Notice) {
        self.waits |= notice.kind != Kind::Change;
        let is_message = notice.kind == Kind::Message;
        self.queue.push_back(notice);
        if !is_message && self.queue.len() > self.many {
            self.merge();
            self.many = MANY.max(2 * self.queue.len());
        }
    }

    fn push_request(&mut self, request: Request<'_>, peer: PeerId, before: bool, leaving: bool) {
        let kind = match self.verbose || self.manual {
            true => Kind::Request,
            false => Kind::Change,
        };
        self.push(Notice {
            message: request.message(),
            peer,
            kind,
            before,
            gone: leaving,
            leaving,
            room: false,
        });
    }

    /// Whether the application is told of each peer's every request.
    fn counts_peers(&self) -> bool {
        self.verboser || self.manual
    }

    /// Drops notices that change nothing, and all but the last of those that do.
    fn merge(&mut self) {
        let counts_peers = self.counts_peers();
        let key = |notice: &Notice| counts_peers.then_some(notice.peer.get());
        let mut stories = HashMap::new();
        for (index, notice) in self.changes() {
            let story = stories.entry((key(notice), topic(notice)));
            let story = story.or_insert(Story::opens_with(notice));
            (story.last, story.now) = (index, notice.begins());
            if !notice.may_go() {
                story.known = story.now;
            }
        }
        // What is kept, and what was there before it then.
        let mut kept: Vec<_> = self.queue.iter().map(|it| Some(it.before)).collect();
        for (index, notice) in self.changes() {
            let Some(story) = stories.get_mut(&(key(notice), topic(notice))) else {
                continue;
            };
            let is_news = story.last == index && story.known != story.now;
            kept[index] = match is_news || !notice.may_go() {
                true => Some(std::mem::replace(&mut story.told, notice.begins())),
                false => None,
            };
        }
        let mut kept = kept.into_iter();
        self.queue.retain_mut(|notice| match kept.next().flatten() {
            Some(before) => {
                notice.before = before;
                true
            }
            None => false,
        });
    }

    fn changes(&self) -> impl Iterator<Item = (usize, &Notice)> {
        let notices = self.queue.iter().enumerate();
        notices.filter(|(_, notice)| matches!(notice.kind, Kind::Change | Kind::Request))
    }
}

impl Story {
    fn opens_with(notice: &Notice) -> Self {
        Self {
            told: notice.before,
            known: notice.before,
            now: notice.before,
            last: 0,
        }
    }
}

impl Notice {
    /// Whether it may be merged with others.
    fn may_go(&self) -> bool {
        self.kind == Kind::Change || self.gone
    }

    /// Whether it is a subscription that begins.
    fn begins(&self) -> bool {
        self.message.head().first() == Some(&1)
    }
}

/// What the application has taken.
#[derive(Debug)]
pub(crate) struct Taken {
    /// From whom it is; nobody, if it is because of a peer that has left.
    pub(crate) peer: Option<PeerId>,
    /// Whether it is a subscription, or the end of one.
    pub(crate) is_request: bool,
    /// Whether it kept room in the peer's pipe.
    pub(crate) kept_room: bool,
}

fn topic(notice: &Notice) -> &[u8] {
    notice.message.head().get(1..).unwrap_or_default()
}

impl Ear for Notices {
    fn hear_request(&mut self, peer: PeerId, request: Request<'_>, effect: Effect) {
        let begins = matches!(request, Request::Subscribe(_));
        let tells_all = self.manual || if begins { self.verbose } else { self.verboser };
        if effect.is_news || tells_all {
            // The first makes a topic, the last ends one, and others find it there.
            let before = match self.counts_peers() {
                true => effect.had,
                false => effect.is_news != begins,
            };
            self.push_request(request, peer, before, false);
        }
    }

    fn hear_message(&mut self, peer: PeerId, message: &Message) {
        self.push(Notice {
            message: message.clone(),
            peer,
            kind: Kind::Message,
            before: false,
            gone: false,
            leaving: false,
            room: false,
        });
    }

    fn keeps_room(&mut self) -> bool {
        let waits = std::mem::take(&mut self.waits);
        if let Some(last) = self.queue.back_mut().filter(|_| waits) {
            last.room = true;
        }
        waits
    }

    fn hear_end(&mut self, peer: PeerId, subscriptions: &mut Subscriptions, slot: u32) {
        if self.verbose || self.manual {
            let of_peer = |notice: &&mut Notice| notice.peer == peer;
            for notice in self.queue.iter_mut().filter(of_peer) {
                notice.gone = true;
            }
        }
        subscriptions.remove_member_with(slot, |topic, last| {
            if last || self.counts_peers() {
                self.push_request(Request::Cancel(&topic), peer, true, true);
            }
        });
        // Nobody's room is kept for these.
        self.waits = false;
    }
}

#[cfg(test)]
#[path = "notices_tests.rs"]
mod tests;
