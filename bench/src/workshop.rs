//! Builds the contestants. One that does not build spoils no other.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::args::Args;
use crate::failure::Failure;
use crate::field::Entry;
use crate::plan::Job;

/// The programs, or why there is none.
pub(crate) struct Workshop {
    folder: PathBuf,
    why: String,
}

/// Builds what the plan needs, all at once, so that all share one tokio.
pub(crate) fn build(plan: &[Job], args: &Args) -> Result<Workshop, Failure> {
    let this = std::env::current_exe()?;
    let mut workshop = Workshop {
        folder: this.parent().unwrap_or(Path::new(".")).into(),
        why: "not built".into(),
    };
    if args.builds {
        let entries = plan.iter().flat_map(|job| &job.entries);
        let programs: BTreeMap<_, _> = entries
            .map(|entry| (entry.program, entry.package))
            .collect();
        for program in programs.keys() {
            // What does not build now must not be there from before.
            let _ = fs::remove_file(workshop.folder.join(program));
        }
        workshop.why = build_all(programs.values())?;
    }
    Ok(workshop)
}

impl Workshop {
    pub(crate) fn binary(&self, entry: &Entry) -> Result<PathBuf, Failure> {
        let path = self.folder.join(entry.program);
        match path.exists() {
            true => Ok(path),
            false => Err(Failure::Unable(self.why.clone())),
        }
    }
}

/// Says what went wrong first.
fn build_all<'a>(packages: impl Iterator<Item = &'a &'a str>) -> Result<String, Failure> {
    eprintln!("building the contestants; some minutes, the first time");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--release", "--quiet", "--keep-going"])
        .arg("--manifest-path")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
        .args(packages.flat_map(|package| ["--package", package]))
        .output()?;
    let said = String::from_utf8_lossy(&built.stderr);
    let errors = ["error", "Unable to", "fatal error"];
    let tells = |line: &&str| {
        errors
            .iter()
            .any(|word| line.trim_start().starts_with(word))
    };
    let first = said.lines().find(tells).unwrap_or("no error message");
    Ok(format!("does not compile: {}", first.trim()))
}
