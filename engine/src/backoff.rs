//! How long to wait before connecting again.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use crate::options::Reconnect;

/// libzmq's intervals: the interval and up to as much again at random, or, with
/// a maximum, the interval doubled with each failure and nothing random. Full
/// jitter, an opt-in, draws between zero and that.
#[derive(Debug)]
pub(crate) struct Backoff {
    failures: u32,
}

impl Backoff {
    pub(crate) fn new() -> Self {
        Self { failures: 0 }
    }

    /// A peer was there, and a handshake with it has succeeded: begin anew.
    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }

    /// The next wait; `None` if there is to be no next attempt.
    pub(crate) fn next(&mut self, options: &Reconnect, random: u64) -> Option<Duration> {
        let base = options.interval?;
        let interval = if options.max > base {
            let doubled = base.saturating_mul(2_u32.saturating_pow(self.failures));
            self.failures = self.failures.saturating_add(1);
            doubled.min(options.max)
        } else {
            base
        };
        Some(if options.full_jitter {
            part(interval, random)
        } else if options.max > base {
            interval
        } else {
            interval.saturating_add(part(interval, random))
        })
    }
}

/// So much of `whole`, and never all of it, as `random` is of its own range.
fn part(whole: Duration, random: u64) -> Duration {
    let whole = u64::try_from(whole.as_nanos()).unwrap_or(u64::MAX);
    let part = (u128::from(whole) * u128::from(random)) >> u64::BITS;
    Duration::from_nanos(part as u64)
}

/// A random number, from where the standard library takes its hash keys.
pub(crate) fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::ReconnectStop;

    const MS: Duration = Duration::from_millis(1);

    fn waits(options: Reconnect, random: u64) -> Vec<u128> {
        let mut backoff = Backoff::new();
        let waits = std::iter::from_fn(|| backoff.next(&options, random));
        waits.take(4).map(|wait| wait.as_millis()).collect()
    }

    #[test]
    fn the_default_adds_up_to_one_interval_at_random() {
        let options = Reconnect {
            interval: Some(100 * MS),
            max: Duration::ZERO,
            full_jitter: false,
            stop: ReconnectStop::new(),
        };
        assert_eq!(waits(options, 0), [100; 4]);
        assert_eq!(waits(options, u64::MAX), [199; 4]);
    }

    #[test]
    fn with_a_maximum_the_interval_doubles() {
        let options = Reconnect {
            interval: Some(100 * MS),
            max: 350 * MS,
            full_jitter: false,
            stop: ReconnectStop::new(),
        };
        assert_eq!(waits(options, u64::MAX), [100, 200, 350, 350]);
    }

    #[test]
    fn full_jitter_may_be_anything_up_to_the_interval() {
        let options = Reconnect {
            interval: Some(100 * MS),
            max: 350 * MS,
            full_jitter: true,
            stop: ReconnectStop::new(),
        };
        assert_eq!(waits(options, 0), [0; 4]);
        assert_eq!(waits(options, 1 << 63), [50, 100, 175, 175]);
    }

    #[test]
    fn without_an_interval_there_is_no_next_attempt() {
        let options = Reconnect {
            interval: None,
            max: Duration::ZERO,
            full_jitter: false,
            stop: ReconnectStop::new(),
        };
        assert!(waits(options, 7).is_empty());
    }
}
