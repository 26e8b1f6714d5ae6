//! Any bytes at all, against everything that reads them. Uses cargo-fuzz, which
//! needs a nightly toolchain.

use crate::failure::{Failure, Outcome};
use crate::shell::Tool;
use crate::workspace;

/// How long each target runs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Length {
    Smoke,
    Long,
}

impl Length {
    fn flag(self) -> &'static str {
        match self {
            Self::Smoke => "-max_total_time=10",
            Self::Long => "-max_total_time=600",
        }
    }
}

/// Runs all targets, one after the other.
pub(crate) fn run(length: Length) -> Outcome {
    if !workspace::root().join("fuzz/Cargo.toml").exists() {
        return Err(Failure::Absent("fuzz"));
    }
    if !cargo_fuzz().arg("--version").succeeds() {
        return Err(Failure::new(
            "cargo-fuzz or a nightly toolchain is missing: rustup toolchain install nightly, \
             then cargo install --locked cargo-fuzz",
        ));
    }
    let targets = cargo_fuzz().arg("list").read()?;
    for target in targets.lines() {
        cargo_fuzz()
            .args(["run", target, "--", length.flag()])
            .run()?;
    }
    Ok(())
}

fn cargo_fuzz() -> Tool {
    Tool::new("rustup").args(["run", "nightly", "cargo", "fuzz"])
}
