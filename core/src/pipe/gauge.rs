//! A look at a pipe from outside.

use super::Shared;
use super::mark::{Mark, Side};
use crate::wakes::Wakes;

/// A pipe's gauge on one of its two sides: tells how much waits, and moves that
/// side's high-water mark. It may be used from anywhere, whoever has the ends.
#[derive(Debug, Clone)]
pub struct PipeGauge {
    shared: Shared,
    side: Side,
}

/// How much waits in a pipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QueueDepth {
    /// Messages whose receiver has not taken them yet; over a wire, those that the
    /// system has not taken.
    pub messages: usize,
    /// The bytes of these messages as they are on a wire, frame headers included.
    /// Messages are taken in pieces of some 128 KiB: of the piece that is being read
    /// it is estimated from how many messages are left of it.
    pub bytes: usize,
}

/// What has gone through a pipe since the beginning. It is counted where chunks change
/// hands, and can still be told when both ends are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PipeTotals {
    /// Messages that were put in, whatever became of them.
    pub messages: u64,
    /// Their bytes as they are on a wire, frame headers included; without those of
    /// messages that were replaced.
    pub bytes: u64,
    /// How many of them a newer one has replaced.
    pub replaced: u64,
    /// How many of them had waited too long.
    pub expired: u64,
    /// How many of them nobody had read when the reader left.
    pub lost: u64,
}

impl PipeGauge {
    pub(super) fn new(shared: &Shared, side: Side) -> Self {
        Self {
            shared: Shared::clone(shared),
            side,
        }
    }

    /// How much waits now.
    #[must_use]
    pub fn depth(&self) -> QueueDepth {
        let state = self.shared.lock();
        state.chunks.depth(state.left(self.shared.progress.read()))
    }

    /// How much waits now, if more may come: nobody waits for room, and the writer has not
    /// left.
    #[must_use]
    pub fn growing(&self) -> Option<QueueDepth> {
        let state = self.shared.lock();
        let more_may_come = !state.writer.asleep && !state.writer.closed;
        more_may_come.then(|| state.chunks.depth(state.left(self.shared.progress.read())))
    }

    /// What has gone through the pipe until now.
    #[must_use]
    pub fn totals(&self) -> PipeTotals {
        let state = self.shared.lock();
        PipeTotals {
            messages: state.sent + state.replaced,
            bytes: state.chunks.taken() + state.chunks.waiting().bytes as u64,
            replaced: state.replaced,
            expired: state.expired,
            lost: state.lost,
        }
    }

    /// Moves this side's high-water mark. No message is lost if more wait already; a
    /// writer that waits is woken if there is room now.
    pub fn set_mark(&self, mark: Mark, wakes: &mut Wakes) {
        self.shared.set_mark(self.side, mark, wakes);
    }

    /// Has a message replace the one of its topic from now on
    /// ([`Conflate::ByTopic`](super::Conflate)), and at once those that wait, unless it
    /// replaces all of them. What the reader has in hand stays.
    pub fn conflate_by_topic(&self, wakes: &mut Wakes) {
        self.shared.conflate_by_topic(wakes);
    }

    /// Whether one of the ends is gone.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        let state = self.shared.lock();
        state.writer.closed || state.reader.closed
    }

    /// Whether both ends are gone.
    #[must_use]
    pub fn is_over(&self) -> bool {
        let state = self.shared.lock();
        state.writer.closed && state.reader.closed
    }
}
