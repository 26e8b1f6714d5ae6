//! Signals end a command at once, with the exit code that a shell would give.

use crate::support::{fmq, fmq_without_end};

const ANY: &str = "tcp://127.0.0.1:*";

#[test]
fn an_interrupt_ends_a_command_that_waits() {
    for command in [
        "pull", "push", "pub", "req", "rep", "dealer", "router", "pair",
    ] {
        let mut waiting = fmq_without_end(&format!("{command} --bind {ANY}"));
        waiting.endpoint();
        waiting.signal("INT");
        let ended = waiting.end();
        assert_eq!(
            (ended.code, ended.stderr.as_str()),
            (Some(130), ""),
            "{command}"
        );
    }
}

#[test]
fn so_does_the_wish_to_terminate() {
    let mut waiting = fmq_without_end(&format!("sub --bind {ANY}"));
    waiting.endpoint();
    waiting.signal("TERM");
    assert_eq!(waiting.end().code, Some(143));
}

#[test]
fn messages_that_nobody_takes_do_not_hold_the_end_up() {
    let mut waiting = fmq(&format!("push --bind {ANY} --size 1000"), "");
    waiting.endpoint();
    waiting.signal("INT");
    assert_eq!(waiting.end().code, Some(130));
}
