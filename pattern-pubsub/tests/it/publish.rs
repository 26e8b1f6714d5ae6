//! PUB: who gets a message, and who misses one.

use ferromq_core::{CanSend, Halves, Message, Outbound, PatternOption, TrySendError, Wakes};
use ferromq_pattern_pubsub::{Pub, Sub, XPub};

use crate::net::{Marks, Socket, connect};

/// A publisher and subscribers in one process, each with a topic.
fn pubsub<P: CanSend>(topics: &[&str], marks: usize) -> (Socket<P>, Vec<Socket<Sub>>) {
    let mut publisher = Socket::<P>::new();
    let subscribers = topics.iter().map(|topic| {
        let mut subscriber = Socket::<Sub>::new();
        connect(&mut publisher, &mut subscriber, Marks(marks));
        subscriber.subscribe(topic);
        subscriber
    });
    let subscribers = subscribers.collect();
    (publisher, subscribers)
}

#[test]
fn a_message_goes_to_those_who_want_what_it_begins_with() {
    let (publisher, subscribers) = pubsub::<Pub>(&["", "a", "ab", "b"], 10);
    for message in ["", "a", "abc", "b", "c"] {
        assert!(publisher.send(message));
    }
    assert!(publisher.send(Message::from_frames(["a", "b"])));
    let received: Vec<_> = subscribers.iter().map(Socket::recv_all).collect();
    assert_eq!(received[0], ["", "a", "abc", "b", "c", "a|b"]);
    assert_eq!(received[1], ["a", "abc", "a|b"]);
    assert_eq!(received[2], ["abc"]);
    assert_eq!(received[3], ["b"]);
}

#[test]
fn a_message_for_nobody_is_sent_all_the_same() {
    let (publisher, _) = pubsub::<Pub>(&[], 10);
    assert!(publisher.send("nobody"));
    let (publisher, subscribers) = pubsub::<Pub>(&["topic"], 10);
    assert!(publisher.send("nobody"));
    assert_eq!(subscribers[0].recv_all(), [""; 0]);
}

#[test]
fn whoever_is_full_misses_whole_messages_and_only_those() {
    let (publisher, subscribers) = pubsub::<Pub>(&["", ""], 4);
    let message = |n: u32| Message::from_frames([format!("{n}"), "part".into()]);
    for n in 0..4 {
        assert!(publisher.send(message(n)));
    }
    assert_eq!(subscribers[1].recv_all().len(), 4);
    for n in 4..8 {
        assert!(publisher.send(message(n)));
    }
    assert_eq!(
        subscribers[0].recv_all(),
        ["0|part", "1|part", "2|part", "3|part"]
    );
    assert_eq!(
        subscribers[1].recv_all(),
        ["4|part", "5|part", "6|part", "7|part"]
    );
    assert_eq!(
        publisher
            .halves
            .outbound()
            .lock(&mut Wakes::new())
            .dropped_in_all(),
        4
    );
    assert!(publisher.send(message(8)));
    assert_eq!(subscribers[0].recv_all(), ["8|part"]);
}

#[test]
fn with_nodrop_a_message_goes_to_all_who_want_it_or_to_nobody() {
    let (publisher, subscribers) = pubsub::<XPub>(&["a", "a", "b"], 2);
    publisher.set(PatternOption::XpubNoDrop(true));
    assert!(publisher.send("a1") && publisher.send("a2"));
    assert_eq!(subscribers[0].recv_all(), ["a1", "a2"]);
    assert!(!publisher.send("a3"));
    let reserved = |head: &[u8]| {
        let mut wakes = Wakes::new();
        publisher
            .halves
            .outbound()
            .lock(&mut wakes)
            .reserve(head, &mut wakes)
            .map(|_| ())
    };
    assert_eq!(reserved(b"a3"), Err(TrySendError::Full));
    assert_eq!(reserved(b"b1"), Ok(()));
    assert!(publisher.send("b1"), "nobody is in the way of others");
    assert_eq!(subscribers[0].recv_all(), [""; 0]);
    assert_eq!(subscribers[1].recv_all(), ["a1", "a2"]);
    assert!(publisher.send("a3"));
    assert_eq!(subscribers[0].recv_all(), ["a3"]);
    assert_eq!(subscribers[1].recv_all(), ["a3"]);
    assert_eq!(subscribers[2].recv_all(), ["b1"]);
}

#[test]
fn inverted_a_message_goes_to_those_who_do_not_want_it() {
    let (publisher, subscribers) = pubsub::<Pub>(&["a", "b"], 2);
    publisher.set(PatternOption::InvertMatching(true));
    subscribers
        .iter()
        .for_each(|it| it.set(PatternOption::InvertMatching(true)));
    assert!(publisher.send("a") && publisher.send("b") && publisher.send("c"));
    assert_eq!(subscribers[0].recv_all(), ["b", "c"]);
    assert_eq!(subscribers[1].recv_all(), ["a", "c"]);
}

#[test]
fn a_welcome_comes_first_and_needs_a_subscription() {
    let mut publisher = Socket::<Pub>::new();
    publisher.set(PatternOption::XpubWelcome("welcome".into()));
    let mut subscribers = [Socket::<Sub>::new(), Socket::<Sub>::new()];
    subscribers[0].subscribe("");
    subscribers[1].subscribe("x");
    for subscriber in &mut subscribers {
        connect(&mut publisher, subscriber, Marks(10));
        subscriber.enter();
    }
    assert!(publisher.send("x"));
    assert_eq!(subscribers[0].recv_all(), ["welcome", "x"]);
    assert_eq!(subscribers[1].recv_all(), ["x"]);
}

#[test]
fn a_publisher_drops_what_is_no_subscription() {
    let mut publisher = Socket::<Pub>::new();
    let marks = Marks(0);
    let ((to_peer, from_publisher), (mut peer, reader)) = (marks.pipe(), marks.pipe());
    publisher.attach(to_peer, reader, true, false);
    let mut wakes = Wakes::new();
    for body in [
        &b"\x02hello"[..],
        b"",
        b"\x00unknown",
        b"\x01topic",
        b"\x01topic",
    ] {
        peer.push(&[], &body.into(), 0, &mut wakes).expect("room");
    }
    drop(wakes);
    assert!(publisher.send("topic"));
    let mut from_publisher = from_publisher;
    let mut message = Message::new();
    from_publisher
        .pop(&mut message, &mut Wakes::new())
        .expect("a message");
    assert!(from_publisher.pop(&mut message, &mut Wakes::new()).is_err());
    assert_eq!(publisher.topics(), 1);

    drop(peer);
    drop(from_publisher);
    assert!(publisher.send("topic"));
    assert_eq!(publisher.topics(), 0);
}
