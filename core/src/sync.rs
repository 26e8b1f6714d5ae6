//! The one file of this crate that knows loom: locks and atomics, real or modelled.

#[cfg(loom)]
use loom::sync as imp;
#[cfg(not(loom))]
use std::sync as imp;

#[cfg(loom)]
use imp::{Mutex as Lock, MutexGuard as LockGuard};
#[cfg(not(loom))]
use spin::mutex::{SpinMutex as Lock, SpinMutexGuard as LockGuard};

pub(crate) use imp::Arc;
pub(crate) use imp::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

/// A mutex without poison: no code under these locks calls back into an
/// application, so a panic inside leaves nothing half done that matters.
#[derive(Debug, Default)]
pub struct Mutex<T>(imp::Mutex<T>);

/// What [`Mutex::lock`] returns.
pub type MutexGuard<'a, T> = imp::MutexGuard<'a, T>;

/// A mutex for the few instructions that it takes to copy a small message, and
/// never for a call of the system.
///
/// Its release is a plain store, where a lock that wakes its waiters needs a second
/// atomic exchange: two such locks are on the way of each message, and made up a
/// fifth of its time (docs/performance.md). So whoever finds it taken looks again,
/// after ever longer pauses. The last of them are sleep, so that a holder gets its
/// CPU back whatever the priorities are.
#[derive(Debug, Default)]
pub(crate) struct QuickMutex<T>(Lock<T>);

/// What [`Half::lock`](crate::Half::lock) returns.
pub type QuickGuard<'a, T> = LockGuard<'a, T>;

impl<T> Mutex<T> {
    /// A mutex around `value`.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self(imp::Mutex::new(value))
    }

    /// Waits for the lock.
    #[inline]
    pub fn lock(&self) -> MutexGuard<'_, T> {
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Takes the lock if it is free.
    #[inline]
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        match self.0.try_lock() {
            Ok(guard) => Some(guard),
            Err(std::sync::TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(std::sync::TryLockError::WouldBlock) => None,
        }
    }
}

impl<T> QuickMutex<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Lock::new(value))
    }

    /// Waits for the lock.
    #[cfg(not(loom))]
    #[inline]
    pub(crate) fn lock(&self) -> QuickGuard<'_, T> {
        match self.0.try_lock() {
            Some(guard) => guard,
            None => self.lock_contended(),
        }
    }

    #[cfg(not(loom))]
    #[cold]
    fn lock_contended(&self) -> QuickGuard<'_, T> {
        let mut pause = Pause(0);
        loop {
            pause.wait();
            if let Some(guard) = self.0.try_lock() {
                return guard;
            }
        }
    }

    /// Waits for the lock.
    #[cfg(loom)]
    pub(crate) fn lock(&self) -> QuickGuard<'_, T> {
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

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn whoever_finds_a_quick_lock_taken_gets_it_in_the_end() {
        let lock = QuickMutex::new(0);
        let held = lock.lock();
        std::thread::scope(|threads| {
            for _ in 0..3 {
                threads.spawn(|| *lock.lock() += 1);
            }
            drop(held);
        });
        assert_eq!(*lock.lock(), 3);
    }
}
