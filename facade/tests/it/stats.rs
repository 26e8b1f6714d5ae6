//! What sockets have sent, received and dropped, by peer and by reason.

use std::time::Duration;

use ferromq::{
    AnySocket, DealerSocket, DropReason, Dropped, Message, Options, PairSocket, PatternOption,
    PubSocket, PullSocket, PushSocket, RepSocket, ReqSocket, RouterSocket, SubSocket, Volume,
    blocking,
};

use crate::support::{impatient, simulated};

/// So many messages were dropped for this reason, and none for others.
fn dropped_only(dropped: &Dropped, reason: DropReason, count: u64) {
    let all: Vec<_> = dropped.iter().collect();
    assert_eq!(all, [(reason, count)]);
}

fn volume(volume: Volume) -> (u64, u64) {
    (volume.messages, volume.bytes)
}

#[tokio::test]
async fn messages_and_bytes_are_counted_on_both_sides() {
    for any in ["tcp://127.0.0.1:*", "inproc://counted"] {
        let (push, pull) = (PushSocket::new(), PullSocket::new());
        let endpoint = pull.bind(any).await.expect("free");
        push.connect(endpoint.as_str()).expect("an endpoint");
        for _ in 0..100 {
            push.send("12345").await.expect("room");
            let parts = Message::from_frames(["", "67890"]);
            push.send(parts).await.expect("room");
        }
        let [peer] = &push.stats().peers[..] else {
            panic!("one endpoint, one peer")
        };
        let waiting = (peer.outbound.messages, peer.outbound.bytes);
        // Over a wire some may be with the system already.
        assert!(
            waiting == (200, 1600) || !any.starts_with("inproc"),
            "{waiting:?}"
        );
        for _ in 0..200 {
            pull.recv().await.expect("a message");
        }
        // A frame has a header of two bytes.
        let expected = (200, 100 * 7 + 100 * 9);
        let (sent, received) = (push.stats(), pull.stats());
        assert_eq!(volume(sent.sent), expected);
        assert_eq!(volume(sent.peers[0].sent), expected);
        assert_eq!(volume(received.received), expected);
        assert_eq!(volume(received.peers[0].received), expected);
        assert_eq!((sent.received.messages, received.sent.messages), (0, 0));
        assert_eq!(sent.dropped.total() + received.dropped.total(), 0);
        push.close().await;
        while !pull.peers().is_empty() {
            pull.try_recv().expect_err("nothing more");
            tokio::task::yield_now().await;
        }
        assert_eq!(
            volume(pull.stats().received),
            expected,
            "it is not forgotten"
        );
    }
}

/// A publisher with a subscriber that hears and one that sleeps: the sleeping one is
/// called by its name.
#[test]
fn a_slow_subscriber_is_named() {
    let publisher = blocking::PubSocket::new();
    let endpoint = publisher.bind("tcp://127.0.0.1:*").expect("a free port");
    let [fast, slow] = ["fast", "slow"].map(|name| {
        let options = Options::new().property("X-Name", name).expect("a name");
        let subscriber = blocking::SubSocket::with_options(options);
        subscriber.subscribe("").expect("a SUB");
        subscriber.connect(endpoint.as_str()).expect("an endpoint");
        subscriber
    });
    publisher.wait_for_subscribers(2, None).expect("both come");
    let body = vec![0; 4096];
    let named = |name: &str| {
        let mut peers = publisher.stats().peers.into_iter();
        let found = peers.find(|peer| peer.peer.property("X-Name") == Some(name.as_bytes()));
        found.expect("it is there")
    };
    let (mut sent, mut received) = (0_u64, 0);
    while named("slow").dropped.total() < 1000 {
        for _ in 0..500 {
            publisher.send(&body[..]).expect("never full");
            sent += 1;
        }
        // The fast one keeps up: it hears all of them before there are more.
        while received < sent {
            fast.recv().expect("a message");
            received += 1;
        }
    }
    let (fast, slow_one) = (named("fast"), named("slow"));
    assert_eq!(fast.dropped.total(), 0);
    assert_eq!(fast.sent.messages, sent);
    let missed = slow_one.dropped.of(DropReason::HighWater);
    dropped_only(&slow_one.dropped, DropReason::HighWater, missed);
    assert_eq!(slow_one.sent.messages + missed, sent);
    assert_eq!(publisher.stats().dropped, slow_one.dropped);
    drop(slow);
}

