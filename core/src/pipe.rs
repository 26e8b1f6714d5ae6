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
mod blocks;
mod chunks;
mod gauge;
mod mark;
mod newest;
mod pace;
mod progress;
mod reader;
mod state;
mod topics;
mod writer;

pub use gauge::{PipeGauge, PipeTotals, QueueDepth};
pub use mark::Mark;
pub use reader::PipeReader;
pub use writer::PipeWriter;

use mark::Side;
use progress::Progress;
use state::State;

use crate::sync::{Arc, QuickGuard, QuickMutex};
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
    /// Which messages that still wait a new one replaces.
    pub conflate: Conflate,
}

/// Which of the messages that wait in a pipe a new one replaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Conflate {
    /// None.
    #[default]
    No,
    /// All of them, so that one waits at the most, whatever the marks (`ZMQ_CONFLATE`).
    All,
    /// The one whose first frame is the same, if there is one. The new one goes to the
    /// end: what waits is in the order in which it was sent. The marks count what is
    /// left, so that the one in messages counts topics.
    ByTopic,
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
        progress: Progress::new(state.batches()),
        state: QuickMutex::new(state),
    });
    let reader = PipeReader::new(Arc::clone(&shared), config.conflate);
    (PipeWriter::new(shared), reader)
}

/// What both ends share.
type Shared = Arc<Pipe>;

#[derive(Debug)]
struct Pipe {
    state: QuickMutex<State>,
    progress: Progress,
}

impl Pipe {
    #[inline]
    fn lock(&self) -> QuickGuard<'_, State> {
        self.state.lock()
    }

    /// Moves a side's mark. All room there is counts from now on.
    fn set_mark(&self, side: Side, mark: Mark, wakes: &mut Wakes) {
        let mut state = self.lock();
        if state.marks.set(side, mark) {
            self.measure(&mut state, wakes);
        }
    }

    /// Has messages replace those of their topic from now on, and those that wait.
    fn conflate_by_topic(&self, wakes: &mut Wakes) {
        let mut state = self.lock();
        if state.conflate == Conflate::No {
            state.sort_by_topic();
            self.measure(&mut state, wakes);
        }
    }

    fn measure(&self, state: &mut State, wakes: &mut Wakes) {
        let read = self.progress.read();
        let bytes_read = state.chunks.surely_read(state.left(read));
        state.returned = state.returned.max(read);
        state.measure(bytes_read.max(self.progress.bytes()));
        self.progress.set_batches(state.batches());
        if state.sent < state.limit {
            state.writer.wake(wakes);
        }
    }
}
