//! The one file of this crate that knows loom: locks and atomics, from `std` or
//! modelled.

#[cfg(loom)]
use loom::sync as imp;
#[cfg(not(loom))]
use std::sync as imp;

pub(crate) use imp::Arc;
pub(crate) use imp::atomic::{AtomicBool, Ordering};

/// A mutex without poison: no code under these locks calls back into an
/// application, so a panic inside leaves nothing half done that matters.
#[derive(Debug, Default)]
pub struct Mutex<T>(imp::Mutex<T>);

/// What [`Mutex::lock`] returns.
pub type MutexGuard<'a, T> = imp::MutexGuard<'a, T>;

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
