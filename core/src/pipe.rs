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
//! whole chunks and pops from them without the lock; how far it came it notes beside.
//!
//! # Waking
//!
//! An end that finds nothing to do says so under the lock ("asleep") and is
//! woken by the other end's next step, once: the flag is cleared by whoever
//! wakes. `loom_pipe.rs` tries all interleavings.
//!
//! # Marks
//!
//! A pipe is full when its high-water mark is reached: what either side lets wait,
//! together. A [`PipeGauge`] moves one side's part at any time. The writer holds what
//! it pushes against the mark under the lock, so that it sees a new one at once. The
//! reader, who gives room back in steps of half a mark, may by the slightest chance
//! miss a new one, but not when it looks for its next chunk.

mod account;
mod arenas;
mod chunks;
mod gauge;
mod mark;
mod reader;
mod writer;

pub use gauge::{PipeGauge, PipeTotals, QueueDepth};
pub use mark::Mark;
pub use reader::PipeReader;
pub use writer::PipeWriter;

use std::task::Waker;

use account::ByteAccount;
use chunks::Chunks;
use mark::{Marks, Side};
use zmtp_codec::Message;

use crate::sync::{Arc, AtomicU64, Ordering, QuickGuard, QuickMutex};
use crate::wakes::Wakes;

/// What a pipe is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PipeConfig {
    /// What the sending side lets wait; absent where the producer is no socket.
    pub send_mark: Option<Mark>,
    /// What the receiving side lets wait besides; absent where the consumer is no socket.
    pub receive_mark: Option<Mark>,
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
    let state = State::new(config);
    let shared = Arc::new(Pipe {
        progress: Progress::new(state.step()),
        state: QuickMutex::new(state),
    });
    let reader = PipeReader::new(Arc::clone(&shared));
    (PipeWriter::new(shared), reader)
}

/// What both ends share.
type Shared = Arc<Pipe>;

#[derive(Debug)]
struct Pipe {
    state: QuickMutex<State>,
    progress: Progress,
}

/// What the consumer notes and looks at with each message, without the lock. It is on a
/// cache line of its own: the producer, who is busy with the lock's, seldom needs it.
#[derive(Debug)]
#[repr(align(64))]
struct Progress {
    /// How many messages the consumer is done with.
    read: AtomicU64,
    /// The bytes of these, if there is a mark in bytes.
    bytes: AtomicU64,
    /// After how many messages it has to look whether to give room back.
    step: AtomicU64,
}

impl Progress {
    fn new(step: u64) -> Self {
        Self {
            read: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            step: AtomicU64::new(step),
        }
    }

    #[inline]
    fn note(&self, read: u64) {
        self.read.store(read, Ordering::Relaxed);
    }

    fn read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    fn note_bytes(&self, bytes: u64) {
        self.bytes.store(bytes, Ordering::Relaxed);
    }

    fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    #[inline]
    fn step(&self) -> u64 {
        self.step.load(Ordering::Relaxed)
    }
}

impl Pipe {
    #[inline]
    fn lock(&self) -> QuickGuard<'_, State> {
        self.state.lock()
    }

    /// Moves a side's mark. All room there is counts from now on.
    fn set_mark(&self, side: Side, mark: Mark, wakes: &mut Wakes) {
        let mut state = self.lock();
        if !state.marks.set(side, mark) {
            return;
        }
        let read = self.progress.read();
        let bytes_read = state.chunks.surely_read(state.left(read));
        state.returned = state.returned.max(read);
        state.measure(bytes_read.max(self.progress.bytes()));
        self.progress.step.store(state.step(), Ordering::Relaxed);
        if state.sent < state.limit {
            state.writer.wake(wakes);
        }
    }
}

