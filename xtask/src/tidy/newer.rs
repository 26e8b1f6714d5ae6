//! Language that newer compilers take without a word, although the oldest
//! supported one does not know it. (Of the library, clippy knows: its lint
//! `incompatible_msrv`.)
//!
//! Only what is easily written by accident: chains of `let` (1.88),
//! `if let` guards and `cfg_select!` (1.95), `cfg(true)` (1.88). A build with the
//! oldest compiler, `cargo xtask msrv`, finds the rest.

use crate::tidy::{Wrong, line_at, mask};

/// Takes masked code.
pub(crate) fn violations(code: &str) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    let mut report = |at: usize, what: &str| {
        wrong.push((
            line_at(code, at),
            format!("{what}: newer than the oldest supported Rust"),
        ));
    };
    for (at, _) in code.match_indices("let") {
        match place_of_let(code, at) {
            Place::Chained => report(at, "a chain of let"),
            Place::Condition => match end_of_condition(&code[at..]) {
                End::And => report(at, "a chain of let"),
                End::Arrow => report(at, "an if let guard"),
                End::Block => {}
            },
            Place::Elsewhere => {}
        }
    }
    for newer in ["cfg_select!", "cfg(true)", "cfg(false)"] {
        for (at, _) in code.match_indices(newer) {
            report(at, newer);
        }
    }
    wrong
}

enum Place {
    /// After `if` or `while`.
    Condition,
    /// After `&&`, where there is something before.
    Chained,
    Elsewhere,
}

fn place_of_let(code: &str, at: usize) -> Place {
    let before = &code[..at];
    let whole =
        !before.ends_with(mask::is_word) && !code[at + "let".len()..].starts_with(mask::is_word);
    let before = before.trim_end();
    if !whole {
        Place::Elsewhere
    } else if before.ends_with("&&") {
        Place::Chained
    } else if ends_with_word(before, "if") || ends_with_word(before, "while") {
        Place::Condition
    } else {
        Place::Elsewhere
    }
}

fn ends_with_word(code: &str, word: &str) -> bool {
    code.strip_suffix(word)
        .is_some_and(|before| !before.ends_with(mask::is_word))
}

/// What comes first after the value that a `let` matches.
enum End {
    Block,
    And,
    Arrow,
}

/// `code` begins with `let`, a pattern, `=` and a value. A value cannot have `&&`
/// or a brace outside parentheses, other than these ends.
fn end_of_condition(code: &str) -> End {
    let mut depth = 0_i32;
    let mut in_value = false;
    for (at, character) in code.char_indices() {
        let (before, rest) = code.split_at(at);
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '{' if in_value && depth == 0 => return End::Block,
            '{' => depth += 1,
            '}' => depth -= 1,
            // Not the one in `..=`, which is part of a pattern.
            '=' if depth == 0 && !in_value => in_value = !before.ends_with('.'),
            '=' if depth == 0 && rest.starts_with("=>") => return End::Arrow,
            '&' if in_value && depth == 0 && rest.starts_with("&&") && follows_value(before) => {
                return End::And;
            }
            _ => {}
        }
    }
    End::Block
}

/// Whether code ends with a value, so that `&&` means "and", not two borrows.
fn follows_value(before: &str) -> bool {
    let before = before.trim_end();
    let is_end = |character| mask::is_word(character) || ")]}\"'?".contains(character);
    before.ends_with(is_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(source: &str) -> Vec<usize> {
        let wrong = violations(&mask::mask(source));
        wrong.into_iter().map(|(line, _)| line).collect()
    }

    #[test]
    fn chains_are_found() {
        for source in [
            "if let Some(x) = a && b {}",
            "if a && let Some(x) = b {}",
            "while let Some(x) = a.pop()\n    && x > 1 {}",
            "if let S { a, b } = f(|x| { x })? && c {}",
            "if let 1..=3 = x && y {}",
            "match x { y if let Some(z) = y && z => {} }",
        ] {
            assert_eq!(found(source).first(), Some(&1), "{source}");
        }
    }

    #[test]
    fn guards_are_found() {
        assert_eq!(found("match x {\n  y if let Some(z) = f(y) => {}\n}"), [2]);
    }

    #[test]
    fn conditions_as_of_old_are_not() {
        for source in [
            "if let Some(x) = a { b && c }",
            "if let Some(x) = f(a && b) {}",
            "if let &&x = &&y {}",
            "if let 1..=3 = x {}",
            "if let S { a } = x { y == z && w }",
            "let x = a && b;",
            "let Some(x) = a else { return b && c };",
            "if outlet && b {}",
            "// if let Some(x) = a && b {}",
            "match x { y if a && b => {} }",
        ] {
            assert_eq!(found(source), [0; 0], "{source}");
        }
    }

    #[test]
    fn new_macros_and_predicates_are_found() {
        assert_eq!(found("cfg_select! {}\n#[cfg(true)]"), [1, 2]);
    }
}
