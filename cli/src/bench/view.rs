//! The benchmark as people see it: a table that grows line by line, and what is
//! being measured below it; or JSON.

use std::time::Instant;

use serde_json::{Value, json};

use super::args::{Args, Flavor, Measure};
use super::case::Case;
use super::figures::Figures;
use crate::duration::Show;
use crate::failure::Failure;
use crate::term::bar::bar;
use crate::term::number::{bytes, count, short, time};
use crate::term::paint::{Painter, Tone};
use crate::term::screen::Screen;
use crate::term::table::{Cell, Column, Side, Table};
use crate::term::{is_colored, is_terminal, print};

/// The columns that both tables begin with.
const CASE: [Column; 3] = [
    ("pattern", Side::Left, 13),
    ("over", Side::Left, 6),
    ("size", Side::Right, 7),
];

const THROUGHPUT: [Column; 5] = [
    ("msg/s", Side::Right, 7),
    ("data/s", Side::Right, 8),
    ("spread", Side::Right, 6),
    ("CPU/msg", Side::Right, 7),
    ("lost", Side::Right, 4),
];

const LATENCY: [Column; 5] = [
    ("p50", Side::Right, 7),
    ("p99", Side::Right, 7),
    ("p99.9", Side::Right, 7),
    ("trips/s", Side::Right, 7),
    ("CPU/trip", Side::Right, 8),
];

/// How the benchmark is shown.
pub(crate) struct View {
    /// Absent where there is no terminal.
    screen: Option<Screen>,
    painter: Painter,
    args: Shown,
    /// What the table above is about.
    measure: Option<Measure>,
    /// The reports so far, if they are to be JSON.
    reports: Option<Vec<Value>>,
    /// When the round began, and its number.
    round: (u32, Instant),
}

/// What of the arguments is shown.
struct Shown {
    rounds: u32,
    count: Option<u64>,
    duration: std::time::Duration,
    heading: String,
}

impl View {
    pub(crate) fn new(args: &Args) -> Result<Self, Failure> {
        let painter = Painter::new(is_colored());
        let shown = Shown {
            rounds: args.rounds,
            count: args.work.count,
            duration: args.work.duration,
            heading: heading(args),
        };
        let screen = (is_terminal() && !args.json).then(Screen::new);
        Ok(Self {
            screen: screen.transpose()?,
            painter,
            args: shown,
            measure: None,
            reports: args.json.then(Vec::new),
            round: (0, Instant::now()),
        })
    }

    /// Shows how far a round is.
    pub(crate) fn progress(&mut self, case: &Case, round: u32, done: u64) -> Result<(), Failure> {
        let Some(screen) = &mut self.screen else {
            return Ok(());
        };
        if self.round.0 != round {
            self.round = (round, Instant::now());
        }
        let elapsed = self.round.1.elapsed();
        let bar = match self.args.count {
            Some(count) => bar(done, count, 20),
            None => {
                let whole = self.args.duration.as_millis() as u64;
                bar(elapsed.as_millis() as u64, whole, 20)
            }
        };
        let line = format!(
            "{} over {}, {}, round {round} of {}  {bar}  {}/s",
            case.pattern.title(),
            case.carrier.scheme(),
            bytes(case.size as u64),
            self.args.rounds,
            short(done as f64 / elapsed.as_secs_f64().max(1e-3)),
        );
        screen.draw(&[], &[String::new(), self.painter.paint(Tone::Live, &line)])
    }

    /// Shows what came of a case.
    pub(crate) fn done(&mut self, case: &Case, figures: Figures) -> Result<(), Failure> {
        self.round.0 = 0;
        if let Some(reports) = &mut self.reports {
            reports.push(figures.report(case));
            return Ok(());
        }
        let mut table = table(case.measure);
        table.row(row(case, &figures));
        let mut lines = table.lines(self.painter);
        match self.measure.replace(case.measure) {
            Some(before) if before == case.measure => {
                lines.remove(0);
            }
            before => {
                if before.is_none() {
                    lines.insert(0, String::new());
                    let heading = self.painter.paint(Tone::Strong, &self.args.heading);
                    lines.insert(0, heading);
                }
                let title = self.painter.paint(Tone::Strong, title(case.measure));
                lines.insert(lines.len() - 2, title);
                if before.is_some() {
                    lines.insert(0, String::new());
                }
            }
        }
        match &mut self.screen {
            Some(screen) => screen.draw(&lines, &[]),
            None => print(&(lines.join("\n") + "\n")),
        }
    }

    /// Shows that this is all.
    pub(crate) fn end(self) -> Result<(), Failure> {
        match self.reports {
            Some(reports) => {
                let document = json!({
                    "version": env!("CARGO_PKG_VERSION"),
                    "system": std::env::consts::OS,
                    "machine": std::env::consts::ARCH,
                    "cpus": cpus(),
                    "rounds": self.args.rounds,
                    "results": reports,
                });
                print(&format!("{document:#}\n"))
            }
            None => Ok(()),
        }
    }
}

fn cpus() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn heading(args: &Args) -> String {
    let limit = match args.work.count {
        Some(messages) => format!("{} messages", count(messages)),
        None => Show(args.work.duration).to_string(),
    };
    let runtime = match args.work.runtime {
        Flavor::Current => "",
        Flavor::Multi => ", a runtime of several threads",
        Flavor::Own => ", I/O on its own thread",
    };
    format!(
        "ferromq {} on {} {}, {} CPUs: the median of {} x {limit}{runtime}",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
        cpus(),
        args.rounds,
    )
}

fn title(measure: Measure) -> &'static str {
    match measure {
        Measure::Throughput => "Throughput, one way",
        Measure::Latency => "Latency, there and back",
    }
}

fn table(measure: Measure) -> Table {
    let columns = match measure {
        Measure::Throughput => THROUGHPUT,
        Measure::Latency => LATENCY,
    };
    Table::new(&[&CASE[..], &columns[..]].concat())
}

fn row(case: &Case, figures: &Figures) -> Vec<Cell> {
    let round = &figures.round;
    let cpu = round.cpu_each().map_or_else(|| "-".into(), time);
    let mut row = vec![
        Cell::from(case.pattern.title()),
        case.carrier.scheme().into(),
        bytes(case.size as u64).into(),
    ];
    match round.latency {
        Some(latency) => {
            let times = [latency.median, latency.p99, latency.p999].map(time);
            row.extend(times.map(Cell::from));
            row.push(short(round.rate()).into());
            row.push(cpu.into());
        }
        None => {
            let data = short(round.rate() * case.size as f64);
            row.push(Cell::new(Tone::Good, short(round.rate())));
            row.push(format!("{data}B").into());
            row.push(format!("{:.0} %", figures.spread() * 100.0).into());
            row.push(cpu.into());
            row.push(match figures.lost() {
                0 => "0".into(),
                lost => Cell::new(Tone::Bad, count(lost)),
            });
        }
    }
    row
}
