//! A test that sleeps is slow on one machine and fails on another. Where it has to
//! sleep all the same, a comment says why. On a paused clock it sleeps as long as it
//! likes: that takes no time and is the same on all machines.

use crate::tidy::{Wrong, line_at, mask, walk};

/// `code` is `content`, masked.
pub(crate) fn violations(name: &str, content: &str, code: &str) -> Vec<Wrong> {
    let modules = mask::test_modules(code);
    let in_test =
        |at| walk::is_test(name) || modules.iter().any(|(from, to)| (*from..*to).contains(&at));
    let calls = code.match_indices("sleep(").map(|(at, _)| at);
    calls
        .filter(|at| is_call(&code[..*at]) && in_test(*at) && !is_paused(&code[..*at]))
        .map(|at| line_at(content, at))
        .filter(|line| !is_explained(content, *line))
        .map(|line| {
            (
                line,
                "a test that sleeps, without a comment that says why".to_owned(),
            )
        })
        .collect()
}

/// Whether what follows `before` is no definition, and no part of another word.
fn is_call(before: &str) -> bool {
    !before.ends_with(mask::is_word) && !before.trim_end().ends_with("fn")
}

/// Whether the test that `before` ends in has a clock that only moves by such calls.
fn is_paused(before: &str) -> bool {
    let clock = "start_paused = true";
    let own_thread = before.ends_with("thread::");
    let test = before.rfind("test(").max(before.rfind("test]"));
    let attribute = test.and_then(|at| before[at..].lines().next());
    !own_thread && attribute.is_some_and(|line| line.contains(clock))
}

/// Whether there is a comment at the end of `line`, or above the statement that it
/// is part of.
fn is_explained(content: &str, line: usize) -> bool {
    let lines: Vec<&str> = content.lines().take(line).map(str::trim).collect();
    let Some((own, above)) = lines.split_last() else {
        return false;
    };
    let begins = |line: &&&str| line.is_empty() || line.ends_with([';', '{', '}']);
    own.contains("// ")
        || above
            .iter()
            .rev()
            .take_while(|line| !begins(line) || line.starts_with("//"))
            .any(|line| line.starts_with("// "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, source: &str) -> Vec<usize> {
        let wrong = violations(name, source, &mask::mask(source));
        wrong.into_iter().map(|(line, _)| line).collect()
    }

    #[test]
    fn tests_explain_their_sleep() {
        let bare = "fn f() {\n    thread::sleep(SHORT);\n}";
        assert_eq!(found("x/tests/it.rs", bare), [2]);
        assert_eq!(found("x/src/lib.rs", bare), [0; 0]);
        let explained = "fn f() {\n    // The kernel tells nobody.\n    thread::sleep(SHORT);\n}";
        assert_eq!(found("x/tests/it.rs", explained), [0; 0]);
        let beside = "fn f() {\n    sleep(SHORT); // The kernel tells nobody.\n}";
        assert_eq!(found("x/tests/it.rs", beside), [0; 0]);
        let within =
            "fn f() {\n    // The clock is paused.\n    x(\n        time::sleep(LONG),\n    );\n}";
        assert_eq!(found("x/tests/it.rs", within), [0; 0]);
    }

    #[test]
    fn a_paused_clock_needs_no_reason() {
        let paused = "#[tokio::test(start_paused = true)]\nasync fn f() {\n    sleep(LONG)\n}\n";
        assert_eq!(found("x/tests/it.rs", paused), [0; 0]);
        let next = format!("{paused}#[tokio::test]\nasync fn g() {{\n    sleep(LONG)\n}}");
        assert_eq!(found("x/tests/it.rs", &next), [7]);
        let thread = paused.replace("sleep(", "thread::sleep(");
        assert_eq!(found("x/tests/it.rs", &thread), [3]);
    }

    #[test]
    fn a_comment_belongs_to_one_statement() {
        let source = "// Why.\nsleep(A);\nsleep(B);";
        assert_eq!(found("x/tests/it.rs", source), [3]);
    }

    #[test]
    fn modules_of_tests_count_too() {
        let source = "fn f() { sleep(A); }\n#[cfg(test)]\nmod tests {\n fn g() {\n sleep(B) }\n}";
        assert_eq!(found("x/src/lib.rs", source), [5]);
        assert_eq!(
            found(
                "x/tests/it.rs",
                "fn sleep() {}\nfn first_asleep() { asleep(); }"
            ),
            [0; 0]
        );
    }
}
