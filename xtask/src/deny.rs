//! Licences, sources and advisories of everything we depend on; see `deny.toml`.

use crate::failure::{Failure, Outcome};
use crate::shell::Tool;

/// The list of advisories comes over the network from its own repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Advisories {
    Fetch,
    Skip,
}

pub(crate) fn run(advisories: Advisories) -> Outcome {
    if !Tool::cargo().args(["deny", "--version"]).succeeds() {
        return Err(Failure::new(
            "cargo-deny is missing: cargo install --locked cargo-deny",
        ));
    }
    let deny = Tool::cargo()
        .args(["deny", "--workspace", "--all-features", "check"])
        .args(["bans", "licenses", "sources"]);
    match advisories {
        Advisories::Fetch => deny.arg("advisories").run(),
        Advisories::Skip => deny.run(),
    }
}
