//! `conform`: plays all scenarios; with `--write FILE`, writes the page about them.

use std::env;
use std::fs;
use std::process::ExitCode;

use conform::{DIFFERENCES, Verdict};

const USAGE: &str = "\
conform [WORD]          play all scenarios, or those whose names have the word in them
conform --show WORD     the same, and show libzmq's scripts
conform --write FILE    play all of them, and write the page about them";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let verdicts = match arguments[..] {
        [] | ["--write", _] => conform::run("", tell),
        ["--show", word] => conform::run(word, |verdict| {
            show(verdict);
            tell(verdict);
        }),
        [word] if !word.starts_with('-') => conform::run(word, tell),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::FAILURE;
        }
    };
    if let ["--write", file] = arguments[..] {
        // Also of what is wrong.
        if let Err(error) = fs::write(file, conform::page(&verdicts, DIFFERENCES)) {
            eprintln!("{file}: {error}");
            return ExitCode::FAILURE;
        }
    }
    let wrong = verdicts.iter().filter_map(Verdict::complaint).count();
    eprintln!("{} of {} are well", verdicts.len() - wrong, verdicts.len());
    if wrong == 0 && !verdicts.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// What libzmq does.
fn show(verdict: &Verdict) {
    for script in &verdict.scripts {
        eprintln!("{} over {}:", verdict.scenario.name, verdict.carrier);
        for line in script {
            eprintln!("  {line}");
        }
    }
}

/// What is wrong is told at once.
fn tell(verdict: &Verdict) {
    if let Some(complaint) = verdict.complaint() {
        eprint!("{complaint}");
    }
}
