//! The tasks of this workspace: `cargo xtask` and a word.
//!
//! One file per task. What is shared is in `shell` (other programs), `journal`
//! (steps and their times) and `workspace` (what cargo knows of the crates).

#![forbid(unsafe_code)]
#![expect(
    clippy::print_stdout,
    reason = "a task speaks to whoever started it, in one stream with the programs it runs"
)]

mod bench;
mod check;
mod conform;
mod count;
mod deny;
mod docs;
mod examples;
mod failure;
mod floors;
mod fuzz;
mod install;
mod interop;
mod journal;
mod lint;
mod loom;
mod msrv;
mod shell;
mod test;
mod tidy;
mod workspace;

use std::process::ExitCode;

use failure::{Failure, Outcome};
use journal::Journal;

const USAGE: &str = "\
cargo xtask TASK

before a push
  check                     fmt, clippy, floors, tidy and unit tests: what a minute or two can find
  ci [--without-interop]    everything, as CI runs it; without: neither interop nor conform

one by one
  test [--without-interop]  installs what the tests need and runs all of them
  floors [--build]          which crate may know which (floors.md); --build: each crate alone
  tidy                      what the compiler and clippy do not look at
  loom                      the models of everything that wakes or waits
  examples                  each of the facade's, to its end
  interop                   against libzmq; writes docs/interop.md
  conform                   scenarios with libzmq and ferromq in each role; writes docs/conformance.md
  docs                      the documentation, warnings as errors
  msrv                      a build with the oldest supported Rust
  deny [--without-advisories]  licences, sources and advisories, with cargo-deny
  fuzz [--smoke]            the folder fuzz, with cargo-fuzz
  bench [ARGUMENTS]         the folder bench
  count [WORD]              instructions per message, with callgrind
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut journal = Journal::default();
    let outcome = run(&words, &mut journal);
    journal.summary();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            println!("\nxtask: {failure}");
            failure.exit_code()
        }
    }
}

fn run(words: &[&str], journal: &mut Journal) -> Outcome {
    match words {
        ["check"] => check::check(journal),
        ["ci"] => check::ci(journal, test::Interop::Run),
        ["ci", "--without-interop"] => check::ci(journal, test::Interop::Skip),
        ["test"] => test::run(journal, test::Interop::Run),
        ["test", "--without-interop"] => test::run(journal, test::Interop::Skip),
        ["floors"] => journal.step("floors", floors::check),
        ["floors", "--build"] => {
            journal.step("floors", floors::check)?;
            journal.step("floors: each crate alone", floors::build)
        }
        ["tidy"] => journal.step("tidy", tidy::check),
        ["loom"] => journal.step("loom", loom::run),
        ["examples"] => journal.step("examples", examples::run),
        ["interop"] => journal.step("interop", interop::run),
        ["conform"] => journal.step("conform", conform::run),
        ["docs"] => journal.step("docs", docs::run),
        ["msrv"] => journal.step("msrv", msrv::run),
        ["deny"] => journal.step("deny", || deny::run(deny::Advisories::Fetch)),
        ["deny", "--without-advisories"] => {
            journal.step("deny", || deny::run(deny::Advisories::Skip))
        }
        ["fuzz"] => journal.step("fuzz", || fuzz::run(fuzz::Length::Long)),
        ["fuzz", "--smoke"] => journal.step("fuzz", || fuzz::run(fuzz::Length::Smoke)),
        ["count"] => journal.step("count", || count::run("")),
        ["count", word] => journal.step("count", || count::run(word)),
        ["bench", arguments @ ..] => journal.step("bench", || bench::run(arguments)),
        [] | ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => Err(Failure::Usage(format!(
            "no such task: {}\n\n{USAGE}",
            words.join(" ")
        ))),
    }
}
