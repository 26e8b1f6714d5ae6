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

    /// Moves this side's high-water mark. No message is lost if more wait already; a
    /// writer that waits is woken if there is room now.
    pub fn set_mark(&self, mark: Mark, wakes: &mut Wakes) {
        self.shared.set_mark(self.side, mark, wakes);
    }

    /// Whether both ends are gone.
    #[must_use]
    pub fn is_over(&self) -> bool {
        let state = self.shared.lock();
        state.writer.closed && state.reader.closed
    }
}
