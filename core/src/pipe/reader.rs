//! The consumer's end of a pipe.

use std::task::Waker;

use zmtp_codec::{Message, Records};

use super::blocks;
use super::gauge::PipeGauge;
use super::mark::Side;
use super::pace::Pace;
use super::state::State;
use super::{Conflate, PopError, Shared};
use crate::wakes::Wakes;

/// The consumer's end.
#[derive(Debug)]
pub struct PipeReader {
    shared: Shared,
    /// The chunk being popped from, already out of the pipe.
    current: Records,
    /// Whose messages these are.
    origin: u32,
    /// Messages consumed since the beginning.
    read: u64,
    /// The part of `read` that the producer knows of, or less: it may have been told more
    /// when the mark was moved.
    returned: u64,
    /// The bytes of what [`take`](Self::take) gave away, until they are released.
    held: usize,
    /// What there is to know of bytes, where they count.
    bytes: Option<BytesSeen>,
    /// Whether what is taken out are single messages, to be put together.
    gathers: bool,
    pace: Pace,
}

/// The account in bytes, as the reader saw it last.
#[derive(Debug, Clone, Copy)]
struct BytesSeen {
    /// How many were taken out of the pipe.
    taken: u64,
    /// How many of them the producer knows to be read.
    returned: u64,
}

impl PipeReader {
    pub(super) fn new(shared: Shared, conflate: Conflate) -> Self {
        Self {
            shared,
            current: Records::default(),
            origin: 0,
            read: 0,
            returned: 0,
            held: 0,
            bytes: None,
            gathers: conflate == Conflate::ByTopic,
            pace: Pace::default(),
        }
    }

    /// A gauge, by which to see how much waits and to move the receiving side's mark.
    #[must_use]
    pub fn gauge(&self) -> PipeGauge {
        PipeGauge::new(&self.shared, Side::Receiving)
    }

    /// Registers who is woken when there is something to pop or the writer leaves.
    pub fn set_waker(&mut self, waker: &Waker) {
        let mut wakes = Wakes::new();
        let mut state = self.shared.lock();
        let missed = state.writer.closed || !state.reader.asleep;
        state.reader.register(waker, missed, &mut wakes);
        drop(state);
    }

    /// Gives all messages that are popped from now on this [origin](Message::origin).
    pub fn set_origin(&mut self, origin: u32) {
        self.origin = origin;
    }

    /// Asks to be woken also whenever so much waits as one write takes, so that it
    /// can be written while it is in the cache.
    pub fn set_eager(&mut self) {
        self.shared.lock().reader.eager = true;
    }

    /// Has this message come last when the writer leaves, whether or not there is room.
    pub fn set_farewell(&mut self, farewell: Message) {
        let mut state = self.shared.lock();
        if !state.writer.closed {
            state.farewell = Some(Box::new(farewell));
        }
    }

    /// Pops a message, into the place of another, and gives its room back.
    ///
    /// # Errors
    ///
    /// [`PopError`] if there is none; on [`PopError::Empty`] the reader is asleep.
    #[inline]
    pub fn pop(&mut self, into: &mut Message, wakes: &mut Wakes) -> Result<(), PopError> {
        self.pop_held(into)?;
        self.advance(1, wakes);
        Ok(())
    }

    /// Pops messages, up to `limit`, puts them behind those in `into`, and gives their
    /// room back; says how many.
    ///
    /// # Errors
    ///
    /// As [`pop`](Self::pop), if there is none.
    pub fn pop_many(
        &mut self,
        into: &mut Vec<Message>,
        limit: usize,
        wakes: &mut Wakes,
    ) -> Result<usize, PopError> {
        let mut popped = 0;
        loop {
            let more = self
                .current
                .pop_many(into, limit - popped, self.origin, blocks::copy);
            self.advance(more, wakes);
            popped += more;
            if popped == limit {
                return Ok(popped);
            }
            if popped == 0 {
                self.refill()?;
            } else if !self.refill_awake() {
                return Ok(popped);
            }
        }
    }

