//! Peers that the application gives their routing ids, and asks after by them.

use std::sync::Barrier;

use ferromq::{
    AnySocket, DealerSocket, LinkError, Message, OptionError, Options, PatternOption, PullSocket,
    RecvError, RouterSocket, SendFailure, StreamSocket,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::{impatient, ready, simulated};

fn text(frames: [&'static str; 2]) -> Message {
    Message::from_frames(frames)
}

#[tokio::test]
async fn a_peer_has_the_id_it_was_given_from_the_beginning() {
    let (network, context) = simulated();
    let (router, dealer) = (
        RouterSocket::in_context(&context, impatient()),
        DealerSocket::in_context(&context, impatient().routing_id("itself").expect("an id")),
    );
    router.connect_as("sim://peer", "given").expect("a free id");
    assert_eq!(router.newest_id().as_deref(), Some(&b"given"[..]));
    router.send(text(["given", "1"])).await.expect("a peer");
    assert_eq!(router.is_writable_to("given"), Ok(true));
    dealer.bind("sim://peer").await.expect("a free name");
    assert_eq!(dealer.recv().await.expect("a message").body(), b"1");
    dealer.send("2").await.expect("a peer");
    assert_eq!(
        router.recv().await.expect("a message"),
        text(["given", "2"])
    );

    // And keeps it over reconnections.
    let mut monitor = router.monitor();
    network.cut();
    ready(&mut monitor).await;
    router.send(text(["given", "3"])).await.expect("a peer");
    assert_eq!(dealer.recv().await.expect("a message").body(), b"3");
    assert_eq!(
        router.is_writable_to("itself"),
        Err(SendFailure::Unroutable)
    );
}

#[tokio::test]
async fn routers_know_each_other_by_the_names_they_gave_and_have() {
    let (_network, context) = simulated();
    let named = |name| impatient().routing_id(name).expect("an id");
    let (one, other) = (
        RouterSocket::in_context(&context, named("one")),
        RouterSocket::in_context(&context, named("other")),
    );
    other.bind("sim://other").await.expect("a free name");
    one.connect_as("sim://other", "friend").expect("a free id");
    one.send(text(["friend", "hi"])).await.expect("a peer");
    assert_eq!(other.recv().await.expect("a message"), text(["one", "hi"]));
    other.send(text(["one", "ok"])).await.expect("a peer");
    assert_eq!(one.recv().await.expect("a message"), text(["friend", "ok"]));
}

#[tokio::test]
async fn an_id_that_is_taken_is_refused_and_free_again_after_disconnect() {
    for immediate in [false, true] {
        let (_network, context) = simulated();
        let router = RouterSocket::in_context(&context, impatient().immediate(immediate));
        router.connect_as("sim://1", "x").expect("a free id");
        let again = router.connect_as("sim://2", "x");
        assert!(matches!(again, Err(LinkError::IdTaken(id)) if id == "x"));
        assert_eq!(
            router.last_endpoint().expect("an endpoint").as_str(),
            "sim://1"
        );
        router.disconnect("sim://1").expect("it is connected");
        router.connect_as("sim://2", "x").expect("a free id");
    }
}

#[tokio::test]
async fn of_many_who_ask_for_an_id_at_once_one_has_it() {
    let (_network, context) = simulated();
    let router = RouterSocket::in_context(&context, impatient().immediate(true));
    for _ in 0..100 {
        let start = Barrier::new(4);
        let connect = || {
            start.wait();
            router.connect_as("sim://1", "x")
        };
        let had = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(connect)).collect();
            let outcomes = threads
                .into_iter()
                .map(|thread| thread.join().expect("no panic"));
            outcomes.filter(Result::is_ok).count()
        });
        assert_eq!(had, 1);
        router.disconnect("sim://1").expect("it is connected");
    }
}

#[tokio::test]
async fn the_id_of_a_peer_that_came_by_itself_is_taken_too() {
    let router = RouterSocket::new();
    router.bind("inproc://ids").await.expect("a free name");
    router
        .set(&PatternOption::RouterHandover(true))
        .expect("an option of ROUTER");
    let dealer = DealerSocket::with_options(Options::new().routing_id("x").expect("an id"));
    dealer.connect("inproc://ids").expect("a name");
    let given = router.connect_as("inproc://elsewhere", "x");
    assert!(matches!(given, Err(LinkError::IdTaken(_))));
    router.send(text(["x", "still"])).await.expect("a peer");
    assert_eq!(dealer.recv().await.expect("a message").body(), b"still");
}

#[tokio::test]
async fn only_sockets_that_address_peers_take_ids() {
    let (_network, context) = simulated();
    let option = |refused| match refused {
        Err(LinkError::Option(error)) => error,
        other => panic!("{other:?}"),
    };
    const NAME: &str = "ZMQ_CONNECT_ROUTING_ID";
    let router: AnySocket = RouterSocket::in_context(&context, impatient()).into();
    assert_eq!(
        option(router.connect_as("sim://x", "")),
        OptionError::OutOfRange(NAME)
    );
    assert_eq!(router.last_endpoint(), None);
    let pull: AnySocket = PullSocket::in_context(&context, impatient()).into();
    assert_eq!(
        option(pull.connect_as("sim://x", "id")),
        OptionError::Unsupported(NAME)
    );
    assert_eq!(pull.is_writable_to("id"), Err(SendFailure::Unsupported));
    assert_eq!((pull.newest_id(), pull.topics()), (None, None));
    router.close().await;
    let closed = router.connect_as("sim://x", "id");
    assert!(matches!(closed, Err(LinkError::Closed)), "{closed:?}");
}

#[tokio::test]
async fn a_peer_without_room_is_told_from_one_with_room() {
    let router = RouterSocket::with_options(Options::new().send_high_water(1));
    router.bind("inproc://rooms").await.expect("a free name");
    let peer = |name| {
        let options = Options::new().routing_id(name).expect("an id");
        let dealer = DealerSocket::with_options(options.receive_high_water(1));
        dealer.connect("inproc://rooms").expect("a name");
        dealer
    };
    let (full, free) = (peer("full"), peer("free"));
    for _ in 0..2 {
        router.send(text(["full", "x"])).await.expect("a peer");
    }
    assert_eq!(router.is_writable_to("full"), Ok(false));
    assert_eq!(router.is_writable_to("free"), Ok(true));
    assert_eq!(
        router.is_writable_to("nobody"),
        Err(SendFailure::Unroutable)
    );
    full.close().await;
    assert_eq!(router.is_writable_to("full"), Err(SendFailure::Unroutable));
    drop(free);
}

#[tokio::test]
async fn a_stream_names_the_connection_that_it_makes() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let stream = StreamSocket::with_options(impatient());
    let endpoint = format!("tcp://{address}");
    stream.connect_as(&endpoint, "server").expect("a free id");
    let again = stream.connect_as(&endpoint, "server");
    assert!(matches!(again, Err(LinkError::IdTaken(_))));
    stream.send(text(["server", "hi"])).await.expect("a peer");
    let (mut peer, _) = listener.accept().await.expect("a connection");
    let mut bytes = [0; 2];
    peer.read_exact(&mut bytes).await.expect("two bytes");
    assert_eq!(&bytes, b"hi");
    peer.write_all(b"ok").await.expect("a connection");
    assert_eq!(stream.recv().await.expect("a notice"), text(["server", ""]));
    assert_eq!(stream.recv().await.expect("bytes"), text(["server", "ok"]));
    assert_eq!(stream.try_recv(), Err(RecvError::WouldBlock));
}