#[tokio::test]
async fn what_a_router_cannot_deliver_is_counted() {
    let router = RouterSocket::with_options(Options::new().send_high_water(1));
    let options = Options::new().routing_id("alice").expect("an id");
    let dealer = DealerSocket::with_options(options.receive_high_water(1));
    router.bind("inproc://counting").await.expect("free");
    dealer.connect("inproc://counting").expect("a name");
    router.send(Message::from("alice")).await.expect("dropped");
    for id in ["bob", "alice", "alice", "alice", "alice"] {
        let message = Message::from_frames([id, "body"]);
        router.send(message).await.expect("it is not mandatory");
    }
    let stats = router.stats();
    let counts = [
        (DropReason::HighWater, 2),
        (DropReason::Unroutable, 1),
        (DropReason::Malformed, 1),
    ];
    assert_eq!(stats.dropped.iter().collect::<Vec<_>>(), counts);
    dropped_only(&stats.peers[0].dropped, DropReason::HighWater, 2);
    let mandatory = PatternOption::RouterMandatory(true);
    router.set(&mandatory).expect("a ROUTER");
    let refused = router.send(Message::from_frames(["bob", "body"])).await;
    refused.expect_err("nobody has the id");
    assert_eq!(router.stats().dropped, stats.dropped, "it is in the error");
}

#[tokio::test]
async fn what_was_replaced_is_counted() {
    let options = || Options::new().conflate(true);
    let (push, pull) = (
        PushSocket::with_options(options()),
        PullSocket::with_options(options()),
    );
    pull.bind("inproc://replaced").await.expect("free");
    push.connect("inproc://replaced").expect("a name");
    for number in 0..10 {
        push.send(format!("{number}")).await.expect("room");
    }
    let last = pull.recv().await.expect("a message");
    assert_eq!(last.as_str(), Ok("9"));
    for stats in [push.stats(), pull.stats()] {
        dropped_only(&stats.dropped, DropReason::Replaced, 9);
    }
    assert_eq!(push.stats().sent.messages, 10);
    assert_eq!(pull.stats().received.messages, 10);
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_one_that_leaves_is_counted() {
    let (network, context) = simulated();
    let push = PushSocket::in_context(&context, impatient());
    push.bind("sim://leaves").await.expect("free");
    let options = impatient().receive_high_water(1);
    let pull = PullSocket::in_context(&context, options);
    pull.connect("sim://leaves").expect("an endpoint");
    push.ready().await.expect("it comes");
    let body = vec![0; 1 << 16];
    for _ in 0..100 {
        push.send(&body[..]).await.expect("room");
        tokio::task::yield_now().await;
    }
    pull.disconnect("sim://leaves").expect("it is connected");
    network.cut();
    while !push.peers().is_empty() {
        tokio::task::yield_now().await;
    }
    let stats = push.stats();
    assert_eq!(stats.sent.messages, 100);
    let lost = stats.dropped.of(DropReason::Undelivered);
    dropped_only(&stats.dropped, DropReason::Undelivered, lost);
    assert!((80..100).contains(&lost), "{lost} of 100 are lost");
    while pull.stats().dropped.total() == 0 {
        pull.try_recv().expect_err("what it had sent is discarded");
        tokio::task::yield_now().await;
    }
    assert_eq!(pull.stats().dropped.of(DropReason::Undelivered), 0);
}

#[tokio::test]
async fn what_was_not_subscribed_to_is_counted() {
    let (publisher, subscriber) = (PubSocket::new(), SubSocket::new());
    publisher.bind("inproc://unwanted").await.expect("free");
    subscriber.connect("inproc://unwanted").expect("a name");
    subscriber.subscribe("a").expect("a SUB");
    publisher.send("a1").await.expect("never full");
    publisher.send("a2").await.expect("never full");
    subscriber.unsubscribe("a").expect("a SUB");
    subscriber.try_recv().expect_err("it is not wanted now");
    let stats = subscriber.stats();
    dropped_only(&stats.peers[0].dropped, DropReason::Unwanted, 2);
}

#[tokio::test]
async fn late_replies_and_requests_without_envelopes_are_counted() {
    let (dealer, client, server) = (DealerSocket::new(), ReqSocket::new(), RepSocket::new());
    server.bind("inproc://late").await.expect("free");
    dealer.connect("inproc://late").expect("a name");
    client.connect("inproc://late").expect("a name");
    dealer.send("no envelope").await.expect("room");
    let ask = tokio::time::timeout(Duration::ZERO, client.request("first"));
    ask.await.expect_err("nobody answers");
    let request = server.recv().await.expect("a request");
    server.send(request).await.expect("its turn");
    let serve = async {
        let request = server.recv().await.expect("a request");
        server.send(request).await.expect("its turn");
    };
    let (reply, ()) = tokio::join!(client.request("second"), serve);
    assert_eq!(reply.expect("a reply").as_str(), Ok("second"));
    dropped_only(&client.stats().dropped, DropReason::Late, 1);
    dropped_only(&server.stats().dropped, DropReason::Malformed, 1);
}

#[tokio::test]
async fn any_socket_has_statistics_and_they_end_with_none() {
    let pair: AnySocket = PairSocket::new().into();
    assert!(pair.stats().peers.is_empty());
    pair.close().await;
    assert_eq!(pair.stats().dropped.total(), 0);
}
