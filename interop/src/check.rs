//! Everything that is checked, and how it is run.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use crate::behaviours::{self, Behaviour};
use crate::failure::{Failure, Outcome};
use crate::lab::{Lab, Library};
use crate::matrix::{Place, Row, Tally};

/// Checks run at the same time. Many of them wait for something most of the time.
const WORKERS: usize = 4;

/// libzmq goes one call deeper for each octet of a topic, on the application's thread.
const STACK: usize = 64 << 20;

/// One thing that is so, or not.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// With whom.
    pub library: Library,
    /// What.
    pub what: What,
}

/// What is checked.
#[derive(Debug, Clone, Copy)]
pub enum What {
    /// A row of the matrix, at all its places.
    Row(Row),
    /// A behaviour.
    Behaviour(&'static Behaviour),
}

/// How a check went.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// The check.
    pub check: Check,
    /// Of a row, one for each place.
    pub tallies: Vec<(Place, Tally)>,
    /// Whether all is well.
    pub outcome: Outcome,
}

/// All checks, in the order of the page.
#[must_use]
pub fn all() -> Vec<Check> {
    let rows = Library::LIVE.into_iter().flat_map(|library| {
        let check = move |row| Check {
            library,
            what: What::Row(row),
        };
        Row::all().into_iter().map(check)
    });
    let behaviours = behaviours::all().flat_map(|behaviour| {
        let check = move |library: &Library| Check {
            library: *library,
            what: What::Behaviour(behaviour),
        };
        behaviour.libraries().iter().map(check)
    });
    rows.chain(behaviours).collect()
}

/// Runs checks, several at a time, and tells of each as it ends. The verdicts are
/// in the order of the checks.
pub fn run(checks: &[Check], mut tell: impl FnMut(&Verdict)) -> Vec<Verdict> {
    let next = AtomicUsize::new(0);
    let (sender, receiver) = sync_channel(WORKERS);
    let mut verdicts = vec![None; checks.len()];
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            let (next, sender) = (&next, sender.clone());
            let worker = thread::Builder::new().stack_size(STACK);
            let spawned = worker.spawn_scoped(scope, move || work(checks, next, &sender));
            // The others do its work.
            drop(spawned);
        }
        drop(sender);
        for (place, verdict) in receiver {
            tell(&verdict);
            verdicts[place] = Some(verdict);
        }
    });
    verdicts.into_iter().flatten().collect()
}

fn work(checks: &[Check], next: &AtomicUsize, done: &SyncSender<(usize, Verdict)>) {
    let labs = Library::ALL.map(Lab::new);
    loop {
        let place = next.fetch_add(1, Ordering::Relaxed);
        let Some(check) = checks.get(place) else {
            return;
        };
        let lab = labs.iter().find(|lab| lab.library() == check.library);
        let verdict = lab.map(|lab| check.run(lab));
        // Nobody listens only if the listener has failed, and then nobody cares.
        let _ = verdict.map(|verdict| done.send((place, verdict)));
    }
}

impl Check {
    fn run(self, lab: &Lab) -> Verdict {
        let mut tallies = Vec::new();
        let run = || match self.what {
            What::Behaviour(behaviour) => behaviour.run(lab),
            What::Row(row) => {
                let tried = row
                    .places()
                    .iter()
                    .map(|place| (*place, row.run(lab, *place)));
                tallies.extend(tried);
                tallies.iter().try_for_each(|(place, tally)| {
                    tally.outcome().map_err(|failure| failure.during(place))
                })
            }
        };
        let outcome = catch_unwind(AssertUnwindSafe(run))
            .unwrap_or_else(|_| Err(Failure::new("the check has panicked")));
        Verdict {
            check: self,
            tallies,
            outcome,
        }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.library)?;
        match self.what {
            What::Row(row) => row.fmt(f),
            What::Behaviour(behaviour) => behaviour.fmt(f),
        }
    }
}
