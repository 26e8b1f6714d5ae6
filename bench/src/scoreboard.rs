//! The page's first table: each target, whether it is reached, and if not, why.

use std::fmt::Write;

use crate::case::Case;
use crate::record::Records;
use crate::targets;
use crate::verdict::{self, Found, Verdict};

/// The table, and the reasons below it.
pub(crate) fn draw(records: &Records, cases: &[Case]) -> String {
    let all: Vec<Verdict> = cases
        .iter()
        .flat_map(|case| verdict::on(records, case))
        .collect();
    let mut reasons = Vec::new();
    let mut text = head(&all);
    for verdict in &all {
        text += &row(verdict, &mut reasons);
    }
    for (row, why) in targets::ABSENT {
        let _ = writeln!(text, "| {row} | | | | | | {why} |");
    }
    if !reasons.is_empty() {
        text +=
            "\nWhy, by number; the figures behind it are in [performance.md](performance.md):\n\n";
    }
    for (number, why) in reasons.iter().enumerate() {
        let _ = writeln!(text, "{}. {why}", number + 1);
    }
    text + "\n"
}

fn head(all: &[Verdict]) -> String {
    let count = |found| all.iter().filter(|verdict| verdict.found == found).count();
    let missed = count(Found::Missed);
    let explained = all.iter().filter(|verdict| verdict.why.is_some()).count();
    let unexplained = match missed - explained {
        0 => String::new(),
        some => format!(" ({some} of them nobody has explained)"),
    };
    format!(
        "## Targets\n\n\
         {} proven, {} hold, {missed} missed{unexplained}. A ratio is ours by theirs, in each\n\
         round; a target holds if the median reaches it, and is proven if the worse quartile\n\
         does.\n\n\
         | case | value | ours | against | quartiles of the ratio | target | |\n\
         |---|---|---|---|---|---|---|\n",
        count(Found::Proven),
        count(Found::Holds),
    )
}

/// One target. A reason that is not among `reasons` yet is added.
fn row(verdict: &Verdict, reasons: &mut Vec<&'static str>) -> String {
    let why = verdict.why.map_or(String::new(), |why| {
        let known = reasons.iter().position(|reason| *reason == why);
        let number = known.unwrap_or_else(|| {
            reasons.push(why);
            reasons.len() - 1
        });
        format!(" ({})", number + 1)
    });
    let ratio = verdict.ratio;
    format!(
        "| {} | {} | {} | {} | {:.2} … **{:.2}** … {:.2} | {} | {}{why} |\n",
        verdict.case,
        verdict.value,
        verdict.ours,
        verdict.base,
        ratio.low,
        ratio.median,
        ratio.high,
        verdict.goal,
        verdict.found,
    )
}
