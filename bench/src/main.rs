//! `cargo xtask bench`: ferromq measured against every other ØMQ and against the
//! machine. README.md says how; this file is the order of the work.

mod args;
mod case;
mod chart;
mod failure;
mod field;
mod page;
mod peer;
mod plan;
mod record;
mod round;
mod stats;
mod targets;
mod verdict;
mod workshop;

use std::process::ExitCode;

use args::Args;
use failure::Failure;
use record::Records;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("bench: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failure> {
    let args = Args::parse(std::env::args().skip(1))?;
    let records = match &args.from {
        Some(path) => Records::read(path)?,
        None => measure(&args)?,
    };
    page::write(&records, &args)
}

/// Builds the contestants and measures what `args` ask for.
fn measure(args: &Args) -> Result<Records, Failure> {
    let plan = plan::of(args);
    let workshop = workshop::build(&plan, args)?;
    let mut records = Records::create(&args.out)?;
    for (number, job) in plan.iter().enumerate() {
        eprintln!("[{}/{}] {}", number + 1, plan.len(), job.case.id());
        for round in 0..args.rounds {
            // Each entry is first once: who runs after whom is part of the noise.
            for turn in 0..job.entries.len() {
                let entry = &job.entries[(turn + round) % job.entries.len()];
                if records.is_unable(&job.case, entry) {
                    continue;
                }
                let measured = workshop
                    .binary(entry)
                    .and_then(|binary| round::measure(&job.case, entry, binary, args.pace()));
                records.add(&job.case, entry, round, measured)?;
            }
        }
        records.show(&job.case);
    }
    Ok(records)
}
