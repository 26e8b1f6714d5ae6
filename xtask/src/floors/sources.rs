//! What the sources of a crate may not say, because of where it stands.

use std::fs;

use crate::failure::Outcome;
use crate::floors::table::{House, Room};
use crate::tidy::{mask, walk};
use crate::workspace::{Package, Workspace};

/// What a plain crate has no use for.
const NOT_PLAIN: [&str; 5] = ["async", "await", "tokio", "Waker", "Future"];

pub(crate) fn violations(house: &House, workspace: &Workspace) -> Outcome<Vec<String>> {
    let mut found = Vec::new();
    for package in &workspace.packages {
        let Some(room) = house.room(&package.folder) else {
            continue;
        };
        let wrong = of_package(room, package)?;
        found.extend(
            wrong
                .into_iter()
                .map(|what| format!("{}: {what}", package.folder)),
        );
    }
    Ok(found)
}

fn of_package(room: &Room, package: &Package) -> Outcome<Vec<String>> {
    let mut found = Vec::new();
    let manifest = fs::read_to_string(package.path.join("Cargo.toml"))?;
    found.extend(not_inherited(&manifest).map(str::to_owned));
    for root in &package.crate_roots {
        let source = fs::read_to_string(root)?;
        if room.safe && !mask::mask(&source).contains("#![forbid(unsafe_code)]") {
            found.push(format!("{} lacks #![forbid(unsafe_code)]", root.display()));
        }
    }
    for file in walk::below(&package.path.join("src"))? {
        let source = fs::read_to_string(&file)?;
        let name = walk::relative(&file);
        if room.plain && !walk::is_test(&name) {
            found.extend(not_plain(&source).map(|word| format!("{word} in {name}")));
        }
        found.extend(not_additive(&source).map(|line| {
            format!("{name}:{line}: a feature may only add, so nothing is under not(feature)")
        }));
    }
    Ok(found)
}

/// What a manifest says for itself, although the workspace says it for all.
fn not_inherited(manifest: &str) -> impl Iterator<Item = &'static str> {
    let says = |line: &str| manifest.lines().any(|it| it.trim() == line);
    let lints = says("[lints]") && says("workspace = true");
    [
        (
            says("version.workspace = true"),
            "its version is not the workspace's",
        ),
        (
            says("rust-version.workspace = true"),
            "its rust-version is not the workspace's",
        ),
        (
            says("edition.workspace = true"),
            "its edition is not the workspace's",
        ),
        (lints, "its lints are not the workspace's"),
    ]
    .into_iter()
    .filter_map(|(inherited, what)| (!inherited).then_some(what))
}

/// The words of [`NOT_PLAIN`] that the code has.
fn not_plain(source: &str) -> impl Iterator<Item = &'static str> {
    let code = mask::without_tests(source);
    NOT_PLAIN
        .into_iter()
        .filter(move |word| mask::words(&code).any(|it| it == *word))
}

/// The lines that are only compiled without a feature. `no_std` without `std` is
/// the one good reason, and stands at the top of a crate.
fn not_additive(source: &str) -> impl Iterator<Item = usize> {
    let code = mask::mask(source);
    let mut found = Vec::new();
    for (index, line) in code.lines().enumerate() {
        let negated = ["not(feature", "not(any(feature", "not(all(feature"];
        if negated.iter().any(|it| line.contains(it)) && !line.contains("no_std") {
            found.push(index + 1);
        }
    }
    found.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_code_is_told_from_comments_and_tests() {
        let found = |source| not_plain(source).collect::<Vec<_>>();
        assert_eq!(found("async fn f() {}"), ["async"]);
        assert_eq!(found("// async\nfn asynchronous() { \"tokio\" }"), [""; 0]);
        assert_eq!(
            found("#[cfg(test)]\nmod tests { fn f(_: Waker) {} }"),
            [""; 0]
        );
        assert_eq!(found("use std::task::Waker;"), ["Waker"]);
    }

    #[test]
    fn features_only_add() {
        let source = "#![cfg_attr(not(feature = \"std\"), no_std)]\n#[cfg(feature = \"a\")]\nfn f() {}\n#[cfg(not(feature = \"a\"))]\nfn f() {}";
        assert_eq!(not_additive(source).collect::<Vec<_>>(), [4]);
    }

    #[test]
    fn a_manifest_inherits() {
        let good = "version.workspace = true\nrust-version.workspace = true\n\
                    edition.workspace = true\n[lints]\nworkspace = true\n";
        assert_eq!(not_inherited(good).count(), 0);
        let own = good.replace("rust-version.workspace = true", "rust-version = \"1.80\"");
        let found: Vec<_> = not_inherited(&own).collect();
        assert_eq!(found, ["its rust-version is not the workspace's"]);
    }
}
