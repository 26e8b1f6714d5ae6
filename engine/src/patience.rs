//! How long a receiver looks before it sleeps.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use ferromq_core::Lane;
use tokio::task::coop;

/// Whether what a socket waits for comes soon.
///
/// To sleep and be woken takes longer than a thread next door takes to answer. So
/// whoever finds nothing looks on for a while, where two threads take turns within the
/// process:
///
/// - The last call came from another thread: one from this thread comes when it lets go.
/// - This thread has called another since it last waited: who only receives does better
///   to sleep until there is much.
/// - It waited here then, too: one with several sockets has something else to do.
///
/// ```text
///       it came: one less in vain
///          ┌──────────┐
///          ▼          │   it did not: one more in vain
///        look ────────┴────▶ rest, for 1, 2, 4, … 1024 waits ──▶ look for longer
///          ▲                                                        │
///          └────────────────────────────────────────────────────────┘
///                                  it came
/// ```
///
/// Two tasks may count the same wait: it is a habit, not a sum.
#[derive(Debug, Default)]
pub(crate) struct Patience {
    /// So many waits go to sleep at once.
    rest: AtomicU32,
    /// Whether the last look has seen something come.
    pays: AtomicBool,
    /// Looks in vain, less those that paid.
    vain: AtomicU32,
}

/// Where and when a thread has waited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Wait {
    /// The address of that [`Patience`].
    place: usize,
    /// How many signals the thread had left.
    calls: u32,
}

thread_local! {
    static LAST: Cell<Wait> = const { Cell::new(Wait { place: 0, calls: 0 }) };
}

impl Patience {
    /// A look lasts no longer.
    const LIMIT: Duration = Duration::from_micros(20);

    /// The first one of an exchange lasts until a thread that sleeps is awake, or both
    /// ends go on sleeping in turn; on some machines that is long. It proves nothing but
    /// that: whether answers come soon is told by the looks behind it.
    const FIRST_LIMIT: Duration = Duration::from_micros(100);

    /// The power of two of the longest rest.
    const MOST_VAIN: u32 = 10;

    /// Glances between two at the clock.
    const GLANCES: u32 = 16;

    /// Of a task's budget in tokio, which has 128: a task that does not sleep because
    /// it looks lets others run after so many looks.
    const UNITS: u32 = 4;

    /// Before the caller goes to sleep: looks whether a signal comes, if that may pay,
    /// and says whether one did. Pending when other tasks are to run first.
    #[inline(never)]
    pub(crate) fn poll_wait(&self, cx: &mut Context<'_>, lane: &Lane) -> Poll<bool> {
        if self.takes_turns(lane) && !self.rests() {
            for _ in 0..Self::UNITS {
                ready!(coop::poll_proceed(cx)).made_progress();
            }
        }
        Poll::Ready(self.wait_by(lane, look))
    }

    fn wait_by(&self, lane: &Lane, look: impl FnOnce(&Lane, Duration) -> bool) -> bool {
        let takes_turns = self.takes_turns(lane);
        LAST.set(self.wait());
        if !takes_turns {
            return false;
        }
        if self.rests() {
            let rest = self.rest.load(Ordering::Relaxed);
            self.rest.store(rest.saturating_sub(1), Ordering::Relaxed);
            return false;
        }
        let pays = self.pays.load(Ordering::Relaxed);
        let came = match pays {
            true => look(lane, Self::LIMIT),
            false => look(lane, Self::FIRST_LIMIT),
        };
        self.pays.store(came, Ordering::Relaxed);
        self.note(came, pays);
        came
    }

    fn takes_turns(&self, lane: &Lane) -> bool {
        let (last, now) = (LAST.get(), self.wait());
        last.place == now.place && last.calls != now.calls && lane.is_called_from_elsewhere()
    }

    fn wait(&self) -> Wait {
        Wait {
            place: std::ptr::from_ref(self).addr(),
            calls: Lane::calls_of_this_thread(),
        }
    }

    fn rests(&self) -> bool {
        self.rest.load(Ordering::Relaxed) > 0
    }

