//! Against libzmq: the folder `interop` is a workspace of its own, because what it
//! needs (libzmq, Python) nobody else should have to install.

use crate::failure::{Failure, Outcome};
use crate::install::{self, Venv};
use crate::lint;
use crate::shell::Tool;
use crate::workspace::{self, Workspace};

const MANIFEST: &str = "interop/Cargo.toml";

/// What its tests are built with and run against.
const DEBIAN: [&str; 3] = ["libzmq3-dev", "pkg-config", "python3-venv"];

/// The page that the folder's program writes.
const PAGE: &str = "docs/interop.md";

/// Installs what it needs, and has it check everything, once, and write its page.
pub(crate) fn run() -> Outcome {
    if !exists() {
        return Err(Failure::Absent("interop"));
    }
    install::debian(&DEBIAN)?;
    let target = Workspace::load()?.target;
    let venv = Venv::make(target.join("venv"), "interop/requirements.txt")?;
    // The one target folder, so that what we depend on is not built again.
    let cargo = || venv.activate(Tool::cargo().env_unshown("CARGO_TARGET_DIR", &target));
    // Not the test of its own name: that runs the checks of its program, for those who
    // want some of them.
    cargo()?
        .args(["test", "--lib", "--test", "cli"])
        .args(["--release", "--manifest-path", MANIFEST])
        .run()?;
    cargo()?
        .args(["run", "--release", "--manifest-path", MANIFEST])
        .args(["--", "--write", PAGE])
        .run()
}

/// Clippy over all of it. It only reads: nothing has to be installed.
pub(crate) fn clippy() -> Outcome {
    Tool::cargo()
        .env_unshown("CARGO_TARGET_DIR", Workspace::load()?.target)
        .args(["clippy", "--all-targets", "--manifest-path", MANIFEST])
        .args(lint::STRICT)
        .run()
}

/// Whether the folder is there.
pub(crate) fn exists() -> bool {
    workspace::root().join(MANIFEST).exists()
}
