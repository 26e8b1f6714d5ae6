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
mod reasons;
mod record;
mod round;
mod scoreboard;
mod stats;
mod targets;
mod verdict;
mod workshop;

use std::process::ExitCode;

use args::Args;
use failure::Failure;
use plan::Job;
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
    if args.lists {
        list(&plan::of(&args));
        return Ok(());
    }
    let records = match &args.from {
        Some(path) => Records::read(path)?,
        None => measure(&args)?,
    };
    page::write(&records, &args)
}

/// Who takes part in what.
fn list(plan: &[Job]) {
    for job in plan {
        let names: Vec<_> = job.entries.iter().map(|entry| entry.id()).collect();
        eprintln!("{}: {}", job.case.id(), names.join(", "));
    }
    let count: usize = plan.iter().map(|job| job.entries.len()).sum();
    eprintln!("{} cases, {count} measurements a round", plan.len());
}

/// Builds the contestants and measures what `args` ask for.
fn measure(args: &Args) -> Result<Records, Failure> {
    let plan = plan::of(args);
    let workshop = workshop::build(&plan, args)?;
    let mut records = match args.resumes {
        true => Records::resume(&args.out)?,
        false => Records::create(&args.out)?,
    };
    for (number, job) in plan.iter().enumerate() {
        eprintln!("[{}/{}] {}", number + 1, plan.len(), job.case.id());
        for round in 0..args.rounds {
            // Each entry is first once: who runs after whom is part of the noise.
            for turn in 0..job.entries.len() {
                let entry = &job.entries[(turn + round) % job.entries.len()];
                if records.has_round(&job.case, entry, round) || records.is_unable(&job.case, entry)
                {
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
