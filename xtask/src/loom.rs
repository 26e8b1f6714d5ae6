//! The models: every interleaving of a few threads, for whatever wakes or waits.
//!
//! They are in `tests/loom_*.rs`, or, where they must see private parts, in a
//! module `models` under `cfg(all(test, loom))`.

use std::fs;
use std::path::Path;

use crate::failure::{Failure, Outcome};
use crate::shell::Tool;
use crate::tidy::{mask, walk};
use crate::workspace::{Package, Workspace};

/// The models of one crate.
#[derive(Debug, Default)]
struct Models {
    /// Files under `tests`, by name.
    outside: Vec<String>,
    /// Whether there are modules in `src`.
    inside: bool,
}

/// Runs all of them, and fails if a crate that has models ran none.
pub(crate) fn run() -> Outcome {
    let workspace = Workspace::load()?;
    let target = workspace.target.join("loom");
    let mut ran = 0;
    for package in &workspace.packages {
        for selection in find(package)?.selections() {
            let count = run_some(package, &selection, &target)?;
            if count == 0 {
                return Err(Failure::Failed(format!(
                    "{}: no model ran; inside a crate they are in a module `models`",
                    package.folder
                )));
            }
            ran += count;
        }
    }
    println!("{ran} models");
    match ran {
        0 => Err(Failure::new("there are no models")),
        _ => Ok(()),
    }
}

fn run_some(package: &Package, selection: &[&str], target: &Path) -> Outcome<usize> {
    let printed = Tool::cargo()
        .env("RUSTFLAGS", "--cfg loom")
        .env("LOOM_MAX_PREEMPTIONS", "3")
        .env_unshown("CARGO_TARGET_DIR", target)
        .args(["test", "--release", "--package", &package.name])
        .args(selection.iter().copied())
        .show_and_read()?;
    Ok(passed(&printed))
}

/// How many tests passed, by the harness's closing lines.
fn passed(printed: &str) -> usize {
    let results = printed
        .lines()
        .filter_map(|line| line.strip_prefix("test result: ok. "));
    let counts = results.filter_map(|line| line.split_once(" passed")?.0.parse::<usize>().ok());
    counts.sum()
}

impl Models {
    /// What to say to `cargo test`, once per run.
    fn selections(&self) -> Vec<Vec<&str>> {
        let outside = self
            .outside
            .iter()
            .flat_map(|name| ["--test", name])
            .collect();
        let inside = vec!["--lib", "models::"];
        [(!self.outside.is_empty(), outside), (self.inside, inside)]
            .into_iter()
            .filter_map(|(there, selection)| there.then_some(selection))
            .collect()
    }
}

fn find(package: &Package) -> Outcome<Models> {
    let mut models = Models::default();
    for file in walk::below(&package.path.join("tests"))? {
        let name = file
            .file_stem()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let is_top = file.parent() == Some(&package.path.join("tests"));
        if is_top && name.starts_with("loom_") {
            models.outside.push(name.to_owned());
        }
    }
    for file in walk::below(&package.path.join("src"))? {
        let source = fs::read_to_string(&file).unwrap_or_default();
        models.inside |= has_models(&source);
    }
    models.outside.sort();
    Ok(models)
}

fn has_models(source: &str) -> bool {
    let code = mask::mask(source);
    code.contains("cfg(all(test, loom))") || code.contains("cfg(all(loom, test))")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passed_tests_are_summed() {
        let printed =
            "test result: ok. 3 passed; 0 failed\nx\ntest result: ok. 12 passed; 0 failed";
        assert_eq!(passed(printed), 15);
        assert_eq!(passed("nothing ran"), 0);
    }

    #[test]
    fn models_inside_are_found_by_their_attribute() {
        assert!(has_models("#[cfg(all(test, loom))]\nmod models;"));
        assert!(!has_models(
            "#[cfg(loom)]\nuse loom::sync; // cfg(all(test, loom))"
        ));
    }

    #[test]
    fn each_kind_is_one_run() {
        let both = Models {
            outside: vec!["loom_a".to_owned(), "loom_b".to_owned()],
            inside: true,
        };
        let expected = [
            vec!["--test", "loom_a", "--test", "loom_b"],
            vec!["--lib", "models::"],
        ];
        assert_eq!(both.selections(), expected);
        assert!(Models::default().selections().is_empty());
    }
}
