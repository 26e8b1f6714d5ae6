//! Messages that wait too long, on a paused clock.

use std::time::Duration;

use ferromq::{
    DefaultContext, Defaults, DropReason, EventKind, LinkError, Message, OptionError, Options,
    PubSocket, PullSocket, PushSocket, SocketType, SubSocket,
};

use crate::support::{event, impatient, ready, simulated};

const LIVES: Duration = Duration::from_secs(8);

fn mortal() -> Options {
    impatient().time_to_live(LIVES)
}

fn expired(push: &PushSocket) -> u64 {
    push.stats().dropped.of(DropReason::Expired)
}

async fn after(seconds: u64) {
    // On a paused clock, for time is what this is about.
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_a_peer_that_does_not_come_goes_in_time_and_whole() {
    let (_network, context) = simulated();
    let push = PushSocket::in_context(&context, mortal());
    push.connect("sim://later").expect("an endpoint");
    for number in 0..10 {
        let frames = [format!("old {number}"), "body".into(), "x".repeat(10_000)];
        push.send(Message::from_frames(frames)).await.expect("room");
    }
    after(7).await;
    assert_eq!(expired(&push), 0);
    let young = Message::from_frames(["young", "body"]);
    push.send(young.clone()).await.expect("room");
    after(4).await;
    assert_eq!(expired(&push), 10);
    let pull = PullSocket::in_context(&context, impatient());
    pull.bind("sim://later").await.expect("a free name");
    assert_eq!(pull.recv().await.expect("a message"), young);
    after(100).await;
    assert_eq!(expired(&push), 10);
}

#[tokio::test(start_paused = true)]
async fn room_comes_back_from_what_has_waited_too_long() {
    let (_network, context) = simulated();
    let push = PushSocket::in_context(&context, mortal().send_high_water(2));
    push.connect("sim://nobody").expect("an endpoint");
    // Nobody ever takes one, and none waits for ever.
    for number in 0..20_u64 {
        push.send(format!("{number}")).await.expect("room in time");
    }
    assert_eq!(expired(&push), 18);
}

#[tokio::test(start_paused = true)]
async fn what_waits_behind_a_wire_that_is_full_goes_too_and_the_rest_is_whole() {
    let (network, context) = simulated();
    let push = PushSocket::in_context(&context, mortal().send_high_water(0));
    let mut monitor = push.monitor();
    let pull = PullSocket::in_context(&context, impatient().receive_high_water(0));
    pull.bind("sim://sink").await.expect("a free name");
    push.connect("sim://sink").expect("an endpoint");
    ready(&mut monitor).await;
    network.stall();
    const ALL: u64 = 2000;
    for number in 0..ALL {
        let frames = [number.to_string(), "x".repeat(1000)];
        push.send(Message::from_frames(frames)).await.expect("room");
    }
    after(11).await;
    let expired = expired(&push);
    assert!((1000..ALL).contains(&expired), "{expired}");
    // What a write had begun with comes once it can, and then what is new.
    network.cut();
    event(&mut monitor, |kind| {
        matches!(kind, EventKind::Disconnected(_))
    })
    .await;
    push.send("new").await.expect("room");
    let mut last = None;
    loop {
        let message = pull.recv().await.expect("a message");
        if message.len() == 1 {
            assert_eq!(message.as_str(), Ok("new"));
            break;
        }
        assert_eq!((message.len(), message.body().len()), (2, 1000));
        let number: u64 = String::from_utf8_lossy(message.head())
            .parse()
            .expect("a number");
        assert!(last.is_none_or(|last| last < number));
        last = Some(number);
    }
}

#[tokio::test(start_paused = true)]
async fn sockets_that_must_lose_nothing_refuse() {
    let (_network, context) = simulated();
    for kind in ["SUB", "XSUB", "DISH", "STREAM"] {
        let kind: SocketType = kind.parse().expect("a type");
        let socket = ferromq::socket(&context, kind, mortal()).expect("a socket");
        let refused = socket.connect("sim://x");
        let unsupported = OptionError::Unsupported("time_to_live");
        assert!(matches!(refused, Err(LinkError::Option(error)) if error == unsupported));
    }
}

#[tokio::test(start_paused = true)]
async fn a_socket_that_keeps_one_message_refuses() {
    let (_network, context) = simulated();
    let socket = PushSocket::in_context(&context, mortal().conflate(true));
    let refused = socket.connect("sim://x");
    let unsupported = OptionError::Unsupported("time_to_live");
    assert!(matches!(refused, Err(LinkError::Option(error)) if error == unsupported));
}

#[tokio::test]
async fn who_is_in_time_hears_all_of_it() {
    let context = DefaultContext::context();
    let publisher = PubSocket::in_context(&context, mortal());
    let endpoint = publisher.bind("tcp://127.0.0.1:*").await.expect("a port");
    let subscriber = SubSocket::in_context(&context, impatient());
    subscriber.subscribe("").expect("a SUB");
    subscriber.connect(endpoint.as_str()).expect("an endpoint");
    publisher.wait_for_subscribers(1).await.expect("one");
    for number in 0..1000 {
        publisher
            .send(format!("{number}"))
            .await
            .expect("never full");
        let heard = subscriber.recv().await.expect("a message");
        assert_eq!(heard.as_str(), Ok(&*number.to_string()));
    }
    assert_eq!(publisher.stats().dropped.total(), 0);
}