#[derive(Debug)]
struct State {
    chunks: Chunks,
    conflate: bool,
    marks: Marks,
    /// Messages pushed since the beginning, but for those that others have replaced.
    sent: u64,
    /// Messages that others have replaced.
    replaced: u64,
    /// Messages that nobody had read when the reader left.
    lost: u64,
    /// Messages whose room the consumer has given back.
    returned: u64,
    /// The pipe is full when so many were sent.
    limit: u64,
    /// Room is given back so much at a time.
    batch: u64,
    /// The same in bytes, if there is a mark.
    bytes: Option<ByteAccount>,
    /// Whether a message is simply added: it replaces none, and its bytes do not count.
    plain: bool,
    writer: End,
    reader: End,
    /// What the consumer wants to be told last.
    farewell: Option<Box<Message>>,
}

impl State {
    fn new(config: PipeConfig) -> Self {
        let end = |asleep| End {
            asleep,
            eager: false,
            closed: false,
            waker: None,
        };
        let mut state = Self {
            chunks: Chunks::new(config.share_from),
            conflate: config.conflate,
            marks: Marks {
                sending: config.send_mark,
                receiving: config.receive_mark,
            },
            sent: 0,
            replaced: 0,
            lost: 0,
            returned: 0,
            limit: 0,
            batch: 0,
            bytes: None,
            plain: true,
            writer: end(false),
            reader: end(true),
            farewell: None,
        };
        state.measure(0);
        state
    }

    /// How many messages wait, if so many were read.
    fn left(&self, read: u64) -> usize {
        usize::try_from(self.sent.saturating_sub(read)).unwrap_or(usize::MAX)
    }

    /// How many messages may wait now.
    fn mark(&self) -> u64 {
        match self.conflate {
            true => u64::MAX,
            false => self.marks.messages(),
        }
    }

    /// Sees to it that what depends on the marks fits them; so many bytes were read.
    fn measure(&mut self, bytes_read: u64) {
        let mark = self.marks.bytes();
        let counted = mark < u64::MAX && !self.conflate;
        self.bytes = counted.then(|| ByteAccount::new(mark, &self.chunks, bytes_read));
        self.plain = !counted && !self.conflate;
        self.batch = mark::half(self.mark());
        self.limit = self.find_limit();
    }

    fn find_limit(&self) -> u64 {
        match &self.bytes {
            Some(bytes) if bytes.is_full() => 0,
            _ => self.returned.saturating_add(self.mark()),
        }
    }

    /// Gives the room of what was read back, in whole batches.
    fn give_back(&mut self, read: u64, bytes_read: u64, wakes: &mut Wakes) {
        let unreturned = read.saturating_sub(self.returned);
        let due = unreturned >= self.batch;
        if due {
            self.returned = read - unreturned % self.batch;
        }
        let bytes = self.bytes.as_mut();
        if bytes.is_some_and(|bytes| bytes.give_back(bytes_read)) || due {
            self.limit = self.find_limit();
            self.writer.wake(wakes);
        }
    }

    /// After how many messages the consumer has to look whether to give room back:
    /// where bytes count, after each.
    fn step(&self) -> u64 {
        match self.bytes {
            Some(_) => 1,
            None => self.batch,
        }
    }

    /// Takes out all that waits, so many messages being read: nobody reads on.
    fn lose(&mut self, read: u64) -> Chunks {
        self.lost += self.left(read) as u64;
        let passed = self.chunks.taken() + self.chunks.waiting().bytes as u64;
        std::mem::replace(&mut self.chunks, Chunks::after(passed))
    }

    /// Drops what waits, for a message that replaces it.
    fn replace(&mut self) {
        let replaced = self.chunks.clear() as u64;
        self.sent -= replaced;
        self.replaced += replaced;
    }
}

/// What the other end has to know of one.
#[derive(Debug)]
struct End {
    asleep: bool,
    /// Whether it is woken for each whole chunk.
    eager: bool,
    closed: bool,
    waker: Option<Waker>,
}

impl End {
    #[inline]
    fn wake(&mut self, wakes: &mut Wakes) {
        if self.asleep {
            self.asleep = false;
            self.kick(wakes);
        }
    }

    /// Wakes it for a whole chunk.
    #[cold]
    fn press(&mut self, wakes: &mut Wakes) {
        if self.eager {
            self.asleep = false;
            self.kick(wakes);
        }
    }

    #[cold]
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
