//! The measurements, in a workspace of their own.

use crate::failure::{Failure, Outcome};
use crate::shell::Tool;
use crate::workspace;

/// Runs the folder's program with `arguments`.
pub(crate) fn run(arguments: &[&str]) -> Outcome {
    if !workspace::root().join("bench/Cargo.toml").exists() {
        return Err(Failure::Absent("bench"));
    }
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
