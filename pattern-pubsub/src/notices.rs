//! What an XPUB has for its application.

use std::collections::{HashMap, VecDeque};

use ferromq_core::routing::Subscriptions;
use ferromq_core::{Message, PeerId};

use crate::audience::Ear;
use crate::request::Request;

/// Notices are merged once there are more than this, and twice as many as the last
/// merging left.
const MANY: usize = 1000;

/// The queue of an XPUB's application: subscriptions that begin and end, and
/// messages from XSUBs.
///
/// The application may be slow, or never look: the queue is bounded in two ways.
///
/// - A notice says that a topic has got its first subscriber, or lost its last. Where
///   many wait, two of the same topic that undo each other are both dropped. So
///   no more wait than there are topics whose state the application does not know,
///   and whatever it does, subscriptions take effect at once.
/// - Messages cannot be merged; nor can notices in the verbose and manual modes, where
///   each one counts. Those keep their room in their peer's pipe until the application
///   has them. So a peer whose mark is reached has to wait, and only it.
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
    peer: Option<PeerId>,
    kind: Kind,
    /// Whether it keeps room in the peer's pipe.
    room: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A topic's first subscriber, or its last: merged where many wait.
    Change,
    /// A request, not to be merged.
    Request,
    Message,
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
        (self.verbose, self.verboser) = (verbose, verboser);
        self.settle_changes();
    }

    /// `ZMQ_XPUB_MANUAL`.
    pub(crate) fn set_manual(&mut self, manual: bool) {
        self.manual = manual;
        self.settle_changes();
    }

    /// What comes next may not alternate with what waits.
    fn settle_changes(&mut self) {
        for notice in &mut self.queue {
            if notice.kind == Kind::Change {
                notice.kind = Kind::Request;
            }
        }
    }

    /// Takes the next entry out, into the place of a message; its
    /// [origin](Message::origin) is the peer's number.
    pub(crate) fn pop(&mut self, into: &mut Message) -> Option<Taken> {
        let notice = self.queue.pop_front()?;
        *into = notice.message;
        into.set_origin(notice.peer.map_or(0, PeerId::get));
        if self.queue.is_empty() {
            self.many = MANY;
            self.queue.shrink_to(MANY);
        }
        Some(Taken {
            peer: notice.peer,
            is_request: notice.kind != Kind::Message,
            kept_room: notice.room,
        })
    }

    /// Forgets the messages of a peer that the application disconnects.
    pub(crate) fn discard(&mut self, peer: PeerId) {
        let unwanted = |notice: &Notice| notice.kind == Kind::Message && notice.peer == Some(peer);
        self.queue.retain(|notice| !unwanted(notice));
    }

    fn push(&mut self, message: Message, peer: Option<PeerId>, kind: Kind) {
        self.waits |= kind != Kind::Change;
        self.queue.push_back(Notice {
            message,
            peer,
            kind,
            room: false,
        });
        if kind == Kind::Change && self.queue.len() > self.many {
            self.merge();
            self.many = MANY.max(2 * self.queue.len());
        }
    }

    fn push_request(&mut self, request: Request<'_>, peer: Option<PeerId>) {
        let kind = match self.verbose || self.manual {
            true => Kind::Request,
            false => Kind::Change,
        };
        self.push(request.message(), peer, kind);
    }

    /// Drops changes that undo each other. Those of a topic alternate: of an even
    /// number nothing is left, of an odd one the last.
    fn merge(&mut self) {
        let mut last = HashMap::new();
        for (index, notice) in self.changes() {
            let (at, odd) = last.entry(topic(notice)).or_insert((index, false));
            (*at, *odd) = (index, !*odd);
        }
        let mut kept = vec![true; self.queue.len()];
        for (index, notice) in self.changes() {
            kept[index] = last.get(topic(notice)) == Some(&(index, true));
        }
        let mut kept = kept.into_iter();
        self.queue.retain(|_| kept.next().unwrap_or(true));
    }

    fn changes(&self) -> impl Iterator<Item = (usize, &Notice)> {
        let notices = self.queue.iter().enumerate();
        notices.filter(|(_, notice)| notice.kind == Kind::Change)
    }
}

/// What the application has taken.
#[derive(Debug)]
pub(crate) struct Taken {
    /// From whom it is; nobody, if the peer had left before.
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
    fn hear_request(&mut self, peer: PeerId, request: Request<'_>, news: bool) {
        let verbose = match request {
            Request::Subscribe(_) => self.verbose,
            Request::Cancel(_) => self.verboser,
        };
        if news || verbose {
            self.push_request(request, Some(peer));
        }
    }

    fn hear_message(&mut self, peer: PeerId, message: &Message) {
        self.push(message.clone(), Some(peer), Kind::Message);
    }

    fn keeps_room(&mut self) -> bool {
        let waits = std::mem::take(&mut self.waits);
        if let Some(last) = self.queue.back_mut().filter(|_| waits) {
            last.room = true;
        }
        waits
    }

    fn hear_end(&mut self, subscriptions: &mut Subscriptions, slot: u32) {
        subscriptions.remove_member_with(slot, |topic, last| {
            if last || self.verboser || self.manual {
                self.push_request(Request::Cancel(&topic), None);
            }
        });
        // Nobody's room is kept for these.
        self.waits = false;
    }
}
