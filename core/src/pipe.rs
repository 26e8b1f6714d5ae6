//! The pipe: whole messages from one producer to one consumer, with a
//! high-water mark and a wake-up at either end.
//!
//! ```text
//!   PipeWriter ── push ──▶ [ chunk | chunk | chunk ] ── pop ──▶ PipeReader
//!       ▲                                                          │
//!       └───────────── credit, half a mark at a time ◀─────────────┘
//! ```
//!
//! Every peer of a socket has two pipes, one each way. Between two sockets of
//! one process a pipe leads from half to half; on a wire, a driver holds the
//! other end. Messages wait in the form they have on the wire ([`Records`]).
//!
//! Each end is owned: only one task at a time can push, only one can pop. What
//! they share is a lock that is held for the copy of one small message or the
//! exchange of a chunk, never across a call into other code. The consumer takes
//! whole chunks and pops from them without the lock.
//!
//! # Waking
//!
//! An end that finds nothing to do says so under the lock ("asleep") and is
//! woken by the other end's next step, once: the flag is cleared by whoever
//! wakes. `loom_pipe.rs` tries all interleavings.

use std::collections::VecDeque;
use std::task::Waker;

use zmtp_codec::{Message, Records};

use crate::sync::{Arc, Mutex};
use crate::wakes::Wakes;

/// A chunk takes messages until its arena has so many bytes.
const CHUNK: usize = 64 << 10;

/// A spent arena up to this size waits for the next message; larger ones are
/// freed, so that an idle pipe owns no buffer.
const KEPT_ARENA: usize = 4 << 10;

/// What a pipe is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PipeConfig {
    /// The high-water mark in messages; 0 is no mark.
    pub high_water: usize,
    /// Bodies from this many bytes on are shared with the sender, not copied.
    pub share_from: usize,
    /// Whether a new message replaces one that still waits (`ZMQ_CONFLATE`).
    pub conflate: bool,
}

/// Why a push did not happen. The message stays with the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PushError {
    /// The high-water mark is reached. The writer will be woken.
    Full,
    /// The reader is gone.
    Closed,
}

/// Why there is nothing to pop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PopError {
    /// The pipe is empty. The reader will be woken.
    Empty,
    /// The pipe is empty and the writer is gone.
    Closed,
}

/// A pipe's two ends. Both begin asleep: the first push wakes the reader.
#[must_use]
pub fn pipe(config: PipeConfig) -> (PipeWriter, PipeReader) {
    let shared = Arc::new(Mutex::new(State {
        chunks: VecDeque::new(),
        spare: None,
        arena_hint: 0,
        config,
        returned: 0,
        writer: End {
            asleep: false,
            closed: false,
            waker: None,
        },
        reader: End {
            asleep: true,
            closed: false,
            waker: None,
        },
    }));
    let writer = PipeWriter {
        shared: Arc::clone(&shared),
        sent: 0,
        reserved: 0,
        returned: 0,
        high_water: config.mark(),
    };
    let reader = PipeReader {
        shared,
        current: Records::default(),
        read: 0,
        returned: 0,
        batch: config.batch(),
    };
    (writer, reader)
}

/// The producer's end.
#[derive(Debug)]
pub struct PipeWriter {
    shared: Arc<Mutex<State>>,
    /// Messages pushed since the beginning.
    sent: u64,
    /// Slots promised and not used yet.
    reserved: u64,
    /// The consumer's returned count as last seen.
    returned: u64,
    high_water: u64,
}

/// The consumer's end.
#[derive(Debug)]
pub struct PipeReader {
    shared: Arc<Mutex<State>>,
    /// The chunk being popped from, already out of the pipe.
    current: Records,
    /// Messages consumed since the beginning.
    read: u64,
    /// The part of `read` that the producer knows of.
    returned: u64,
    /// How many consumed messages are told to the producer at once.
    batch: u64,
}

#[derive(Debug)]
struct State {
    chunks: VecDeque<Records>,
    spare: Option<Records>,
    /// How large the last arena had grown.
    arena_hint: usize,
    config: PipeConfig,
    /// Messages whose room the consumer has given back.
    returned: u64,
    writer: End,
    reader: End,
}

#[derive(Debug)]
struct End {
    asleep: bool,
    closed: bool,
    waker: Option<Waker>,
}

impl PipeConfig {
    fn mark(&self) -> u64 {
        match self.high_water {
            0 => u64::MAX,
            _ if self.conflate => u64::MAX,
            mark => mark as u64,
        }
    }

