//! Functions and scenarios that a page names are there, tests above all.

use crate::tidy::Wrong;

/// `read` is asked for the file of each, which a page names from the workspace's root
/// on: `file.rs::function`, or `file.rs::name of a scenario`.
pub(crate) fn violations(content: &str, read: impl Fn(&str) -> Option<String>) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    for (index, line) in content.lines().enumerate() {
        for (file, function) in named(line) {
            let there = read(file).is_some_and(|source| has(&source, function));
            if !there {
                wrong.push((index + 1, format!("{file} has no {function}")));
            }
        }
    }
    wrong
}

/// The functions that a line names, with their files.
fn named(line: &str) -> impl Iterator<Item = (&str, &str)> {
    let spans = line.split('`').skip(1).step_by(2);
    spans.filter_map(|span| {
        let (file, function) = span.split_once("::")?;
        file.ends_with(".rs").then_some((file, function))
    })
}

fn has(source: &str, name: &str) -> bool {
    if name.contains(' ') {
        source.contains(&format!("\"{name}\""))
    } else {
        source.contains(&format!("fn {name}("))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_named_with_their_files() {
        let line = "| `a/b.rs::one` | `Type::method` and `c.rs::two`, `d.rs` | x.rs::not |";
        let found: Vec<_> = named(line).collect();
        assert_eq!(found, [("a/b.rs", "one"), ("c.rs", "two")]);
    }

    #[test]
    fn scenarios_are_named_in_words() {
        let read = |_: &str| Some(r#"Scenario::new("a PUSH sends", "#.to_owned());
        assert_eq!(violations("`a.rs::a PUSH sends`", read), []);
        assert_eq!(violations("`a.rs::a PUSH`", read).len(), 1);
    }

    #[test]
    fn those_that_are_not_there_are_violations() {
        let page = "`a.rs::one`\n`a.rs::on` and `b.rs::one`\n";
        let read = |file: &str| (file == "a.rs").then(|| "fn one() {}".to_owned());
        let wrong = violations(page, read);
        let lines: Vec<_> = wrong.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [2, 2]);
    }
}
