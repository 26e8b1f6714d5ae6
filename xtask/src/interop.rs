//! Against libzmq: the folder `interop` is a workspace of its own, because what it
//! needs (libzmq, Python) nobody else should have to install.

use crate::failure::{Failure, Outcome};
use crate::install::{self, Venv};
use crate::shell::Tool;
use crate::workspace::{self, Workspace};

const MANIFEST: &str = "interop/Cargo.toml";

/// What its tests are built with and run against.
const DEBIAN: [&str; 3] = ["libzmq3-dev", "pkg-config", "python3-venv"];

/// The page that the folder's program writes.
const PAGE: &str = "docs/interop.md";

/// Installs what it needs, runs its tests, and has it write its page.
pub(crate) fn run() -> Outcome {
    if !exists() {
        return Err(Failure::Absent("interop"));
    }
    install::debian(&DEBIAN)?;
    let target = Workspace::load()?.target;
    let venv = Venv::make(target.join("venv"), "interop/requirements.txt")?;
    // The one target folder, so that what we depend on is not built again.
    let cargo = || venv.activate(Tool::cargo().env_unshown("CARGO_TARGET_DIR", &target));
    cargo()?
        .args(["test", "--release", "--manifest-path", MANIFEST])
        .run()?;
    cargo()?
        .args(["run", "--release", "--manifest-path", MANIFEST])
        .args(["--", "--write", PAGE])
        .run()
}

/// Whether the folder is there.
pub(crate) fn exists() -> bool {
    workspace::root().join(MANIFEST).exists()
}