    /// libzmq's low-water mark: credit travels half a high-water mark at a time.
    fn batch(&self) -> u64 {
        (self.high_water as u64).div_ceil(2).max(1)
    }
}

impl End {
    #[inline]
    fn wake(&mut self, wakes: &mut Wakes) {
        if std::mem::take(&mut self.asleep) {
            self.kick(wakes);
        }
    }

    fn kick(&self, wakes: &mut Wakes) {
        if let Some(waker) = &self.waker {
            wakes.push(waker.clone());
        }
    }

    /// Registers a waker, and wakes it for what it has missed.
    fn register(&mut self, waker: &Waker, missed: bool, wakes: &mut Wakes) {
        if !self
            .waker
            .as_ref()
            .is_some_and(|known| known.will_wake(waker))
        {
            self.waker = Some(waker.clone());
            if missed {
                wakes.push(waker.clone());
            }
        }
    }
}

impl State {
    /// The chunk that takes the next message.
    #[inline]
    fn open_chunk(&mut self) -> &mut Records {
        let full = self
            .chunks
            .back()
            .is_none_or(|chunk| chunk.arena_len() >= CHUNK);
        if full {
            self.add_chunk();
        }
        let last = self.chunks.len() - 1;
        &mut self.chunks[last]
    }

    #[cold]
    fn add_chunk(&mut self) {
        let chunk = self.spare.take().unwrap_or_else(|| {
            Records::with_capacity(self.config.share_from, self.arena_hint.min(CHUNK))
        });
        self.chunks.push_back(chunk);
    }
}

impl PipeWriter {
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
        if self.sent + self.reserved - self.returned >= self.high_water {
            self.refresh(wakes)?;
        }
        let mut state = self.shared.lock();
        if state.reader.closed {
            return Err(PushError::Closed);
        }
        if state.config.conflate {
            state.chunks.clear();
        }
        state.open_chunk().push(prefix, message, skip);
        state.reader.wake(wakes);
        drop(state);
        self.sent += 1;
        Ok(())
    }

    /// Pushes whole records, as many as there is [room](Self::room) for.
    pub fn push_records(&mut self, records: Records, wakes: &mut Wakes) -> Result<(), PushError> {
        let messages = records.messages() as u64;
        let mut state = self.shared.lock();
        if state.reader.closed {
            return Err(PushError::Closed);
        }
        if state.config.conflate {
            state.chunks.clear();
        }
        let small = records.arena_len() <= KEPT_ARENA;
        match state.chunks.back_mut() {
            Some(last) if small && last.has_space(records.arena_len()) => last.append(records),
            _ => state.chunks.push_back(records),
        }
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

impl PipeReader {
    /// Registers who is woken when there is something to pop or the writer leaves.
    pub fn set_waker(&mut self, waker: &Waker) {
        let mut wakes = Wakes::new();
        let mut state = self.shared.lock();
        let missed = state.writer.closed || !state.reader.asleep;
        state.reader.register(waker, missed, &mut wakes);
        drop(state);
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
        match self.current.is_empty() {
            true => self.refill(),
            false => Ok(()),
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

    /// Whether the writer waits for room.
    #[must_use]
    pub fn is_starved(&self) -> bool {
        self.shared.lock().writer.asleep
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

    /// Exchanges the empty current chunk for the oldest one in the pipe.
    fn refill(&mut self) -> Result<(), PopError> {
        let spent = std::mem::take(&mut self.current);
        let mut state = self.shared.lock();
        if spent.arena_capacity() > 0 {
            state.arena_hint = spent.arena_capacity();
            if spent.arena_capacity() <= KEPT_ARENA {
                state.spare = Some(Records::recycled(spent));
            }
        }
        match state.chunks.pop_front() {
            Some(chunk) => {
                self.current = chunk;
                Ok(())
            }
            None if state.writer.closed => Err(PopError::Closed),
            None => {
                state.reader.asleep = true;
                Err(PopError::Empty)
            }
        }
    }
}

impl Drop for PipeWriter {
    fn drop(&mut self) {
        let mut wakes = Wakes::new();
        let mut state = self.shared.lock();
        state.writer.closed = true;
        state.reader.asleep = false;
        state.reader.kick(&mut wakes);
        drop(state);
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
        let unread = std::mem::take(&mut state.chunks);
        drop(state);
        drop(unread);
    }
}
