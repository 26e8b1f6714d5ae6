//! Which targets are reached.

use std::fmt;

use crate::case::Case;
use crate::field::{Class, Entry, FIELD, Side};
use crate::reasons;
use crate::record::Records;
use crate::stats::{Quartiles, quartiles};
use crate::targets::{self, Base, Goal, Target};

/// One target in one case.
pub(crate) struct Verdict {
    pub(crate) case: String,
    pub(crate) ours: String,
    pub(crate) value: &'static str,
    pub(crate) base: String,
    pub(crate) goal: Goal,
    pub(crate) ratio: Quartiles,
    pub(crate) found: Found,
    /// Of a miss, where somebody has looked.
    pub(crate) why: Option<&'static str>,
}

/// The median says whether a target holds, the worse quartile whether that is proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    Proven,
    Holds,
    Missed,
}

impl fmt::Display for Found {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Proven => "proven",
            Self::Holds => "holds",
            Self::Missed => "**missed**",
        })
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(ratio) => write!(out, "≥ {ratio:.2}"),
            Self::AtMost(ratio) => write!(out, "≤ {ratio:.2}"),
        }
    }
}

/// Our entry of each class: what one gets without a choice, and the fast one.
fn ours(class: Class) -> Option<&'static Entry> {
    FIELD
        .iter()
        .find(|entry| entry.side == Side::Ours && entry.class == class)
}

/// All verdicts on a case.
pub(crate) fn on(records: &Records, case: &Case) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    for class in Class::ALL {
        let Some(ours) = ours(class) else {
            continue;
        };
        for target in targets::of(case, class) {
            verdicts.extend(judge(records, case, ours, target));
        }
    }
    verdicts
}

fn judge(records: &Records, case: &Case, ours: &Entry, target: Target) -> Option<Verdict> {
    let id = case.id();
    let mine = records.rounds(&id, &ours.id(), target.value);
    let (base, theirs) = match target.base {
        Base::Side(side) => {
            let base = best(records, &id, side, ours.class, target)?;
            let theirs = records.rounds(&id, &base, target.value);
            (base, theirs)
        }
        Base::Entry(name) => (name.to_owned(), records.rounds(&id, name, target.value)),
        Base::OnePeer => {
            let alone = case.clone().peers(1).id();
            let theirs = records.rounds(&alone, &ours.id(), target.value);
            ("itself with 1 peer".to_owned(), theirs)
        }
    };
    let both = mine
        .iter()
        .filter_map(|(round, mine)| Some(mine / theirs.get(round)?));
    let ratio = quartiles(both)?;
    let found = match target.goal {
        Goal::AtLeast(goal) => find(ratio.median >= goal, ratio.low >= goal),
        Goal::AtMost(goal) => find(ratio.median <= goal, ratio.high <= goal),
    };
    let why = (found == Found::Missed).then(|| reasons::of(case, ours.class, &target));
    Some(Verdict {
        case: id,
        ours: ours.id(),
        value: target.value,
        base,
        goal: target.goal,
        ratio,
        found,
        why: why.flatten(),
    })
}

fn find(holds: bool, proven: bool) -> Found {
    match (holds, proven) {
        (true, true) => Found::Proven,
        (true, false) => Found::Holds,
        _ => Found::Missed,
    }
}

/// Who is best on that side, like against like.
fn best(records: &Records, case: &str, side: Side, class: Class, target: Target) -> Option<String> {
    // libzmq has threads alone.
    let meets = |entry: &Entry| class.meets(entry.class) || side == Side::Libzmq;
    let comparable = |entry: &&Entry| entry.side == side && meets(entry);
    let medians = FIELD.iter().filter(comparable).filter_map(|entry| {
        let median = records.median(case, &entry.id(), target.value)?;
        Some((entry.id(), median))
    });
    let order = |one: &(String, f64), other: &(String, f64)| match target.goal {
        Goal::AtLeast(_) => one.1.total_cmp(&other.1),
        Goal::AtMost(_) => other.1.total_cmp(&one.1),
    };
    medians.max_by(order).map(|(entry, _)| entry)
}
