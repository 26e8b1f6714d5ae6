//! Peers by number, and messages of one frame.

use std::time::Duration;

use ferromq::{
    ClientSocket, Context, DealerSocket, DefaultContext, Defaults, End, EventKind, LinkError,
    Message, OptionError, Options, PeerSocket, PushSocket, SendFailure, ServerSocket, SocketType,
};
use tokio::time::timeout;

use crate::support::{event, impatient, ready, simulated};

const SOON: Duration = Duration::from_secs(10);

async fn body(message: impl Future<Output = Result<Message, ferromq::RecvError>>) -> Message {
    let message = timeout(SOON, message).await.expect("in time");
    message.expect("a message")
}

#[tokio::test(start_paused = true)]
async fn who_is_connected_again_keeps_its_number_and_who_connects_again_does_not() {
    let (network, context) = simulated();
    let (one, other) = peers(&context);
    let mut monitor = one.monitor();
    other.bind("sim://other").await.expect("a free name");
    let number = one.connect_peer("sim://other").expect("an endpoint");
    let mut numbers = Vec::new();
    for _ in 0..2 {
        ready(&mut monitor).await;
        one.send_to(number, "hello").await.expect("the peer");
        let hello = body(other.recv()).await;
        numbers.push(hello.origin());
        other.send(hello).await.expect("the peer");
        let answer = body(one.recv()).await;
        assert_eq!((answer.origin(), answer.body()), (number, &b"hello"[..]));
        network.cut();
    }
    assert_ne!(numbers[0], numbers[1]);
    assert!(!numbers.contains(&0));
    let gone = other.send_to(numbers[0], "?").await;
    assert_eq!(
        gone.map_err(|error| error.reason()),
        Err(SendFailure::Unroutable)
    );
}

fn peers(context: &Context) -> (PeerSocket, PeerSocket) {
    let peer = || PeerSocket::in_context(context, impatient());
    (peer(), peer())
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_is_disconnected_has_no_number_and_others_are_not_concerned() {
    let (_network, context) = simulated();
    let server = ServerSocket::in_context(&context, impatient());
    server.bind("sim://server").await.expect("a free name");
    let client = || ClientSocket::in_context(&context, impatient());
    let (one, other) = (client(), client());
    let mut numbers = Vec::new();
    for client in [&one, &other] {
        client.connect("sim://server").expect("an endpoint");
        client.send("hello").await.expect("a queue");
        numbers.push(body(server.recv()).await.origin());
    }
    let mut monitor = one.monitor();
    server
        .send_to(numbers[0], "goodbye")
        .await
        .expect("the peer");
    server.disconnect_peer(numbers[0]).expect("the peer");
    assert_eq!(body(one.recv()).await, Message::from("goodbye"));
    let gone = server.try_send(to(numbers[0]));
    assert_eq!(
        gone.map_err(|error| error.reason()),
        Err(SendFailure::Unroutable)
    );
    let twice = server.disconnect_peer(numbers[0]);
    assert!(matches!(twice, Err(LinkError::NoSuchPeer(number)) if number == numbers[0]));
    server
        .send_to(numbers[1], "still there")
        .await
        .expect("the peer");
    assert_eq!(body(other.recv()).await, Message::from("still there"));

    // It connects again by itself, and is somebody else then.
    ready(&mut monitor).await;
    one.send("again").await.expect("a queue");
    let again = body(server.recv()).await;
    assert!(!numbers.contains(&again.origin()));
}

fn to(number: u32) -> Message {
    let mut message = Message::from("to a number");
    message.set_origin(number);
    message
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_this_side_has_connected_to_stays_disconnected() {
    let (network, context) = simulated();
    let (one, other) = peers(&context);
    let mut monitor = one.monitor();
    other.bind("sim://other").await.expect("a free name");
    let number = one.connect_peer("sim://other").expect("an endpoint");
    ready(&mut monitor).await;
    one.disconnect_peer(number).expect("the peer");
    let ended = |kind: &EventKind| matches!(kind, EventKind::Disconnected(_));
    let ended = event(&mut monitor, ended).await;
    assert!(
        matches!(ended, EventKind::Disconnected(End::Closed)),
        "{ended:?}"
    );
    let attempts = network.attempts();
    tokio::time::sleep(Duration::from_secs(60)).await; // On a paused clock.
    assert_eq!(network.attempts(), attempts);
    assert!(
        one.disconnect("sim://other").is_err(),
        "it is known no more"
    );
}

#[tokio::test(start_paused = true)]
async fn a_sender_waits_for_the_one_peer_that_is_full() {
    let (_network, context) = simulated();
    let server = ServerSocket::in_context(&context, impatient().send_high_water(1));
    let client = ClientSocket::in_context(&context, impatient().receive_high_water(1));
    client.bind("sim://client").await.expect("a free name");
    // Nobody is there: the queue of the peer to come takes one message.
    let number = server.connect_peer("sim://absent").expect("an endpoint");
    let there = server.connect_peer("sim://client").expect("an endpoint");
    server.send_to(number, "first").await.expect("room");
    let full = server.try_send(to(number));
    assert_eq!(
        full.map_err(|error| error.reason()),
        Err(SendFailure::WouldBlock)
    );
    let waits = timeout(Duration::from_secs(1), server.send_to(number, "second"));
    assert!(waits.await.is_err(), "it waits");
    server.send_to(there, "not concerned").await.expect("room");
    assert_eq!(body(client.recv()).await, Message::from("not concerned"));
}

#[tokio::test]
async fn sockets_without_numbers_say_so() {
    let context = DefaultContext::context();
    let dealer = ferromq::socket(&context, SocketType::Dealer, Options::new()).expect("a socket");
    let (connected, disconnected) = (dealer.connect_peer("inproc://x"), dealer.disconnect_peer(1));
    assert!(matches!(connected, Err(LinkError::NoNumbers)));
    assert!(matches!(disconnected, Err(LinkError::NoNumbers)));
    let peer = PeerSocket::with_options(Options::new().immediate(true));
    let refused = peer.connect_peer("inproc://x");
    let immediate = OptionError::OutOfRange("ZMQ_IMMEDIATE");
    assert!(matches!(refused, Err(LinkError::Option(error)) if error == immediate));
}

#[tokio::test]
async fn numbers_reach_over_inproc_and_do_not_pass_through() {
    let server = ServerSocket::new();
    server.bind("inproc://numbers").await.expect("a free name");
    let any = ferromq::socket(
        &DefaultContext::context(),
        SocketType::Client,
        Options::new(),
    );
    let any = any.expect("a socket");
    any.connect("inproc://numbers").expect("an endpoint");
    any.send(to(77)).await.expect("a peer");
    let message = body(server.recv()).await;
    assert_ne!(message.origin(), 77);
    // A pusher sends several frames, and a DEALER one: only that is received.
    let (push, dealer) = (PushSocket::new(), DealerSocket::new());
    push.connect("inproc://numbers").expect("an endpoint");
    push.send(Message::from_frames(["a", "b"]))
        .await
        .expect("a peer");
    dealer.connect("inproc://numbers").expect("an endpoint");
    dealer.send("c").await.expect("a peer");
    assert_eq!(body(server.recv()).await, Message::from("c"));
    server.send(message).await.expect("the first peer");
    assert_eq!(body(any.recv()).await, Message::from("to a number"));
}
