//! What is in a pipe: messages in chunks, exchanged whole.

use std::collections::VecDeque;

use zmtp_codec::Records;

use super::arenas;
use super::gauge::QueueDepth;
use super::topics::Topics;

/// A chunk takes messages until they have so many bytes: as much as one write takes
/// well, and little enough to be written while it is in the cache.
pub(super) const CHUNK: usize = 128 << 10;

/// A spent arena up to this size waits for the next message; larger ones go to the
/// thread's next busy pipe, so that an idle pipe owns no buffer.
const KEPT_ARENA: usize = 4 << 10;

/// The chunks of a pipe, oldest first.
///
/// The producer fills the last one, the consumer exchanges its spent chunk for
/// the first: between two busy ends two arenas go round and nothing is allocated.
#[derive(Debug)]
pub(super) struct Chunks {
    /// The oldest chunk. If it has no messages, nobody has.
    pub(super) first: Records,
    /// Those behind it, none without messages but the last, and gaps.
    pub(super) more: VecDeque<Records>,
    pub(super) share_from: usize,
    /// How many bytes the chunks had in their arenas that were taken lately.
    expected: usize,
    /// What it had in all.
    pub(super) last: QueueDepth,
    /// The bytes of all that were taken.
    taken: u64,
    /// Where messages of each topic wait, once there were some that replace each other.
    pub(super) topics: Option<Box<Topics>>,
}

impl Chunks {
    pub(super) fn new(share_from: usize) -> Self {
        Self {
            first: Records::sharing_from(share_from),
            more: VecDeque::new(),
            share_from,
            expected: 0,
            last: QueueDepth::default(),
            taken: 0,
            topics: None,
        }
    }

    /// No chunks any more, and none to come, where so many bytes were.
    pub(super) fn after(bytes: u64) -> Self {
        Self {
            taken: bytes,
            ..Self::new(0)
        }
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.first.is_empty()
    }

    /// Drops all messages, and says how many there were.
    pub(super) fn clear(&mut self) -> usize {
        let messages = self.waiting().messages;
        self.more.clear();
        release(&mut self.first, self.share_from, KEPT_ARENA);
        messages
    }

    /// What `left` messages come to, those here and the rest of the chunk that was
    /// taken last.
    pub(super) fn depth(&self, left: usize) -> QueueDepth {
        let here = self.waiting();
        let rest = left.saturating_sub(here.messages) as u128;
        let estimate = self.last.bytes as u128 * rest / self.last.messages.max(1) as u128;
        let rest = usize::try_from(estimate).unwrap_or(usize::MAX);
        QueueDepth {
            messages: left,
            bytes: here.bytes.saturating_add(rest),
        }
    }

    /// The bytes of all chunks that were taken.
    pub(super) fn taken(&self) -> u64 {
        self.taken
    }

    /// How many of these were read for certain, if `left` messages were not.
    pub(super) fn surely_read(&self, left: usize) -> u64 {
        match left.saturating_sub(self.waiting().messages) {
            0 => self.taken,
            rest if rest <= self.last.messages => self.taken - self.last.bytes as u64,
            _ => 0,
        }
    }

    /// What is here.
    pub(super) fn waiting(&self) -> QueueDepth {
        let chunks = std::iter::once(&self.first).chain(&self.more);
        chunks.fold(QueueDepth::default(), |sum, chunk| QueueDepth {
            messages: sum.messages + chunk.messages(),
            bytes: sum.bytes + chunk.wire_len(),
        })
    }

    /// Adds messages: few by copying them, many as they are.
    pub(super) fn append(&mut self, records: Records) {
        let length = records.arena_len();
        let open = self.open();
        if length <= KEPT_ARENA && (open.has_space(length) || open.is_empty()) {
            open.append(records);
        } else if open.is_empty() {
            *open = records;
        } else {
            self.more.push_back(records);
        }
    }

    /// Exchanges a spent chunk for the oldest one; says whether that has messages.
    #[inline]
    pub(super) fn exchange(&mut self, spent: &mut Records) -> bool {
        if self.first.is_empty() {
            self.settle(spent);
            return false;
        }
        std::mem::swap(spent, &mut self.first);
        // A short rest of much does not mean that little follows.
        self.expected = spent.arena_len().max(self.expected - self.expected / 8);
        self.last = QueueDepth {
            messages: spent.messages(),
            bytes: spent.wire_len(),
        };
        self.taken += self.last.bytes as u64;
        if self.more.is_empty() {
            release(&mut self.first, self.share_from, 2 * CHUNK);
        } else {
            self.advance();
        }
        true
    }

    /// The next chunk is the oldest, in place of one that is spent.
    fn advance(&mut self) {
        if let Some(next) = self.more.pop_front() {
            let mut empty = std::mem::replace(&mut self.first, next);
            match self.topics {
                None => release(&mut empty, self.share_from, 0),
                Some(_) => self.skip_gaps(),
            }
        }
    }

    /// Nothing is here: a small arena stays for the next message, others go.
    fn settle(&mut self, spent: &mut Records) {
        release(spent, self.share_from, KEPT_ARENA);
        release(&mut self.first, self.share_from, KEPT_ARENA);
        if self.first.arena_capacity() == 0 {
            std::mem::swap(spent, &mut self.first);
        }
    }

    /// Whether a whole chunk waits.
    pub(super) fn has_full(&self) -> bool {
        is_full(&self.first)
    }

    /// Prepares for messages after a pause.
    pub(super) fn resume(&mut self) {
        if self.expected > KEPT_ARENA && self.first.arena_capacity() <= KEPT_ARENA {
            self.first.set_arena(arenas::take());
        }
    }

    /// The chunk that takes the next message of many: the one that took the last, so
    /// that they leave together, unless it has grown too large.
    pub(super) fn open_still(&mut self) -> &mut Records {
        let last = self.more.len();
        let open = match last {
            0 => self.first.arena_len(),
            _ => self.more[last - 1].arena_len(),
        };
        match last {
            _ if open >= CHUNK + CHUNK / 2 => self.open(),
            0 => &mut self.first,
            _ => &mut self.more[last - 1],
        }
    }

    /// The chunk that takes the next message.
    #[inline]
    pub(super) fn open(&mut self) -> &mut Records {
        if self.more.is_empty() && !is_full(&self.first) {
            return &mut self.first;
        }
        self.open_another()
    }

    #[cold]
    fn open_another(&mut self) -> &mut Records {
        if self.more.back().is_none_or(is_full) {
            let mut chunk = Records::sharing_from(self.share_from);
            chunk.set_arena(arenas::take());
            self.more.push_back(chunk);
        }
        let last = self.more.len() - 1;
        &mut self.more[last]
    }
}

/// Whether a chunk takes no more messages.
#[inline]
pub(super) fn is_full(chunk: &Records) -> bool {
    chunk.arena_len() >= CHUNK
}

/// Empties a chunk, and lets its arena go if it is larger than `limit`.
#[inline]
fn release(chunk: &mut Records, share_from: usize, limit: usize) {
    if let Some(arena) = chunk.recycle(share_from, limit) {
        arenas::keep(arena);
    }
}
