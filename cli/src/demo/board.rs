//! How far all the links are, and how that is drawn.

use std::time::{Duration, Instant};

use super::link::Link;
use super::meter::{Meter, Reading};
use crate::ends::carrier::Carrier;
use crate::ends::pattern::Pattern;
use crate::failure::Failure;
use crate::term::bar::bar;
use crate::term::number::{count, short, time};
use crate::term::paint::{Painter, Tone};

/// The columns: a transport, and whether it leads to another process.
const COLUMNS: [(Carrier, bool); 5] = [
    (Carrier::Inproc, false),
    (Carrier::Ipc, false),
    (Carrier::Tcp, false),
    (Carrier::Ipc, true),
    (Carrier::Tcp, true),
];

/// The width of a pattern's name, and of a link's cell and the gap in front of it.
const NAME: usize = 16;
const CELL: usize = 10;
const GAP: &str = "  ";

/// All links and how far they are.
pub(crate) struct Board {
    links: Vec<(Link, State)>,
    start: Instant,
}

/// How far a link is.
pub(crate) enum State {
    Waiting,
    Running {
        since: Instant,
        reading: Reading,
        total: u64,
    },
    Done(Outcome),
}

/// What became of a link.
pub(crate) struct Outcome {
    pub(crate) reading: Reading,
    pub(crate) time: Duration,
    pub(crate) error: Option<Failure>,
}

impl Outcome {
    pub(crate) fn is_good(&self) -> bool {
        self.error.is_none() && self.reading.lost() + self.reading.wrong == 0
    }

    /// Messages in a second.
    pub(crate) fn rate(&self) -> f64 {
        self.reading.done() as f64 / self.time.as_secs_f64().max(1e-9)
    }
}

impl Board {
    pub(crate) fn new(links: Vec<Link>) -> Self {
        Self {
            links: links
                .into_iter()
                .map(|link| (link, State::Waiting))
                .collect(),
            start: Instant::now(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.links.len()
    }

    /// Marks a link as running, and returns it.
    pub(crate) fn start(&mut self, index: usize) -> Link {
        let (link, state) = &mut self.links[index];
        *state = State::Running {
            since: Instant::now(),
            reading: Reading::default(),
            total: 0,
        };
        *link
    }

    pub(crate) fn update(&mut self, index: usize, meter: &Meter, all: u64) {
        if let State::Running { reading, total, .. } = &mut self.links[index].1 {
            *reading = meter.read();
            *total = all;
        }
    }

    pub(crate) fn finish(&mut self, index: usize, meter: &Meter, error: Option<Failure>) {
        let state = &mut self.links[index].1;
        if let State::Running { since, .. } = state {
            *state = State::Done(Outcome {
                reading: meter.read(),
                time: since.elapsed(),
                error,
            });
        }
    }

    /// The links that are done, and what became of them.
    pub(crate) fn outcomes(&self) -> impl Iterator<Item = (&Link, &Outcome)> {
        self.links.iter().filter_map(|(link, state)| match state {
            State::Done(outcome) => Some((link, outcome)),
            _ => None,
        })
    }

    pub(crate) fn outcome(&self, index: usize) -> Option<(&Link, &Outcome)> {
        match self.links.get(index) {
            Some((link, State::Done(outcome))) => Some((link, outcome)),
            _ => None,
        }
    }

    /// How long it all has taken.
    pub(crate) fn time(&self) -> Duration {
        self.start.elapsed()
    }

    /// An error, unless everything arrived.
    pub(crate) fn verdict(&self) -> Result<(), Failure> {
        let bad = self.outcomes().filter(|(_, outcome)| !outcome.is_good());
        match bad.count() {
            0 => Ok(()),
            1 => Err(Failure::Incomplete(
                "one link did not carry everything".into(),
            )),
            bad => Err(Failure::Incomplete(format!(
                "{bad} links did not carry everything"
            ))),
        }
    }

    /// The board as it is now.
    pub(crate) fn lines(&self, painter: Painter) -> Vec<String> {
        let mut lines = vec![String::new()];
        lines.push(format!(
            "  {}  {}",
            painter.paint(Tone::Strong, concat!("ferromq ", env!("CARGO_PKG_VERSION"))),
            painter.paint(Tone::Faint, "every pattern over every transport"),
        ));
        lines.push(String::new());
        lines.extend(headings(painter));
        for pattern in Pattern::ALL {
            if self.links.iter().any(|(link, _)| link.pattern == pattern) {
                lines.push(self.row(pattern, painter));
            }
        }
        lines.push(String::new());
        lines
    }

    /// What is going on, and what has arrived so far.
    pub(crate) fn status(&self, painter: Painter) -> [String; 2] {
        let mut all = Reading::default();
        let mut current = String::new();
        for (link, state) in &self.links {
            match state {
                State::Waiting => {}
                State::Running { reading, total, .. } => {
                    all += *reading;
                    current = format!(
                        "{} over {}: {} of {} messages",
                        link.pattern.title(),
                        link.route(),
                        count(reading.done()),
                        count(*total),
                    );
                }
                State::Done(outcome) => all += outcome.reading,
            }
        }
        let totals = format!(
            "{} messages received, {} in all, after {}",
            count(all.received),
            bytes_of(all),
            time(self.time()),
        );
        [
            format!("  {}", painter.paint(Tone::Live, &current)),
            format!("  {}", painter.paint(Tone::Faint, &totals)),
        ]
    }

    fn row(&self, pattern: Pattern, painter: Painter) -> String {
        let mut row = format!("  {:NAME$}", pattern.title());
        for (carrier, two_processes) in COLUMNS {
            let wanted = Link {
                pattern,
                carrier,
                two_processes,
            };
            let found = self.links.iter().find(|(link, _)| *link == wanted);
            row.push_str(GAP);
            row.push_str(&match found {
                Some((_, state)) => cell(state, painter),
                None => " ".repeat(CELL),
            });
        }
        row
    }
}

impl Link {
    /// What it leads over.
    pub(crate) fn route(&self) -> String {
        let processes = if self.two_processes {
            ", two processes"
        } else {
            ""
        };
        format!("{}{processes}", self.carrier.scheme())
    }
}

fn cell(state: &State, painter: Painter) -> String {
    let (tone, text) = match state {
        State::Waiting => (Tone::Faint, "·".into()),
        State::Running { reading, total, .. } => (Tone::Live, bar(reading.done(), *total, CELL)),
        State::Done(outcome) if outcome.is_good() => {
            (Tone::Good, format!("✓ {}/s", short(outcome.rate())))
        }
        State::Done(Outcome { error: Some(_), .. }) => (Tone::Bad, "✗ failed".into()),
        State::Done(outcome) => {
            let missing = outcome.reading.lost() + outcome.reading.wrong;
            (Tone::Bad, format!("✗ {} lost", short(missing as f64)))
        }
    };
    painter.paint(tone, &format!("{text:CELL$}"))
}

fn headings(painter: Painter) -> [String; 2] {
    let mut transports = format!("  {:NAME$}", "");
    for (carrier, _) in COLUMNS {
        transports.push_str(&format!("{GAP}{:CELL$}", carrier.scheme()));
    }
    let one = COLUMNS.iter().filter(|(_, two)| !two).count();
    let width = one * (CELL + GAP.len());
    let processes = format!(
        "  {:NAME$}{GAP}{:width$}{}",
        "", "one process", "two processes"
    );
    [processes, transports].map(|line| painter.paint(Tone::Faint, &line))
}

fn bytes_of(reading: Reading) -> String {
    crate::term::number::bytes(reading.bytes)
}
