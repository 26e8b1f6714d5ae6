//! SUB and XSUB: what they ask for, and what they receive.

use ferromq_core::{Halves, Message, PatternOption, Signal, Wakes};
use ferromq_pattern_pubsub::{Pub, Sub, XPub, XSub};

use crate::net::{Marks, Socket, connect};

#[test]
fn every_subscription_travels_and_the_last_end_of_one() {
    let (mut publisher, mut subscriber) = (Socket::<XPub>::new(), Socket::<Sub>::new());
    publisher.set(PatternOption::XpubVerboser(true));
    connect(&mut publisher, &mut subscriber, Marks(0));
    for _ in 0..3 {
        subscriber.subscribe("a");
    }
    assert_eq!(publisher.recv_all(), ["+a", "+a", "+a"]);
    subscriber.unsubscribe("a");
    subscriber.unsubscribe("a");
    subscriber.unsubscribe("unknown");
    assert_eq!(publisher.recv_all(), [""; 0]);
    subscriber.unsubscribe("a");
    subscriber.unsubscribe("a");
    assert_eq!(publisher.recv_all(), ["-a"]);
}

#[test]
fn a_subscriber_tells_a_new_publisher_all_it_wants() {
    let mut subscriber = Socket::<Sub>::new();
    for topic in ["b", "a", "c"] {
        subscriber.subscribe(topic);
    }
    subscriber.unsubscribe("c");
    for marks in [1, 2, 0] {
        let mut publisher = Socket::<XPub>::new();
        connect(&mut subscriber, &mut publisher, Marks(marks));
        subscriber.enter();
        let mut told = publisher.recv_all();
        subscriber.enter();
        told.extend(publisher.recv_all());
        assert_eq!(told, ["+a", "+b"], "with a mark of {marks}");
    }
}

#[test]
fn messages_under_way_are_passed_over_when_nobody_wants_them_any_more() {
    let (mut publisher, mut subscriber) = (Socket::<Pub>::new(), Socket::<Sub>::new());
    connect(&mut publisher, &mut subscriber, Marks(0));
    subscriber.subscribe("a");
    subscriber.subscribe("b");
    for message in ["a1", "b1", "a2", "b2"] {
        assert!(publisher.send(message));
    }
    assert!(subscriber.is_readable());
    subscriber.unsubscribe("a");
    // The first was there already when somebody looked.
    assert_eq!(subscriber.recv_all(), ["a1", "b1", "b2"]);
    assert!(!subscriber.is_readable());
}

#[test]
fn a_flood_that_nobody_wants_leaves_others_their_turn() {
    let (mut publisher, mut subscriber) = (Socket::<XPub>::new(), Socket::<Sub>::new());
    connect(&mut publisher, &mut subscriber, Marks(0));
    subscriber.subscribe("");
    for _ in 0..5000 {
        assert!(publisher.send("noise"));
    }
    assert!(publisher.send("signal"));
    subscriber.subscribe("signal");
    subscriber.unsubscribe("");
    let lane = subscriber.halves.inbound().lane();
    for _ in 0..5 {
        assert!(!subscriber.is_readable());
        assert!(lane.is_pending(), "whoever waits is called again");
    }
    assert_eq!(subscriber.recv_all(), ["signal"]);
}

#[test]
fn messages_come_in_turn_and_a_disconnected_peer_has_said_nothing() {
    let mut publishers = [Socket::<Pub>::new(), Socket::<Pub>::new()];
    let mut subscriber = Socket::<Sub>::new();
    subscriber.subscribe("");
    let peers: Vec<_> = publishers
        .iter_mut()
        .map(|publisher| connect(&mut subscriber, publisher, Marks(0)).0)
        .collect();
    subscriber.enter();
    for (publisher, name) in publishers.iter().zip(["a", "b"]) {
        (0..3).for_each(|n| assert!(publisher.send(format!("{name}{n}"))));
    }
    assert_eq!(subscriber.recv_all(), ["a0", "b0", "a1", "b1", "a2", "b2"]);
    for (publisher, name) in publishers.iter().zip(["a", "b"]) {
        (0..2).for_each(|n| assert!(publisher.send(format!("{name}{n}"))));
    }
    assert!(subscriber.is_readable());
    subscriber.signal(|| Signal::Detach(peers[0]));
    assert_eq!(subscriber.recv_all(), ["b0", "b1"]);
}

#[test]
fn a_subscriber_has_no_messages_to_send() {
    let subscriber = Socket::<Sub>::new();
    assert!(!subscriber.send("message"));
    let refused = subscriber
        .halves
        .outbound()
        .set_option(&PatternOption::XpubVerbose(true), &mut Wakes::new());
    assert!(refused.is_err());
}

