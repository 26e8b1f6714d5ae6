//! XPUB: subscriptions that its application makes.

use bytes::Bytes;
use ferromq_core::{Halves, OptionError, PatternOption, PeerId, Signal, Wakes};
use ferromq_pattern_pubsub::{Pub, Sub, XPub, XSub};

use crate::net::{Marks, Socket, connect};

fn manual(subscribers: usize) -> (Socket<XPub>, Vec<Socket<Sub>>) {
    let mut publisher = Socket::<XPub>::new();
    publisher.set(PatternOption::XpubManual(true));
    let subscribers = (0..subscribers).map(|_| {
        let mut subscriber = Socket::<Sub>::new();
        connect(&mut publisher, &mut subscriber, Marks(0));
        // What is wanted here is not in question.
        subscriber.subscribe("");
        subscriber
    });
    let subscribers = subscribers.collect();
    publisher.recv_all();
    (publisher, subscribers)
}

/// Receives a request of that subscriber, and subscribes for it.
fn grant(publisher: &Socket<XPub>, subscriber: &Socket<Sub>, topic: &str) {
    subscriber.subscribe(topic);
    assert_eq!(publisher.recv_all(), [format!("+{topic}")]);
    publisher.subscribe(topic);
}

fn publish(publisher: &Socket<XPub>, messages: &[&'static str]) {
    for message in messages {
        assert!(publisher.send(*message));
    }
}

fn set_fails(
    publisher: &Socket<impl ferromq_core::Pattern>,
    option: &PatternOption,
) -> OptionError {
    let outbound = publisher.halves.outbound();
    let set = outbound.set_option(option, &mut Wakes::new());
    set.expect_err("the option is refused")
}

#[test]
fn the_application_decides_what_a_subscriber_gets() {
    let (publisher, subscribers) = manual(1);
    subscribers[0].subscribe("a");
    assert_eq!(publisher.recv_all(), ["+a"]);
    publisher.subscribe("b");
    publish(&publisher, &["a", "b"]);
    assert_eq!(subscribers[0].recv_all(), ["b"]);
    publisher.unsubscribe("b");
    publisher.unsubscribe("what was never there");
    publish(&publisher, &["a", "b"]);
    assert_eq!(subscribers[0].recv_all(), [""; 0]);
}

#[test]
fn the_request_received_last_says_for_whom() {
    let (publisher, subscribers) = manual(2);
    subscribers[0].subscribe("a");
    subscribers[1].subscribe("b");
    publisher.enter();
    assert!(publisher.recv().is_some());
    publisher.subscribe("x");
    assert!(publisher.recv().is_some());
    publisher.subscribe("y");
    publish(&publisher, &["x", "y"]);
    assert_eq!(subscribers[0].recv_all(), ["x"]);
    assert_eq!(subscribers[1].recv_all(), ["y"]);

    subscribers[0].unsubscribe("a");
    assert_eq!(publisher.recv_all(), ["-a"]);
    publisher.unsubscribe("x");
    publish(&publisher, &["x", "y"]);
    assert_eq!(subscribers[0].recv_all(), [""; 0]);
    assert_eq!(subscribers[1].recv_all(), ["y"]);
}

#[test]
fn a_message_between_requests_says_nothing() {
    let mut publisher = Socket::<XPub>::new();
    publisher.set(PatternOption::XpubManual(true));
    let [mut one, mut other] = [(); 2].map(|()| Socket::<XSub>::new());
    connect(&mut publisher, &mut one, Marks(0));
    connect(&mut publisher, &mut other, Marks(0));
    assert!(one.send("\u{1}a"));
    publisher.enter();
    assert!(other.send("a message"));
    assert_eq!(publisher.recv_all(), ["+a", "a message"]);
    publisher.subscribe("x");
    publish(&publisher, &["x"]);
    assert_eq!((one.recv_all().len(), other.recv_all().len()), (1, 0));
}

#[test]
fn each_request_is_received_and_each_end_of_one() {
    let (publisher, mut subscribers) = manual(2);
    for subscriber in &subscribers {
        subscriber.subscribe("a");
        subscriber.subscribe("a");
        publisher.enter();
    }
    assert_eq!(publisher.recv_all(), ["+a"; 4]);
    publisher.subscribe("granted to the second");
    for _ in 0..2 {
        drop(subscribers.pop());
        // What was granted ends silently, what was asked for once for each peer.
        let mut ends = publisher.recv_all();
        ends.sort();
        assert_eq!(ends, ["-", "-a"]);
    }
}

#[test]
fn nothing_is_granted_to_a_peer_that_has_left() {
    let (publisher, mut subscribers) = manual(2);
    subscribers[1].subscribe("a");
    assert_eq!(publisher.recv_all(), ["+a"]);
    drop(subscribers.pop());
    publisher.enter();
    publisher.subscribe("a");
    publish(&publisher, &["a"]);
    assert_eq!(subscribers[0].recv_all(), [""; 0]);
    let mut ends = publisher.recv_all();
    ends.sort();
    assert_eq!(ends, ["-", "-a"]);
    // Those were nobody's.
    publisher.subscribe("a");
    publish(&publisher, &["a"]);
    assert_eq!(subscribers[0].recv_all(), [""; 0]);
}

#[test]
fn a_disconnected_peer_leaves_nothing_behind_either() {
    let (publisher, subscribers) = manual(1);
    grant(&publisher, &subscribers[0], "a");
    publisher.signal(|| Signal::Detach(PeerId::new(1)));
    publisher.subscribe("b");
    publish(&publisher, &["a", "b"]);
    assert_eq!(subscribers[0].recv_all(), [""; 0]);
    let (topics, mut ends) = (publisher.topics(), publisher.recv_all());
    ends.sort();
    assert_eq!((topics, ends), (0, vec!["-".into(), "-a".into()]));
}

#[test]
fn the_last_value_is_for_who_has_just_asked() {
    let (publisher, subscribers) = manual(2);
    publisher.set(PatternOption::XpubManualLastValue(true));
    for subscriber in &subscribers {
        grant(&publisher, subscriber, "a");
    }
    publish(&publisher, &["a1", "a2"]);
    assert_eq!(subscribers[0].recv_all(), ["a2"]);
    assert_eq!(subscribers[1].recv_all(), ["a1", "a2"]);

    // For nobody, if whoever has asked does not want it; and the turn is over.
    subscribers[1].subscribe("b");
    assert_eq!(publisher.recv_all(), ["+b"]);
    publish(&publisher, &["b", "a3"]);
    publisher.subscribe("b");
    publish(&publisher, &["b"]);
    for subscriber in &subscribers {
        assert_eq!(subscriber.recv_all(), ["a3"]);
    }
}

#[test]
fn the_last_value_is_for_all_again_when_who_has_asked_leaves() {
    let (publisher, mut subscribers) = manual(2);
    publisher.set(PatternOption::XpubManualLastValue(true));
    grant(&publisher, &subscribers[0], "a");
    grant(&publisher, &subscribers[1], "a");
    drop(subscribers.pop());
    publish(&publisher, &["a"]);
    assert_eq!(subscribers[0].recv_all(), ["a"]);
}

#[test]
fn the_last_value_waits_for_room_with_nodrop() {
    let mut publisher = Socket::<XPub>::new();
    publisher.set(PatternOption::XpubManualLastValue(true));
    publisher.set(PatternOption::XpubNoDrop(true));
    let [mut one, mut other] = [(); 2].map(|()| Socket::<Sub>::new());
    for subscriber in [&mut one, &mut other] {
        connect(&mut publisher, subscriber, Marks(1));
        subscriber.subscribe("a");
        assert_eq!(publisher.recv_all(), ["+a"]);
        publisher.subscribe("a");
    }
    publish(&publisher, &["a1"]);
    // The other has no room now; a message that waits has not had its turn.
    other.unsubscribe("a");
    assert_eq!(publisher.recv_all(), ["-a"]);
    assert!(!publisher.send("a2"));
    other.subscribe("a");
    assert_eq!(other.recv_all(), ["a1"]);
    publish(&publisher, &["a2"]);
    assert_eq!(other.recv_all(), ["a2"]);
    assert_eq!(one.recv_all(), [""; 0]);
}

#[test]
fn subscribers_decide_again_when_the_application_does_not() {
    let (publisher, mut subscribers) = manual(2);
    grant(&publisher, &subscribers[0], "a");
    publisher.set(PatternOption::XpubManual(false));
    subscribers[1].subscribe("b");
    assert_eq!(publisher.recv_all(), ["+b"]);
    publish(&publisher, &["a", "b"]);
    assert_eq!(subscribers[0].recv_all(), ["a"]);
    assert_eq!(subscribers[1].recv_all(), ["b"]);
    subscribers.clear();
    // Of those that took effect the application hears.
    let mut ends = publisher.recv_all();
    ends.sort();
    assert_eq!(ends, ["-a", "-b"]);
    assert_eq!(publisher.topics(), 0);
}

#[test]
fn requests_keep_their_room_until_they_are_received() {
    let mut publisher = Socket::<XPub>::new();
    publisher.set(PatternOption::XpubManual(true));
    let mut subscriber = Socket::<XSub>::new();
    connect(&mut publisher, &mut subscriber, Marks(10));
    for number in 0..100 {
        assert!(subscriber.send(format!("\u{1}{number}")));
        publisher.enter();
    }
    let received = publisher.recv_all().len();
    assert!((10..100).contains(&received), "{received}");
}

#[test]
fn an_option_needs_the_right_socket_and_the_right_mode() {
    let topic = || Bytes::from_static(b"a");
    let publisher = Socket::<XPub>::new();
    for (option, name) in [
        (PatternOption::Subscribe(topic()), "ZMQ_SUBSCRIBE"),
        (PatternOption::Unsubscribe(topic()), "ZMQ_UNSUBSCRIBE"),
    ] {
        let refused = set_fails(&publisher, &option);
        assert_eq!(refused, OptionError::OutOfTurn(name));
    }
    let deaf = Socket::<Pub>::new();
    for option in [
        PatternOption::XpubManual(true),
        PatternOption::XpubManualLastValue(true),
        PatternOption::Subscribe(topic()),
    ] {
        let refused = set_fails(&deaf, &option);
        assert_eq!(refused, OptionError::Unsupported(option.name()));
    }
}
