//! Each crate builds and lints alone: what it needs it asks for itself, and no
//! neighbour turns it on by accident.

use crate::failure::Outcome;
use crate::floors::{self, table::House};
use crate::lint::STRICT;
use crate::shell::Tool;
use crate::workspace::{Package, Workspace};

/// A target without an operating system, for the crates that promise `no_std`.
const BARE: &str = "thumbv7em-none-eabi";

/// The crates that promise it.
const NO_STD: [&str; 1] = ["zmtp-codec"];

/// Every crate with no features and with each of them, from the ground up, in the
/// one target folder.
pub(crate) fn build() -> Outcome {
    let workspace = Workspace::load()?;
    for package in from_the_ground(&workspace, &floors::house()?) {
        clippy(package, None)?;
        for feature in features(package) {
            clippy(package, Some(feature))?;
        }
    }
    no_std()
}

fn from_the_ground<'a>(workspace: &'a Workspace, house: &House) -> Vec<&'a Package> {
    let mut packages: Vec<&Package> = workspace.packages.iter().collect();
    // What stands outside the house knows all of it, so it comes last.
    let floor = |package: &Package| house.room(&package.folder)?.floor;
    packages.sort_by_key(|it| (floor(it).unwrap_or(u8::MAX), it.folder.clone()));
    packages
}

fn features(package: &Package) -> impl Iterator<Item = &str> {
    let names = package.features.keys().map(String::as_str);
    names.filter(|name| *name != "default")
}

fn clippy(package: &Package, feature: Option<&str>) -> Outcome {
    let tool = Tool::cargo()
        .args(["clippy", "--quiet", "--package", &package.name])
        .arg("--no-default-features");
    let tool = match feature {
        Some(feature) => tool.args(["--features", feature]),
        None => tool,
    };
    tool.args(STRICT).run()
}

/// Where that target is installed; it is on CI's Linux.
fn no_std() -> Outcome {
    let targets = Tool::new("rustup")
        .args(["target", "list", "--installed"])
        .read_quietly();
    if !targets.unwrap_or_default().lines().any(|line| line == BARE) {
        println!("{BARE} is not installed: no build without an operating system");
        return Ok(());
    }
    for name in NO_STD {
        Tool::cargo()
            .args(["check", "--quiet", "--package", name])
            .args(["--no-default-features", "--target", BARE])
            .run()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_is_no_feature_of_its_own() {
        let package = Package {
            features: ["a", "default", "b"]
                .map(|name| (name.to_owned(), vec![]))
                .into(),
            ..Package::default()
        };
        assert_eq!(features(&package).collect::<Vec<_>>(), ["a", "b"]);
    }
}
