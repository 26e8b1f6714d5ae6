//! How long a receiver looks before it sleeps.

use std::cell::Cell;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use ferromq_core::Lane;
use tokio::task::coop;

use crate::habit::{Habit, Look, Terms};

/// Whether what a socket waits for comes soon.
///
/// Whoever finds nothing looks on for a while, if its [`Habit`] says so, where two threads
/// take turns within the process:
///
/// - The last call came from another thread: one from this thread comes when it lets go.
/// - This thread has called another since it last waited: who only receives does better
///   to sleep until there is much.
/// - It waited here then, too: one with several sockets has something else to do.
#[derive(Debug)]
pub(crate) struct Patience {
    habit: Habit,
}

/// The thread's other tasks wait for the end of a look. A rest is over within a tenth of a
/// second, if each wait takes what two wake-ups do.
const TERMS: Terms = Terms {
    limit: Duration::from_micros(20),
    first_limit: Duration::from_micros(100),
    most_vain: 9,
};

impl Default for Patience {
    fn default() -> Self {
        Self {
            habit: Habit::new(TERMS),
        }
    }
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
    /// Glances between two at the clock.
    const GLANCES: u32 = 16;

    /// Of a task's budget in tokio, which has 128: a task that does not sleep because
    /// it looks lets others run after so many looks.
    const UNITS: u32 = 4;

    /// Before the caller goes to sleep: looks whether a signal comes, if that may pay,
    /// and says whether one did. Pending when other tasks are to run first.
    #[inline(never)]
    pub(crate) fn poll_wait(&self, cx: &mut Context<'_>, lane: &Lane) -> Poll<bool> {
        if self.takes_turns(lane) && !self.habit.rests() {
            for _ in 0..Self::UNITS {
                ready!(coop::poll_proceed(cx)).made_progress();
            }
        }
        Poll::Ready(self.wait_by(lane, look))
    }

    fn wait_by(&self, lane: &Lane, look: impl FnOnce(&Lane, Duration) -> Option<Duration>) -> bool {
        let takes_turns = self.takes_turns(lane);
        LAST.set(self.wait());
        if !takes_turns {
            return false;
        }
        let Some(limit) = self.habit.begin() else {
            return false;
        };
        let came = look(lane, limit);
        self.habit.note(match came {
            Some(took) if took <= TERMS.limit => Look::Soon,
            Some(_) => Look::Late,
            None => Look::InVain,
        });
        came.is_some()
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
}

/// Looks for so long, and says how long it took until there was a signal, as far as the
/// clock was looked at.
fn look(lane: &Lane, limit: Duration) -> Option<Duration> {
    let mut began = None;
    let mut passed = Duration::ZERO;
    loop {
        for _ in 0..Patience::GLANCES {
            if lane.is_pending() {
                return Some(passed);
            }
            std::hint::spin_loop();
        }
        let now = Instant::now();
        passed = now - *began.get_or_insert(now);
        if passed >= limit {
            return lane.is_pending().then_some(passed);
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
    fn looks_in_vain_become_rare() {
        let (lane, elsewhere, patience) = (called(), Lane::new(), Patience::default());
        begin(&patience, &lane);
        let look = |wait: &u32| {
            call(&elsewhere);
            let mut looked = false;
            patience.wait_by(&lane, |_, _| {
                looked = true;
                (*wait > 10).then_some(Duration::ZERO)
            });
            looked
        };
        let looks: Vec<_> = (0..22).filter(look).collect();
        assert_eq!(looks, [0, 2, 5, 10, 19, 20, 21]);
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
        assert_eq!(look(&Lane::new(), TERMS.limit), None);
    }
}
