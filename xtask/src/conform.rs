//! Scenarios with libzmq and ferromq in each role: the folder `conform` is a workspace of
//! its own, because it builds libzmq with its drafts, which takes minutes.

use crate::failure::{Failure, Outcome};
use crate::install;
use crate::lint;
use crate::shell::Tool;
use crate::workspace::{self, Workspace};

const MANIFEST: &str = "conform/Cargo.toml";

/// What libzmq and its bindings are built with, and the header of another libzmq.
const DEBIAN: [&str; 3] = ["g++", "libclang-dev", "libzmq3-dev"];

/// The page that the folder's program writes.
const PAGE: &str = "docs/conformance.md";

/// Installs what it needs, and has it play everything, and write its page.
pub(crate) fn run() -> Outcome {
    if !exists() {
        return Err(Failure::Absent("conform"));
    }
    install::debian(&DEBIAN)?;
    // The one target folder, so that what we depend on is not built again.
    let target = Workspace::load()?.target;
    let cargo = || Tool::cargo().env_unshown("CARGO_TARGET_DIR", &target);
    cargo()
        .args(["test", "--release", "--manifest-path", MANIFEST])
        .run()?;
    cargo()
        .args(["run", "--release", "--manifest-path", MANIFEST])
        .args(["--", "--write", PAGE])
        .run()
}

/// Clippy over all of it. It builds libzmq, as [`run`] does: once for both.
pub(crate) fn clippy() -> Outcome {
    install::debian(&DEBIAN)?;
    Tool::cargo()
        .env_unshown("CARGO_TARGET_DIR", Workspace::load()?.target)
        .args([
            "clippy",
            "--release",
            "--all-targets",
            "--manifest-path",
            MANIFEST,
        ])
        .args(lint::STRICT)
        .run()
}

/// Whether the folder is there.
pub(crate) fn exists() -> bool {
    workspace::root().join(MANIFEST).exists()
}
