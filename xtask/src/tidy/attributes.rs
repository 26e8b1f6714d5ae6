//! Attributes that silence something say why.

use crate::tidy::{Wrong, line_at, mask};

/// `code` is `content`, masked.
pub(crate) fn violations(content: &str, code: &str) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    for (from, to) in attributes(code) {
        let line = line_at(content, from);
        let says = |word| mask::words(&code[from..to]).any(|it| it == word);
        if says("allow") {
            wrong.push((
                line,
                "allow: expect(lint, reason = \"…\") tells when it is over".to_owned(),
            ));
        }
        if says("expect") && !says("reason") {
            wrong.push((line, "expect without a reason".to_owned()));
        }
        if says("ignore") && !is_accounted_for(&content[from..to]) {
            let what = "ignore without a reason and an issue's number (#1), or what it is run by";
            wrong.push((line, what.to_owned()));
        }
    }
    wrong
}

/// Where attributes begin and end.
fn attributes(code: &str) -> impl Iterator<Item = (usize, usize)> {
    let starts = ["#[", "#!["].into_iter();
    starts
        .flat_map(|start| code.match_indices(start))
        .map(|(from, _)| {
            let mut depth = 0_i32;
            let end = code[from..].find(|character| {
                depth += i32::from(character == '[') - i32::from(character == ']');
                character == ']' && depth == 0
            });
            (from, end.map_or(code.len(), |end| from + end + 1))
        })
}

/// Whether somebody will come back to this test: an issue by its number, or
/// another test that runs this one in a process of its own.
fn is_accounted_for(attribute: &str) -> bool {
    let reason = attribute.split_once('"').map_or("", |(_, reason)| reason);
    let mut after_hash = reason.split('#').skip(1);
    let has_issue = after_hash.any(|rest| rest.starts_with(|it: char| it.is_ascii_digit()));
    has_issue || reason.contains("run by ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(source: &str) -> Vec<usize> {
        let wrong = violations(source, &mask::mask(source));
        wrong.into_iter().map(|(line, _)| line).collect()
    }

    #[test]
    fn allow_is_never_bare() {
        assert_eq!(found("\n#[allow(dead_code)]\nfn f() {}"), [2]);
        assert_eq!(found("#![allow(dead_code)]"), [1]);
        assert_eq!(found("#[cfg_attr(x, allow(y))]"), [1]);
        assert_eq!(found("// #[allow(dead_code)]\nallow();"), [0; 0]);
    }

    #[test]
    fn expect_has_a_reason() {
        assert_eq!(found("#[expect(dead_code)]"), [1]);
        assert_eq!(
            found("#[expect(\n dead_code,\n reason = \"[soon]\"\n)]"),
            [0; 0]
        );
    }

    #[test]
    fn ignore_has_an_issue() {
        assert_eq!(found("#[ignore]"), [1]);
        assert_eq!(found("#[ignore = \"slow\"]"), [1]);
        assert_eq!(found("#[ignore = \"slow until #12 is done\"]"), [0; 0]);
        assert_eq!(found("#[ignore = \"run by `the_test_above`\"]"), [0; 0]);
    }
}
