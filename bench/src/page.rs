//! The page: what was measured where, the targets, the tables, the charts.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::args::Args;
use crate::case::{Case, Pin};
use crate::chart::{self, Line};
use crate::failure::Failure;
use crate::field::{Entry, FIELD};
use crate::plan;
use crate::record::Records;
use crate::scoreboard;
use crate::stats::{quartiles, short};

/// Columns: the name of the value, and the head of its column.
const COLUMNS: [(&str, &str); 10] = [
    ("rate", "per second"),
    ("p50", "p50 µs"),
    ("p99", "p99 µs"),
    ("p999", "p99.9 µs"),
    ("cpu", "CPU ns each"),
    ("lost", "lost"),
    ("connect", "connect ms"),
    ("kib-server", "KiB bound"),
    ("kib-client", "KiB connecting"),
    ("idle-cpu", "idle CPU ms/s"),
];

/// Writes the page of what is recorded, and the charts beside it.
pub(crate) fn write(records: &Records, args: &Args) -> Result<(), Failure> {
    let cases: Vec<_> = plan::everything()
        .into_iter()
        .filter(|case| records.has(&case.id()))
        .collect();
    let folder = args.page.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;

    let mut page = head(args);
    page += &scoreboard::draw(records, &cases);
    page += &charts(records, &cases, folder)?;
    for case in &cases {
        page += &table(records, case);
    }
    page += &settings();
    fs::write(&args.page, page)?;
    eprintln!("wrote {}", args.page.display());
    Ok(())
}

fn head(args: &Args) -> String {
    let command = format!("cargo xtask bench {}", args.words);
    format!(
        "# Benchmarks\n\n\
         Written by `{}` on {}; {}. Medians over rounds; the contestants take turns in\n\
         each. How it is measured, and what is equal for all: [bench/README.md](../bench/README.md).\n\n",
        command.trim(),
        said(&["date", "-u", "+%Y-%m-%d"]),
        machine()
    )
}

/// Processors, their name, and the kernel.
fn machine() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or("an unknown processor", |(_, name)| name);
    let count = std::thread::available_parallelism().map_or(0, usize::from);
    format!(
        "{count} × {name}, Linux {}, {}",
        said(&["uname", "-r"]),
        said(&["rustc", "--version"])
    )
}

