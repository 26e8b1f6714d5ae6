//! What is measured, and with whom.

use crate::args::Args;
use crate::case::{Case, Pin};
use crate::field::{Class, Entry, FIELD};

/// A case and those who take part in it.
pub(crate) struct Job {
    pub(crate) case: Case,
    pub(crate) entries: Vec<&'static Entry>,
}

/// The jobs that `args` leave.
pub(crate) fn of(args: &Args) -> Vec<Job> {
    let cases = if args.quick { quick() } else { everything() };
    let mut jobs = Vec::new();
    for case in cases {
        let named = |regex: &regex_lite::Regex| regex.is_match(&case.id());
        if !args.only.as_ref().is_none_or(named) {
            continue;
        }
        let is_due = |entry: &Entry| match args.quick {
            true => entry.quick,
            false if has_all_modes(&case) => true,
            false if is_step(&case) => draws_curve(entry),
            false => is_main(entry),
        };
        let takes_part = |entry: &&Entry| {
            (entry.fits)(&case) && is_due(entry) && entry.is_wanted(&args.contestants)
        };
        let entries = FIELD.iter().filter(takes_part).collect();
        jobs.push(Job { case, entries });
    }
    jobs
}

/// All cases, in the order of the page.
pub(crate) fn everything() -> Vec<Case> {
    let mut cases = Vec::new();
    let sizes = (1..=16).map(|step| 16 * step);
    let sizes = sizes.chain([512, 1024, 4096, 8192, 65_536, 1 << 20]);
    cases.extend(sizes.map(|size| Case::new("push-pull", "tcp", size)));
    for size in [16, 64, 256, 1024, 8192, 65_536, 1 << 20] {
        cases.push(Case::new("push-pull", "ipc", size));
    }
    for size in [16, 64, 1024, 65_536] {
        cases.push(Case::new("push-pull", "inproc", size));
    }
    for workload in ["req-rep", "dealer-router"] {
        for transport in ["tcp", "ipc"] {
            for pin in [Pin::One, Pin::Two] {
                cases.push(Case::new(workload, transport, 64).pin(pin));
            }
        }
        cases.push(Case::new(workload, "inproc", 64));
    }
    for transport in ["tcp", "inproc"] {
        for peers in [1, 8, 64, 1000] {
            cases.push(Case::new("pub-sub", transport, 64).peers(peers));
        }
    }
    for peers in [1, 100, 1000] {
        cases.push(Case::new("pub-topics", "tcp", 60).peers(peers));
    }
    for transport in ["tcp", "inproc"] {
        for peers in [1, 16, 100, 1000] {
            cases.push(Case::new("router-echo", transport, 64).peers(peers));
        }
        cases.push(Case::new("fan-in", transport, 64).peers(64));
    }
    for peers in [1, 1000, 10_000] {
        cases.push(Case::new("idle", "tcp", 16).peers(peers));
    }
    cases
}

/// Enough to see whether a change was good.
fn quick() -> Vec<Case> {
    let mut cases = Vec::new();
    for size in [16, 64, 256, 1024, 65_536] {
        cases.push(Case::new("push-pull", "tcp", size));
    }
    cases.push(Case::new("push-pull", "inproc", 64));
    for pin in [Pin::One, Pin::Two] {
        cases.push(Case::new("req-rep", "tcp", 64).pin(pin));
    }
    cases.push(Case::new("req-rep", "inproc", 64));
    cases.push(Case::new("pub-sub", "tcp", 64).peers(64));
    for peers in [1, 1000] {
        cases.push(Case::new("pub-topics", "tcp", 60).peers(peers));
    }
    cases.push(Case::new("router-echo", "tcp", 64).peers(100));
    cases.push(Case::new("fan-in", "tcp", 64).peers(64));
    cases.push(Case::new("idle", "tcp", 16).peers(1000));
    cases
}

/// The sizes that only show whether the curve has a step.
fn is_step(case: &Case) -> bool {
    case.workload == "push-pull"
        && case.transport == "tcp"
        && !matches!(case.size, 16 | 64 | 256 | 1024 | 8192 | 65_536 | 1_048_576)
}

/// Where each mode of everybody is measured; they matter alike in the other cases.
fn has_all_modes(case: &Case) -> bool {
    let size = case.size == 64;
    match case.workload {
        "push-pull" => size && case.transport != "ipc",
        "req-rep" => case.transport != "ipc",
        _ => false,
    }
}

/// The modes that are measured everywhere: what one gets without a choice, and the fast one.
fn is_main(entry: &Entry) -> bool {
    let is_default = matches!(entry.mode, "default" | "exclusive" | "crossbeam");
    entry.quick && (is_default || entry.class != Class::Single) && entry.name != "raw-std"
        || entry.mode == "spin"
}

/// Those whose curves are compared step by step.
fn draws_curve(entry: &Entry) -> bool {
    matches!(
        (entry.name, entry.mode),
        ("ferromq" | "omq", "default" | "batch") | ("libzmq-new" | "raw-tokio", "default")
    )
}

/// Whether the charts show it: no more lines than there are colours.
pub(crate) fn has_line(entry: &Entry) -> bool {
    draws_curve(entry)
        || matches!(
            (entry.name, entry.mode),
            ("rzmq" | "zeromq", "default") | ("channel", "crossbeam")
        )
}
