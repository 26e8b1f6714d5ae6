//! The consumer's end of a pipe.

use std::task::Waker;

use zmtp_codec::{Message, Records};

use super::chunks::Chunks;
use super::{PopError, Shared, State};
use crate::wakes::Wakes;

/// The consumer's end.
#[derive(Debug)]
pub struct PipeReader {
    shared: Shared,
    /// The chunk being popped from, already out of the pipe.
    current: Records,
    /// Messages consumed since the beginning.
    read: u64,
    /// The part of `read` that the producer knows of.
    returned: u64,
    /// How many consumed messages are told to the producer at once.
    batch: u64,
}

impl PipeReader {
    pub(super) fn new(shared: Shared, batch: u64) -> Self {
        Self {
            shared,
            current: Records::default(),
            read: 0,
            returned: 0,
            batch,
        }
    }

    /// Registers who is woken when there is something to pop or the writer leaves.
    pub fn set_waker(&mut self, waker: &Waker) {
        let mut wakes = Wakes::new();
        let mut state = self.shared.lock();
        let missed = state.writer.closed || !state.reader.asleep;
        state.reader.register(waker, missed, &mut wakes);
        drop(state);
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
        self.release(1, wakes);
        Ok(())
    }

    /// Pops a message without giving its room back: that is for
    /// [`release`](Self::release), when it is done with.
    ///
    /// # Errors
    ///
    /// As [`pop`](Self::pop).
    #[inline]
    pub fn pop_held(&mut self, into: &mut Message) -> Result<(), PopError> {
        while !self.current.pop_into(into) {
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
        let mut state = self.shared.lock();
        // Until it is popped, a message that may be replaced stays where it can be.
        match state.config.conflate && !state.chunks.is_empty() {
            true => Ok(()),
            false => exchange(&mut state, &mut self.current),
        }
    }

    /// Takes the oldest messages out in one piece, without giving their room
    /// back: that is for [`release`](Self::release), when they are done with.
    ///
    /// # Errors
    ///
    /// As [`pop`](Self::pop).
    pub fn take(&mut self) -> Result<Records, PopError> {
        self.refill()?;
        Ok(std::mem::take(&mut self.current))
    }

    /// Hands the arena of a piece that was taken back for the next messages.
    pub fn recycle(&mut self, spent: Records) {
        self.current = spent;
    }

    /// Gives the room of `messages` back, to be told to the producer half a
    /// high-water mark at a time.
    #[inline]
    pub fn release(&mut self, messages: usize, wakes: &mut Wakes) {
        self.read += messages as u64;
        if self.read - self.returned >= self.batch {
            self.return_credit(wakes);
        }
    }

    /// Raises the high-water mark, as the writer will see when it reaches the one
    /// it knows.
    pub fn raise_high_water(&mut self, high_water: usize) {
        let mut wakes = Wakes::new();
        let mut state = self.shared.lock();
        state.config.high_water = high_water;
        self.batch = state.config.batch();
        state.writer.wake(&mut wakes);
        drop(state);
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

    #[cold]
    fn return_credit(&mut self, wakes: &mut Wakes) {
        let mut state = self.shared.lock();
        let unreturned = self.read - self.returned;
        self.returned += unreturned - unreturned % self.batch;
        state.returned = self.returned;
        state.writer.wake(wakes);
        self.batch = state.config.batch();
    }

    fn refill(&mut self) -> Result<(), PopError> {
        exchange(&mut self.shared.lock(), &mut self.current)
    }
}

/// Exchanges the empty current chunk for the oldest one in the pipe.
fn exchange(state: &mut State, current: &mut Records) -> Result<(), PopError> {
    if state.chunks.exchange(current) {
        return Ok(());
    }
    if state.writer.closed {
        return Err(PopError::Closed);
    }
    state.reader.asleep = true;
    Err(PopError::Empty)
}

impl Drop for PipeReader {
    fn drop(&mut self) {
        let mut wakes = Wakes::new();
        let mut state = self.shared.lock();
        state.reader.closed = true;
        state.writer.asleep = false;
        state.writer.kick(&mut wakes);
        // Freed without the lock: a body may run its owner's code.
        let unread = std::mem::replace(&mut state.chunks, Chunks::new(0));
        drop(state);
        drop(unread);
    }
}
