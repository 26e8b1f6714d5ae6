//! Many tasks in a row: what is worth a wait before a push, and what CI runs.

use crate::failure::Outcome;
use crate::journal::Journal;
use crate::{conform, docs, floors, interop, lint, msrv, test, tidy};

/// What finds most mistakes in little time, the quickest first.
pub(crate) fn check(journal: &mut Journal) -> Outcome {
    journal.step("fmt", lint::fmt)?;
    journal.step("tidy", tidy::check)?;
    journal.step("floors", floors::check)?;
    journal.step("clippy", lint::clippy)?;
    journal.step("unit tests", test::unit)
}

/// Everything.
pub(crate) fn ci(journal: &mut Journal, with: test::Interop) -> Outcome {
    journal.step("fmt", lint::fmt)?;
    journal.step("clippy", lint::clippy)?;
    journal.step("docs", docs::run)?;
    if with == test::Interop::Run && interop::exists() {
        journal.step("clippy: interop", interop::clippy)?;
        journal.step("clippy: conform", conform::clippy)?;
    }
    test::run(journal, with)?;
    if msrv::is_installed()? {
        journal.step("msrv", msrv::run)?;
    } else {
        println!(
            "the oldest supported Rust is not installed: clippy's lint and tidy stood in for it"
        );
    }
    Ok(())
}
