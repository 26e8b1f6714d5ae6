//! A timeout that each call looks at.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Nanoseconds, or [`NEVER`].
#[derive(Debug)]
pub(crate) struct Timeout(AtomicU64);

const NEVER: u64 = u64::MAX;

impl Timeout {
    pub(crate) fn new(timeout: Option<Duration>) -> Self {
        Self(AtomicU64::new(nanoseconds(timeout)))
    }

    pub(crate) fn set(&self, timeout: Option<Duration>) {
        self.0.store(nanoseconds(timeout), Ordering::Relaxed);
    }

    /// The timeout; `None` if there is none.
    #[inline]
    pub(crate) fn get(&self) -> Option<Duration> {
        match self.0.load(Ordering::Relaxed) {
            NEVER => None,
            nanoseconds => Some(Duration::from_nanos(nanoseconds)),
        }
    }
}

/// What is too long for the clock, five hundred years, never comes.
fn nanoseconds(timeout: Option<Duration>) -> u64 {
    timeout.map_or(NEVER, |timeout| {
        u64::try_from(timeout.as_nanos()).unwrap_or(NEVER)
    })
}
