//! RADIO, DISH and DGRAM over links of datagrams.

use std::net::UdpSocket;
use std::time::Duration;

use ferromq::{
    Context, DefaultContext, Defaults, DgramSocket, DishSocket, Endpoint, EventKind, LinkError,
    Loss, Message, Options, RadioSocket, RecvError, SendFailure, SocketType, TransportError,
    UdpOptions, blocking,
};
use ferromq_compliance::ether::Ether;
use tokio::time::timeout;

use crate::support::{event, impatient};

fn message(group: &str, body: &str) -> Message {
    Message::from_frames([group.to_owned(), body.to_owned()])
}

async fn dish(groups: &[&str], at: &str) -> (DishSocket, Endpoint) {
    let dish = DishSocket::with_options(impatient());
    for group in groups {
        dish.join(group).expect("a group");
    }
    let endpoint = dish.bind(at).await.expect("an address");
    (dish, endpoint)
}

#[tokio::test]
async fn a_radio_sends_from_when_it_connects_and_a_dish_hears_its_groups() {
    let (dish, endpoint) = dish(&["weather"], "udp://127.0.0.1:*").await;
    let radio = RadioSocket::new();
    radio.connect(endpoint.as_str()).expect("an endpoint");
    for (group, body) in [("sports", "1"), ("weather", "2"), ("weather.north", "3")] {
        radio.send(message(group, body)).await.expect("never waits");
    }
    dish.join("sports").expect("a group");
    dish.leave("weather").expect("a group of its own");
    radio
        .send(message("sports", "4"))
        .await
        .expect("never waits");
    radio.close().await;
    for expected in [message("sports", "1"), message("sports", "4")] {
        assert_eq!(dish.recv().await, Ok(expected));
    }
}

#[tokio::test]
async fn each_member_of_a_multicast_group_hears_all_of_it() {
    let at = "udp://127.0.0.1;239.255.70.6:*";
    let (first, endpoint) = dish(&["tv"], at).await;
    let (second, _) = dish(&["tv"], endpoint.as_str()).await;
    let radio = RadioSocket::new();
    radio.connect(endpoint.as_str()).expect("an endpoint");
    for number in 0..10 {
        let sent = message("tv", &number.to_string());
        radio.send(sent.clone()).await.expect("never waits");
        assert_eq!(first.recv().await, Ok(sent.clone()));
        assert_eq!(second.recv().await, Ok(sent));
    }
}

#[tokio::test]
async fn what_finds_no_room_in_the_queue_waits_with_the_system() {
    let dish = DishSocket::with_options(impatient().receive_high_water(2));
    dish.join("").expect("a group");
    let endpoint = dish.bind("udp://127.0.0.1:*").await.expect("an address");
    let radio = RadioSocket::new();
    radio.connect(endpoint.as_str()).expect("an endpoint");
    for number in 0..50 {
        let sent = message("", &number.to_string());
        radio.send(sent).await.expect("never waits");
    }
    for number in 0..50 {
        let expected = message("", &number.to_string());
        assert_eq!(dish.recv().await, Ok(expected));
    }
}

#[tokio::test]
async fn an_unbound_dish_hears_nothing_and_another_may_bind_there() {
    let exclusive = || impatient().transport(UdpOptions::new().exclusive(true));
    let first = DishSocket::with_options(exclusive());
    first.join("tv").expect("a group");
    let endpoint = first.bind("udp://127.0.0.1:*").await.expect("an address");
    let mut monitor = first.monitor();
    first.unbind(endpoint.as_str()).expect("it is bound there");
    event(&mut monitor, |kind| matches!(kind, EventKind::Closed)).await;
    let second = DishSocket::with_options(exclusive());
    second.join("tv").expect("a group");
    second
        .bind(endpoint.as_str())
        .await
        .expect("a free address");
    let radio = RadioSocket::new();
    radio.connect(endpoint.as_str()).expect("an endpoint");
    radio
        .send(message("tv", "news"))
        .await
        .expect("never waits");
    assert_eq!(second.recv().await, Ok(message("tv", "news")));
    assert_eq!(first.try_recv(), Err(RecvError::WouldBlock));
}

#[tokio::test]
async fn dgrams_answer_each_other() {
    let (one, other) = (DgramSocket::new(), DgramSocket::new());
    let first = one.bind("udp://127.0.0.1:*").await.expect("an address");
    let second = other.bind("udp://127.0.0.1:*").await.expect("an address");
    one.try_send(message(second.address(), "knock"))
        .expect("there is room");
    assert_eq!(other.recv().await, Ok(message(first.address(), "knock")));
    other
        .send(message(first.address(), "come in"))
        .await
        .expect("it has a link");
    assert_eq!(one.recv().await, Ok(message(second.address(), "come in")));

    let alone = one.send("no address").await.expect_err("one frame");
    assert_eq!(alone.reason(), SendFailure::Malformed);
    let unbound = DgramSocket::new();
    let refused = unbound.try_send(message(first.address(), "from nowhere"));
    assert_eq!(
        refused.expect_err("no link").reason(),
        SendFailure::WouldBlock
    );
}

#[test]
fn blocking_dgrams_answer_each_other() {
    let (one, other) = (blocking::DgramSocket::new(), blocking::DgramSocket::new());
    let first = one.bind("udp://127.0.0.1:*").expect("an address");
    let second = other.bind("udp://127.0.0.1:*").expect("an address");
    one.send(message(second.address(), "knock"))
        .expect("it has a link");
    assert_eq!(other.recv(), Ok(message(first.address(), "knock")));
    assert_eq!(other.losses(), []);
}

