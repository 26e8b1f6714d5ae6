//! Waiting for those who are to hear: no message is lost, and nobody sleeps.

use std::time::Duration;

use ferromq::{
    AnySocket, DishSocket, Message, PatternOption, PubSocket, PushSocket, RadioSocket, SubSocket,
    WaitError, XPubSocket, blocking,
};

/// The first message counts: 1 to 1000, in a row, without a pause.
#[tokio::test]
async fn a_publisher_that_waits_for_its_subscriber_loses_nothing() {
    for round in 0..50 {
        let (publisher, subscriber) = (PubSocket::new(), SubSocket::new());
        let any = ["tcp://127.0.0.1:*", "inproc://first"][round % 2];
        let endpoint = publisher.bind(any).await.expect("free");
        let hears = tokio::spawn(async move {
            subscriber.connect(endpoint.as_str()).expect("an endpoint");
            subscriber.subscribe("").expect("a SUB");
            for number in 1..=1000 {
                let message = subscriber.recv().await.expect("a message");
                assert_eq!(message.as_str(), Ok(&*format!("{number}")));
            }
            subscriber.try_recv().expect_err("nothing besides");
        });
        publisher.wait_for_subscribers(1).await.expect("it is open");
        assert_eq!(publisher.subscribers(), 1);
        for number in 1..=1000 {
            publisher.send(format!("{number}")).await.expect("never");
        }
        hears.await.expect("all of them");
        publisher.close().await;
    }
}

#[test]
fn a_blocking_publisher_waits_as_long_as_it_is_told() {
    let (publisher, subscriber) = (blocking::PubSocket::new(), blocking::SubSocket::new());
    let endpoint = publisher.bind("tcp://127.0.0.1:*").expect("a free port");
    let no_time = Duration::from_millis(10);
    let waited = publisher.wait_for_subscribers(1, no_time);
    assert!(matches!(waited, Err(WaitError::Timeout)), "{waited:?}");
    subscriber.subscribe("a").expect("a SUB");
    subscriber.connect(endpoint.as_str()).expect("an endpoint");
    publisher.wait_for_subscribers(1, None).expect("it comes");
    let waited = publisher.wait_for_subscribers_of("b", 1, no_time);
    assert!(matches!(waited, Err(WaitError::Timeout)), "{waited:?}");
    let waited = publisher.wait_for_subscribers_of("abc", 1, Duration::from_secs(60));
    waited.expect("it is there");
    publisher.send("abc").expect("never full");
    assert_eq!(subscriber.recv().expect("a message").as_str(), Ok("abc"));
}

#[tokio::test]
async fn a_publisher_waits_for_the_subscriptions_that_it_makes_itself() {
    let (publisher, subscriber) = (XPubSocket::new(), SubSocket::new());
    let manual = PatternOption::XpubManual(true);
    publisher.set(&manual).expect("an XPUB");
    publisher.bind("inproc://manual").await.expect("free");
    subscriber.connect("inproc://manual").expect("a name");
    subscriber.subscribe("topic").expect("a SUB");
    let waits = tokio::spawn({
        let publisher = publisher.clone();
        async move { publisher.wait_for_subscribers_of("topic", 1).await }
    });
    publisher.recv().await.expect("a request");
    tokio::task::yield_now().await;
    assert!(!waits.is_finished(), "nobody has subscribed yet");
    let topic = PatternOption::Subscribe("topic".into());
    publisher.set(&topic).expect("the mode is on");
    waits.await.expect("it ends").expect("the socket is open");
}

#[tokio::test]
async fn a_radio_waits_for_members_of_a_group() {
    let (radio, dish) = (RadioSocket::new(), DishSocket::new());
    let endpoint = radio.bind("tcp://127.0.0.1:*").await.expect("a free port");
    dish.connect(endpoint.as_str()).expect("an endpoint");
    dish.join("group").expect("a DISH");
    let waited = radio.wait_for_subscribers_of("group", 1).await;
    waited.expect("the socket is open");
    let message = Message::from_frames(["group", "body"]);
    radio.send(message.clone()).await.expect("never full");
    assert_eq!(dish.recv().await, Ok(message));
}

#[tokio::test]
async fn waiting_ends_with_the_socket_and_where_there_is_nothing_to_wait_for() {
    let publisher = PubSocket::new();
    publisher.wait_for_subscribers(0).await.expect("at once");
    let waits = tokio::spawn({
        let publisher = publisher.clone();
        async move { publisher.wait_for_subscribers(1).await }
    });
    tokio::task::yield_now().await;
    publisher.close().await;
    let waited = waits.await.expect("it ends");
    assert!(matches!(waited, Err(WaitError::Closed)), "{waited:?}");
    let push: AnySocket = PushSocket::new().into();
    let waited = push.wait_for_subscribers(1).await;
    assert!(matches!(waited, Err(WaitError::Unsupported)), "{waited:?}");
    assert_eq!(push.subscribers(), None);
}
