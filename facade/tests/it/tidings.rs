//! What sockets are told, and tell, of connections by messages: hello, disconnect,
//! hiccup.

use std::time::Duration;

use ferromq::{
    ClientSocket, Context, DealerSocket, DefaultContext, LinkError, Message, OptionError, Options,
    PullSocket, RepSocket, ReqSocket, RouterSocket, ServerSocket,
};

use crate::support::{impatient, ready, simulated};

/// A network in memory, and the names of one process.
fn contexts() -> [(Context, &'static str); 2] {
    let process = DefaultContext::builder().build();
    [
        (simulated().1, "sim://server"),
        (process, "inproc://server"),
    ]
}

/// A router's peer with a name, so that one sees of whom it is told.
fn named(options: Options) -> Options {
    options.routing_id("peer").expect("a name")
}

async fn received(router: &RouterSocket) -> Vec<String> {
    let message = router.recv().await.expect("a message");
    let frames = message.frames().map(|frame| frame.as_ref().to_vec());
    frames
        .map(|frame| String::from_utf8(frame).expect("text"))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn both_sides_say_hello_before_anything_else() {
    for (context, endpoint) in contexts() {
        for late in [false, true] {
            let router = RouterSocket::in_context(&context, impatient().hello_message("welcome"));
            let options = named(impatient().hello_message("hello"));
            let dealer = DealerSocket::in_context(&context, options);
            if !late {
                router.bind(endpoint).await.expect("a free name");
            }
            dealer.connect(endpoint).expect("an endpoint");
            dealer.send("first").await.expect("room");
            if late {
                router.bind(endpoint).await.expect("a free name");
            }
            let hello = dealer.recv().await.expect("a message");
            assert_eq!(hello.as_str(), Ok("welcome"), "{endpoint}");
            assert_eq!(received(&router).await, ["peer", "hello"], "{endpoint}");
            assert_eq!(received(&router).await, ["peer", "first"], "{endpoint}");
            router.close().await;
            dealer.close().await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn each_connection_begins_with_a_hello() {
    let (network, context) = simulated();
    let router = RouterSocket::in_context(&context, impatient());
    router.bind("sim://server").await.expect("a free name");
    let options = named(impatient().hello_message("hello"));
    let dealer = DealerSocket::in_context(&context, options);
    dealer.connect("sim://server").expect("an endpoint");
    for round in 0..3 {
        assert_eq!(received(&router).await, ["peer", "hello"]);
        network.cut();
        let text = format!("round {round}");
        dealer.send(&*text).await.expect("room");
        assert_eq!(received(&router).await, ["peer", "hello"]);
        assert_eq!(received(&router).await, ["peer", &*text]);
        network.cut();
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_says_hello_and_its_clients_do_not_mind() {
    let (_network, context) = simulated();
    let rep = RepSocket::in_context(&context, impatient().hello_message("hello"));
    rep.bind("sim://service").await.expect("a free name");
    let dealer = DealerSocket::in_context(&context, impatient());
    dealer.connect("sim://service").expect("an endpoint");
    let hello = dealer.recv().await.expect("a message");
    assert_eq!(hello.as_str(), Ok("hello"));
    let req = ReqSocket::in_context(&context, impatient());
    req.connect("sim://service").expect("an endpoint");
    let served = async {
        let request = rep.recv().await.expect("a request");
        rep.send(request).await.expect("a reply");
    };
    let (reply, ()) = tokio::join!(req.request("question"), served);
    assert_eq!(reply.expect("a reply").as_str(), Ok("question"));
}

#[tokio::test(start_paused = true)]
async fn the_last_message_of_a_peer_tells_that_it_is_gone() {
    for (context, endpoint) in contexts() {
        for closes in [false, true] {
            // Room for one message: the news of the end comes nevertheless.
            let options = impatient().receive_high_water(1).disconnect_message("gone");
            let router = RouterSocket::in_context(&context, options);
            router.bind(endpoint).await.expect("a free name");
            let dealer = DealerSocket::in_context(&context, named(Options::new()));
            dealer.connect(endpoint).expect("an endpoint");
            dealer.send("first").await.expect("room");
            if closes {
                dealer.close().await;
            } else {
                dealer.disconnect(endpoint).expect("an endpoint");
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
            assert_eq!(received(&router).await, ["peer", "first"], "{endpoint}");
            assert_eq!(received(&router).await, ["peer", "gone"], "{endpoint}");
            router.try_recv().expect_err("nothing more");
            router.close().await;
        }
    }
}

/// As in libzmq's test_disconnect_msg.
#[tokio::test(start_paused = true)]
async fn a_server_is_told_of_clients_and_a_client_of_its_server() {
    let (network, context) = simulated();
    let server = ServerSocket::in_context(&context, impatient().disconnect_message("D"));
    server.bind("sim://server").await.expect("a free name");
    let options = impatient().hello_message("H").hiccup_message("lost");
    let client = ClientSocket::in_context(&context, options);
    client.connect("sim://server").expect("an endpoint");
    let body = |message: Message| message.body().to_vec();
    assert_eq!(server.recv().await.map(body), Ok(b"H".to_vec()));
    network.cut();
    assert_eq!(client.recv().await.map(body), Ok(b"lost".to_vec()));
    assert_eq!(server.recv().await.map(body), Ok(b"D".to_vec()));
    assert_eq!(server.recv().await.map(body), Ok(b"H".to_vec()));
    client.close().await;
    assert_eq!(server.recv().await.map(body), Ok(b"D".to_vec()));
}

#[tokio::test(start_paused = true)]
async fn nobody_is_told_of_what_this_side_has_ended() {
    let (_network, context) = simulated();
    let router = RouterSocket::in_context(&context, impatient().disconnect_message("gone"));
    let mut monitor = router.monitor();
    router.bind("sim://server").await.expect("a free name");
    let dealer = DealerSocket::in_context(&context, impatient().hiccup_message("lost"));
    dealer.connect("sim://server").expect("an endpoint");
    ready(&mut monitor).await;
    dealer.disconnect("sim://server").expect("an endpoint");
    router.unbind("sim://server").expect("a bound endpoint");
    tokio::time::sleep(Duration::from_secs(1)).await;
    dealer.try_recv().expect_err("nothing");
}

#[tokio::test(start_paused = true)]
async fn a_lost_connection_is_a_message_to_who_had_made_it() {
    let (network, context) = simulated();
    let router = RouterSocket::in_context(&context, impatient());
    let dealer = DealerSocket::in_context(&context, named(impatient().hiccup_message("lost")));
    let mut monitor = dealer.monitor();
    dealer.connect("sim://server").expect("an endpoint");
    tokio::time::sleep(Duration::from_secs(1)).await;
    dealer.try_recv().expect_err("no connection, none lost");
    router.bind("sim://server").await.expect("a free name");
    for _ in 0..3 {
        ready(&mut monitor).await;
        network.cut();
        let lost = dealer.recv().await.expect("a message");
        assert_eq!(lost.as_str(), Ok("lost"));
    }
    dealer.try_recv().expect_err("no more");
}

#[tokio::test(start_paused = true)]
async fn a_lost_connection_is_told_of_where_the_queue_is_full() {
    let (network, context) = simulated();
    let router = RouterSocket::in_context(&context, impatient());
    router.bind("sim://server").await.expect("a free name");
    let options = named(impatient().receive_high_water(1).hiccup_message("lost"));
    let dealer = DealerSocket::in_context(&context, options);
    dealer.connect("sim://server").expect("an endpoint");
    dealer.send("knock").await.expect("room");
    let mut answer = router.recv().await.expect("a message");
    answer.push_back("more");
    router.send(answer).await.expect("a peer");
    tokio::time::sleep(Duration::from_secs(1)).await;
    network.cut();
    // It is not read while the queue is full, so writing tells.
    dealer.send("anybody there").await.expect("room");
    tokio::time::sleep(Duration::from_secs(1)).await;
    let answer = dealer.try_recv().expect("a message");
    assert_eq!(answer.frame(1), Some(&b"more"[..]));
    let lost = dealer.try_recv().expect("a message");
    assert_eq!(lost.as_str(), Ok("lost"));
}

#[tokio::test(start_paused = true)]
async fn sockets_that_would_ignore_it_refuse() {
    let (_network, context) = simulated();
    let refused = |result, name| match result {
        Err(LinkError::Option(OptionError::Unsupported(option))) => assert_eq!(option, name),
        other => panic!("{other:?}"),
    };
    let pull = PullSocket::in_context(&context, impatient().hello_message("hello"));
    refused(pull.connect("sim://server"), "ZMQ_HELLO_MSG");
    let req = ReqSocket::in_context(&context, impatient().hello_message("hello"));
    refused(req.connect("sim://server"), "ZMQ_HELLO_MSG");
    let dealer = DealerSocket::in_context(&context, impatient().disconnect_message("gone"));
    refused(dealer.connect("sim://server"), "ZMQ_DISCONNECT_MSG");
    let router = RouterSocket::in_context(&context, impatient().hiccup_message("lost"));
    refused(router.connect("sim://server"), "ZMQ_HICCUP_MSG");
    router.set_options(impatient().hiccup_message(""));
    router
        .connect("sim://server")
        .expect("an empty one is none");
}
