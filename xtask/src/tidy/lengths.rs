//! How long a room may be before it is two.

use crate::tidy::{Wrong, mask, walk};

/// Lines of a source file, tests not counted.
const LINES: usize = 500;

/// Lines of ARCHITECTURE.md: about two pages.
const ARCHITECTURE: usize = 120;

/// How a longer file begins its reason, in its first ten lines.
const EXCUSE: &str = "// Over 500 lines: ";

/// A source file has its purpose at the top, and one idea in it.
pub(crate) fn file(name: &str, content: &str) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    if is_crate_root(name) && !has_first_line(content) {
        wrong.push((
            1,
            "the first line says what this crate is, after //!".to_owned(),
        ));
    }
    let lines = lines_of_code(content);
    let excused = content.lines().take(10).any(|line| {
        let reason = line.trim_start().strip_prefix(EXCUSE);
        reason.is_some_and(|reason| !reason.trim().is_empty())
    });
    if lines > LINES && !walk::is_test(name) && !excused {
        wrong.push((
            1,
            format!("{lines} lines, at most {LINES} unless its top says \"{EXCUSE}why\""),
        ));
    }
    wrong
}

/// ARCHITECTURE.md is short enough to be read.
pub(crate) fn page(name: &str, content: &str) -> Option<Wrong> {
    let lines = content.lines().count();
    let long = name == "ARCHITECTURE.md" && lines > ARCHITECTURE;
    long.then(|| (1, format!("{lines} lines, at most {ARCHITECTURE}")))
}

fn is_crate_root(name: &str) -> bool {
    name.ends_with("/src/lib.rs") || name.ends_with("/src/main.rs")
}

fn has_first_line(content: &str) -> bool {
    let first = content.lines().next().unwrap_or_default();
    first
        .strip_prefix("//! ")
        .is_some_and(|said| !said.trim().is_empty())
}

/// All lines but those of test modules.
fn lines_of_code(content: &str) -> usize {
    let code = mask::mask(content);
    let tests = mask::test_modules(&code);
    let in_tests = tests
        .iter()
        .map(|(from, to)| code[*from..*to].lines().count());
    content.lines().count() - in_tests.sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_files_need_a_reason() {
        let long = "//! A crate.\n".to_owned() + &"fn f() {}\n".repeat(500);
        assert_eq!(file("x/src/lib.rs", &long).len(), 1);
        assert!(file("x/tests/it.rs", &long).is_empty());
        let excused = format!("//! A crate.\n// Over 500 lines: one table.\n{long}");
        assert!(file("x/src/lib.rs", &excused).is_empty());
    }

    #[test]
    fn tests_do_not_count() {
        let tests = "\n".repeat(600);
        let content = format!("//! A crate.\nfn f() {{}}\n#[cfg(test)]\nmod tests {{{tests}}}\n");
        assert_eq!(lines_of_code(&content), 2);
        assert!(file("x/src/lib.rs", &content).is_empty());
    }

    #[test]
    fn a_crate_says_what_it_is() {
        assert_eq!(file("x/src/lib.rs", "mod a;\n").len(), 1);
        assert_eq!(file("x/src/lib.rs", "//! \n").len(), 1);
        assert!(file("x/src/other.rs", "mod a;\n").is_empty());
    }

    #[test]
    fn one_page_is_short() {
        assert!(page("ARCHITECTURE.md", &"\n".repeat(121)).is_some());
        assert!(page("README.md", &"\n".repeat(121)).is_none());
    }
}
