//! Instructions per message: what a change costs, where time is too noisy to tell.
//!
//! `fmq bench` runs under callgrind with both ends in one process, twice; the
//! difference is what so many more messages took, with all that belongs to them
//! (the runtime and the benchmark's own loop) and without the start and the end.

use crate::failure::{Failure, Outcome};
use crate::install;
use crate::shell::Tool;
use crate::workspace::Workspace;

/// How many messages the shorter run has, and how many more the longer.
const FEW: u64 = 20_000;
const MORE: u64 = 40_000;

/// What is counted: a measure, a pattern, a transport, a size.
const CASES: &[(&str, &str, &str, u32)] = &[
    ("throughput", "push-pull", "tcp", 16),
    ("throughput", "push-pull", "tcp", 64),
    ("throughput", "push-pull", "tcp", 256),
    ("throughput", "push-pull", "tcp", 1024),
    ("throughput", "push-pull", "tcp", 8192),
    ("throughput", "push-pull", "inproc", 64),
    ("throughput", "pub-sub", "tcp", 64),
    ("throughput", "dealer-router", "tcp", 64),
    ("latency", "req-rep", "tcp", 64),
    ("latency", "req-rep", "inproc", 64),
];

/// Counts all cases, or those whose line contains `word`.
pub(crate) fn run(word: &str) -> Outcome {
    install::debian(&["valgrind"])?;
    Tool::cargo()
        .args(["build", "--release", "--package", "ferromq-cli"])
        .run()?;
    let folder = Workspace::load()?.target;
    let fmq = folder.join("release/fmq").display().to_string();
    let output = folder.join("callgrind.out").display().to_string();
    println!("instructions per message or round trip, both ends");
    for &(measure, pattern, transport, size) in CASES {
        let line = format!("{measure} {pattern} {transport} {size} B");
        if !line.contains(word) {
            continue;
        }
        let count = |messages: u64| {
            let printed = Tool::new("valgrind")
                .args([
                    "--tool=callgrind",
                    &format!("--callgrind-out-file={output}"),
                ])
                .args([fmq.as_str(), "bench", "--in-process", "--rounds", "1"])
                .args(["--measure", measure, "--pattern", pattern])
                .args(["--transport", transport, "--size", &size.to_string()])
                .args(["--count", &messages.to_string()])
                .read_all()?;
            collected(&printed).ok_or_else(|| Failure::new("callgrind counted nothing"))
        };
        let more = count(FEW + MORE)?.saturating_sub(count(FEW)?);
        println!("{line:44} {:>8}", more / MORE);
    }
    Ok(())
}

/// The sum in callgrind's closing lines: `==42== Collected : 1234`.
fn collected(printed: &str) -> Option<u64> {
    let (_, sum) = printed
        .lines()
        .find_map(|line| line.split_once("Collected : "))?;
    sum.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_found_among_the_closing_lines() {
        let printed = "==42== Events    : Ir\n==42== Collected : 71421483\n==42==\n";
        assert_eq!(collected(printed), Some(71_421_483));
        assert_eq!(collected("no valgrind"), None);
    }
}
