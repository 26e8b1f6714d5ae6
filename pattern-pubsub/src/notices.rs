//! What an XPUB has for its application.

use std::collections::{HashMap, VecDeque};

use ferromq_core::routing::Subscriptions;
use ferromq_core::{Message, PeerId, PeerMap};

use crate::audience::Ear;
use crate::request::Request;

/// A peer may have so many entries in the queue that cannot be merged. It is not
/// listened to beyond, until the application has taken half of them.
const SHARE: u32 = 1000;

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
/// - Messages cannot be merged; nor can notices in the verbose modes, where each
///   one counts. A peer that has many of those in the queue is not read: its pipe
///   fills, and then it has to wait, and only it.
#[derive(Debug)]
pub(crate) struct Notices {
    queue: VecDeque<Notice>,
    /// Peers with entries that count against their share.
    shares: PeerMap<Share>,
    /// The length at which notices are merged.
    many: usize,
    /// Whether subscriptions are passed up to topics that others have already.
    verbose: bool,
    /// Whether ends of subscriptions are passed up while others have the topic.
    verboser: bool,
}

#[derive(Debug)]
struct Notice {
    message: Message,
    peer: Option<PeerId>,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A topic's first subscriber, or its last: merged where many wait.
    Change,
    /// A request, not to be merged.
    Request,
    Message,
}

#[derive(Debug, Default)]
struct Share {
    entries: u32,
    /// Whether the peer has more to say and was not listened to.
    paused: bool,
}

impl Default for Notices {
    fn default() -> Self {
        Self {
            queue: VecDeque::new(),
            shares: PeerMap::default(),
            many: MANY,
            verbose: false,
            verboser: false,
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
        // What comes next may not alternate with what waits.
        for notice in &mut self.queue {
            if notice.kind == Kind::Change {
                notice.kind = Kind::Request;
            }
        }
    }

    /// Takes the next entry out, into the place of a message; its
    /// [origin](Message::origin) is the peer's number. The peer is returned if it
    /// was paused and should be listened to again; without any entry, an error.
    pub(crate) fn pop(&mut self, into: &mut Message) -> Result<Option<PeerId>, Empty> {
        let Notice {
            message,
            peer,
            kind,
        } = self.queue.pop_front().ok_or(Empty)?;
        *into = message;
        into.set_origin(peer.map_or(0, PeerId::get));
        if self.queue.is_empty() {
            self.many = MANY;
            self.queue.shrink_to(MANY);
        }
        let share = peer
            .filter(|_| kind != Kind::Change)
            .and_then(|peer| self.shares.get_mut(&peer));
        let Some(share) = share else {
            return Ok(None);
        };
        share.entries -= 1;
        let resumed = share.paused && share.entries <= SHARE / 2;
        share.paused &= !resumed;
        if share.entries == 0 {
            peer.map(|peer| self.shares.remove(&peer));
        }
        Ok(peer.filter(|_| resumed))
    }

    /// Forgets the messages of a peer that the application disconnects.
    pub(crate) fn discard(&mut self, peer: PeerId) {
        let unwanted = |notice: &Notice| notice.kind == Kind::Message && notice.peer == Some(peer);
        self.queue.retain(|notice| !unwanted(notice));
        self.shares.remove(&peer);
    }

    /// Adds an entry; one without a peer counts against nobody's share.
    fn push(&mut self, message: Message, peer: Option<PeerId>, kind: Kind) {
        if let Some(peer) = peer.filter(|_| kind != Kind::Change) {
            self.shares.entry(peer).or_default().entries += 1;
        }
        self.queue.push_back(Notice {
            message,
            peer,
            kind,
        });
        if kind == Kind::Change && self.queue.len() > self.many {
            self.merge();
            self.many = MANY.max(2 * self.queue.len());
        }
    }

    fn push_request(&mut self, request: Request<'_>, peer: Option<PeerId>) {
        let kind = match self.verbose {
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

/// There is nothing for the application.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Empty;

fn topic(notice: &Notice) -> &[u8] {
    notice.message.head().get(1..).unwrap_or_default()
}

impl Ear for Notices {
    fn admits(&mut self, peer: PeerId) -> bool {
        let share = self.shares.get_mut(&peer);
        let over = share.filter(|share| share.entries >= SHARE);
        over.is_none_or(|share| {
            share.paused = true;
            false
        })
    }

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

    fn hear_end(&mut self, subscriptions: &mut Subscriptions, slot: u32) {
        subscriptions.remove_member_with(slot, |topic, last| {
            if last || self.verboser {
                self.push_request(Request::Cancel(&topic), None);
            }
        });
    }
}
