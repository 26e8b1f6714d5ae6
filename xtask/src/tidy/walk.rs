//! The files of the workspace.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Outcome;
use crate::workspace;

/// Folders that are made, not written.
const MADE: [&str; 3] = [".git", "target", "node_modules"];

/// All files below `folder`, in order; none if there is no such folder.
pub(crate) fn below(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            let made = MADE.iter().any(|name| entry.file_name() == *name);
            if kind.is_dir() && !made {
                open.push(entry.path());
            } else if kind.is_file() {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}

/// How a file is called in messages: from the root, with slashes.
pub(crate) fn relative(path: &Path) -> String {
    let root = workspace::root();
    let path = path.strip_prefix(&root).unwrap_or(path);
    let parts = path
        .components()
        .map(|part| part.as_os_str().to_string_lossy());
    parts.collect::<Vec<_>>().join("/")
}

/// Whether all of a file is for tests.
pub(crate) fn is_test(name: &str) -> bool {
    let mut folders: Vec<&str> = name.split('/').collect();
    let file = folders.pop().unwrap_or_default();
    let suite = ["compliance", "interop", "conform", "fuzz"];
    folders.first().is_some_and(|first| suite.contains(first))
        || folders.contains(&"tests")
        || file == "tests.rs"
        || file.ends_with("_tests.rs")
        || file.ends_with("_loom.rs")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_told_by_their_place() {
        for name in [
            "core/tests/it/a.rs",
            "tcp/src/address_tests.rs",
            "a/src/b/tests.rs",
            "inproc/src/slot_loom.rs",
            "compliance/src/lib.rs",
        ] {
            assert!(is_test(name), "{name}");
        }
        assert!(!is_test("core/src/lib.rs"));
        assert!(!is_test("facade/examples/tests_of_strength.rs"));
    }
}
