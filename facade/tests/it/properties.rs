//! What peers tell of themselves.

use ferromq::{
    AnySocket, DealerSocket, DefaultContext, LinkError, OptionError, Options, PullSocket,
    PushSocket, RepSocket, ReqSocket, RouterSocket, SocketType, StreamSocket,
};

use crate::support::{impatient, simulated};

fn with(name: &str, value: &'static str) -> Options {
    impatient().property(name, value).expect("a property")
}

#[tokio::test(start_paused = true)]
async fn a_message_leads_to_the_properties_of_its_sender() {
    let (network, context) = simulated();
    let pull = PullSocket::in_context(&context, impatient());
    pull.bind("sim://sink").await.expect("a free name");
    let zones = ["eu", "us"];
    let pushes = zones.map(|zone| {
        let options = with("X-Zone", zone)
            .property("x-zone", zone)
            .and_then(|options| options.property("X-empty", ""));
        PushSocket::in_context(&context, options.expect("properties"))
    });
    for (push, zone) in pushes.iter().zip(zones) {
        push.connect("sim://sink").expect("an endpoint");
        push.send(zone).await.expect("room");
        let message = pull.recv().await.expect("a message");
        let peer = pull.peer_of(&message).expect("its sender");
        assert_eq!(peer.socket_type, Some(SocketType::Push));
        assert_eq!(peer.property("Socket-Type"), Some(&b"PUSH"[..]));
        assert_eq!(peer.property("X-ZONE"), Some(zone.as_bytes()));
        assert_eq!(peer.property("X-Empty"), Some(&b""[..]));
        assert_eq!(peer.property("Peer-Address"), Some(&b"memory"[..]));
        assert_eq!(peer.property("Identity"), None);
        assert_eq!(peer.property("X-Other"), None);
    }
    // Who has left is still known when its last message is received.
    let [first, _second] = pushes;
    first.send("last words").await.expect("room");
    let message = pull.recv().await.expect("a message");
    first.close().await;
    network.cut();
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let peer = pull.peer_of(&message).expect("its sender");
    assert_eq!(peer.property("X-Zone"), Some(&b"eu"[..]));
}

#[tokio::test(start_paused = true)]
async fn both_sides_of_a_request_know_each_other() {
    let (_network, context) = simulated();
    let rep = RepSocket::in_context(&context, with("X-role", "service"));
    rep.bind("sim://service").await.expect("a free name");
    let options = with("X-role", "client").routing_id("me").expect("a name");
    let req: AnySocket = ReqSocket::in_context(&context, options).into();
    req.connect("sim://service").expect("an endpoint");
    req.send("question").await.expect("room");
    let question = rep.recv().await.expect("a message");
    let peer = rep.peer_of(&question).expect("its sender");
    assert_eq!(peer.property("X-role"), Some(&b"client"[..]));
    assert_eq!(peer.property("identity"), Some(&b"me"[..]));
    rep.send("answer").await.expect("its peer");
    let answer = req.recv().await.expect("a message");
    let peer = req.peer_of(&answer).expect("its sender");
    assert_eq!(peer.property("X-role"), Some(&b"service"[..]));
}

#[tokio::test]
async fn a_router_knows_addresses_and_a_pipe_tells_nothing() {
    let context = DefaultContext::builder().build();
    let router = RouterSocket::in_context(&context, impatient());
    let dealer = DealerSocket::in_context(&context, with("X-a", "b"));
    let endpoint = router.bind("tcp://127.0.0.1:*").await.expect("a port");
    dealer.connect(endpoint.as_str()).expect("an endpoint");
    dealer.send("over tcp").await.expect("room");
    let message = router.recv().await.expect("a message");
    let peer = router.peer_of(&message).expect("its sender");
    assert_eq!(peer.property("Peer-Address"), Some(&b"127.0.0.1"[..]));
    assert_eq!(peer.property("X-a"), Some(&b"b"[..]));
    dealer.disconnect(endpoint.as_str()).expect("an endpoint");
    router.bind("inproc://names").await.expect("a free name");
    dealer.connect("inproc://names").expect("an endpoint");
    dealer.send("within").await.expect("room");
    let message = router.recv().await.expect("a message");
    assert_eq!(router.peer_of(&message), None);
}

#[tokio::test]
async fn what_is_no_property_is_refused() {
    for name in [
        "",
        "Zone",
        "X",
        "Socket-Type",
        "X- ",
        "X-ä",
        &"X-".repeat(128),
    ] {
        let refused = Options::new().property(name, "value").map(drop);
        let error = OptionError::OutOfRange("ZMQ_METADATA");
        assert_eq!(refused, Err(error), "{name:?}");
    }
    let (_network, context) = simulated();
    let stream = StreamSocket::in_context(&context, with("X-a", "b"));
    let refused = stream.connect("sim://server");
    let error = OptionError::Unsupported("ZMQ_METADATA");
    assert!(matches!(refused, Err(LinkError::Option(option)) if option == error));
}
