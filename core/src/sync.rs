//! The one file of this crate that knows loom: locks and atomics, real or modelled.

#[cfg(loom)]
use loom::sync as imp;
#[cfg(not(loom))]
use std::sync as imp;

#[cfg(loom)]
use imp::{Mutex as Lock, MutexGuard as Guard};
#[cfg(not(loom))]
use spin::mutex::{SpinMutex as Lock, SpinMutexGuard as Guard};

pub(crate) use imp::Arc;
pub(crate) use imp::atomic::{AtomicBool, Ordering};

/// A lock for the few instructions that it takes to copy a small message.
///
/// Its release is a plain store, where a lock that can wake its waiters needs a
/// second atomic exchange: two such locks are on the way of each message, and
/// made up a fifth of its time (docs/performance.md). So whoever finds it taken
/// looks again, after ever longer pauses. The last of them are sleep, so that a
/// holder gets its CPU back whatever the priorities are.
///
/// It knows no poison: no code under these locks calls back into an application.
#[derive(Debug, Default)]
pub struct Mutex<T>(Lock<T>);

/// What [`Mutex::lock`] returns.
pub type MutexGuard<'a, T> = Guard<'a, T>;

impl<T> Mutex<T> {
    /// A mutex around `value`.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self(Lock::new(value))
    }

    /// Waits for the lock.
    #[inline]
    pub fn lock(&self) -> MutexGuard<'_, T> {
        match self.try_lock() {
            Some(guard) => guard,
            None => self.lock_contended(),
        }
    }

    /// Takes the lock if it is free.
    #[cfg(not(loom))]
    #[inline]
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        self.0.try_lock()
    }

    /// Takes the lock if it is free.
    #[cfg(loom)]
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        self.0.try_lock().ok()
    }

    #[cfg(not(loom))]
    #[cold]
    fn lock_contended(&self) -> MutexGuard<'_, T> {
        let mut pause = Pause(0);
        loop {
            pause.wait();
            if let Some(guard) = self.try_lock() {
                return guard;
            }
        }
    }

    #[cfg(loom)]
    fn lock_contended(&self) -> MutexGuard<'_, T> {
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// How long to wait before the next look at a lock, by the looks so far.
#[cfg(not(loom))]
struct Pause(u32);

#[cfg(not(loom))]
impl Pause {
    /// The holder is most often done within some of these.
    const SPINS: u32 = 100;
    /// After those it has lost its CPU, perhaps to this thread.
    const TURNS: u32 = 200;
    /// Or it has a lower priority than this thread.
    const NAP: std::time::Duration = std::time::Duration::from_micros(50);

    fn wait(&mut self) {
        match self.0 {
            0..Self::SPINS => std::hint::spin_loop(),
            Self::SPINS..Self::TURNS => std::thread::yield_now(),
            _ => return std::thread::sleep(Self::NAP),
        }
        self.0 += 1;
    }
}
