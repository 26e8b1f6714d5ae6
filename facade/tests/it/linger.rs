//! The end of sockets, on a paused clock.

use std::time::Duration;

use ferromq::{
    DishSocket, EventKind, Options, PubSocket, PullSocket, PushSocket, RadioSocket, RecvError,
    SendFailure, SubSocket,
};
use tokio::time::Instant;

use crate::support::{event, impatient, ready, simulated};

#[tokio::test(start_paused = true)]
async fn closing_waits_for_what_is_queued_as_long_as_the_socket_lingers() {
    let (_network, context) = simulated();
    let push = PushSocket::in_context(&context, impatient().linger(Duration::from_secs(2)));
    push.connect("sim://nobody").expect("an endpoint");
    push.send("lost").await.expect("room");
    let begin = Instant::now();
    push.close().await;
    assert_eq!(begin.elapsed().as_secs(), 2);
}

#[tokio::test(start_paused = true)]
async fn closing_with_nothing_queued_does_not_wait() {
    let (_network, context) = simulated();
    let push = PushSocket::in_context(&context, impatient().linger(None));
    push.connect("sim://nobody").expect("an endpoint");
    let begin = Instant::now();
    push.close().await;
    assert!(begin.elapsed() < Duration::from_millis(1));
}

#[tokio::test(start_paused = true)]
async fn a_socket_that_does_not_linger_connects_no_more() {
    let (_network, context) = simulated();
    let push = PushSocket::in_context(&context, impatient().linger(Duration::ZERO));
    push.connect("sim://late").expect("an endpoint");
    push.try_send("lost").expect("room");
    drop(push);
    let pull = PullSocket::in_context(&context, impatient());
    pull.bind("sim://late").await.expect("a free name");
    let other = PushSocket::in_context(&context, impatient());
    other.connect("sim://late").expect("an endpoint");
    other.send("kept").await.expect("room");
    let message = pull.recv().await.expect("a message");
    assert_eq!(message.as_str(), Ok("kept"));
}

#[tokio::test(start_paused = true)]
async fn a_sub_does_not_linger_for_the_sake_of_its_subscriptions() {
    for (linger, seconds) in [(None, 0), (Some(2), 2)] {
        let (_network, context) = simulated();
        let publisher = PubSocket::in_context(&context, impatient());
        publisher.bind("sim://news").await.expect("a free name");
        let options = linger.map(|seconds| Options::new().linger(Duration::from_secs(seconds)));
        let subscriber = SubSocket::in_context(&context, options.unwrap_or_default());
        let mut monitor = subscriber.monitor();
        subscriber.connect("sim://news").expect("an endpoint");
        ready(&mut monitor).await;
        publisher.close().await;
        event(&mut monitor, |kind| {
            matches!(kind, EventKind::Disconnected(_))
        })
        .await;
        // There is nobody to tell.
        subscriber.subscribe("topic").expect("a SUB");
        let begin = Instant::now();
        let closed = tokio::time::timeout(Duration::from_secs(60), subscriber.close()).await;
        closed.expect("it does not wait for a publisher");
        assert_eq!(begin.elapsed().as_secs(), seconds);
    }
}

#[tokio::test(start_paused = true)]
async fn a_dish_does_not_linger_for_the_sake_of_its_groups() {
    let (_network, context) = simulated();
    let radio = RadioSocket::in_context(&context, impatient());
    radio.bind("sim://radio").await.expect("a free name");
    let dish = DishSocket::in_context(&context, Options::new());
    let mut monitor = dish.monitor();
    dish.connect("sim://radio").expect("an endpoint");
    ready(&mut monitor).await;
    radio.close().await;
    event(&mut monitor, |kind| {
        matches!(kind, EventKind::Disconnected(_))
    })
    .await;
    dish.join("group").expect("a group");
    let closed = tokio::time::timeout(Duration::from_secs(60), dish.close()).await;
    closed.expect("it does not wait for a RADIO");
}

#[tokio::test(start_paused = true)]
async fn without_an_end_to_lingering_everything_arrives() {
    let (_network, context) = simulated();
    let push = PushSocket::in_context(&context, impatient().linger(None));
    push.connect("sim://later").expect("an endpoint");
    for number in 0..100 {
        push.send(format!("{number}")).await.expect("room");
    }
    drop(push);
    tokio::time::sleep(Duration::from_secs(10)).await;
    let pull = PullSocket::in_context(&context, impatient());
    pull.bind("sim://later").await.expect("a free name");
    for number in 0..100 {
        assert_eq!(
            pull.recv().await.expect("a message").as_str(),
            Ok(&*format!("{number}"))
        );
    }
    context.term().await;
}

#[tokio::test(start_paused = true)]
async fn a_disconnected_endpoint_still_gets_what_is_queued_for_it() {
    let (_network, context) = simulated();
    let push = PushSocket::in_context(&context, impatient().linger(None));
    push.connect("sim://later").expect("an endpoint");
    push.send("farewell").await.expect("room");
    push.disconnect("sim://later")
        .expect("a connected endpoint");
    push.disconnect("sim://later")
        .expect_err("an endpoint that was let go");
    let refused = push.try_send("nobody is there").expect_err("no peer");
    assert_eq!(refused.reason(), SendFailure::WouldBlock);
    let pull = PullSocket::in_context(&context, impatient());
    pull.bind("sim://later").await.expect("a free name");
    assert_eq!(
        pull.recv().await.expect("a message").as_str(),
        Ok("farewell")
    );
}

#[tokio::test(start_paused = true)]
async fn a_closed_socket_says_so_to_whoever_waits() {
    let (_network, context) = simulated();
    let pull = PullSocket::in_context(&context, impatient());
    let waiting = tokio::spawn({
        let pull = pull.clone();
        async move { pull.recv().await }
    });
    tokio::task::yield_now().await;
    pull.close().await;
    assert_eq!(
        waiting.await.expect("the task ends"),
        Err(RecvError::Closed)
    );
    assert_eq!(pull.try_recv(), Err(RecvError::Closed));
    pull.connect("sim://anywhere").expect_err("a closed socket");
}

#[tokio::test(start_paused = true)]
async fn a_context_that_ends_closes_its_sockets_and_those_to_come() {
    let (_network, context) = simulated();
    let push = PushSocket::in_context(&context, impatient());
    push.connect("sim://nobody").expect("an endpoint");
    push.send("never").await.expect("room");
    context.term().await;
    assert_eq!(
        push.try_send("later").expect_err("closed").reason(),
        SendFailure::Closed
    );
    let late = PushSocket::in_context(&context, impatient());
    late.connect("sim://nobody").expect_err("a closed socket");
}

#[tokio::test(start_paused = true)]
async fn an_unbound_endpoint_keeps_what_was_received() {
    let (_network, context) = simulated();
    let (pull, push) = (
        PullSocket::in_context(&context, impatient()),
        PushSocket::in_context(&context, impatient()),
    );
    let mut monitor = pull.monitor();
    pull.bind("sim://sink").await.expect("a free name");
    push.connect("sim://sink").expect("an endpoint");
    ready(&mut monitor).await;
    push.send("kept").await.expect("room");
    tokio::time::sleep(Duration::from_secs(1)).await;
    pull.unbind("sim://sink").expect("a bound endpoint");
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(pull.try_recv().expect("a message").as_str(), Ok("kept"));
}
