//! Plays all there is, several at once.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use crate::difference::{DIFFERENCES, Difference};
use crate::scenario::{Carrier, Scenario};
use crate::scenarios::CHAPTERS;
use crate::stage::{Staging, play};
use crate::verdict::{Finding, Verdict, compare};

/// Scenarios wait more than they work.
const AT_ONCE: usize = 8;

/// Plays the scenarios whose names have this word in them, in order; tells each verdict
/// as it is found, and returns all of them.
pub fn run(word: &str, mut tell: impl FnMut(&Verdict)) -> Vec<Verdict> {
    let jobs: Vec<(&'static Scenario, Carrier)> = CHAPTERS
        .iter()
        .flat_map(|chapter| chapter.scenarios)
        .filter(|scenario| scenario.name.contains(word))
        .flat_map(|scenario| scenario.carriers.iter().map(move |it| (scenario, *it)))
        .collect();
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::sync_channel(AT_ONCE);
    let mut verdicts: Vec<Option<Verdict>> = jobs.iter().map(|_| None).collect();
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            let (sender, jobs, next) = (sender.clone(), &jobs, &next);
            scope.spawn(move || {
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some((scenario, carrier)) = jobs.get(place) else {
                        break;
                    };
                    // Nobody receives if the run is over: then nobody wants to know.
                    let _ = sender.send((place, judge(scenario, *carrier)));
                }
            });
        }
        drop(sender);
        for (place, verdict) in receiver {
            tell(&verdict);
            if let Some(slot) = verdicts.get_mut(place) {
                *slot = Some(verdict);
            }
        }
    });
    verdicts.into_iter().flatten().collect()
}

/// Plays one scenario in all mixes.
fn judge(scenario: &'static Scenario, carrier: Carrier) -> Verdict {
    let excuses: Vec<(usize, &Difference)> = DIFFERENCES
        .iter()
        .enumerate()
        .filter(|(_, it)| it.scenario == scenario.name && it.carriers.contains(&carrier))
        .collect();
    let turns: &[bool] = if scenario.either_binds {
        &[false, true]
    } else {
        &[false]
    };
    let mut findings = Vec::new();
    let mut references = Vec::new();
    for mix in scenario.mixes(carrier) {
        let mut finding = Finding::Well(Vec::new());
        for (turn, is_turned) in turns.iter().enumerate() {
            let staging = Staging {
                mix,
                carrier,
                is_turned: *is_turned,
            };
            let script = match play(scenario, staging) {
                Ok(script) => script,
                Err(errno) => vec![format!("the sockets are made: {errno:?}")],
            };
            if references.len() == turn {
                references.push(script.clone());
            }
            let found = references
                .get(turn)
                .map(|reference| compare(reference, &script, mix, &excuses));
            finding = finding.and(found.unwrap_or(Finding::Well(Vec::new())));
        }
        findings.push((mix, finding.and_excuses(mix, &excuses)));
    }
    Verdict {
        scenario,
        carrier,
        scripts: references,
        findings,
    }
}

impl Finding {
    /// Both of them.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Well(mut places), Self::Well(more)) => {
                places.extend(more);
                Self::Well(places)
            }
            (Self::Wrong(what), Self::Wrong(more)) => Self::Wrong(what + &more),
            (wrong @ Self::Wrong(_), _) | (_, wrong) => wrong,
        }
    }

    /// The same, but that what is excused has to be seen.
    fn and_excuses(self, mix: crate::Mix, excuses: &[(usize, &Difference)]) -> Self {
        let Self::Well(places) = self else {
            return self;
        };
        let seen: BTreeSet<usize> = places.into_iter().collect();
        let dead = excuses
            .iter()
            .find(|(place, difference)| difference.is_due(mix) && !seen.contains(place));
        match dead {
            Some((_, difference)) => Self::Wrong(format!(
                "  a difference is gone: {} where libzmq says {}\n",
                difference.ferromq, difference.libzmq
            )),
            None => Self::Well(seen.into_iter().collect()),
        }
    }
}
