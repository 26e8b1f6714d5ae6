//! RADIO and DISH, whole.

use std::time::Duration;

use ferromq::{DishSocket, Message, OptionError, Options, RadioSocket, RecvError};
use tokio::time::timeout;

use crate::support::{impatient, ready, simulated};

fn message(group: &'static str, body: &'static str) -> Message {
    Message::from_frames([group, body])
}

/// Sends until the DISH receives: its groups are on their way.
async fn exchange(radio: &RadioSocket, dish: &DishSocket, sent: Message) -> Message {
    for _ in 0..1000 {
        radio.send(sent.clone()).await.expect("never waits");
        if let Ok(received) = timeout(Duration::from_millis(10), dish.recv()).await {
            return received.expect("a message");
        }
    }
    panic!("nothing was received");
}

#[tokio::test(start_paused = true)]
async fn groups_are_joined_again_after_a_reconnection() {
    let (network, context) = simulated();
    let radio = RadioSocket::in_context(&context, impatient());
    radio.bind("sim://radio").await.expect("a free name");
    let dish = DishSocket::in_context(&context, impatient());
    let mut monitor = dish.monitor();
    dish.join("first").expect("a group");
    dish.connect("sim://radio").expect("an endpoint");
    ready(&mut monitor).await;
    dish.join("second").expect("a group");
    dish.join("left").expect("a group");
    dish.leave("left").expect("a group of its own");
    for round in 0..3 {
        for group in ["first", "second"] {
            let received = exchange(&radio, &dish, message(group, "body")).await;
            assert_eq!(received, message(group, "body"), "{round}");
        }
        // What was sent more than once is still there.
        while dish.try_recv().is_ok() {}
        radio
            .send(message("left", "nobody"))
            .await
            .expect("never waits");
        radio
            .send(message("first", "the end"))
            .await
            .expect("never waits");
        let received = timeout(Duration::from_secs(10), dish.recv()).await;
        assert_eq!(received, Ok(Ok(message("first", "the end"))));
        network.cut();
        ready(&mut monitor).await;
    }
}

#[tokio::test]
async fn a_group_of_the_longest_name_travels_over_a_wire() {
    let radio = RadioSocket::with_options(impatient());
    let endpoint = radio.bind("tcp://127.0.0.1:*").await.expect("a free port");
    let dish = DishSocket::with_options(impatient());
    dish.connect(endpoint.as_str()).expect("an endpoint");
    for group in [String::new(), "x".repeat(255)] {
        dish.join(&group).expect("a group");
        let sent = Message::from_frames([group, "body".into()]);
        assert_eq!(exchange(&radio, &dish, sent.clone()).await, sent);
        while dish.try_recv() != Err(RecvError::WouldBlock) {}
    }
    let too_long = dish.join("x".repeat(256));
    assert_eq!(too_long, Err(OptionError::OutOfRange("zmq_join")));
}

#[tokio::test]
async fn dynamic_sockets_join_by_option() {
    use ferromq::{DefaultContext, Defaults, PatternOption, SocketType};
    let context = DefaultContext::context();
    let socket = |kind| ferromq::socket(&context, kind, Options::new()).expect("a socket");
    let (radio, dish) = (socket(SocketType::Radio), socket(SocketType::Dish));
    radio
        .bind("inproc://dynamic-radio")
        .await
        .expect("a free name");
    dish.connect("inproc://dynamic-radio").expect("an endpoint");
    let join = PatternOption::Join("group".into());
    dish.set(&join).expect("a DISH joins");
    assert!(radio.set(&join).is_err());
    radio
        .send(message("group", "body"))
        .await
        .expect("never waits");
    assert_eq!(dish.recv().await, Ok(message("group", "body")));
}
