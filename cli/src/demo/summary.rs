//! What was sent, received and lost in all.

use std::time::Duration;

use super::board::Board;
use super::meter::Reading;
use crate::ends::pattern::Pattern;
use crate::term::number::{bytes, count, time};
use crate::term::paint::{Painter, Tone};
use crate::term::table::{Cell, Side, Table};

/// The outcomes of several links together.
#[derive(Default)]
struct Sum {
    links: u64,
    reading: Reading,
    time: Duration,
}

/// A table with a row for each pattern, and what it comes to.
pub(crate) fn summary(board: &Board, painter: Painter) -> String {
    let mut table = Table::new(&[
        ("pattern", Side::Left, 0),
        ("links", Side::Right, 0),
        ("sent", Side::Right, 0),
        ("received", Side::Right, 0),
        ("lost", Side::Right, 0),
        ("wrong", Side::Right, 0),
        ("data", Side::Right, 0),
        ("time", Side::Right, 0),
    ]);
    for pattern in Pattern::ALL {
        let sum = Sum::of(board, |other| other == pattern);
        if sum.links > 0 {
            table.row(sum.row(pattern.title(), Tone::Plain));
        }
    }
    let all = Sum::of(board, |_| true);
    table.row(all.row("all".into(), Tone::Strong));
    let mut text = String::new();
    for line in table.lines(painter) {
        text.push_str(&format!("  {line}\n"));
    }
    text.push_str(&format!("\n  {}\n", verdict(board, &all, painter)));
    for (link, outcome) in board.outcomes() {
        if let Some(error) = &outcome.error {
            let line = format!("{} over {}: {error}", link.pattern.title(), link.route());
            text.push_str(&format!("  {}\n", painter.paint(Tone::Bad, &line)));
        }
    }
    text
}

fn verdict(board: &Board, all: &Sum, painter: Painter) -> String {
    let reading = all.reading;
    if board.verdict().is_ok() {
        let text = format!(
            "Nothing was lost: {} messages, each as it was sent, in {}.",
            count(reading.received),
            time(board.time()),
        );
        return painter.paint(Tone::Good, &text);
    }
    let text = format!(
        "{} messages were lost, and {} were not as they were sent.",
        count(reading.lost()),
        count(reading.wrong),
    );
    painter.paint(Tone::Bad, &text)
}

impl Sum {
    fn of(board: &Board, counts: impl Fn(Pattern) -> bool) -> Self {
        let mut sum = Self::default();
        for (_, outcome) in board.outcomes().filter(|(link, _)| counts(link.pattern)) {
            sum.links += 1;
            sum.reading += outcome.reading;
            sum.time += outcome.time;
        }
        sum
    }

    fn row(&self, name: String, tone: Tone) -> Vec<Cell> {
        let reading = self.reading;
        let bad = |number| match number {
            0 => Cell::new(tone, "0"),
            number => Cell::new(Tone::Bad, count(number)),
        };
        vec![
            Cell::new(tone, name),
            Cell::new(tone, count(self.links)),
            Cell::new(tone, count(reading.sent)),
            Cell::new(tone, count(reading.received)),
            bad(reading.lost()),
            bad(reading.wrong),
            Cell::new(tone, bytes(reading.bytes)),
            Cell::new(tone, time(self.time)),
        ]
    }
}
