//! How calls on a socket share the thread with its drivers.

use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll, ready};

use tokio::task::coop;

/// One unit of a task's budget in tokio pays for so many calls: enough that
/// other tasks run, not so often that batches stay small.
const CALLS_PER_UNIT: u32 = 8;

/// Counts the calls on one socket.
#[derive(Debug, Default)]
pub(crate) struct Turns(AtomicU32);

impl Turns {
    /// Ready when the task may go on; otherwise other tasks run first. The
    /// drivers are among them: a task that only sends, or only receives what is
    /// there, must not keep them from running.
    #[inline]
    pub(crate) fn poll_turn(&self, cx: &mut Context<'_>) -> Poll<()> {
        // Two tasks may count the same call: it is a pace, not a sum.
        let turn = self.0.load(Ordering::Relaxed).wrapping_add(1);
        self.0.store(turn, Ordering::Relaxed);
        if turn % CALLS_PER_UNIT == 0 {
            ready!(coop::poll_proceed(cx)).made_progress();
        }
        Poll::Ready(())
    }
}
