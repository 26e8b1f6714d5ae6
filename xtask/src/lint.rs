//! Formatting and clippy.

use crate::failure::Outcome;
use crate::shell::Tool;
use crate::workspace;

/// What every run of clippy is given. One set, so that they share their work;
/// the last lint keeps the standard library's newer parts out.
pub(crate) const STRICT: [&str; 5] = ["--", "-D", "warnings", "-D", "clippy::incompatible_msrv"];

/// Workspaces of their own beside the main one.
const BESIDE: [&str; 4] = ["interop", "conform", "bench", "fuzz"];

/// `cargo fmt --check`, beside the workspace too.
pub(crate) fn fmt() -> Outcome {
    Tool::cargo().args(["fmt", "--all", "--check"]).run()?;
    for folder in BESIDE {
        let manifest = format!("{folder}/Cargo.toml");
        if workspace::root().join(&manifest).exists() {
            Tool::cargo()
                .args(["fmt", "--check", "--manifest-path", &manifest])
                .run()?;
        }
    }
    Ok(())
}

/// Clippy over every target with every feature.
pub(crate) fn clippy() -> Outcome {
    Tool::cargo()
        .args(["clippy", "--workspace", "--all-targets", "--all-features"])
        .args(STRICT)
        .run()
}
