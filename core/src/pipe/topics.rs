//! A row in which a message replaces the one of its topic.
//!
//! Each message has a chunk of its own then. The chunk of one that was replaced stays in
//! the row as a gap, without messages, until the row has moved up, or there are more gaps
//! than messages.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use zmtp_codec::Records;

use super::chunks::Chunks;
use super::gauge::QueueDepth;

/// So many gaps, and topics of which nothing waits, are not worth a sweep.
const TOLERATED: usize = 32;

/// The arena of a message that was replaced takes the next one, up to this size.
const KEPT_ARENA: usize = 1 << 10;

/// Messages are taken out to be written in pieces of about so many bytes: enough for a
/// write, and few, for what is in a piece is replaced no more.
const PIECE: usize = 16 << 10;

/// Where in the row the last message of a topic is. Chunks are numbered as they come: the
/// last has the number `pushed`, and how far another is behind tells its place.
#[derive(Debug, Default)]
pub(super) struct Topics {
    /// By the hash of a topic, which its publisher cannot foresee. Should two topics ever
    /// have the same, they do not replace each other.
    newest: HashMap<u64, u64>,
    hasher: RandomState,
    pushed: u64,
    /// How many chunks of the row are gaps.
    gaps: usize,
    /// The chunk of the message that was replaced last.
    spare: Records,
}

impl Topics {
    fn hash(&self, chunk: &Records) -> u64 {
        self.hasher.hash_one(chunk.first_frame())
    }
}

impl Chunks {
    fn topics(&mut self) -> &mut Topics {
        self.topics.get_or_insert_default()
    }

    /// A chunk for one more message.
    pub(super) fn blank(&mut self) -> Records {
        let share_from = self.share_from;
        let mut blank = std::mem::take(&mut self.topics().spare);
        blank.recycle(share_from, KEPT_ARENA);
        blank
    }

    /// Takes a chunk back that was not needed.
    pub(super) fn keep_blank(&mut self, blank: Records) {
        self.topics().spare = blank;
    }

    /// Whether a message of this one's topic waits.
    pub(super) fn has_topic_of(&mut self, chunk: &Records) -> bool {
        self.place_of_topic(chunk).is_some()
    }

    /// Puts a message at the end, and takes the one out that it replaces; says how much
    /// that was.
    pub(super) fn push_newest(&mut self, chunk: Records) -> QueueDepth {
        let place = self.place_of_topic(&chunk);
        let replaced = place.map_or_else(QueueDepth::default, |place| self.take_out(place));
        let topics = self.topics();
        topics.pushed += 1;
        topics.newest.insert(topics.hash(&chunk), topics.pushed);
        match self.first.is_empty() {
            true => self.first = chunk,
            false => self.more.push_back(chunk),
        }
        self.sweep();
        replaced
    }

    /// Has messages that were simply added replace each other; says how much has gone.
    pub(super) fn sort_by_topic(&mut self) -> QueueDepth {
        let first = std::mem::take(&mut self.first);
        let more = std::mem::take(&mut self.more);
        let mut replaced = QueueDepth::default();
        for mut chunk in std::iter::once(first).chain(more) {
            let some = self.push_each_newest(&mut chunk);
            replaced.messages += some.messages;
            replaced.bytes += some.bytes;
        }
        replaced
    }

    /// [`push_newest`](Self::push_newest), for each of several messages.
    pub(super) fn push_each_newest(&mut self, records: &mut Records) -> QueueDepth {
        let mut replaced = QueueDepth::default();
        loop {
            let mut chunk = self.blank();
            if !records.move_first(&mut chunk) {
                self.keep_blank(chunk);
                return replaced;
            }
            let one = self.push_newest(chunk);
            replaced.messages += one.messages;
            replaced.bytes += one.bytes;
        }
    }

    /// Takes more messages out behind one that was, until they make a piece.
    pub(super) fn gather(&mut self, taken: &mut Records) {
        let mut last = self.last;
        while taken.wire_len() < PIECE && !self.first.is_empty() {
            let mut next = Records::default();
            self.exchange(&mut next);
            last.messages += next.messages();
            last.bytes += next.wire_len();
            taken.append(next);
        }
        self.last = last;
    }

    /// Has the oldest message come first.
    pub(super) fn skip_gaps(&mut self) {
        let Some(topics) = &mut self.topics else {
            return;
        };
        while self.first.is_empty() && topics.gaps > 0 {
            topics.gaps -= 1;
            if let Some(next) = self.more.pop_front() {
                self.first = next;
            }
        }
    }

    /// Where in the row a message of this one's topic waits; the first is at 0.
    fn place_of_topic(&mut self, chunk: &Records) -> Option<usize> {
        let row = usize::from(!self.first.is_empty()) + self.more.len();
        let topics = self.topics();
        let number = topics.newest.get(&topics.hash(chunk))?;
        let behind = usize::try_from(topics.pushed - number).ok()?;
        let place = row.checked_sub(behind + 1)?;
        let older = self.at(place)?;
        let same = !older.is_empty() && older.first_frame() == chunk.first_frame();
        same.then_some(place)
    }

    fn at(&mut self, place: usize) -> Option<&mut Records> {
        match place.checked_sub(1) {
            None => Some(&mut self.first),
            Some(place) => self.more.get_mut(place),
        }
    }

    /// Leaves a gap.
    fn take_out(&mut self, place: usize) -> QueueDepth {
        let old = self.at(place).map(std::mem::take).unwrap_or_default();
        let depth = QueueDepth {
            messages: old.messages(),
            bytes: old.wire_len(),
        };
        let topics = self.topics();
        topics.spare = old;
        topics.gaps += 1;
        self.skip_gaps();
        depth
    }

    /// Forgets gaps, and topics of which nothing waits, when they outnumber what does.
    fn sweep(&mut self) {
        let Self {
            first,
            more,
            topics: Some(topics),
            ..
        } = self
        else {
            return;
        };
        let waiting = (more.len() + 1).saturating_sub(topics.gaps);
        if topics.gaps.max(topics.newest.len().saturating_sub(waiting)) <= waiting + TOLERATED {
            return;
        }
        more.retain(|chunk| !chunk.is_empty());
        topics.gaps = 0;
        topics.newest.clear();
        let chunks = std::iter::once(&*first).chain(&*more).rev();
        for (behind, chunk) in (0..).zip(chunks) {
            let (hash, number) = (topics.hash(chunk), topics.pushed - behind);
            topics.newest.entry(hash).or_insert(number);
        }
    }
}
