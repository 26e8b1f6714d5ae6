//! The producer's end of a pipe.

use std::task::Waker;

use zmtp_codec::{Message, Records};

use super::chunks::{CHUNK, is_full};
use super::gauge::PipeGauge;
use super::mark::Side;
use super::state::State;
use super::{Conflate, PushError, Shared};
use crate::caller::Caller;
use crate::pattern::Row;
use crate::wakes::Wakes;

/// Of many messages so many bytes are copied before the reader may have its turn.
const PORTION: usize = 8 << 10;

/// The producer's end.
#[derive(Debug)]
pub struct PipeWriter {
    shared: Shared,
    /// Slots promised and not used yet.
    reserved: u64,
}

impl PipeWriter {
    pub(super) fn new(shared: Shared) -> Self {
        Self {
            shared,
            reserved: 0,
        }
    }

    /// A gauge, by which to see how much waits and to move the sending side's mark.
    #[must_use]
    pub fn gauge(&self) -> PipeGauge {
        PipeGauge::new(&self.shared, Side::Sending)
    }

    /// Registers who is woken when there is room again or the reader leaves.
    pub fn set_waker(&mut self, waker: &Waker) {
        let mut wakes = Wakes::new();
        let mut state = self.shared.lock();
        let missed = state.reader.closed;
        state.writer.register(waker, missed, &mut wakes);
        drop(state);
    }

    /// Pushes the frames of `prefix` (as they stand on the wire, each with MORE
    /// set) and those of `message` but its first `skip`, as one message.
    ///
    /// # Errors
    ///
    /// [`PushError::Full`] at the high-water mark, slots [reserved](Self::reserve)
    /// included; the reader is kicked once, so that it may make room right away. A
    /// message that replaces the one of its topic needs no room.
    #[inline]
    pub fn push(
        &mut self,
        prefix: &[u8],
        message: &Message,
        skip: usize,
        wakes: &mut Wakes,
    ) -> Result<(), PushError> {
        self.add(wakes, |chunk| chunk.push(prefix, message, skip))
    }

    /// Pushes a message, and takes the body of its only frame out of it if that is shared.
    ///
    /// # Errors
    ///
    /// As [`push`](Self::push), and then nothing is taken.
    #[inline]
    pub fn push_owned(
        &mut self,
        message: &mut Message,
        wakes: &mut Wakes,
    ) -> Result<(), PushError> {
        self.add(wakes, |chunk| chunk.push_owned(message))
    }

    /// Pushes a message of one frame, behind the frames of `prefix`.
    ///
    /// # Errors
    ///
    /// As [`push`](Self::push).
    #[inline]
    pub fn push_frame(
        &mut self,
        prefix: &[u8],
        body: &[u8],
        wakes: &mut Wakes,
    ) -> Result<(), PushError> {
        self.add(wakes, |chunk| chunk.push_frame(prefix, body))
    }

    /// Pushes messages, up to `limit`, until there are no more or there is no room;
    /// says how many.
    ///
    /// # Errors
    ///
    /// As [`push`](Self::push), and then none was taken from `messages`.
    pub fn push_many(
        &mut self,
        messages: &mut Row<'_>,
        limit: usize,
        wakes: &mut Wakes,
    ) -> Result<usize, PushError> {
        let mut pushed = 0;
        while pushed < limit && messages.len() > 0 {
            match self.push_portion(messages, limit - pushed, pushed > 0, wakes) {
                Ok(more) => pushed += more,
                // The rest is for another peer.
                Err(_) if pushed > 0 => break,
                Err(error) => return Err(error),
            }
        }
        Ok(pushed)
    }

    /// Pushes up to `limit` messages, as many as there is room for and are copied at
    /// once; `more` of the same row as the last.
    fn push_portion(
        &mut self,
        messages: &mut Row<'_>,
        limit: usize,
        more: bool,
        wakes: &mut Wakes,
    ) -> Result<usize, PushError> {
        let mut state = self.shared.lock();
        if state.reader.closed {
            return Err(PushError::Closed);
        }
        if state.sent + self.reserved >= state.limit {
            self.find_room(&mut state, wakes)?;
        }
        // Each may replace the last, or be the one that reaches the mark in bytes.
        let room = match state.plain {
            true => usize::try_from(state.limit - state.sent - self.reserved),
            false => Ok(1),
        };
        let limit = room.map_or(limit, |room| room.min(limit));
        Ok(state.add_row(messages, limit, more, wakes))
    }