    /// Pops a message without giving its room back: that is for
    /// [`release`](Self::release), when it is done with.
    ///
    /// # Errors
    ///
    /// As [`pop`](Self::pop).
    #[inline]
    pub fn pop_held(&mut self, into: &mut Message) -> Result<(), PopError> {
        while !self.current.pop_into(into, self.origin, blocks::copy) {
            self.refill()?;
        }
        Ok(())
    }

    /// Looks whether a message is there to pop.
    ///
    /// # Errors
    ///
    /// As [`pop`](Self::pop).
    pub fn readable(&mut self) -> Result<(), PopError> {
        if !self.current.is_empty() {
            return Ok(());
        }
        // Until it is popped, a message that may be replaced stays where it can be.
        self.look(|state| state.conflate != Conflate::No && !state.chunks.is_empty())
    }

    /// Takes the oldest messages out in one piece, without giving their room
    /// back: that is for [`release`](Self::release), when they are done with.
    ///
    /// # Errors
    ///
    /// As [`pop`](Self::pop).
    pub fn take(&mut self) -> Result<Records, PopError> {
        if self.current.is_empty() {
            self.refill()?;
            if self.gathers {
                self.gather();
            }
        }
        self.held += self.current.wire_len();
        Ok(std::mem::take(&mut self.current))
    }

    /// Hands the arena of a piece that was taken back for the next messages, when all that
    /// was taken is done with.
    pub fn recycle(&mut self, spent: Records) {
        if self.current.is_empty() {
            self.current = spent;
        }
        self.held = 0;
    }