#[test]
fn an_xsub_sends_subscriptions_and_messages_and_filters_nothing() {
    let (mut publisher, mut subscriber) = (Socket::<XPub>::new(), Socket::<XSub>::new());
    connect(&mut publisher, &mut subscriber, Marks(0));
    let hello = Message::from_frames(["hello", "world"]);
    for message in [
        "\u{1}a".into(),
        "\u{2}user".into(),
        hello,
        "".into(),
        "\u{1}a".into(),
    ] {
        assert!(subscriber.send(message));
    }
    assert!(subscriber.send("\0a") && subscriber.send("\0unknown"));
    assert_eq!(publisher.recv_all(), ["+a", "\u{2}user", "hello|world", ""]);
    assert!(publisher.send("abc"));
    assert!(subscriber.send("\0a"));
    assert_eq!(publisher.recv_all(), ["-a"]);
    assert_eq!(subscriber.recv_all(), ["abc"]);
    let mut wakes = Wakes::new();
    assert!(!subscriber.halves.inbound().lock(&mut wakes).is_readable());
}

#[test]
fn a_verbose_xsub_passes_on_every_end() {
    let (mut publisher, mut subscriber) = (Socket::<XPub>::new(), Socket::<XSub>::new());
    publisher.set(PatternOption::XpubVerboser(true));
    connect(&mut publisher, &mut subscriber, Marks(0));
    let passed_on = |messages: [&'static str; 5]| {
        for message in messages {
            assert!(subscriber.send(message));
        }
        publisher.recv_all()
    };
    let messages = ["\0a", "\u{1}a", "\u{1}a", "\0a", "\0a"];
    assert_eq!(passed_on(messages), ["+a", "+a", "-a"]);
    subscriber.set(PatternOption::XsubVerboseUnsubscribe(true));
    assert_eq!(passed_on(messages), ["-a", "+a", "+a", "-a", "-a"]);
    subscriber.set(PatternOption::XsubVerboseUnsubscribe(false));
    assert_eq!(passed_on(messages), ["+a", "+a", "-a"]);
}

#[test]
fn the_first_of_many_ends_passed_on_is_one_for_the_publisher() {
    let (mut publisher, mut subscriber) = (Socket::<XPub>::new(), Socket::<XSub>::new());
    connect(&mut publisher, &mut subscriber, Marks(0));
    subscriber.set(PatternOption::XsubVerboseUnsubscribe(true));
    for message in ["\u{1}a", "\u{1}a", "\0a"] {
        assert!(subscriber.send(message));
    }
    assert!(publisher.send("a"));
    assert_eq!(subscriber.recv_all(), [""; 0]);
    // To a publisher that comes later it is wanted still.
    let mut later = Socket::<Pub>::new();
    connect(&mut later, &mut subscriber, Marks(0));
    subscriber.enter();
    assert!(later.send("a"));
    assert_eq!(subscriber.recv_all(), ["a"]);
}

#[test]
fn a_subscription_in_front_lets_others_stand_behind_it() {
    let (mut publisher, mut subscriber) = (Socket::<XPub>::new(), Socket::<XSub>::new());
    connect(&mut publisher, &mut subscriber, Marks(0));
    publisher.set(PatternOption::OnlyFirstSubscribe(true));
    subscriber.set(PatternOption::OnlyFirstSubscribe(true));
    for frames in [["\u{1}a", "\u{1}b"], ["\0a", "\0b"]] {
        assert!(subscriber.send(Message::from_frames(frames)));
    }
    assert_eq!(publisher.recv_all(), ["+a", "+b", "-a", "-b"]);
}

#[test]
fn subscriptions_are_found_in_any_frame_unless_only_in_the_first() {
    let (mut publisher, mut subscriber) = (Socket::<XPub>::new(), Socket::<XSub>::new());
    connect(&mut publisher, &mut subscriber, Marks(0));
    let message = Message::from_frames(["user", "\u{1}a"]);
    assert!(subscriber.send(message.clone()));
    assert_eq!(publisher.recv_all(), ["+a", "user"]);
    publisher.set(PatternOption::OnlyFirstSubscribe(true));
    subscriber.set(PatternOption::OnlyFirstSubscribe(true));
    assert!(subscriber.send(message.clone()));
    assert_eq!(publisher.recv(), Some(message));
}

#[test]
fn an_xsub_drops_messages_for_full_publishers_but_no_subscription() {
    let (mut publisher, mut subscriber) = (Socket::<XPub>::new(), Socket::<XSub>::new());
    connect(&mut publisher, &mut subscriber, Marks(2));
    for n in 0..4 {
        assert!(subscriber.send(format!("{n}")));
    }
    for message in ["\u{1}a", "\u{1}b", "\0b", "\u{1}c"] {
        assert!(subscriber.send(message));
    }
    assert!(subscriber.send("lost"));
    let mut received = Vec::new();
    for _ in 0..10 {
        received.extend(publisher.recv_all());
        subscriber.enter();
    }
    assert_eq!(received, ["0", "1", "+a", "+c"]);
    assert!(subscriber.send("again"));
    assert_eq!(publisher.recv_all(), ["again"]);
}
