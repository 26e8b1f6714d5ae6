//! The younger socket types: one frame in a message, numbers and groups.

use crate::support::{fmq, fmq_without_end};

const ANY: &str = "tcp://127.0.0.1:*";

#[test]
fn scatter_feeds_gather_line_for_line() {
    let mut gather = fmq(&format!("gather --bind {ANY} --count 3"), "");
    let scatter = fmq(
        &format!("scatter --connect {}", gather.endpoint()),
        "a\nb\n\n",
    );
    assert_eq!(scatter.succeed(), "");
    assert_eq!(gather.succeed(), "a\nb\n\n");
}

#[test]
fn a_message_of_several_frames_is_refused() {
    let scatter = fmq(&format!("scatter --bind {ANY} --delimiter , a,b"), "").end();
    assert_eq!(scatter.code, Some(1), "{}", scatter.stderr);
}

#[test]
fn a_server_answers_clients_by_their_numbers() {
    let mut server = fmq_without_end(&format!("server --bind {ANY} --count 1"));
    let endpoint = server.endpoint();
    let client = fmq_without_end(&format!("client --connect {endpoint} --wait 0 hello"));
    client.succeed();
    let line = server.succeed();
    let (number, text) = line.split_once('\t').expect("a number in front");
    assert_eq!((number.parse::<u32>().is_ok(), text), (true, "hello\n"));
}

#[test]
fn a_number_that_nobody_has_is_told() {
    let mut server = fmq_without_end(&format!(
        "server --bind {ANY} --wait 0 --delimiter , 77,hello"
    ));
    let _client = fmq_without_end(&format!("client --connect {}", server.endpoint()));
    let ended = server.end();
    assert_eq!(ended.code, Some(1));
    assert!(
        ended.stderr.contains("no peer has the id \"77\""),
        "{ended:?}"
    );
}

#[test]
fn peers_are_told_by_which_number_they_reach_each_other() {
    let mut bound = fmq_without_end(&format!("peer --bind {ANY} --count 1"));
    let endpoint = bound.endpoint();
    // The first peer of a socket has the number 1.
    let words = format!("peer --connect {endpoint} --wait 0 --delimiter , 1,hello");
    let ended = fmq_without_end(&words).end();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.stderr.contains("1 is the peer at"), "{ended:?}");
    assert!(bound.succeed().ends_with("\thello\n"));
}

#[test]
fn a_channel_talks_both_ways() {
    let mut one = fmq_without_end(&format!("channel --bind {ANY} --count 2 a b"));
    let other = format!("channel --connect {} --count 2 c d", one.endpoint());
    assert_eq!(fmq_without_end(&other).succeed(), "a\nb\n");
    assert_eq!(one.succeed(), "c\nd\n");
}

#[test]
fn a_dish_gets_its_groups_from_the_first_line_on() {
    let mut radio = fmq(&format!("radio --bind {ANY}"), "b\t1\na\t2\nab\t3\na\t4\n");
    let dish = format!("dish --connect {} --group a --count 2", radio.endpoint());
    assert_eq!(fmq(&dish, "").succeed(), "a\t2\na\t4\n");
    radio.succeed();
    let mut radio = fmq(&format!("radio --bind {ANY} --group a"), "1\n");
    let dish = format!("dish --connect {} -g a -g b --count 1", radio.endpoint());
    assert_eq!(fmq(&dish, "").succeed(), "a\t1\n");
    radio.succeed();
}

#[test]
fn a_dish_hears_a_radio_by_datagrams() {
    let mut dish = fmq("dish --bind udp://127.0.0.1:* --group a --count 1", "");
    let radio = format!("radio --connect {}", dish.endpoint());
    let ended = fmq(&radio, &format!("a\t{}\nb\t1\na\t2\n", "x".repeat(9000))).end();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(
        ended.stderr.contains("too long for a datagram"),
        "{ended:?}"
    );
    assert_eq!(dish.succeed(), "a\t2\n");
}

#[test]
fn a_dgram_prints_where_a_datagram_comes_from() {
    let mut one = fmq_without_end("dgram --bind udp://127.0.0.1:* --count 1");
    let endpoint = one.endpoint();
    let to = endpoint.strip_prefix("udp://").expect("an address");
    let other = format!("dgram --bind udp://127.0.0.1:* --wait 0 --delimiter , {to},hello");
    assert_eq!(fmq_without_end(&other).end().code, Some(0));
    let line = one.succeed();
    let (from, text) = line.split_once('\t').expect("an address in front");
    assert!(from.starts_with("127.0.0.1:"), "{from}");
    assert_eq!(text, "hello\n");
}

#[test]
fn datagrams_are_not_for_every_socket() {
    let ended = fmq("push --connect udp://127.0.0.1:5555", "").end();
    assert_ne!(ended.code, Some(0));
    assert!(
        ended.stderr.contains("only a RADIO connects to it"),
        "{ended:?}"
    );
}
