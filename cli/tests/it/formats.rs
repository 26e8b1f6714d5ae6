//! Messages in every form, there and back.

use crate::support::fmq;

/// What `pull` prints when `push` is given `input`, with these arguments each.
fn passed(push: &str, input: &str, pull: &str) -> String {
    let mut puller = fmq(&format!("pull --bind tcp://127.0.0.1:* {pull}"), "");
    let endpoint = puller.endpoint();
    let pushed = fmq(&format!("push --connect {endpoint} {push}"), input);
    pushed.succeed();
    puller.succeed()
}

#[test]
fn hexadecimal() {
    let input = "00ff\t\t61\n\n0a\n";
    let form = "--format hex";
    assert_eq!(passed(form, input, &format!("{form} --count 3")), input);
}

#[test]
fn json() {
    let input = "[\"a\",{\"hex\":\"00ff\"}]\n\"b\"\n";
    let output = "{\"frames\":[\"a\",{\"hex\":\"00ff\"}]}\n{\"frames\":[\"b\"]}\n";
    let form = "--format json";
    assert_eq!(passed(form, input, &format!("{form} --count 2")), output);
}

#[test]
fn raw_is_one_message() {
    let pull = "--format raw --count 1";
    assert_eq!(passed("--format raw", "a\nb\n", pull), "a\nb\n");
}

#[test]
fn raw_is_cut_by_size() {
    let pull = "--count 3";
    assert_eq!(
        passed("--format raw --size 3", "abcdefgh", pull),
        "abc\ndef\ngh\n"
    );
}

#[test]
fn a_size_makes_messages_up() {
    let output = passed("--size 100 --count 3", "not read", "--count 3");
    let lengths: Vec<_> = output.lines().map(str::len).collect();
    assert_eq!(lengths, [100, 100, 100]);
}

#[test]
fn a_delimiter_cuts_lines_into_frames() {
    let output = passed("--delimiter ,", "a,,b\n", "--count 1 --format json");
    assert_eq!(output, "{\"frames\":[\"a\",\"\",\"b\"]}\n");
}

#[test]
fn the_last_line_needs_no_newline() {
    assert_eq!(passed("", "a\nb", "--count 2"), "a\nb\n");
}
