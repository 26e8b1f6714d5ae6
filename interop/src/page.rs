//! The page that tells what was found. The same findings make the same page.

use std::fmt::Write;

use crate::behaviours::{Behaviour, CHAPTERS, Chapter};
use crate::check::{Verdict, What};
use crate::failure::Outcome;
use crate::lab::{Lab, Library};
use crate::matrix::{MESSAGES, Place, Row, Tally};

/// The page, from the verdicts on all checks.
///
/// # Errors
///
/// If a libzmq does not say its version.
pub fn page(verdicts: &[Verdict]) -> Outcome<String> {
    let page = Page { verdicts };
    let sections = [
        "# ferromq and libzmq".to_owned(),
        "Written by `cargo xtask interop`, which installs libzmq and pyzmq, checks all of \
         this, and fails if anything here fails."
            .to_owned(),
        page.totals(),
        "## Builds of libzmq".to_owned(),
        builds()?,
        "## Pairs of sockets".to_owned(),
        introduction(),
        page.table(),
        "## Behaviours".to_owned(),
        "Each was found true where it says *pass*. What has roles was tried in both of them, \
         and nothing is ferromq against itself."
            .to_owned(),
    ];
    let chapters = CHAPTERS.iter().map(|chapter| page.chapter(chapter));
    let sections: Vec<String> = sections.into_iter().chain(chapters).collect();
    Ok(sections.join("\n\n") + "\n")
}

fn builds() -> Outcome<String> {
    let mut text = "\
        | build | version | its sockets | ferromq's input and output |\n\
        |---|---|---|---|"
        .to_owned();
    for (library, process, io) in [
        (Library::System, "in the same process", "threads of its own"),
        (
            Library::Pyzmq,
            "in another process",
            "the application's runtime",
        ),
    ] {
        let version = Lab::new(library).version()?;
        text += &format!("\n| {library} | {version} | {process} | {io} |");
    }
    text += "\n\nWhere processes are killed or stopped, each side has had one of its own.";
    Ok(text)
}

fn introduction() -> String {
    let names: Vec<&str> = MESSAGES.iter().map(|message| message.name).collect();
    format!(
        "So many messages arrived as they were sent, of so many: {}; one way or both, as the \
         pair allows. *binds* and *connects* is what ferromq does. STREAM has bytes and no \
         messages, and no ipc.",
        names.join(", ")
    )
}

struct Page<'a> {
    verdicts: &'a [Verdict],
}

impl Page<'_> {
    fn totals(&self) -> String {
        let passed = |verdict: &&Verdict| verdict.outcome.is_ok();
        let all = self.verdicts.len();
        let tallies = || self.verdicts.iter().flat_map(|verdict| &verdict.tallies);
        format!(
            "**{} of {all} checks pass**: {} of {} messages in {} combinations of pair, role, \
             transport, direction and build, and {} of {} behaviours.",
            self.verdicts.iter().filter(passed).count(),
            tallies().map(|(_, tally)| tally.passed).sum::<usize>(),
            tallies().map(|(_, tally)| tally.total).sum::<usize>(),
            tallies().count(),
            self.behaviours().filter(passed).count(),
            self.behaviours().count(),
        )
    }

    fn behaviours(&self) -> impl Iterator<Item = &Verdict> {
        let is_behaviour = |verdict: &&Verdict| matches!(verdict.check.what, What::Behaviour(_));
        self.verdicts.iter().filter(is_behaviour)
    }

    fn table(&self) -> String {
        let mut head = "| pair | ferromq is |".to_owned();
        for library in Library::LIVE {
            for place in Place::ALL {
                // A string takes all that is written to it.
                let _ = write!(head, " {library}, {} |", place.short());
            }
        }
        let columns = 2 + Library::LIVE.len() * Place::ALL.len();
        let mut lines = vec![head, format!("|{}", "---|".repeat(columns))];
        for row in Row::all() {
            let cells = Library::LIVE.iter().flat_map(|library| {
                let places = Place::ALL.iter();
                places.map(move |place| self.tally(*library, &row, *place))
            });
            let cells: String = cells.map(|tally| format!(" {} |", cell(tally))).collect();
            let role = row.pair.kind(row.first);
            lines.push(format!("| {} | {role} |{cells}", row.pair));
        }
        lines.join("\n")
    }

    fn tally(&self, library: Library, row: &Row, place: Place) -> Option<&Tally> {
        let verdict = self.verdicts.iter().find(|verdict| {
            let is_row = |known: Row| known.pair == row.pair && known.first == row.first;
            verdict.check.library == library
                && matches!(verdict.check.what, What::Row(known) if is_row(known))
        });
        let (_, tally) = verdict?.tallies.iter().find(|(known, _)| *known == place)?;
        Some(tally)
    }

    fn chapter(&self, chapter: &Chapter) -> String {
        let mut text = format!("### {}\n", chapter.title);
        for behaviour in chapter.behaviours {
            let words: Vec<String> = self.words(behaviour).collect();
            text += &format!("\n- {}: {}", behaviour.sentence(), words.join(", "));
        }
        text
    }

    /// How a behaviour was found, by build.
    fn words(&self, behaviour: &Behaviour) -> impl Iterator<Item = String> {
        let verdicts = self.behaviours().filter(
            |verdict| matches!(verdict.check.what, What::Behaviour(known) if known.is(behaviour)),
        );
        verdicts.map(|verdict| {
            let word = if verdict.outcome.is_ok() {
                "pass"
            } else {
                "FAIL"
            };
            format!("{} {word}", verdict.check.library)
        })
    }
}

fn cell(tally: Option<&Tally>) -> String {
    match tally {
        None => String::new(),
        Some(tally) if tally.failure.is_none() => format!("{}/{}", tally.passed, tally.total),
        Some(tally) => format!("**FAIL** {}/{}", tally.passed, tally.total),
    }
}
