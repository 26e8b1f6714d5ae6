//! Whether it pays to look, and not to sleep.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

/// How long somebody who waits looks before it sleeps, learned from how it went.
///
/// To sleep and be woken takes longer than somebody who is awake takes to answer. Whether
/// the other end is, and answers soon, only a look can tell:
///
/// ```text
///       it came: one less in vain
///          ┌──────────┐
///          ▼          │   it did not: one more in vain
///        look ────────┴────▶ rest, for 1, 2, 4, … 4096 waits ──▶ look for longer
///          ▲                                                        │
///          └────────────────────────────────────────────────────────┘
///                                  it came
/// ```
///
/// Two tasks may count the same wait: it is a habit, not a sum.
#[derive(Debug)]
pub(crate) struct Habit {
    /// A look lasts no longer.
    limit: Duration,
    /// The first one of an exchange lasts until a thread that sleeps is awake, or both
    /// ends go on sleeping in turn; on some machines that is long. It proves nothing but
    /// that: whether answers come soon is told by the looks behind it.
    first_limit: Duration,
    /// So many waits go to sleep at once.
    rest: AtomicU32,
    /// Whether the last look has seen something come.
    pays: AtomicBool,
    /// Looks in vain, less those that paid.
    vain: AtomicU32,
}

impl Habit {
    /// The power of two of the longest rest.
    const MOST_VAIN: u32 = 12;

    /// A habit of looks that last no longer than `limit`, and `first_limit` after a rest.
    pub(crate) const fn new(limit: Duration, first_limit: Duration) -> Self {
        Self {
            limit,
            first_limit,
            rest: AtomicU32::new(0),
            pays: AtomicBool::new(false),
            vain: AtomicU32::new(0),
        }
    }

    /// Whether the next wait goes to sleep at once.
    pub(crate) fn rests(&self) -> bool {
        self.rest.load(Ordering::Relaxed) > 0
    }

    /// A wait begins: how long it looks, if it does.
    pub(crate) fn begin(&self) -> Option<Duration> {
        let rest = self.rest.load(Ordering::Relaxed);
        if rest > 0 {
            self.rest.store(rest - 1, Ordering::Relaxed);
            return None;
        }
        Some(match self.pays.load(Ordering::Relaxed) {
            true => self.limit,
            false => self.first_limit,
        })
    }

    /// A look is over: whether what it was for has come.
    pub(crate) fn note(&self, came: bool) {
        let pays = self.pays.load(Ordering::Relaxed);
        self.pays.store(came, Ordering::Relaxed);
        let vain = self.vain.load(Ordering::Relaxed);
        let now = match came {
            true => vain.saturating_sub(u32::from(pays)),
            false => {
                self.rest.store(1 << vain, Ordering::Relaxed);
                Self::MOST_VAIN.min(vain + 1)
            }
        };
        self.vain.store(now, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_micros(1);
    const LONG: Duration = Duration::from_micros(5);

    /// Which of so many waits look, in vain if `in_vain` says so.
    fn looks(habit: &Habit, waits: u32, in_vain: bool) -> Vec<u32> {
        let look = |_: &u32| habit.begin().map(|_| habit.note(!in_vain)).is_some();
        (0..waits).filter(look).collect()
    }

    #[test]
    fn looks_in_vain_become_rare_and_others_often_again() {
        let habit = Habit::new(SHORT, LONG);
        assert_eq!(looks(&habit, 70, true), [0, 2, 5, 10, 19, 36, 69]);
        assert!(habit.rests());
        assert_eq!(looks(&habit, 67, false), [64, 65, 66]);
        assert!(!habit.rests());
        assert_eq!(looks(&habit, 40, true), [0, 33]);
    }

    #[test]
    fn the_first_look_is_longer_and_does_not_count() {
        let habit = Habit::new(SHORT, LONG);
        for vain in 0..4 {
            assert_eq!(habit.begin(), Some(LONG));
            habit.note(true);
            assert_eq!(habit.begin(), Some(SHORT), "it came late");
            habit.note(false);
            (0..1 << vain).for_each(|_| assert_eq!(habit.begin(), None));
        }
    }

    #[test]
    fn nobody_waits_for_long_to_look_again() {
        let longest = looks(&Habit::new(SHORT, LONG), 30_000, true)
            .windows(2)
            .map(|pair| pair[1] - pair[0])
            .max();
        assert_eq!(longest, Some(4097));
    }
}
