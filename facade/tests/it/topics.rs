//! Publishers and subscribers that keep the newest message of each topic.

use std::time::Duration;

use ferromq::{
    DefaultContext, Defaults, DishSocket, DropReason, LinkError, Message, OptionError, Options,
    PubSocket, RadioSocket, SocketType, SubSocket,
};

use crate::support::{impatient, ready, simulated};

fn newest() -> Options {
    impatient().conflate_by_topic(true)
}

fn message(topic: &str, number: usize) -> Message {
    let body = "x".repeat(1 + number % 300);
    Message::from_frames([topic.to_owned(), number.to_string(), body])
}

/// Every tenth message is of the one topic, the others are of the other.
fn topic(number: usize) -> &'static str {
    if number % 10 == 0 { "seldom" } else { "often" }
}

#[tokio::test]
async fn a_subscriber_that_does_not_receive_has_the_newest_of_each_topic() {
    const ALL: usize = 20_001;
    let context = DefaultContext::context();
    for any in ["tcp://127.0.0.1:*", "inproc://newest"] {
        let publisher = PubSocket::in_context(&context, impatient().send_high_water(0));
        let endpoint = publisher.bind(any).await.expect("free");
        let subscriber = SubSocket::in_context(&context, newest());
        subscriber.subscribe("").expect("a SUB");
        subscriber.connect(endpoint.as_str()).expect("an endpoint");
        publisher.wait_for_subscribers(1).await.expect("it comes");
        for number in 0..ALL {
            let sent = publisher.send(message(topic(number), number)).await;
            sent.expect("never full");
        }
        while subscriber.stats().received.messages < ALL as u64 {
            tokio::task::yield_now().await;
        }
        for (topic, number) in [("often", ALL - 2), ("seldom", ALL - 1)] {
            let received = subscriber.recv().await.expect("a message");
            assert_eq!(received, message(topic, number));
        }
        subscriber.try_recv().expect_err("nothing else is left");
        let dropped = subscriber.stats().dropped;
        assert_eq!(dropped.of(DropReason::Replaced), ALL as u64 - 2);
        assert_eq!(dropped.total(), ALL as u64 - 2);
        // What it has received is no memory of what comes.
        publisher
            .send(message("often", 1))
            .await
            .expect("never full");
        assert_eq!(
            subscriber.recv().await.expect("a message"),
            message("often", 1)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_publisher_keeps_the_newest_of_each_topic_for_who_does_not_read() {
    const ALL: usize = 5000;
    let (network, context) = simulated();
    let subscriber = SubSocket::in_context(&context, impatient());
    subscriber.subscribe("").expect("a SUB");
    subscriber.bind("sim://slow").await.expect("a free name");
    let publisher = PubSocket::in_context(&context, newest().send_high_water(3));
    let mut monitor = publisher.monitor();
    publisher.connect("sim://slow").expect("an endpoint");
    ready(&mut monitor).await;
    let there = publisher.wait_for_subscribers(1).await;
    there.expect("it subscribes");
    network.stall();
    // The wire takes a part of it, so that it is in hand and counts, as the others do.
    let large = Message::from_frames([vec![], b"0".to_vec(), vec![b'x'; 1 << 20]]);
    publisher.send(large.clone()).await.expect("never full");
    let mut dropped = 0;
    for number in 0..ALL {
        let sent = publisher.send(message(topic(number), number)).await;
        sent.expect("never full");
        if number > 1 {
            publisher.send("no room").await.expect("never full");
            dropped += 1;
        }
    }
    let stats = publisher.stats();
    let counts = [
        (DropReason::HighWater, dropped),
        (DropReason::Replaced, ALL as u64 - 2),
    ];
    assert_eq!(stats.dropped.iter().collect::<Vec<_>>(), counts);
    assert_eq!(stats.peers[0].outbound.messages, 3);
    network.cut();
    let expected = [
        large,
        message("seldom", ALL - 10),
        message("often", ALL - 1),
    ];
    for expected in expected {
        assert_eq!(subscriber.recv().await.expect("a message"), expected);
    }
    subscriber.try_recv().expect_err("nothing else was kept");
}

#[tokio::test]
async fn one_side_of_a_name_is_enough_and_groups_are_topics() {
    for (sends, receives, binds) in [(1, 0, 0), (1, 0, 1), (0, 1, 0), (0, 1, 1)] {
        let [sends, receives] = [sends, receives].map(|on| impatient().conflate_by_topic(on == 1));
        let (radio, dish) = (
            RadioSocket::with_options(sends),
            DishSocket::with_options(receives),
        );
        dish.join("a").expect("a group");
        dish.join("b").expect("a group");
        match binds {
            0 => {
                radio.bind("inproc://groups").await.expect("free");
                dish.connect("inproc://groups").expect("a name");
            }
            _ => {
                dish.bind("inproc://groups").await.expect("free");
                radio.connect("inproc://groups").expect("a name");
            }
        }
        // Who binds attaches its peers when it is asked for something.
        tokio::select! {
            there = radio.wait_for_subscribers_of("b", 1) => there.expect("it joins"),
            _ = dish.recv() => panic!("nothing was sent"),
        }
        for frames in [["a", "1"], ["b", "1"], ["a", "2"]] {
            let sent = radio.send(Message::from_frames(frames)).await;
            sent.expect("never full");
        }
        for frames in [["b", "1"], ["a", "2"]] {
            let received = dish.recv().await.expect("a message");
            assert_eq!(received, Message::from_frames(frames));
        }
        dish.try_recv().expect_err("nothing else is left");
        radio.close().await;
        dish.close().await;
    }
}

#[tokio::test]
async fn sockets_without_topics_refuse_and_so_does_each_with_what_does_not_go_together() {
    let context = DefaultContext::context();
    let refusal = |kind: SocketType, options| {
        let socket = ferromq::socket(&context, kind, options).expect("a socket");
        socket.connect("tcp://127.0.0.1:1").err()
    };
    let is_refused = |kind, options| {
        let unsupported = OptionError::Unsupported("conflate_by_topic");
        matches!(refusal(kind, options), Some(LinkError::Option(error)) if error == unsupported)
    };
    let without = [
        "PAIR", "REQ", "REP", "DEALER", "ROUTER", "PULL", "PUSH", "STREAM", "SERVER", "CLIENT",
    ];
    for kind in without {
        assert!(
            is_refused(kind.parse().expect("a type"), newest()),
            "{kind}"
        );
    }
    for kind in ["PUB", "XPUB", "SUB", "XSUB"] {
        let kind = kind.parse().expect("a type");
        assert!(refusal(kind, newest()).is_none(), "{kind}");
    }
    let mortal = newest().time_to_live(Duration::from_secs(1));
    assert!(is_refused(SocketType::Pub, mortal));
    assert!(is_refused(SocketType::Sub, newest().conflate(true)));
}
