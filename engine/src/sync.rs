//! The one file of this crate that knows loom: atomics and the clock, from `std`
//! or modelled.

#[cfg(loom)]
pub(crate) use loom::sync::atomic::AtomicBool;
#[cfg(not(loom))]
pub(crate) use std::sync::atomic::AtomicBool;
pub(crate) use std::sync::atomic::Ordering;

use std::time::{Duration, Instant};

/// Whether so much time has passed; in a model it always has.
#[inline]
pub(crate) fn has_passed(pause: Duration, since: Instant, now: Instant) -> bool {
    cfg!(loom) || now.saturating_duration_since(since) > pause
}