    /// Adds a message to the chunk that takes the next one.
    #[inline]
    fn add(&mut self, wakes: &mut Wakes, add: impl FnOnce(&mut Records)) -> Result<(), PushError> {
        let mut state = self.shared.lock();
        if state.reader.closed {
            return Err(PushError::Closed);
        }
        if state.sent + self.reserved >= state.limit {
            if let Err(full) = self.find_room(&mut state, wakes) {
                return state.renew(full, wakes, add);
            }
        }
        state.add(wakes, add);
        Ok(())
    }

    /// Pushes a message that tells of the peer itself: also where there is no room, but
    /// then only one.
    pub fn push_beyond(&mut self, message: &Message, wakes: &mut Wakes) {
        let mut state = self.shared.lock();
        // Nobody may be there to read it.
        if !state.reader.closed && state.sent <= state.returned.saturating_add(state.mark()) {
            state.add(wakes, |chunk| chunk.push(&[], message, 0));
        }
    }

    /// Pushes whole records, as many as there is [room](Self::room) for. Where a new
    /// message replaces older ones, so it does among them.
    pub fn push_records(
        &mut self,
        mut records: Records,
        wakes: &mut Wakes,
    ) -> Result<(), PushError> {
        let mut state = self.shared.lock();
        if state.reader.closed {
            return Err(PushError::Closed);
        }
        if state.conflate == Conflate::ByTopic {
            state.add_each_newest(records, wakes);
            return Ok(());
        }
        if state.conflate == Conflate::All {
            let older = records.messages().saturating_sub(1);
            records.discard_messages(older);
            state.replaced += older as u64;
            state.replace();
        }
        state.producer = Caller::this();
        state.sent += records.messages() as u64;
        let bytes = records.wire_len();
        state.chunks.append(records);
        state.reader.wake(wakes);
        state.count(bytes);
        Ok(())
    }

    /// How many messages may be pushed now.
    ///
    /// # Errors
    ///
    /// [`PushError::Full`] if none may: the writer is then asleep and will be
    /// woken. [`PushError::Closed`] if the reader is gone.
    pub fn room(&mut self, wakes: &mut Wakes) -> Result<usize, PushError> {
        let mut state = self.shared.lock();
        if state.reader.closed {
            return Err(PushError::Closed);
        }
        if state.sent + self.reserved >= state.limit {
            self.find_room(&mut state, wakes)?;
        }
        let room = state.limit - state.sent - self.reserved;
        Ok(usize::try_from(room).unwrap_or(usize::MAX))
    }

    /// Promises a slot to a later [`push_reserved`](Self::push_reserved).
    ///
    /// # Errors
    ///
    /// As [`room`](Self::room).
    pub fn reserve(&mut self, wakes: &mut Wakes) -> Result<(), PushError> {
        self.room(wakes)?;
        self.reserved += 1;
        Ok(())
    }

    /// Gives a promised slot back unused.
    pub fn release(&mut self) {
        self.reserved = self.reserved.saturating_sub(1);
    }

    /// Pushes into a slot promised before; there is room for certain.
    ///
    /// # Errors
    ///
    /// [`PushError::Closed`] if the reader is gone.
    pub fn push_reserved(
        &mut self,
        prefix: &[u8],
        message: &Message,
        skip: usize,
        wakes: &mut Wakes,
    ) -> Result<(), PushError> {
        self.release();
        let mut state = self.shared.lock();
        if state.reader.closed {
            return Err(PushError::Closed);
        }
        state.add(wakes, |chunk| chunk.push(prefix, message, skip));
        Ok(())
    }

    /// How many messages were pushed whose room was not given back.
    #[must_use]
    pub fn queued(&self) -> usize {
        let state = self.shared.lock();
        usize::try_from(state.sent.saturating_sub(state.returned)).unwrap_or(usize::MAX)
    }

