//! The measurements, in a workspace of their own.

use crate::failure::{Failure, Outcome};
use crate::install;
use crate::shell::Tool;
use crate::workspace;

/// libzmq, and what a crate needs that carries a newer one.
const DEBIAN: [&str; 3] = ["libzmq3-dev", "g++", "libclang-dev"];

/// Runs the folder's program with `arguments`.
pub(crate) fn run(arguments: &[&str]) -> Outcome {
    if !workspace::root().join("bench/Cargo.toml").exists() {
        return Err(Failure::Absent("bench"));
    }
    install::debian(&DEBIAN)?;
    Tool::cargo()
        .args([
            "run",
            "--release",
            "--manifest-path",
            "bench/Cargo.toml",
            "--",
        ])
        .args(arguments.iter().copied())
        .run()
}
