//! A build with the oldest Rust that is promised, as the root `Cargo.toml` says.

use crate::failure::{Failure, Outcome};
use crate::shell::Tool;
use crate::workspace::Workspace;

/// Installs that toolchain if it has to, and checks everything with it.
pub(crate) fn run() -> Outcome {
    let version = version()?;
    if !has(&version) {
        Tool::new("rustup")
            .args(["toolchain", "install", &version, "--profile", "minimal"])
            .run()?;
    }
    Tool::new("rustup")
        .args(["run", &version, "cargo", "check"])
        .args(["--workspace", "--all-targets", "--all-features"])
        .run()
}

/// Whether [`run`] would have nothing to install.
pub(crate) fn is_installed() -> Outcome<bool> {
    Ok(has(&version()?))
}

fn version() -> Outcome<String> {
    let workspace = Workspace::load()?;
    let versions = workspace.packages.into_iter().map(|it| it.rust_version);
    versions
        .max()
        .filter(|version| !version.is_empty())
        .ok_or_else(|| Failure::new("the root Cargo.toml states no rust-version"))
}

fn has(version: &str) -> bool {
    Tool::new("rustup")
        .args(["run", version, "rustc", "--version"])
        .succeeds()
}
