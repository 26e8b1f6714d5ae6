//! All tests there are, after installing what they need.

use crate::failure::{Failure, Outcome};
use crate::journal::Journal;
use crate::shell::Tool;
use crate::{conform, examples, floors, interop, loom, tidy};

/// Whether the tests against libzmq are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Interop {
    Run,
    Skip,
}

/// Runs everything, what is quick and fails often first.
pub(crate) fn run(journal: &mut Journal, interop: Interop) -> Outcome {
    if interop == Interop::Run && !interop::exists() {
        return Err(Failure::new(
            "the folder interop is not there yet; --without-interop runs all the rest",
        ));
    }
    journal.step("tidy", tidy::check)?;
    journal.step("floors", floors::check)?;
    journal.step("unit tests", unit)?;
    journal.step("documentation tests", in_documentation)?;
    journal.step("examples", examples::run)?;
    journal.step("loom", loom::run)?;
    journal.step("floors: each crate alone", floors::build)?;
    if interop == Interop::Run {
        journal.step("interop", interop::run)?;
        journal.step("conform", conform::run)?;
    }
    Ok(())
}

/// Unit, property and integration tests of the workspace.
pub(crate) fn unit() -> Outcome {
    let all = ["--workspace", "--all-features"];
    if Tool::cargo().args(["nextest", "--version"]).succeeds() {
        // Its configuration ends a test that hangs, and names it.
        return Tool::cargo()
            .args(["nextest", "run", "--config-file", "xtask/nextest.toml"])
            .args(all)
            .run();
    }
    println!("cargo-nextest is not installed: cargo test does it too");
    Tool::cargo()
        .args(["test", "--lib", "--bins", "--tests"])
        .args(all)
        .run()
}

fn in_documentation() -> Outcome {
    Tool::cargo()
        .args(["test", "--doc", "--workspace", "--all-features"])
        .run()
}
