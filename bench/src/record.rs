//! Raw results: a line of JSON for each contestant, case and round.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};

use crate::case::Case;
use crate::failure::Failure;
use crate::field::Entry;
use crate::stats;

/// What was measured, by name: `rate` in messages per second, `cpu` in ns per message of
/// both ends, `lost` as a share, `p50`, `p99`, `p999` in µs, `connect` in ms,
/// `kib-server` and `kib-client` per connection, `idle-cpu` in ms per second.
pub(crate) type Values = BTreeMap<String, f64>;

pub(crate) struct Record {
    case: String,
    entry: String,
    round: usize,
    outcome: Result<Values, String>,
}

/// All of a run.
pub(crate) struct Records {
    file: Option<File>,
    all: Vec<Record>,
}

impl Records {
    pub(crate) fn create(path: &Path) -> Result<Self, Failure> {
        Ok(Self {
            file: Some(File::create(path)?),
            all: Vec::new(),
        })
    }

    /// Goes on where a run ended that wrote to `path`.
    pub(crate) fn resume(path: &Path) -> Result<Self, Failure> {
        let file = File::options().append(true).open(path)?;
        Ok(Self {
            file: Some(file),
            ..Self::read(path)?
        })
    }

    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let text = fs::read_to_string(path)?;
        let all = text.lines().filter_map(Record::parse).collect();
        Ok(Self { file: None, all })
    }

    /// Keeps a result, or that there is none; anything else ends the run.
    pub(crate) fn add(
        &mut self,
        case: &Case,
        entry: &Entry,
        round: usize,
        measured: Result<Values, Failure>,
    ) -> Result<(), Failure> {
        let outcome = match measured {
            Ok(values) => Ok(values),
            Err(Failure::Unable(why)) => Err(why),
            Err(failure) => return Err(failure),
        };
        let record = Record {
            case: case.id(),
            entry: entry.id(),
            round,
            outcome,
        };
        if let Some(file) = &mut self.file {
            writeln!(file, "{}", record.to_json())?;
        }
        self.all.push(record);
        Ok(())
    }

    /// Whether the entry failed in this case twice, so that no third try is worth it.
    pub(crate) fn is_unable(&self, case: &Case, entry: &Entry) -> bool {
        self.of(&case.id(), &entry.id())
            .filter(|record| record.outcome.is_err())
            .count()
            >= 2
    }

    /// Whether that round is there already.
    pub(crate) fn has_round(&self, case: &Case, entry: &Entry, round: usize) -> bool {
        self.of(&case.id(), &entry.id())
            .any(|record| record.round == round)
    }

    /// Whether anybody was measured in this case.
    pub(crate) fn has(&self, case: &str) -> bool {
        self.all.iter().any(|record| record.case == case)
    }

    /// A value by round.
    pub(crate) fn rounds(&self, case: &str, entry: &str, value: &str) -> BTreeMap<usize, f64> {
        self.of(case, entry)
            .filter_map(|record| {
                let values = record.outcome.as_ref().ok()?;
                Some((record.round, *values.get(value)?))
            })
            .collect()
    }

    pub(crate) fn median(&self, case: &str, entry: &str, value: &str) -> Option<f64> {
        let rounds = self.rounds(case, entry, value);
        stats::quartiles(rounds.into_values()).map(|quartiles| quartiles.median)
    }

    /// Why an entry has no result at all.
    pub(crate) fn excuse(&self, case: &str, entry: &str) -> Option<String> {
        let mut excuse = None;
        for record in self.of(case, entry) {
            excuse = Some(record.outcome.as_ref().err()?.clone());
        }
        excuse
    }

    /// How many rounds failed, of how many.
    pub(crate) fn failures(&self, case: &str, entry: &str) -> (usize, usize) {
        let failed = self
            .of(case, entry)
            .filter(|record| record.outcome.is_err())
            .count();
        (failed, self.of(case, entry).count())
    }

    /// What a case came to, for those who watch.
    pub(crate) fn show(&self, case: &Case) {
        let case = case.id();
        for entry in crate::field::FIELD.iter().map(Entry::id) {
            if let Some(why) = self.excuse(&case, &entry) {
                eprintln!("  {entry:24} {why}");
                continue;
            }
            let values: Vec<_> = [
                "rate",
                "p50",
                "p99",
                "cpu",
                "connect",
                "kib-server",
                "kib-client",
            ]
            .iter()
            .filter_map(|value| {
                let median = self.median(&case, &entry, value)?;
                Some(format!("{value} {}", stats::short(median)))
            })
            .collect();
            if !values.is_empty() {
                eprintln!("  {entry:24} {}", values.join(", "));
            }
        }
    }

    fn of<'a>(&'a self, case: &'a str, entry: &'a str) -> impl Iterator<Item = &'a Record> {
        let asked = move |record: &&Record| record.case == case && record.entry == entry;
        self.all.iter().filter(asked)
    }
}

impl Record {
    fn to_json(&self) -> Value {
        let mut line = json!({ "case": self.case, "entry": self.entry, "round": self.round });
        match &self.outcome {
            Ok(values) => line["values"] = json!(values),
            Err(why) => line["unable"] = json!(why),
        }
        line
    }

    fn parse(line: &str) -> Option<Self> {
        let line: Value = serde_json::from_str(line).ok()?;
        let outcome = match line["unable"].as_str() {
            Some(why) => Err(why.to_owned()),
            None => {
                let values = line["values"].as_object()?.iter();
                Ok(values
                    .filter_map(|(name, value)| Some((name.clone(), value.as_f64()?)))
                    .collect())
            }
        };
        Some(Self {
            case: line["case"].as_str()?.to_owned(),
            entry: line["entry"].as_str()?.to_owned(),
            round: line["round"].as_u64()? as usize,
            outcome,
        })
    }
}
