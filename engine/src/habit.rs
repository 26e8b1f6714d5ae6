//! Whether it pays to look, and not to sleep.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

/// How long somebody who waits looks before it sleeps, learned from how it went.
///
/// To sleep and be woken takes longer than somebody who is awake takes to answer. Whether
/// the other end is, and answers soon, only a look can tell:
///
/// ```text
///      it came soon: one less in vain
///          ┌──────────┐
///          ▼          │   it did not: one more in vain
///        look ────────┴────▶ rest, for 1, 2, 4, … waits
///          ▲                    ▲          │
///     soon │                    │ in vain  ▼
///          └────────────────────┴── look for longer ◀──┐
///                                          │           │ late
///                                          └───────────┘
/// ```
///
/// An end that was asleep answers late. It looks for what comes next, if it is not resting
/// from looks of its own; so the first end goes on for some turns, until both look at once,
/// or it is too late once too often.
/// Rests are not of one length then, or two ends would miss each other time after time.
///
/// Two tasks may count the same wait: it is a habit, not a sum.
#[derive(Debug)]
pub(crate) struct Habit {
    terms: Terms,
    /// So many waits go to sleep at once.
    rest: AtomicU32,
    /// Whether the last look has seen something come soon.
    pays: AtomicBool,
    /// How many in a row have seen something come late.
    late: AtomicU32,
    /// Looks in vain, less those that paid.
    vain: AtomicU32,
    /// What makes rests differ.
    chance: AtomicU32,
}

/// What kind of habit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    /// A look lasts no longer.
    pub(crate) limit: Duration,
    /// The first ones of an exchange last until a thread that sleeps is awake, or both
    /// ends go on sleeping in turn; on some machines that is long.
    pub(crate) first_limit: Duration,
    /// The power of two of the longest rest, in waits.
    pub(crate) most_vain: u32,
}

/// How a look went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// It came as from one who is awake.
    Soon,
    /// It came as from one who had to be woken.
    Late,
    /// It did not come.
    InVain,
}

impl Habit {
    /// So many late ones in a row are one in vain; or this part of the rest that follows,
    /// if that is more.
    const MOST_LATE: u32 = 8;
    const LATE_PART: u32 = 8;

    /// A habit.
    pub(crate) fn new(terms: Terms) -> Self {
        Self {
            terms,
            rest: AtomicU32::new(0),
            pays: AtomicBool::new(false),
            late: AtomicU32::new(0),
            vain: AtomicU32::new(0),
            chance: AtomicU32::new(RandomState::new().hash_one(0) as u32),
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
            true => self.terms.limit,
            false => self.terms.first_limit,
        })
    }

    /// A look is over.
    pub(crate) fn note(&self, look: Look) {
        let paid = self.pays.swap(look == Look::Soon, Ordering::Relaxed);
        let vain = self.vain.load(Ordering::Relaxed);
        let late = match look {
            Look::Late => self.late.load(Ordering::Relaxed) + 1,
            Look::Soon | Look::InVain => 0,
        };
        let rest = 1 << vain;
        let too_late = late >= Self::MOST_LATE.max(rest / Self::LATE_PART);
        if too_late || look == Look::InVain {
            let more = if too_late { self.chance(rest / 2) } else { 0 };
            self.rest.store(rest + more, Ordering::Relaxed);
            self.vain
                .store(self.terms.most_vain.min(vain + 1), Ordering::Relaxed);
        } else if paid && look == Look::Soon {
            self.vain.store(vain.saturating_sub(1), Ordering::Relaxed);
        }
        self.late
            .store(if too_late { 0 } else { late }, Ordering::Relaxed);
    }

    /// A number up to `most`, another one each time.
    fn chance(&self, most: u32) -> u32 {
        // Of a linear congruence the upper bits are the better ones.
        let chance = self.chance.load(Ordering::Relaxed);
        let chance = chance.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
        self.chance.store(chance, Ordering::Relaxed);
        (chance >> 16) % (most + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_micros(1);
    const LONG: Duration = Duration::from_micros(5);

    /// Which of so many waits look, if that is how each look goes.
    fn looks(habit: &Habit, waits: u32, look: Look) -> Vec<u32> {
        let look = |_: &u32| habit.begin().map(|_| habit.note(look)).is_some();
        (0..waits).filter(look).collect()
    }

    const TERMS: Terms = Terms {
        limit: SHORT,
        first_limit: LONG,
        most_vain: 12,
    };

    fn habit() -> Habit {
        Habit::new(TERMS)
    }

    #[test]
    fn looks_in_vain_become_rare_and_others_often_again() {
        let habit = habit();
        let in_vain = looks(&habit, 70, Look::InVain);
        assert_eq!(in_vain, [0, 2, 5, 10, 19, 36, 69]);
        assert!(habit.rests());
        assert_eq!(looks(&habit, 67, Look::Soon), [64, 65, 66]);
        assert!(!habit.rests());
        assert_eq!(looks(&habit, 40, Look::InVain), [0, 33]);
    }

    #[test]
    fn looks_are_long_until_something_has_come_soon() {
        let habit = habit();
        for came in [Look::Late, Look::Soon] {
            assert_eq!(habit.begin(), Some(LONG));
            habit.note(came);
        }
        assert_eq!(habit.begin(), Some(SHORT));
        habit.note(Look::InVain);
        assert_eq!(habit.begin(), None);
        assert_eq!(habit.begin(), Some(LONG));
    }

    #[test]
    fn who_answers_late_is_looked_for_some_times_and_then_seldom() {
        let habit = habit();
        assert_eq!(
            looks(&habit, 18, Look::Late),
            [0..8, 9..17].map(Vec::from_iter).concat()
        );
        let later = looks(&habit, 60_000, Look::Late).len();
        assert!((60_000 / 12..60_000 / 5).contains(&later), "{later}");
    }

    #[test]
    fn nobody_waits_for_long_to_look_again() {
        let looks = looks(&habit(), 30_000, Look::InVain);
        let longest = looks.windows(2).map(|pair| pair[1] - pair[0]).max();
        assert_eq!(longest, Some(4097));
    }

    /// How many messages two ends exchange in turn until neither of them sleeps, where it
    /// takes so long to wake one.
    fn turns_until_awake(ends: &[Habit; 2], wake: Duration) -> Option<usize> {
        let (mut looks, mut took) = ([None; 2], [wake; 2]);
        (0..10_000_000).find(|turn| {
            let (own, other) = (turn % 2, (turn + 1) % 2);
            took[own] = match looks[own] {
                Some(limit) if took[other] <= limit => {
                    let soon = took[other] <= SHORT;
                    ends[own].note(if soon { Look::Soon } else { Look::Late });
                    Duration::ZERO
                }
                Some(_) => {
                    ends[own].note(Look::InVain);
                    wake
                }
                None => wake,
            };
            looks[own] = ends[own].begin();
            took == [Duration::ZERO; 2]
        })
    }

    #[test]
    fn two_ends_that_sleep_find_each_other_awake() {
        for head_start in [0, 1, 10, 100, 1000, 10_000] {
            let ends = [(); 2].map(|()| habit());
            let _ = looks(&ends[0], head_start, Look::InVain);
            let turns = turns_until_awake(&ends, 3 * SHORT);
            assert!(turns.is_some(), "after {head_start} in vain");
        }
    }
}
