//! What ferromq has to reach, as ratios of its value to another's.

use crate::case::{Case, Pin};
use crate::field::{Class, Side};

/// Whom ours is compared with: the best in that very value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Base {
    /// Anybody on that side, in our class of the row.
    Side(Side),
    /// That entry.
    Entry(&'static str),
    /// Ourselves in the case of the same workload with one peer.
    OnePeer,
}

/// A ratio to reach.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target {
    pub(crate) value: &'static str,
    pub(crate) base: Base,
    pub(crate) goal: Goal,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Goal {
    AtLeast(f64),
    AtMost(f64),
}

use Goal::{AtLeast, AtMost};

const LIBZMQ: Base = Base::Side(Side::Libzmq);
const RUST: Base = Base::Side(Side::Rust);
const LIMIT: Base = Base::Side(Side::Limit);
const RAW: Base = Base::Entry("raw-tokio");

/// The targets of a case, for entries of a class.
pub(crate) fn of(case: &Case, class: Class) -> Vec<Target> {
    let mut targets = Vec::new();
    let mut add = |value, base, goal| targets.push(Target { value, base, goal });
    match case.workload {
        "push-pull" if case.is_inproc() => {
            add("rate", LIBZMQ, AtLeast(3.0));
            add("rate", RUST, AtLeast(1.5));
            add("rate", LIMIT, AtLeast(0.7));
        }
        "push-pull" => {
            if let Some((libzmq, rust, raw)) = throughput(case.size) {
                add("rate", LIBZMQ, AtLeast(libzmq));
                add("rate", RUST, AtLeast(rust));
                add("rate", RAW, AtLeast(raw));
            }
        }
        "req-rep" | "dealer-router" => {
            let (libzmq, rust, raw) = round_trip(case, class);
            let raw_base = match (case.is_inproc(), class) {
                (true, _) => LIMIT,
                (false, Class::Spin) => Base::Entry("raw-std/spin"),
                (false, _) => RAW,
            };
            for value in ["p50", "p99"] {
                add(value, LIBZMQ, AtMost(libzmq));
                add(value, RUST, AtMost(rust));
                add(value, raw_base, AtMost(raw));
            }
        }
        "pub-sub" => {
            add("rate", LIBZMQ, AtLeast(2.0));
            add("rate", RUST, AtLeast(1.5));
        }
        "pub-topics" => {
            add("rate", LIBZMQ, AtLeast(2.0));
            if case.peers == 1000 {
                add("rate", Base::Entry("omq"), AtLeast(60.0));
            }
            if case.peers > 1 {
                add("rate", Base::OnePeer, AtLeast(0.9));
            }
        }
        "router-echo" | "fan-in" => {
            add("rate", LIBZMQ, AtLeast(1.5));
            add("rate", RUST, AtLeast(1.5));
        }
        // Of one connection it is the process that grows.
        "idle" if case.peers >= 1000 => {
            add("kib-server", LIBZMQ, AtMost(0.3));
            add("kib-client", LIBZMQ, AtMost(0.3));
            add("connect", LIBZMQ, AtMost(1.0));
        }
        _ => {}
    }
    if class != Class::Spin && case.workload != "idle" {
        let (libzmq, rust) = if case.size <= 1024 {
            (0.6, 0.8)
        } else {
            (1.0, 1.0)
        };
        add("cpu", LIBZMQ, AtMost(libzmq));
        add("cpu", RUST, AtMost(rust));
    }
    targets
}

/// Rows of the table that nothing of ours can be measured in yet.
pub(crate) const ABSENT: &[(&str, &str)] = &[("CURVE, 64 B and 64 KiB", "ferromq has no CURVE")];

/// PUSH/PULL by tcp and ipc: against libzmq, the best other, and raw tokio.
fn throughput(size: usize) -> Option<(f64, f64, f64)> {
    Some(match size {
        16 => (4.0, 2.5, 0.2),
        64 => (3.5, 2.0, 0.6),
        256..=1024 => (3.0, 1.6, 0.85),
        8192 => (1.8, 1.0, 0.95),
        65_536 => (1.3, 1.0, 0.95),
        1_048_576 => (1.05, 1.0, 0.95),
        _ => return None,
    })
}

/// Round trips: against libzmq, the best other, and the limit. Inproc's limit is a
/// channel each way, of which 0.7 of the speed is wanted.
fn round_trip(case: &Case, class: Class) -> (f64, f64, f64) {
    match (case.is_inproc(), class, case.pin) {
        (true, ..) => (0.4, 0.9, 1.0 / 0.7),
        (false, Class::Spin, _) => (0.2, 0.9, 1.5),
        (false, _, Pin::One) => (0.35, 0.85, 1.2),
        (false, ..) => (0.85, 1.05, 1.1),
    }
}
