//! A line in is a message out, a message in is a line out.

use crate::support::{fmq, fmq_without_end};

const ANY: &str = "tcp://127.0.0.1:*";

/// Lines that differ, one of them empty and one not ASCII.
fn lines(count: usize) -> String {
    let numbered = (0..count).map(|number| format!("line {number}\n"));
    numbered
        .chain(["\n".into(), "tab\tand ünï\n".into()])
        .collect()
}

#[test]
fn push_feeds_pull_line_for_line() {
    let input = lines(5_000);
    let mut pull = fmq(&format!("pull --bind {ANY} --count 5002"), "");
    let push = fmq(&format!("push --connect {}", pull.endpoint()), &input);
    assert_eq!(push.succeed(), "");
    assert_eq!(pull.succeed(), input);
}

#[test]
fn a_bound_push_ends_when_all_is_delivered() {
    let input = lines(5_000);
    let mut push = fmq(&format!("push --bind {ANY}"), &input);
    let pull = format!("pull --connect {} --count 5002", push.endpoint());
    assert_eq!(fmq(&pull, "").succeed(), input);
    assert_eq!(push.succeed(), "");
}

#[test]
fn count_ends_both_directions_before_the_input_does() {
    let mut pull = fmq_without_end(&format!("pull --bind {ANY} --count 3"));
    let push = format!("push --connect {} --count 3", pull.endpoint());
    assert_eq!(fmq(&push, "a\nb\nc\nd\n").succeed(), "");
    assert_eq!(pull.succeed(), "a\nb\nc\n");
}

#[test]
fn no_messages_are_no_error() {
    assert_eq!(
        fmq(&format!("pull --bind {ANY} --count 0"), "").end().code,
        Some(0)
    );
    assert_eq!(fmq(&format!("push --bind {ANY}"), "").end().code, Some(0));
}

#[test]
fn messages_may_be_arguments() {
    let mut pull = fmq(&format!("pull --bind {ANY} --count 5"), "");
    let push = format!(
        "push --connect {} --count 5 --interval 1ms a b",
        pull.endpoint()
    );
    fmq(&push, "not read").succeed();
    assert_eq!(pull.succeed(), "a\nb\na\nb\na\n");
}

#[test]
fn subscribers_get_their_topics_from_the_first_line_on() {
    let mut publisher = fmq(&format!("pub --bind {ANY} --subscribers 2"), "a1\nb\na2\n");
    let endpoint = publisher.endpoint();
    let some = fmq(&format!("sub --connect {endpoint} --topic a --count 2"), "");
    let all = fmq(&format!("sub --connect {endpoint} --count 3"), "");
    assert_eq!(some.succeed(), "a1\na2\n");
    assert_eq!(all.succeed(), "a1\nb\na2\n");
    assert_eq!(publisher.succeed(), "");
}

#[test]
fn a_topic_is_a_frame_in_front() {
    let mut publisher = fmq(&format!("pub --bind {ANY} --topic news"), "one\n");
    let sub = format!(
        "sub --connect {} --count 1 --format json",
        publisher.endpoint()
    );
    assert_eq!(fmq(&sub, "").succeed(), "{\"frames\":[\"news\",\"one\"]}\n");
    publisher.succeed();
}

#[test]
fn requests_are_answered_with_themselves() {
    let mut rep = fmq(&format!("rep --bind {ANY} --echo --count 3"), "");
    let req = fmq(&format!("req --connect {}", rep.endpoint()), "a\nb\nc\n");
    assert_eq!(req.succeed(), "a\nb\nc\n");
    assert_eq!(rep.succeed(), "a\nb\nc\n");
}

#[test]
fn requests_are_answered_with_the_lines_of_the_input() {
    let mut rep = fmq(&format!("rep --bind {ANY}"), "one\ntwo\n");
    let req = fmq(&format!("req --connect {}", rep.endpoint()), "a\nb\n");
    assert_eq!(req.succeed(), "one\ntwo\n");
    assert_eq!(rep.succeed(), "a\nb\n");
}

#[test]
fn a_router_waits_for_the_peer_of_its_first_line() {
    let mut router = fmq_without_end(&format!("router --bind {ANY} --delimiter , alice,hello"));
    let dealer = format!(
        "dealer --connect {} --identity alice --count 1",
        router.endpoint()
    );
    assert_eq!(fmq_without_end(&dealer).succeed(), "hello\n");
}

#[test]
fn a_router_tells_of_peers_that_are_not_there() {
    let mut router = fmq_without_end(&format!(
        "router --bind {ANY} --wait 0 --delimiter , bob,hello"
    ));
    let _alice = fmq_without_end(&format!("dealer --connect {}", router.endpoint()));
    let ended = router.end();
    assert_eq!(ended.code, Some(1));
    assert!(
        ended.stderr.contains("no peer has the id \"bob\""),
        "{ended:?}"
    );
}

#[test]
fn a_router_prints_who_has_sent_what() {
    let mut router = fmq_without_end(&format!("router --bind {ANY} --count 2"));
    let endpoint = router.endpoint();
    let dealer = format!("dealer --connect {endpoint} --identity alice --wait 0 one two");
    fmq_without_end(&dealer).succeed();
    assert_eq!(router.succeed(), "alice\tone\nalice\ttwo\n");
}

#[test]
fn a_pair_talks_both_ways() {
    let mut one = fmq_without_end(&format!("pair --bind {ANY} --count 2 a b"));
    let other = format!("pair --connect {} --count 2 c d", one.endpoint());
    assert_eq!(fmq_without_end(&other).succeed(), "a\nb\n");
    assert_eq!(one.succeed(), "c\nd\n");
}
