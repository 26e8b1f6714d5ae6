//! Builds the contestants, each by itself: one that does not build spoils no other.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::field::Entry;
use crate::plan::Job;

/// The programs, or why there is none.
pub(crate) struct Workshop {
    folder: PathBuf,
    broken: BTreeMap<&'static str, String>,
}

/// Builds what the plan needs.
pub(crate) fn build(plan: &[Job]) -> Result<Workshop, Failure> {
    let this = std::env::current_exe()?;
    let mut workshop = Workshop {
        folder: this.parent().unwrap_or(Path::new(".")).into(),
        broken: BTreeMap::new(),
    };
    let mut packages: Vec<_> = plan
        .iter()
        .flat_map(|job| job.entries.iter().map(|entry| entry.package))
        .collect();
    packages.sort_unstable();
    packages.dedup();
    for package in packages {
        eprintln!("building {package}");
        if let Some(why) = build_one(package)? {
            eprintln!("  {why}");
            workshop.broken.insert(package, why);
        }
    }
    Ok(workshop)
}

impl Workshop {
    pub(crate) fn binary(&self, entry: &Entry) -> Result<PathBuf, Failure> {
        match self.broken.get(entry.package) {
            Some(why) => Err(Failure::Unable(why.clone())),
            None => Ok(self.folder.join(entry.program)),
        }
    }
}

/// The first error, if there is one.
fn build_one(package: &str) -> Result<Option<String>, Failure> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let built = Command::new(cargo)
        .args(["build", "--release", "--quiet", "--package", package])
        .arg("--manifest-path")
        .arg(manifest)
        .output()?;
    if built.status.success() {
        return Ok(None);
    }
    let said = String::from_utf8_lossy(&built.stderr);
    let tells = |line: &&str| {
        ["error", "Unable to", "fatal error"]
            .iter()
            .any(|word| line.trim_start().starts_with(word))
    };
    let first = said.lines().find(tells).unwrap_or("no error message");
    Ok(Some(format!("does not compile: {}", first.trim())))
}
