//! Which crate may know which: `floors.md` held against what cargo says.

mod alone;
mod rules;
mod sources;
mod table;
mod tree;

pub(crate) use alone::build;

use std::fs;

use crate::failure::{Failure, Outcome};
use crate::workspace::{self, Workspace};
use table::House;

/// The quick part: manifests, a look at the sources, and the dependency tree.
pub(crate) fn check() -> Outcome {
    let workspace = Workspace::load()?;
    let house = house()?;
    let mut violations = rules::violations(&house, &workspace);
    violations.extend(sources::violations(&house, &workspace)?);
    violations.extend(tree::violations(&house, &workspace)?);
    Failure::unless_empty(&violations)
}

/// What `floors.md` says.
fn house() -> Outcome<House> {
    let page = fs::read_to_string(workspace::root().join("xtask/floors.md"))?;
    House::parse(&page).map_err(Failure::Failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_keeps_its_floors() -> Outcome {
        check()
    }
}
