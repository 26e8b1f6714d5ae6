//! How many peers have subscribed: what a publisher that waits for them looks at.

use ferromq_core::{Halves, HasSubscribers, Outbound, Pattern, PatternOption, Wakes};
use ferromq_pattern_pubsub::{Dish, Pub, Radio, Sub, XPub};

use crate::net::{Marks, Socket, connect};

fn count<P: HasSubscribers>(publisher: &Socket<P>, topic: Option<&str>) -> usize {
    let mut wakes = Wakes::new();
    let mut half = publisher.halves.outbound().lock(&mut wakes);
    half.subscribers(topic.map(str::as_bytes), &mut wakes)
        .expect("the pattern has subscribers")
}

/// A publisher and subscribers that have not subscribed.
fn silent<P: HasSubscribers, S: Pattern>(subscribers: usize) -> (Socket<P>, Vec<Socket<S>>) {
    let mut publisher = Socket::<P>::new();
    let subscribers = (0..subscribers).map(|_| {
        let mut subscriber = Socket::<S>::new();
        connect(&mut publisher, &mut subscriber, Marks(0));
        subscriber
    });
    let subscribers = subscribers.collect();
    (publisher, subscribers)
}

#[test]
fn each_peer_counts_once_whatever_it_has_subscribed_to() {
    let (publisher, mut subscribers) = silent::<Pub, Sub>(3);
    assert_eq!(count(&publisher, None), 0);
    for topic in ["a", "ab", "a"] {
        subscribers[0].subscribe(topic);
    }
    subscribers[1].subscribe("b");
    assert_eq!(count(&publisher, None), 2);
    let of = ["", "a", "abc", "b", "c"].map(|topic| count(&publisher, Some(topic)));
    assert_eq!(of, [0, 1, 1, 1, 0]);
    subscribers[0].unsubscribe("a");
    subscribers[1].unsubscribe("b");
    assert_eq!(
        count(&publisher, None),
        1,
        "one of them has two topics left"
    );
    subscribers.remove(0);
    assert_eq!(count(&publisher, None), 0, "it has left");
}

#[test]
fn those_count_that_would_be_sent_a_message() {
    let (publisher, subscribers) = silent::<Pub, Sub>(3);
    publisher.set(PatternOption::InvertMatching(true));
    subscribers[0].subscribe("a");
    assert_eq!(count(&publisher, None), 1);
    let of = ["a", "b"].map(|topic| count(&publisher, Some(topic)));
    assert_eq!(of, [2, 3], "who has subscribed to it does not get it");
}

#[test]
fn those_count_that_the_application_has_subscribed() {
    let (publisher, subscribers) = silent::<XPub, Sub>(1);
    publisher.set(PatternOption::XpubManual(true));
    subscribers[0].subscribe("a");
    assert_eq!(count(&publisher, None), 0);
    assert_eq!(publisher.recv_all(), ["+a"]);
    publisher.subscribe("b");
    assert_eq!(
        (count(&publisher, None), count(&publisher, Some("b"))),
        (1, 1)
    );
    assert_eq!(count(&publisher, Some("a")), 0);
}

#[test]
fn groups_count_by_their_whole_name() {
    let (radio, dishes) = silent::<Radio, Dish>(2);
    for dish in &dishes {
        dish.set(PatternOption::Join("group".into()));
    }
    assert_eq!(count(&radio, None), 2);
    let of = ["group", "groups", "g", ""].map(|group| count(&radio, Some(group)));
    assert_eq!(of, [2, 0, 0, 0]);
}
