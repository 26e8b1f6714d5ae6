//! Subscriptions over wires: that none is lost, whenever the connection is made.

use bytes::Bytes;
use ferromq_core::{Halves, Message, Outbound, PatternOption, Wakes};
use ferromq_pattern_pubsub::{Sub, XPub, XSub};

use crate::net::{Marks, Socket, Wire};

const ALL: usize = usize::MAX;

fn sockets() -> (Socket<XPub>, Socket<Sub>) {
    let publisher = Socket::<XPub>::new();
    publisher.set(PatternOption::XpubVerboser(true));
    (publisher, Socket::new())
}

fn subscribe(topic: &'static str) -> PatternOption {
    PatternOption::Subscribe(Bytes::from_static(topic.as_bytes()))
}

fn unsubscribe(topic: &'static str) -> PatternOption {
    PatternOption::Unsubscribe(Bytes::from_static(topic.as_bytes()))
}

#[test]
fn what_was_wanted_before_the_connection_is_told_once() {
    let (mut publisher, mut subscriber) = sockets();
    subscriber.subscribe("early");
    let mut wire = Wire::new(&mut subscriber, Marks(10));
    subscriber.subscribe("dialing");
    wire.connect(&subscriber, &mut publisher);
    wire.up(ALL);
    subscriber.enter();
    wire.up(ALL);
    assert_eq!(publisher.recv_all(), ["+dialing", "+early"]);
    subscriber.subscribe("late");
    subscriber.unsubscribe("early");
    wire.up(ALL);
    assert_eq!(publisher.recv_all(), ["+late", "-early"]);
}

#[test]
fn a_change_in_the_middle_of_connecting_is_not_lost() {
    for (before, change, expected) in [
        (None, subscribe("x"), "+x"),
        (Some("x"), unsubscribe("x"), "-x"),
    ] {
        let (mut publisher, mut subscriber) = sockets();
        before
            .into_iter()
            .for_each(|topic| subscriber.subscribe(topic));
        let mut wire = Wire::new(&mut subscriber, Marks(10));
        subscriber.enter();
        // The socket looks at its lane; then the driver connects and pulls all there
        // is; then the socket changes.
        subscriber.set_while(&change, || {
            wire.connect(&subscriber, &mut publisher);
            wire.up(ALL);
        });
        subscriber.enter();
        wire.up(ALL);
        assert_eq!(
            publisher.recv_all().last().map(String::as_str),
            Some(expected)
        );
    }
}

#[test]
fn many_changes_in_the_middle_of_connecting_are_not_lost() {
    let (mut publisher, _) = sockets();
    let mut subscriber = Socket::<XSub>::new();
    let mut wire = Wire::new(&mut subscriber, Marks(10));
    subscriber.enter();
    let mut wakes = Wakes::new();
    let mut state = subscriber.halves.outbound().lock(&mut wakes);
    wire.connect(&subscriber, &mut publisher);
    wire.up(ALL);
    let messages = [
        Message::from_frames(["\u{1}a", "\u{1}b"]),
        "\u{1}c".into(),
        "\0a".into(),
    ];
    for message in &messages {
        assert!(state.try_send(message, &mut wakes).is_ok());
    }
    drop(state);
    drop(wakes);
    subscriber.enter();
    wire.up(ALL);
    let told = publisher.recv_all();
    assert_eq!(told, ["-a", "+b", "+c"]);
}

#[test]
fn a_change_behind_the_drivers_back_is_not_lost() {
    let (mut publisher, mut subscriber) = sockets();
    for topic in ["a", "c", "e"] {
        subscriber.subscribe(topic);
    }
    let mut wire = Wire::new(&mut subscriber, Marks(10));
    wire.connect(&subscriber, &mut publisher);
    wire.up(2);
    // The driver is at "c".
    subscriber.subscribe("b");
    subscriber.subscribe("d");
    subscriber.unsubscribe("a");
    wire.up(ALL);
    assert_eq!(
        publisher.recv_all(),
        ["+a", "+c", "+d", "+e", "+b", "+d", "-a"]
    );
}

#[test]
fn fifty_thousand_subscriptions_come_back_after_the_publisher_did() {
    const TOPICS: usize = 50_000;
    let (_, mut subscriber) = sockets();
    let mut wire = Wire::new(&mut subscriber, Marks(1000));
    for n in 0..TOPICS {
        subscriber.subscribe(&format!("topic/{n}"));
    }
    for _ in 0..2 {
        let mut publisher = Socket::<XPub>::new();
        wire.connect(&subscriber, &mut publisher);
        let mut told = 0;
        while wire.up(ALL) > 0 {
            told += publisher.recv_all().len();
        }
        assert_eq!(told, TOPICS);
        wire.lose(&subscriber);
    }
}

#[test]
fn what_a_full_pipe_did_not_take_is_told_when_there_is_room() {
    let (mut publisher, mut subscriber) = sockets();
    let mut wire = Wire::new(&mut subscriber, Marks(2));
    wire.connect(&subscriber, &mut publisher);
    wire.up(ALL);
    let topics: Vec<_> = (0..100).map(|n| format!("{n:02}")).collect();
    topics.iter().for_each(|topic| subscriber.subscribe(topic));
    topics
        .iter()
        .skip(50)
        .for_each(|topic| subscriber.unsubscribe(topic));
    subscriber.unsubscribe("00");
    let mut told = Vec::new();
    while wire.up(1) > 0 {
        told.extend(publisher.recv_all());
        subscriber.enter();
    }
    let wanted: Vec<_> = topics[1..50]
        .iter()
        .map(|topic| format!("+{topic}"))
        .collect();
    assert_eq!(told[..2], ["+00", "+01"]);
    assert_eq!(told[2], "-00");
    assert_eq!(told[3..], wanted[1..]);
}

#[test]
fn after_a_reconnection_nothing_out_of_date_is_the_last_word() {
    let (mut publisher, mut subscriber) = sockets();
    let mut wire = Wire::new(&mut subscriber, Marks(2));
    subscriber.subscribe("x");
    wire.connect(&subscriber, &mut publisher);
    wire.up(ALL);
    subscriber.unsubscribe("x");
    wire.lose(&subscriber);
    // "-x" waits in the pipe. There is no room for both that follow.
    subscriber.subscribe("y");
    subscriber.subscribe("x");
    publisher.recv_all();
    wire.connect(&subscriber, &mut publisher);
    for _ in 0..4 {
        wire.up(ALL);
        publisher.recv_all();
        subscriber.enter();
    }
    for topic in ["x", "y"] {
        assert!(publisher.send(topic));
    }
    wire.down(ALL);
    assert_eq!(subscriber.recv_all(), ["x", "y"]);
}
