//! The page that tells what was found. The same findings make the same page.

use std::fmt::Write;

use crate::difference::Difference;
use crate::scenario::{Carrier, Scenario};
use crate::scenarios::{CHAPTERS, Chapter};
use crate::theirs;
use crate::verdict::{Finding, Verdict};

/// The page, from the verdicts on all scenarios.
#[must_use]
pub fn page(verdicts: &[Verdict], differences: &[Difference]) -> String {
    let page = Page { verdicts };
    let mut sections = vec![
        "# ferromq in libzmq's place".to_owned(),
        "Written by `cargo xtask conform`, which builds libzmq with its drafts, plays all of \
         this, and fails if anything here does."
            .to_owned(),
        page.totals(),
        page.introduction(),
    ];
    sections.extend(CHAPTERS.iter().map(|chapter| page.chapter(chapter)));
    sections.push(told(differences));
    sections.join("\n\n") + "\n"
}

struct Page<'a> {
    verdicts: &'a [Verdict],
}

impl Page<'_> {
    fn totals(&self) -> String {
        let findings = || self.verdicts.iter().flat_map(|verdict| &verdict.findings);
        let is_well = |finding: &&(_, Finding)| matches!(finding.1, Finding::Well(_));
        let scenarios = CHAPTERS.iter().map(|chapter| chapter.scenarios.len());
        format!(
            "**{} of {} performances are as they have to be**, of {} scenarios, with libzmq {}.",
            findings().filter(is_well).count(),
            findings().count(),
            scenarios.sum::<usize>(),
            theirs::version(),
        )
    }

    fn introduction(&self) -> String {
        "A scenario is data: some sockets, their options, and what they do, one step after the \
         other. What comes of each step is a line of a script: what was received, what was \
         refused and why, which events the monitor told. The scripts of all mixes have to be \
         that of libzmq alone, line by line. A cell has the mixes, a letter for each socket in \
         the order of the row: `z` is libzmq, `f` ferromq; a number is a difference that is \
         meant, explained at the end. Over inproc all sockets are of one library. Where either \
         side can be bound, each mix was played both ways."
            .to_owned()
    }

    fn chapter(&self, chapter: &Chapter) -> String {
        let mut text = format!("## {}\n\n", chapter.title);
        text += "| scenario | source | sockets | tcp | ipc | inproc |\n|---|---|---|---|---|---|";
        for scenario in chapter.scenarios {
            let sockets = scenario.cast.iter().map(|(kind, _)| kind.name());
            let sockets = sockets.collect::<Vec<_>>().join(", ");
            let cells = Carrier::ALL
                .iter()
                .map(|carrier| self.cell(scenario, *carrier));
            let cells = cells.collect::<Vec<_>>().join(" | ");
            // A string takes all that is written to it.
            let _ = write!(
                text,
                "\n| {} | {} | {sockets} | {cells} |",
                scenario.name, scenario.source
            );
        }
        text
    }

    fn cell(&self, scenario: &Scenario, carrier: Carrier) -> String {
        let verdict = self
            .verdicts
            .iter()
            .find(|verdict| verdict.scenario.name == scenario.name && verdict.carrier == carrier);
        let findings = verdict.map_or(&[][..], |verdict| &verdict.findings);
        let words = findings.iter().map(|(mix, finding)| match finding {
            Finding::Well(places) if places.is_empty() => mix.to_string(),
            Finding::Well(places) => {
                let numbers = places.iter().map(|place| format!("{}", place + 1));
                format!("{mix}<sup>{}</sup>", numbers.collect::<Vec<_>>().join(", "))
            }
            Finding::Wrong(_) => format!("**{mix} FAILS**"),
        });
        words.collect::<Vec<_>>().join(" ")
    }
}

fn told(differences: &[Difference]) -> String {
    let mut text = "## What differs, by intent\n".to_owned();
    for (place, it) in differences.iter().enumerate() {
        // A string takes all that is written to it.
        let _ = write!(
            text,
            "\n{}. *{}*: where libzmq comes to `{}`, ferromq comes to `{}`. {}",
            place + 1,
            it.scenario,
            it.libzmq,
            it.ferromq,
            it.why
        );
    }
    text
}
