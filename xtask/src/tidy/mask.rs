//! Source code without what is said in it: comments and the insides of strings
//! become blanks, so that whoever looks for code finds only code.
//!
//! Every byte keeps its place, and so does every line.

/// `source` with blanks for comments and for what is in quotes.
pub(crate) fn mask(source: &str) -> String {
    let mut masked = source.as_bytes().to_vec();
    let mut rest = source;
    while !rest.is_empty() {
        let at = source.len() - rest.len();
        let token = Token::first(rest, &source[..at]);
        let (from, to) = token.hidden;
        for byte in &mut masked[at + from..at + to] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        rest = &rest[token.length..];
    }
    // Whole characters were blanked, so it is still UTF-8.
    String::from_utf8(masked).unwrap_or_default()
}

/// [`mask`], with blanks for the modules under `cfg(test)` too.
pub(crate) fn without_tests(source: &str) -> String {
    let mut code = mask(source).into_bytes();
    for (from, to) in test_modules(&mask(source)) {
        for byte in &mut code[from..to] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    }
    String::from_utf8(code).unwrap_or_default()
}

/// Where the modules under `cfg(test)` begin and end, attribute included. Takes
/// code that is masked already.
pub(crate) fn test_modules(code: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for marker in ["#[cfg(test)]", "#[cfg(all(test"] {
        for (from, _) in code.match_indices(marker) {
            let after = &code[from..];
            let Some(open) = after.find(['{', ';']) else {
                continue;
            };
            let is_module = words(&after[..open]).any(|word| word == "mod");
            if is_module && after[open..].starts_with('{') {
                found.push((from, from + open + block(&after[open..])));
            }
        }
    }
    found
}

/// The length of the block that `code` begins with, both braces included.
fn block(code: &str) -> usize {
    let mut depth = 0_usize;
    for (at, character) in code.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    code.len()
}

/// The identifiers and keywords of masked code, in order.
pub(crate) fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|character: char| !is_word(character))
        .filter(|word| !word.is_empty())
}

/// Whether this character can be part of an identifier.
pub(crate) fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// The next piece of a source: how long it is, and what of it is to be hidden.
struct Token {
    length: usize,
    hidden: (usize, usize),
}

impl Token {
    fn first(rest: &str, before: &str) -> Self {
        if rest.starts_with("//") {
            return Self::hidden_whole(rest.find('\n').unwrap_or(rest.len()));
        }
        if rest.starts_with("/*") {
            return Self::hidden_whole(block_comment(rest));
        }
        if let (Some(hashes), false) = (raw_string(rest), in_word(before)) {
            let end = format!("\"{}", "#".repeat(hashes));
            return Self::quoted(rest, hashes + 2, |body| body.find(&end), end.len());
        }
        if rest.starts_with('"') {
            return Self::quoted(rest, 1, |body| closing(body, '"'), 1);
        }
        if rest.starts_with('\'') && is_character(rest) {
            return Self::quoted(rest, 1, |body| closing(body, '\''), 1);
        }
        Self {
            length: rest.chars().next().map_or(1, char::len_utf8),
            hidden: (0, 0),
        }
    }

    fn hidden_whole(length: usize) -> Self {
        Self {
            length,
            hidden: (0, length),
        }
    }

    /// A literal whose quotes stay: `open` bytes, a body, `close` bytes.
    fn quoted(rest: &str, open: usize, end: impl Fn(&str) -> Option<usize>, close: usize) -> Self {
        match end(&rest[open..]) {
            Some(body) => Self {
                length: open + body + close,
                hidden: (open, open + body),
            },
            None => Self {
                length: rest.len(),
                hidden: (open, rest.len()),
            },
        }
    }
}

/// Whether `before` ends in a word; the `b` of a byte string, or the `c` of a C
/// string, is none.
fn in_word(before: &str) -> bool {
    before
        .strip_suffix(['b', 'c'])
        .unwrap_or(before)
        .ends_with(is_word)
}

/// The number of hashes, if `rest` begins with `r"`, `r#"` and so on.
fn raw_string(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix('r')?;
    let body = after.trim_start_matches('#');
    body.starts_with('"').then_some(after.len() - body.len())
}

/// Where the quote is that ends `body`, which is not one after a backslash.
fn closing(body: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    body.char_indices().find_map(|(at, character)| {
        let ends = character == quote && !escaped;
        escaped = character == '\\' && !escaped;
        ends.then_some(at)
    })
}

/// Whether the quote that `rest` begins with opens a character, and no lifetime.
fn is_character(rest: &str) -> bool {
    let mut following = rest.chars().skip(1);
    match following.next() {
        Some('\\') => true,
        Some(_) => following.next() == Some('\''),
        None => false,
    }
}

/// The length of a comment that may have others in it.
fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_become_blanks() {
        assert_eq!(mask("a // b\nc"), "a     \nc");
        assert_eq!(mask("a /* b /* c */ d */ e"), "a                   e");
        assert_eq!(mask("/* never closed"), " ".repeat(15));
    }

    #[test]
    fn strings_keep_their_quotes() {
        assert_eq!(mask(r#"f("a // b")"#), r#"f("      ")"#);
        assert_eq!(mask(r#""\"" + x"#), r#""  " + x"#);
        assert_eq!(mask("r#\"a \" b\"# c"), "r#\"     \"# c");
        assert_eq!(mask("br\"\\\" c"), "br\" \" c");
        assert_eq!(mask("for\"x\""), "for\" \"");
    }

    #[test]
    fn characters_are_told_from_lifetimes() {
        assert_eq!(
            mask("'{' 'a: &'a str '\\'' '\"'"),
            "' ' 'a: &'a str '  ' ' '"
        );
    }

    #[test]
    fn every_byte_keeps_its_place() {
        let source = "let ø = \"ØMQ\"; // é\nx";
        let masked = mask(source);
        assert_eq!(masked.len(), source.len());
        assert_eq!(masked.find('x'), source.find('x'));
    }

    #[test]
    fn test_modules_end_with_their_brace() {
        let source = "fn f() {}\n#[cfg(test)]\nmod tests {\n fn g() { \"}\" }\n}\nfn h() {}";
        let code = without_tests(source);
        assert_eq!(words(&code).collect::<Vec<_>>(), ["fn", "f", "fn", "h"]);
        assert_eq!(code.lines().count(), source.lines().count());
        let elsewhere = "#[cfg(test)]\nmod tests;\nfn f() {}";
        assert_eq!(without_tests(elsewhere), elsewhere);
    }
}
