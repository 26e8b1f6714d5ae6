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

mod arenas;
mod chunks;
mod reader;
mod writer;

pub use reader::PipeReader;
pub use writer::PipeWriter;

use std::task::Waker;

use chunks::Chunks;
use zmtp_codec::Message;

use crate::sync::{Arc, QuickMutex};
use crate::wakes::Wakes;

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
    let shared = Arc::new(QuickMutex::new(State {
        chunks: Chunks::new(config.share_from),
        config,
        returned: 0,
        writer: End {
            asleep: false,
            eager: false,
            closed: false,
            waker: None,
        },
        reader: End {
            asleep: true,
            eager: false,
            closed: false,
            waker: None,
        },
        farewell: None,
    }));
    let writer = PipeWriter::new(Arc::clone(&shared), config.mark());
    let reader = PipeReader::new(shared, config.batch());
    (writer, reader)
}

/// What both ends share.
type Shared = Arc<QuickMutex<State>>;

#[derive(Debug)]
struct State {
    chunks: Chunks,
    config: PipeConfig,
    /// Messages whose room the consumer has given back.
    returned: u64,
    writer: End,
    reader: End,
    /// What the consumer wants to be told last.
    farewell: Option<Box<Message>>,
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
