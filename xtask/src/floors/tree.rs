//! How much a default build brings along.

use std::collections::BTreeSet;

use crate::failure::Outcome;
use crate::floors::table::House;
use crate::shell::Tool;
use crate::workspace::Workspace;

/// The crates that bring more than `floors.md` says, each with what it brings.
pub(crate) fn violations(house: &House, workspace: &Workspace) -> Outcome<Vec<String>> {
    let mut found = Vec::new();
    for package in &workspace.packages {
        let Some(limit) = house.room(&package.folder).and_then(|room| room.at_most) else {
            continue;
        };
        let tree = Tool::cargo()
            .args([
                "tree",
                "-e",
                "normal",
                "--prefix",
                "none",
                "--package",
                &package.name,
            ])
            .read()?;
        let crates = third_party(&tree, workspace);
        if crates.len() > limit {
            let crates: Vec<&str> = crates.into_iter().collect();
            found.push(format!(
                "{}: {} crates from outside in the default build, at most {limit}: {}",
                package.folder,
                crates.len(),
                crates.join(", ")
            ));
        }
    }
    Ok(found)
}

/// The crates in what `cargo tree` printed that are not ours. Two versions of one
/// crate are two.
fn third_party<'a>(tree: &'a str, workspace: &Workspace) -> BTreeSet<&'a str> {
    let crates = tree.lines().map(|line| {
        let line = line
            .trim_end_matches(" (*)")
            .trim_end_matches(" (proc-macro)");
        line.split(" (").next().unwrap_or(line)
    });
    let name = |line: &str| line.split(' ').next().unwrap_or_default().to_owned();
    crates
        .filter(|line| !line.is_empty() && workspace.package(&name(line)).is_none())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Package;

    #[test]
    fn strangers_are_counted_once() {
        let ours = Package {
            name: "ferromq-core".to_owned(),
            ..Package::default()
        };
        let workspace = Workspace {
            packages: vec![ours],
            target: "t".into(),
        };
        let tree = "ferromq-core v0.1.0 (/w/core)\nbytes v1.9.0\nbytes v1.9.0 (*)\n\
                    async-trait v0.1.0 (proc-macro)\nsyn v1.0.0\nsyn v2.0.0\n\n";
        let found: Vec<_> = third_party(tree, &workspace).into_iter().collect();
        assert_eq!(
            found,
            [
                "async-trait v0.1.0",
                "bytes v1.9.0",
                "syn v1.0.0",
                "syn v2.0.0"
            ]
        );
    }
}
