//! What was found, and whether it is well.

use std::fmt::Write;

use crate::difference::Difference;
use crate::scenario::{Carrier, Mix, Scenario};

/// What a scenario came to over one carrier.
#[derive(Debug)]
pub struct Verdict {
    /// The scenario.
    pub scenario: &'static Scenario,
    /// The carrier.
    pub carrier: Carrier,
    /// The scripts of libzmq alone: one, or one for either side bound.
    pub scripts: Vec<Vec<String>>,
    /// What each mix came to; libzmq alone is the first.
    pub findings: Vec<(Mix, Finding)>,
}

/// What one mix came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The same as with libzmq alone, but for these differences, by their places.
    Well(Vec<usize>),
    /// Something else.
    Wrong(String),
}

impl Verdict {
    /// What is wrong, if something is.
    #[must_use]
    pub fn complaint(&self) -> Option<String> {
        let mut text = String::new();
        for (mix, finding) in &self.findings {
            if let Finding::Wrong(what) = finding {
                // A string takes all that is written to it.
                let _ = write!(
                    text,
                    "{} over {}, {mix}:\n{what}",
                    self.scenario.name, self.carrier
                );
            }
        }
        (!text.is_empty()).then_some(text)
    }
}

/// Holds a script against that of libzmq alone. The differences are those of the scenario
/// over this carrier, with their places.
pub(crate) fn compare(
    reference: &[String],
    script: &[String],
    mix: Mix,
    differences: &[(usize, &Difference)],
) -> Finding {
    let mut used = Vec::new();
    let mut wrong = String::new();
    for (libzmq, ferromq) in reference.iter().zip(script) {
        if libzmq == ferromq {
            continue;
        }
        let meant = differences.iter().find(|(_, difference)| {
            difference.is_due(mix)
                && ends_with(libzmq, difference.libzmq)
                && ends_with(ferromq, difference.ferromq)
        });
        match meant {
            Some((place, _)) => used.push(*place),
            None => wrong += &format!("  libzmq   {libzmq}\n  ferromq  {ferromq}\n"),
        }
    }
    if reference.len() != script.len() {
        wrong += &format!("  {} steps, not {}\n", script.len(), reference.len());
    }
    if wrong.is_empty() {
        used.dedup();
        Finding::Well(used)
    } else {
        Finding::Wrong(wrong)
    }
}

fn ends_with(line: &str, outcome: &str) -> bool {
    line.strip_suffix(outcome)
        .is_some_and(|rest| rest.ends_with(": "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Role::A;
    use crate::scenarios::CHAPTERS;

    fn scenarios() -> impl Iterator<Item = &'static Scenario> {
        CHAPTERS.iter().flat_map(|chapter| chapter.scenarios)
    }

    fn lines<const N: usize>(outcomes: [&str; N]) -> Vec<String> {
        outcomes.map(|outcome| format!("a step: {outcome}")).into()
    }

    #[test]
    fn a_line_that_is_another_is_wrong_unless_it_is_meant() {
        let difference = Difference {
            scenario: "",
            whose: &[A],
            carriers: Carrier::ALL,
            libzmq: "nothing",
            ferromq: "something",
            why: "",
        };
        let scenario = scenarios().next().expect("there are scenarios");
        let [theirs, .., ours] = scenario.mixes(Carrier::Tcp)[..] else {
            panic!("there are several mixes");
        };
        let (libzmq, ferromq) = (lines(["sent", "nothing"]), lines(["sent", "something"]));
        let found = |mix, excuses: &[_]| compare(&libzmq, &ferromq, mix, excuses);
        assert_eq!(found(ours, &[(3, &difference)]), Finding::Well(vec![3]));
        assert!(matches!(found(ours, &[]), Finding::Wrong(_)));
        assert!(matches!(
            found(theirs, &[(3, &difference)]),
            Finding::Wrong(_)
        ));
    }

    #[test]
    fn a_script_that_ends_early_is_wrong() {
        let scenario = scenarios().next().expect("there are scenarios");
        let mix = scenario.mixes(Carrier::Tcp)[0];
        let found = compare(&lines(["met", "sent"]), &lines(["met"]), mix, &[]);
        assert!(matches!(found, Finding::Wrong(_)));
    }

    #[test]
    fn scenarios_have_names_of_their_own_and_differences_have_scenarios() {
        let mut names: Vec<_> = scenarios().map(|scenario| scenario.name).collect();
        let all = names.len();
        for difference in crate::DIFFERENCES {
            assert!(names.contains(&difference.scenario), "{difference:?}");
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