    /// Whether a message may have room where another has none, for it replaces one.
    #[must_use]
    pub fn conflates_by_topic(&self) -> bool {
        self.shared.lock().conflate == Conflate::ByTopic
    }

    /// Whether the reader is gone.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.shared.lock().reader.closed
    }

    /// Takes the room that the reader might have given back. If there is none the
    /// writer falls asleep, and the reader is kicked once.
    #[cold]
    fn find_room(&self, state: &mut State, wakes: &mut Wakes) -> Result<(), PushError> {
        let progress = &self.shared.progress;
        state.give_back(progress.read(), progress.bytes(), wakes);
        if state.sent + self.reserved < state.limit {
            return Ok(());
        }
        if !std::mem::replace(&mut state.writer.asleep, true) {
            state.reader.asleep = false;
            state.reader.kick(wakes);
        }
        Err(PushError::Full)
    }
}

impl State {
    /// Adds a message to the chunk that takes the next one.
    #[inline]
    fn add(&mut self, wakes: &mut Wakes, add: impl FnOnce(&mut Records)) {
        match self.plain {
            true => self.add_plainly(wakes, add),
            false => self.add_and_count(wakes, add),
        }
    }

    #[inline]
    fn add_plainly(&mut self, wakes: &mut Wakes, add: impl FnOnce(&mut Records)) {
        self.producer = Caller::this();
        self.call_reader(wakes);
        let chunk = self.chunks.open();
        add(chunk);
        if is_full(chunk) {
            self.reader.press(wakes);
        }
        self.sent += 1;
    }

    #[inline]
    fn call_reader(&mut self, wakes: &mut Wakes) {
        if self.reader.asleep {
            self.chunks.resume();
            self.reader.wake(wakes);
        }
    }

    /// Adds up to `limit` messages, as many as are copied at once.
    fn add_row(
        &mut self,
        messages: &mut Row<'_>,
        limit: usize,
        more: bool,
        wakes: &mut Wakes,
    ) -> usize {
        let (mut added, mut copied) = (0, 0);
        self.producer = Caller::this();
        while added < limit && copied < PORTION {
            let Some(message) = messages.next() else {
                break;
            };
            added += 1;
            if !self.plain {
                self.add_and_count(wakes, |chunk| chunk.push_lent(&message));
                continue;
            }
            self.call_reader(wakes);
            let chunk = match more || added > 1 {
                true => self.chunks.open_still(),
                false => self.chunks.open(),
            };
            let before = chunk.arena_len();
            chunk.push_lent(&message);
            copied += chunk.arena_len() - before;
            if before < CHUNK && is_full(chunk) {
                self.reader.press(wakes);
            }
            self.sent += 1;
        }
        added
    }

    /// Adds a message where it replaces what waits, or its bytes count.
    #[cold]
    fn add_and_count(&mut self, wakes: &mut Wakes, add: impl FnOnce(&mut Records)) {
        match self.conflate {
            Conflate::No => {}
            Conflate::All => self.replace(),
            Conflate::ByTopic => return self.add_newest(wakes, add),
        }
        let mut bytes = 0;
        self.add_plainly(wakes, |chunk| {
            let before = chunk.wire_len();
            add(chunk);
            bytes = chunk.wire_len() - before;
        });
        self.count(bytes);
    }

    /// Counts bytes that were added, where they count.
    #[inline]
    pub(super) fn count(&mut self, bytes: usize) {
        if let Some(counted) = &mut self.bytes {
            counted.send(bytes);
            self.limit = self.find_limit();
        }
    }
}

impl Drop for PipeWriter {
    fn drop(&mut self) {
        let mut wakes = Wakes::new();
        let mut state = self.shared.lock();
        if let Some(farewell) = state.farewell.take().filter(|_| !state.reader.closed) {
            state.chunks.open().push(&[], &farewell, 0);
            state.sent += 1;
        }
        state.writer.closed = true;
        state.reader.asleep = false;
        state.reader.kick(&mut wakes);
        drop(state);
    }
}
