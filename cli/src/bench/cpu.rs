//! The processor time that this process has used.

use std::time::Duration;

/// The time since the process began, on all its threads, where the system tells.
#[cfg(unix)]
pub(crate) fn time() -> Option<Duration> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.try_into().ok()
}

/// This system does not tell.
#[cfg(not(unix))]
pub(crate) fn time() -> Option<Duration> {
    None
}
