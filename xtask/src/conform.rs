//! Scenarios with libzmq and ferromq in each role: the folder `conform` is a workspace of
//! its own, because it builds libzmq with its drafts, which takes minutes.

use crate::failure::{Failure, Outcome};
use crate::install;
use crate::shell::Tool;
use crate::workspace::{self, Workspace};

const MANIFEST: &str = "conform/Cargo.toml";

/// What libzmq and its bindings are built with.
const DEBIAN: [&str; 2] = ["g++", "libclang-dev"];

/// Installs what it needs, and runs its tests.
pub(crate) fn run() -> Outcome {
    if !workspace::root().join(MANIFEST).exists() {
        return Err(Failure::Absent("conform"));
    }
    install::debian(&DEBIAN)?;
    // The one target folder, so that what we depend on is not built again.
    let target = Workspace::load()?.target;
    Tool::cargo()
        .env_unshown("CARGO_TARGET_DIR", &target)
        .args(["test", "--release", "--manifest-path", MANIFEST])
        .run()
}
