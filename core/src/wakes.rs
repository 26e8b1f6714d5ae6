//! Wakers to be woken once a lock is released.

use std::mem::{self, ManuallyDrop};
use std::task::Waker;

/// The wakers that an operation under a lock wants woken.
///
/// Pipes and patterns only collect here; whoever took the lock wakes them after
/// releasing it, because waking may write to a socket. Dropping wakes too, so
/// that nobody is forgotten.
#[derive(Debug, Default)]
#[must_use = "woken when dropped: drop it after the lock"]
pub struct Wakes {
    // Dropping looks at the first alone: without it there is no other, and no memory for any.
    first: ManuallyDrop<Option<Waker>>,
    rest: ManuallyDrop<Vec<Waker>>,
}

impl Wakes {
    /// Nobody yet.
    #[inline]
    pub const fn new() -> Self {
        Self {
            first: ManuallyDrop::new(None),
            rest: ManuallyDrop::new(Vec::new()),
        }
    }

    /// Adds one.
    pub fn push(&mut self, waker: Waker) {
        match *self.first {
            None => *self.first = Some(waker),
            Some(_) => self.rest.push(waker),
        }
    }

    /// Adds one, if there is one.
    pub fn extend(&mut self, waker: Option<Waker>) {
        if let Some(waker) = waker {
            self.push(waker);
        }
    }

    /// Whether there is nobody to wake.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    /// Wakes all, in the order they were added.
    #[inline]
    pub fn wake(&mut self) {
        // Most often there is nobody, and then this is one comparison in place.
        if self.first.is_some() {
            self.wake_some();
        }
    }

    #[inline(never)]
    fn wake_some(&mut self) {
        let rest = mem::take(&mut *self.rest);
        if let Some(first) = self.first.take() {
            first.wake();
        }
        rest.into_iter().for_each(Waker::wake);
    }
}

impl Drop for Wakes {
    #[inline]
    fn drop(&mut self) {
        self.wake();
    }
}