    fn note(&self, came: bool, pays: bool) {
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

fn look(lane: &Lane, limit: Duration) -> bool {
    let mut until = None;
    loop {
        for _ in 0..Patience::GLANCES {
            if lane.is_pending() {
                return true;
            }
            std::hint::spin_loop();
        }
        let now = Instant::now();
        if now >= *until.get_or_insert(now + limit) {
            return lane.is_pending();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::thread;

    use ferromq_core::{PeerId, Signal};

    use super::*;

    fn call(lane: &Lane) {
        lane.send(Signal::Lost(PeerId::new(1)));
    }

    fn call_from_elsewhere(lane: &Lane) {
        thread::scope(|threads| drop(threads.spawn(|| call(lane))));
    }

    /// A lane that another thread has called, and whose owner has seen it.
    fn called() -> Lane {
        let lane = Lane::new();
        call_from_elsewhere(&lane);
        assert!(lane.pop().is_some());
        lane
    }

    fn block_on<F: Future>(task: F) -> F::Output {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        builder.build().expect("a runtime").block_on(task)
    }

    /// The first wait of a thread at a place only shows that it waits there.
    fn begin(patience: &Patience, lane: &Lane) {
        assert!(!patience.wait_by(lane, |_, _| unreachable!("it has not waited here")));
    }

    /// The waits of so many that look, in vain if `in_vain` says so; before each this
    /// thread calls another.
    fn looks(patience: &Patience, waits: u32, in_vain: bool) -> Vec<u32> {
        let (lane, elsewhere) = (called(), Lane::new());
        let mut looks = Vec::new();
        begin(patience, &lane);
        for wait in 0..waits {
            call(&elsewhere);
            patience.wait_by(&lane, |_, _| {
                looks.push(wait);
                !in_vain
            });
        }
        looks
    }

    #[test]
    fn what_comes_while_it_looks_ends_the_wait() {
        let (lane, patience) = (called(), Patience::default());
        begin(&patience, &lane);
        call(&Lane::new());
        assert!(patience.wait_by(&lane, |lane, limit| {
            call_from_elsewhere(lane);
            look(lane, limit)
        }));
        assert!(lane.is_pending());
    }

    #[test]
    fn looks_in_vain_become_rare_and_others_often_again() {
        let patience = Patience::default();
        assert_eq!(looks(&patience, 70, true), [0, 2, 5, 10, 19, 36, 69]);
        assert_eq!(looks(&patience, 67, false), [64, 65, 66]);
        assert_eq!(looks(&patience, 40, true), [0, 33]);
    }

    #[test]
    fn the_first_look_is_longer_and_does_not_count() {
        let (lane, elsewhere, patience) = (called(), Lane::new(), Patience::default());
        begin(&patience, &lane);
        let look = |came| {
            call(&elsewhere);
            let mut long = None;
            patience.wait_by(&lane, |_, limit| {
                long = Some(limit > Patience::LIMIT);
                came
            });
            long
        };
        for vain in 0..4 {
            assert_eq!(look(true), Some(true), "it has come late");
            assert_eq!(look(false), Some(false));
            (0..1 << vain).for_each(|_| assert_eq!(look(true), None));
        }
    }

    #[test]
    fn nobody_waits_for_long_to_look_again() {
        let patience = Patience::default();
        let longest = looks(&patience, 10_000, true)
            .windows(2)
            .map(|pair| pair[1] - pair[0])
            .max();
        assert_eq!(longest, Some(1025));
    }

    #[test]
    fn a_call_that_has_to_come_from_this_thread_is_not_looked_for() {
        let (lane, patience) = (Lane::new(), Patience::default());
        for _ in 0..9 {
            call(&lane);
            let _ = lane.pop();
            assert!(!patience.wait_by(&lane, |_, _| unreachable!("it came from here")));
        }
    }

    #[test]
    fn who_calls_nobody_does_not_look() {
        let (lane, patience) = (called(), Patience::default());
        begin(&patience, &lane);
        for _ in 0..9 {
            assert!(!patience.wait_by(&lane, |_, _| unreachable!("it has called nobody")));
        }
    }

    #[test]
    fn before_anything_came_nobody_looks() {
        let (lane, patience) = (Lane::new(), Patience::default());
        begin(&patience, &lane);
        call(&Lane::new());
        assert!(!patience.wait_by(&lane, |_, _| unreachable!("nothing ever came")));
    }

    #[test]
    fn who_waits_here_and_there_does_not_look() {
        let (lane, elsewhere) = (called(), Lane::new());
        let places = [(); 2].map(|()| Patience::default());
        for turn in 0..9 {
            call(&elsewhere);
            begin(&places[turn % 2], &lane);
        }
    }

    #[test]
    fn other_tasks_have_their_turn_however_well_it_pays() {
        let (lane, elsewhere, patience) = (called(), Lane::new(), Patience::default());
        begin(&patience, &lane);
        call_from_elsewhere(&lane);
        let looks = block_on(poll_fn(|cx| {
            let mut looks = 0;
            loop {
                call(&elsewhere);
                match patience.poll_wait(cx, &lane) {
                    Poll::Ready(came) => looks += u32::from(came),
                    Poll::Pending => return Poll::Ready(looks),
                }
            }
        }));
        assert_eq!(looks, 32);
    }

    #[test]
    fn a_look_ends() {
        assert!(!look(&Lane::new(), Patience::LIMIT));
    }
}
