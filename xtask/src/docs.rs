//! The documentation, warnings as errors.

use crate::failure::Outcome;
use crate::shell::Tool;

pub(crate) fn run() -> Outcome {
    Tool::cargo()
        .env("RUSTDOCFLAGS", "-D warnings")
        .args(["doc", "--workspace", "--no-deps", "--all-features"])
        .run()
}