/// libzmq's ENOCOMPATPROTO.
#[tokio::test]
async fn only_these_sockets_use_datagrams_and_each_from_its_side() {
    let context = DefaultContext::context();
    for kind in SocketType::ALL {
        let socket = ferromq::socket(&context, kind, impatient()).expect("every feature is on");
        let connects = socket.connect("udp://127.0.0.1:9");
        let binds = socket.bind("udp://127.0.0.1:*").await.map(drop);
        assert_eq!(verdict(connects), kind == SocketType::Radio, "{kind}");
        let may_bind = [SocketType::Dish, SocketType::Dgram].contains(&kind);
        assert_eq!(verdict(binds), may_bind, "{kind}");
    }
    let dgram = ferromq::socket(&context, SocketType::Dgram, impatient()).expect("it is known");
    for endpoint in ["tcp://127.0.0.1:9", "inproc://dgram"] {
        assert!(!verdict(dgram.connect(endpoint)));
        assert!(!verdict(dgram.bind(endpoint).await.map(drop)));
    }
}

fn verdict(outcome: Result<(), LinkError>) -> bool {
    match outcome {
        Ok(()) => true,
        Err(LinkError::Transport(TransportError::Incompatible(..))) => false,
        Err(error) => panic!("an unexpected reason: {error}"),
    }
}

#[tokio::test]
async fn what_is_lost_is_counted_and_told_now_and_then() {
    let dish = DishSocket::with_options(impatient());
    let mut monitor = dish.monitor();
    dish.join("tv").expect("a group");
    let endpoint = dish.bind("udp://127.0.0.1:*").await.expect("an address");
    let anybody = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    let send = |datagram: &[u8]| {
        let sent = anybody.send_to(datagram, endpoint.address());
        sent.expect("the loopback takes it");
    };
    send(&[]);
    for _ in 0..9 {
        send(&[200, b'x']);
    }
    send(&[b'x'; 9000]);
    send(b"\x02tvnews");
    assert_eq!(dish.recv().await, Ok(message("tv", "news")));
    let losses = [
        (Loss::NoGroup, 1),
        (Loss::GroupCut, 9),
        (Loss::TooLongToReceive, 1),
    ];
    assert_eq!(dish.losses(), losses);
    let mut told = Vec::new();
    while let Some(event) = monitor.try_recv() {
        if let EventKind::Lost { loss, count } = event.kind {
            told.push((loss, count));
        }
    }
    let cut = [1, 2, 4, 8].map(|count| (Loss::GroupCut, count));
    let cut = cut.into_iter();
    let expected = [(Loss::NoGroup, 1)]
        .into_iter()
        .chain(cut)
        .chain([(Loss::TooLongToReceive, 1)]);
    assert!(told.iter().copied().eq(expected), "{told:?}");

    let radio = RadioSocket::with_options(impatient());
    let mut monitor = radio.monitor();
    radio.connect(endpoint.as_str()).expect("an endpoint");
    radio
        .send(message("tv", &"x".repeat(9000)))
        .await
        .expect("never waits");
    let lost = event(&mut monitor, |kind| matches!(kind, EventKind::Lost { .. })).await;
    assert!(matches!(
        lost,
        EventKind::Lost {
            loss: Loss::TooLongToSend,
            count: 1
        }
    ));
}

/// A RADIO that sends into the air, with these options.
fn into_the_air(options: Options) -> (Ether, RadioSocket) {
    let ether = Ether::new();
    let context = Context::builder().transport(ether.clone()).build();
    let radio = RadioSocket::in_context(&context, options);
    radio.connect("ether://here").expect("an endpoint");
    (ether, radio)
}

#[tokio::test(start_paused = true)]
async fn a_radio_drops_what_is_more_than_its_mark() {
    // With `immediate` too: there is no connection to wait for.
    let (ether, radio) = into_the_air(Options::new().send_high_water(2).immediate(true));
    for body in ["1", "2", "3", "4"] {
        radio.send(message("g", body)).await.expect("never waits");
    }
    ether.take(10);
    radio.close().await;
    assert_eq!(ether.taken(), [message("g", "1"), message("g", "2")]);
}

#[tokio::test(start_paused = true)]
async fn closing_waits_for_the_message_that_the_system_does_not_take_yet() {
    let (ether, radio) = into_the_air(Options::new());
    for body in ["1", "2", "3"] {
        radio.send(message("g", body)).await.expect("never waits");
    }
    let mut closing = tokio::spawn(async move { radio.close().await });
    for taken in ["1", "2"] {
        ether.take(1);
        let early = timeout(Duration::from_secs(1), &mut closing).await;
        assert!(early.is_err(), "there is more to send");
        assert_eq!(ether.taken(), [message("g", taken)]);
    }
    ether.take(1);
    closing.await.expect("it closes");
    assert_eq!(ether.taken(), [message("g", "3")]);
}

#[tokio::test(start_paused = true)]
async fn closing_gives_up_when_the_socket_lingers_no_more() {
    let (ether, radio) = into_the_air(Options::new().linger(Duration::from_secs(3)));
    radio.send(message("g", "1")).await.expect("never waits");
    radio.close().await;
    assert_eq!(ether.taken(), [] as [Message; 0]);
}
