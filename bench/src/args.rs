//! What was asked for.

use std::path::PathBuf;
use std::time::Duration;

use regex_lite::Regex;

use crate::failure::Failure;

pub(crate) const USAGE: &str = "\
cargo xtask bench [--quick] [--only REGEX] [--impl LIST] [--rounds N] [--no-build]
                  [--resume] [--out FILE] [--page FILE]
cargo xtask bench --from FILE [--page FILE]
cargo xtask bench --list [--quick] [--only REGEX] [--impl LIST]

  --quick       few sizes, few rivals, short rounds: under ten minutes
  --only REGEX  the cases whose name matches, such as 'push-pull/tcp/(16|64)$'
  --impl LIST   these contestants, such as 'ferromq,libzmq' or 'omq/batch'
  --rounds N    9, or 3 with --quick
  --no-build    with the contestants as they were built last
  --resume      keep what an interrupted run has measured, and measure the rest
  --out FILE    where the raw results go; bench/target/records.jsonl
  --page FILE   the page to write, its charts beside it; docs/benchmarks.md for a whole
                run, bench/target/benchmarks.md for any other
  --from FILE   measure nothing: make the page of raw results
  --list        measure nothing: say which contestants take part in which case";

/// The command line.
pub(crate) struct Args {
    pub(crate) quick: bool,
    pub(crate) only: Option<Regex>,
    pub(crate) contestants: Vec<String>,
    pub(crate) rounds: usize,
    pub(crate) builds: bool,
    pub(crate) resumes: bool,
    pub(crate) out: PathBuf,
    pub(crate) page: PathBuf,
    pub(crate) from: Option<PathBuf>,
    pub(crate) lists: bool,
    /// The words themselves, for the page.
    pub(crate) words: String,
}

/// How long things take.
#[derive(Clone, Copy)]
pub(crate) struct Pace {
    pub(crate) warm_up: Duration,
    pub(crate) measured: Duration,
}

impl Args {
    pub(crate) fn parse(words: impl Iterator<Item = String>) -> Result<Self, Failure> {
        let words: Vec<_> = words.collect();
        let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let mut args = Self {
            quick: false,
            only: None,
            contestants: Vec::new(),
            rounds: 0,
            builds: true,
            resumes: false,
            out: here.join("target/records.jsonl"),
            page: here.join("target/benchmarks.md"),
            from: None,
            lists: false,
            words: words.join(" "),
        };
        let whole = ["--no-build", "--resume"];
        if words.iter().all(|word| whole.contains(&word.as_str())) {
            args.page = here.join("../docs/benchmarks.md");
        }
        let mut rest = words.into_iter();
        while let Some(word) = rest.next() {
            let mut value = || rest.next().ok_or(Failure::Usage);
            match word.as_str() {
                "--no-build" => args.builds = false,
                "--resume" => args.resumes = true,
                "--quick" => args.quick = true,
                "--list" => args.lists = true,
                "--only" => args.only = Some(Regex::new(&value()?).map_err(|_| Failure::Usage)?),
                "--impl" => args.contestants = value()?.split(',').map(str::to_owned).collect(),
                "--rounds" => args.rounds = value()?.parse().map_err(|_| Failure::Usage)?,
                "--out" => args.out = value()?.into(),
                "--page" => args.page = value()?.into(),
                "--from" => args.from = Some(value()?.into()),
                _ => return Err(Failure::Usage),
            }
        }
        if args.rounds == 0 {
            args.rounds = if args.quick { 3 } else { 9 };
        }
        Ok(args)
    }

    pub(crate) fn pace(&self) -> Pace {
        let (warm_up, measured) = if self.quick { (150, 400) } else { (100, 300) };
        Pace {
            warm_up: Duration::from_millis(warm_up),
            measured: Duration::from_millis(measured),
        }
    }
}
