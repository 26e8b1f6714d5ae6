//! What the compiler and clippy do not look at: the house style, as far as a
//! machine can see it.

mod attributes;
mod lengths;
mod markdown;
pub(crate) mod mask;
mod newer;
mod proofs;
mod sleeps;
mod text;
pub(crate) mod walk;

use std::fs;

use crate::failure::{Failure, Outcome};
use crate::workspace;

/// Something wrong at a line.
type Wrong = (usize, String);

/// Reads every file that people write.
pub(crate) fn check() -> Outcome {
    let mut violations = Vec::new();
    for path in walk::below(&workspace::root())? {
        let name = walk::relative(&path);
        let Some(kind) = Kind::of(&name) else {
            continue;
        };
        let content = fs::read_to_string(&path)?;
        let mut wrong = text::violations(&content);
        match kind {
            Kind::Rust => wrong.extend(rust(&name, &content)),
            Kind::Markdown => {
                let folder = path.parent().unwrap_or(&path);
                wrong.extend(markdown::violations(&content, |link| {
                    folder.join(link).exists()
                }));
                wrong.extend(lengths::page(&name, &content));
                let root = workspace::root();
                wrong.extend(proofs::violations(&content, |file| {
                    fs::read_to_string(root.join(file)).ok()
                }));
            }
            Kind::Other => {}
        }
        wrong.sort();
        violations.extend(
            wrong
                .into_iter()
                .map(|(line, what)| format!("{name}:{line}: {what}")),
        );
    }
    Failure::unless_empty(&violations)
}

fn rust(name: &str, content: &str) -> Vec<Wrong> {
    let code = mask::mask(content);
    let mut wrong = lengths::file(name, content);
    wrong.extend(attributes::violations(content, &code));
    wrong.extend(newer::violations(&code));
    wrong.extend(sleeps::violations(name, content, &code));
    wrong
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Rust,
    Markdown,
    Other,
}

impl Kind {
    /// None for what people do not write: pictures, recordings, lock files.
    fn of(name: &str) -> Option<Self> {
        match name.rsplit_once('.').map(|(_, extension)| extension) {
            Some("rs") => Some(Self::Rust),
            Some("md") => Some(Self::Markdown),
            Some("toml" | "yml" | "yaml" | "sh" | "py") => Some(Self::Other),
            _ => (name == ".ci/run").then_some(Self::Other),
        }
    }
}

/// The line on which `offset` is, the first being 1.
fn line_at(content: &str, offset: usize) -> usize {
    content[..offset].matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_is_tidy() -> Outcome {
        check()
    }

    #[test]
    fn files_have_kinds() {
        assert_eq!(Kind::of("core/src/lib.rs"), Some(Kind::Rust));
        assert_eq!(Kind::of(".ci/run"), Some(Kind::Other));
        assert_eq!(Kind::of("Cargo.lock"), None);
    }

    #[test]
    fn lines_start_at_one() {
        assert_eq!([0, 1, 2].map(|offset| line_at("a\nb", offset)), [1, 1, 2]);
    }
}
