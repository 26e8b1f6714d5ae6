//! The producer's end of a pipe.

use std::task::Waker;

use zmtp_codec::{Message, Records};

use super::chunks::is_full;
use super::{PushError, Shared};
use crate::wakes::Wakes;

/// The producer's end.
#[derive(Debug)]
pub struct PipeWriter {
    shared: Shared,
    /// Messages pushed since the beginning.
    sent: u64,
    /// Slots promised and not used yet.
    reserved: u64,
    /// The consumer's returned count as last seen.
    returned: u64,
    high_water: u64,
}

impl PipeWriter {
    pub(super) fn new(shared: Shared, high_water: u64) -> Self {
        Self {
            shared,
            sent: 0,
            reserved: 0,
            returned: 0,
            high_water,
        }
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
    /// included; the reader is kicked once, so that it may make room right away.
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

    /// Adds a message to the chunk that takes the next one.
    #[inline]
    fn add(&mut self, wakes: &mut Wakes, add: impl FnOnce(&mut Records)) -> Result<(), PushError> {
        if self.sent + self.reserved - self.returned >= self.high_water {
            self.refresh(wakes)?;
        }
        self.add_anyway(wakes, add)
    }

    #[inline]
    fn add_anyway(
        &mut self,
        wakes: &mut Wakes,
        add: impl FnOnce(&mut Records),
    ) -> Result<(), PushError> {
        let mut state = self.shared.lock();
        if state.reader.closed {
            return Err(PushError::Closed);
        }
        if state.config.conflate {
            state.chunks.clear();
        }
        if state.reader.asleep {
            state.chunks.resume();
            state.reader.wake(wakes);
        }
        let chunk = state.chunks.open();
        add(chunk);
        if is_full(chunk) {
            state.reader.press(wakes);
        }
        drop(state);
        self.sent += 1;
        Ok(())
    }

    /// Pushes a message that tells of the peer itself: also where there is no room, but
    /// then only one.
    pub fn push_beyond(&mut self, message: &Message, wakes: &mut Wakes) {
        if self.queued() as u64 <= self.high_water {
            // Nobody may be there to read it.
            let _ = self.add_anyway(wakes, |chunk| chunk.push(&[], message, 0));
        }
    }

    /// Pushes whole records, as many as there is [room](Self::room) for. Where a new
    /// message replaces an older one, only the last is left of them.
    pub fn push_records(
        &mut self,
        mut records: Records,
        wakes: &mut Wakes,
    ) -> Result<(), PushError> {
        let messages = records.messages() as u64;
        let mut state = self.shared.lock();
        if state.reader.closed {
            return Err(PushError::Closed);
        }
        if state.config.conflate {
            records.discard_messages(records.messages().saturating_sub(1));
            state.chunks.clear();
        }
        state.chunks.append(records);
        state.reader.wake(wakes);
        drop(state);
        self.sent += messages;
        Ok(())
    }

    /// How many messages may be pushed now.
    ///
    /// # Errors
    ///
    /// [`PushError::Full`] if none may: the writer is then asleep and will be
    /// woken. [`PushError::Closed`] if the reader is gone.
    pub fn room(&mut self, wakes: &mut Wakes) -> Result<usize, PushError> {
        let taken = self.sent + self.reserved - self.returned;
        if taken < self.high_water {
            return Ok(usize::try_from(self.high_water - taken).unwrap_or(usize::MAX));
        }
        self.refresh(wakes)?;
        let taken = self.sent + self.reserved - self.returned;
        Ok(usize::try_from(self.high_water - taken).unwrap_or(usize::MAX))
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
        self.push(prefix, message, skip, wakes)
    }

    /// Changes the high-water mark, for messages from now on.
    pub fn set_high_water(&mut self, high_water: usize) {
        let mut state = self.shared.lock();
        state.config.high_water = high_water;
        self.high_water = state.config.mark();
    }

    /// How many messages were pushed whose room was not given back.
    #[must_use]
    pub fn queued(&self) -> usize {
        usize::try_from(self.sent - self.shared.lock().returned).unwrap_or(usize::MAX)
    }

    /// Whether the reader is gone.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.shared.lock().reader.closed
    }

    /// Sees what was given back since; falls asleep if that makes no room.
    #[cold]
    fn refresh(&mut self, wakes: &mut Wakes) -> Result<(), PushError> {
        let mut state = self.shared.lock();
        if state.reader.closed {
            return Err(PushError::Closed);
        }
        self.returned = state.returned;
        self.high_water = state.config.mark();
        if self.sent + self.reserved - self.returned < self.high_water {
            return Ok(());
        }
        if !std::mem::replace(&mut state.writer.asleep, true) {
            state.reader.asleep = false;
            state.reader.kick(wakes);
        }
        Err(PushError::Full)
    }
}

impl Drop for PipeWriter {
    fn drop(&mut self) {
        let mut wakes = Wakes::new();
        let mut state = self.shared.lock();
        if let Some(farewell) = state.farewell.take().filter(|_| !state.reader.closed) {
            state.chunks.open().push(&[], &farewell, 0);
        }
        state.writer.closed = true;
        state.reader.asleep = false;
        state.reader.kick(&mut wakes);
        drop(state);
    }
}