    /// How many messages wait to be taken out.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.current.messages() + self.shared.lock().chunks.waiting().messages
    }

    /// How many messages are done with since the beginning: their room was given back.
    #[must_use]
    pub fn released(&self) -> u64 {
        self.read
    }

    /// So many messages that were taken have waited too long, and are dropped.
    pub fn note_expired(&mut self, messages: usize) {
        self.shared.lock().expired += messages as u64;
    }

    /// Drops the oldest messages that wait, so many at the most, because they have waited
    /// too long, and gives their room back; says how many there were. If none is left the reader is asleep.
    pub fn discard(&mut self, messages: usize, wakes: &mut Wakes) -> usize {
        let mut left = messages;
        // Without the lock: a body may run its owner's code when it goes.
        while left > 0 && (!self.current.is_empty() || self.refill().is_ok()) {
            let some = left.min(self.current.messages());
            self.current.discard_messages(some);
            left -= some;
        }
        self.advance(messages - left, wakes);
        self.note_expired(messages - left);
        // Whoever pushes into an empty pipe has to call.
        let _ = self.readable();
        messages - left
    }

    /// Gives the room of `messages` back that were taken, and that came to so many bytes;
    /// the producer is told half a high-water mark at a time.
    #[inline]
    pub fn release(&mut self, messages: usize, bytes: usize, wakes: &mut Wakes) {
        self.held = self.held.saturating_sub(bytes);
        self.advance(messages, wakes);
    }

    /// Gives the room of messages back that were [popped](Self::pop_held), by one who will
    /// not look for the next before there is one: sees for certain that the mark was moved.
    pub fn release_last(&mut self, messages: usize, wakes: &mut Wakes) {
        self.read += messages as u64;
        self.shared.progress.note(self.read);
        self.return_credit(wakes);
    }

    #[inline]
    fn advance(&mut self, messages: usize, wakes: &mut Wakes) {
        self.read += messages as u64;
        self.shared.progress.note(self.read);
        if self.read - self.returned >= self.shared.progress.step() {
            self.give_back(wakes);
        }
    }

    /// Lets the writer push no more; what is in the pipe can still be popped.
    pub fn refuse(&mut self) {
        let mut wakes = Wakes::new();
        let mut state = self.shared.lock();
        if !std::mem::replace(&mut state.reader.closed, true) {
            state.writer.kick(&mut wakes);
        }
        drop(state);
    }

    /// Whether nothing is left to pop.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.current.is_empty() && self.shared.lock().chunks.is_empty()
    }

    /// Whether the writer waits for room, or has filled a chunk.
    #[must_use]
    pub fn is_pressed(&self) -> bool {
        let state = self.shared.lock();
        state.writer.asleep || state.chunks.has_full()
    }

    /// Whether the writer is gone.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.shared.lock().writer.closed
    }

    /// Gives room back, if it is enough already where bytes count.
    #[cold]
    fn give_back(&mut self, wakes: &mut Wakes) {
        let batches = self.shared.progress.batches();
        if let (Some(seen), Some(batch)) = (self.bytes, batches.bytes) {
            let read = self.bytes_read(seen.taken);
            self.shared.progress.note_bytes(read);
            let due = read.saturating_sub(seen.returned) >= batch;
            if !due && self.read - self.returned < batches.messages {
                return;
            }
        }
        self.return_credit(wakes);
    }

    /// Looks under the lock whether there is room to give back, and what counts.
    #[cold]
    fn return_credit(&mut self, wakes: &mut Wakes) {
        let mut state = self.shared.lock();
        let taken = state.chunks.taken();
        let read = self.bytes_read(taken);
        self.shared.progress.note_bytes(read);
        state.give_back(self.read, read, wakes);
        self.returned = state.returned;
        self.bytes = state.bytes.map(|bytes| BytesSeen {
            taken,
            returned: bytes.returned(),
        });
    }

    /// How many bytes were read, of so many that were taken.
    fn bytes_read(&self, taken: u64) -> u64 {
        let left = self.current.wire_len() + self.held;
        taken.saturating_sub(left as u64)
    }

    /// Takes out as much as makes a piece.
    #[cold]
    fn gather(&mut self) {
        let mut state = self.shared.lock();
        state.chunks.gather(&mut self.current);
        if let Some(seen) = &mut self.bytes {
            seen.taken = state.chunks.taken();
        }
    }

    fn refill(&mut self) -> Result<(), PopError> {
        self.look(|_| false)
    }

    /// Exchanges the empty current chunk if there is another. If not it does not fall
    /// asleep: it has something in hand, and will look again.
    fn refill_awake(&mut self) -> bool {
        let mut state = self.shared.lock();
        let settled = state.bytes.is_none() && self.read - self.returned < state.batch;
        settled && state.chunks.exchange(&mut self.current)
    }

    /// Exchanges the empty current chunk for the oldest one in the pipe, unless that is
    /// to stay.
    #[inline]
    fn look(&mut self, stays: impl FnOnce(&State) -> bool) -> Result<(), PopError> {
        self.pace.wait();
        let mut state = self.shared.lock();
        if state.bytes.is_some() || self.read - self.returned >= state.batch {
            drop(state);
            self.see_marks();
            state = self.shared.lock();
        }
        if state.reader.asleep {
            // Whoever pushes, or leaves, wakes it: nothing has come since it looked.
            return Err(PopError::Empty);
        }
        if stays(&state) {
            return Ok(());
        }
        if state.chunks.exchange(&mut self.current) {
            // What is gathered comes one by one, however much there is.
            if !self.gathers {
                self.pace.note(&self.current, state.producer);
            }
            if let Some(seen) = &mut self.bytes {
                seen.taken = state.chunks.taken();
            }
            return Ok(());
        }
        if state.writer.closed {
            return Err(PopError::Closed);
        }
        state.reader.asleep = true;
        self.pace.note_nothing();
        Err(PopError::Empty)
    }

    /// A mark was moved and what was read before is enough to be told, or bytes count.
    #[cold]
    fn see_marks(&mut self) {
        // Woken at once, as by an end that is dropped: a writer's waker takes no half's lock.
        self.return_credit(&mut Wakes::new());
    }
}

impl Drop for PipeReader {
    fn drop(&mut self) {
        let mut wakes = Wakes::new();
        let mut state = self.shared.lock();
        state.reader.closed = true;
        state.writer.asleep = false;
        state.writer.kick(&mut wakes);
        // Freed without the lock: a body may run its owner's code.
        let unread = state.lose(self.shared.progress.read());
        // Nothing waits any more, and a gauge may outlive both ends.
        self.shared.progress.note(state.sent);
        drop(state);
        drop(unread);
    }
}