fn said(words: &[&str]) -> String {
    let output = Command::new(words[0]).args(&words[1..]).output();
    output.map_or_else(
        |_| "?".into(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}

/// One chart for each transport: messages per second by size.
fn charts(records: &Records, cases: &[Case], folder: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    for transport in ["tcp", "ipc", "inproc"] {
        let sizes = || {
            let of = |case: &&Case| case.workload == "push-pull" && case.transport == transport;
            cases.iter().filter(of)
        };
        let lines: Vec<_> = FIELD
            .iter()
            .filter(|entry| plan::has_line(entry))
            .map(|entry| Line {
                name: entry.id(),
                points: sizes()
                    .filter_map(|case| {
                        let rate = records.median(&case.id(), &entry.id(), "rate")?;
                        Some((case.size as f64, rate))
                    })
                    .collect(),
            })
            .filter(|line| line.points.len() > 1)
            .collect();
        let title = format!("PUSH/PULL by {transport}, messages per second");
        let Some(svg) = chart::draw(&title, "bytes", &lines) else {
            continue;
        };
        let name = format!("benchmarks-push-pull-{transport}.svg");
        fs::write(folder.join(&name), svg)?;
        let _ = writeln!(text, "![{title}]({name})\n");
    }
    Ok(text)
}

fn table(records: &Records, case: &Case) -> String {
    let id = case.id();
    let entries: Vec<_> = FIELD.iter().map(Entry::id).collect();
    let is_used = |(value, _): &&(&str, &str)| {
        entries
            .iter()
            .any(|entry| records.median(&id, entry, value).is_some())
    };
    let columns: Vec<_> = COLUMNS.iter().filter(is_used).collect();
    let mut text = format!("## {}\n\n| |", title(case));
    for (_, head) in &columns {
        let _ = write!(text, " {head} |");
    }
    let _ = writeln!(text, "\n|---|{}", "---:|".repeat(columns.len()));
    for entry in &entries {
        match records.excuse(&id, entry) {
            Some(why) => {
                let why = why.replace('|', "/");
                let _ = writeln!(
                    text,
                    "| {entry} | {why} |{}",
                    " |".repeat(columns.len().saturating_sub(1))
                );
            }
            None => text += &row(records, &id, entry, &columns),
        }
    }
    text + "\n"
}

fn row(records: &Records, case: &str, entry: &str, columns: &[&(&str, &str)]) -> String {
    let mut row = String::new();
    for (value, _) in columns {
        let cell = match quartiles(records.rounds(case, entry, value).into_values()) {
            None => String::new(),
            Some(of) if *value == "lost" => share(of.median),
            Some(of) if of.low == of.high => short(of.median),
            Some(of) => format!(
                "**{}** ({} … {})",
                short(of.median),
                short(of.low),
                short(of.high)
            ),
        };
        let _ = write!(row, " {cell} |");
    }
    if row.chars().all(|one| " |".contains(one)) {
        return String::new();
    }
    let failed = match records.failures(case, entry) {
        (0, _) => String::new(),
        (failed, all) => format!(" ({failed} of {all} rounds failed)"),
    };
    format!("| {entry}{failed} |{row}\n")
}

fn share(lost: f64) -> String {
    if lost == 0.0 {
        "0".into()
    } else {
        format!("{:.1} %", 100.0 * lost)
    }
}

/// What a case is, in words.
fn title(case: &Case) -> String {
    let workload = match case.workload {
        "push-pull" => "PUSH/PULL",
        "fan-in" => "Many PUSH, one PULL",
        "req-rep" => "REQ/REP",
        "dealer-router" => "DEALER/ROUTER",
        "router-echo" => "ROUTER echoes DEALERs",
        "pub-sub" => "PUB/SUB, all match",
        "pub-topics" => "PUB/SUB, 10 topics each, one matches",
        _ => "Idle connections",
    };
    let peers = match case.has_peers() {
        true => format!(", {} peers", case.peers),
        false => String::new(),
    };
    let pin = match case.pin {
        Pin::Free => "",
        Pin::One => ", both ends on one CPU",
        Pin::Two => ", one CPU each",
    };
    format!(
        "{workload}, {}, {} B{peers}{pin}",
        case.transport, case.size
    )
}

fn settings() -> String {
    let mut text = "## Settings\n\n| | version | |\n|---|---|---|\n".to_owned();
    for entry in FIELD {
        let version = version(entry);
        let _ = writeln!(text, "| {} | {version} | {} |", entry.id(), entry.settings);
    }
    text
}

/// Of the library that the entry measures: what the program says, or Cargo.lock.
fn version(entry: &Entry) -> String {
    let lock = include_str!("../Cargo.lock");
    let package = match (entry.name, entry.mode) {
        ("libzmq" | "libzmq-new", _) => {
            let program = std::env::current_exe().map(|this| this.with_file_name(entry.program));
            let program = program.unwrap_or_default();
            return said(&[&program.to_string_lossy(), "version"]);
        }
        ("omq", _) => "omq-tokio",
        ("raw-tokio", _) => "tokio",
        ("channel", "crossbeam") => "crossbeam-channel",
        ("channel", "flume" | "tasks") => "flume",
        ("raw-std" | "channel", _) => return "std".into(),
        (name, _) => name,
    };
    let place = lock.split_once(&format!("name = \"{package}\"\nversion = \""));
    place
        .and_then(|(_, rest)| rest.split_once('"'))
        .map_or("?".into(), |(version, _)| version.into())
}
