//! Running checks for people to watch.

use std::io::{self, Write};
use std::time::Instant;

use crate::check::{Check, Verdict, run};
use crate::failure::{Failure, Outcome};
use crate::lab::clean;

/// Runs checks and says how each went; in the end, what went wrong.
#[must_use]
pub fn run_and_tell(checks: &[Check]) -> Vec<Verdict> {
    let start = Instant::now();
    say(format_args!("running {} checks", checks.len()));
    let verdicts = run(checks, |verdict| {
        let word = if verdict.outcome.is_ok() {
            "ok"
        } else {
            "FAILED"
        };
        let seconds = start.elapsed().as_secs();
        say(format_args!(
            "[{seconds:>3} s] {} ... {word}",
            verdict.check
        ));
    });
    clean();
    let mut failed = 0;
    for verdict in &verdicts {
        if let Err(failure) = &verdict.outcome {
            failed += 1;
            say(format_args!("\n{}\n    {failure}", verdict.check));
        }
    }
    let passed = verdicts.len() - failed;
    let seconds = start.elapsed().as_secs();
    say(format_args!(
        "\n{passed} passed, {failed} failed, in {seconds} s"
    ));
    verdicts
}

/// Whether all checks have gone well.
///
/// # Errors
///
/// If any has failed, how many.
pub fn all_well(verdicts: &[Verdict]) -> Outcome {
    let failed = verdicts.iter().filter(|verdict| verdict.outcome.is_err());
    match failed.count() {
        0 => Ok(()),
        failed => Err(Failure::new(format_args!(
            "{failed} of {} checks failed",
            verdicts.len()
        ))),
    }
}

fn say(line: impl std::fmt::Display) {
    // Nobody may be listening.
    let _ = writeln!(io::stdout().lock(), "{line}");
}
