//! Who is there, how far the others have come, and why some have left; on a paused clock.

use std::time::Duration;

use crate::support::{event, impatient, simulated};
use ferromq::{
    AnySocket, DealerSocket, Departure, End, EventKind, PairSocket, PeerState, PullSocket,
    PushSocket, ReconnectStop, RouterSocket, WaitError, blocking,
};

/// Waits until the socket's only peer looks like this.
async fn only(socket: &AnySocket, wanted: impl Fn(PeerState) -> bool) {
    for _ in 0..10_000 {
        if socket.peers().iter().any(|peer| wanted(peer.state)) {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("{:?}", socket.peers());
}

#[tokio::test(start_paused = true)]
async fn a_peer_is_told_of_from_connect_on_and_how_far_it_has_come() {
    let (network, context) = simulated();
    let options = impatient().routing_id("alice").expect("an id");
    let options = options.property("X-Color", "red").expect("a property");
    let dealer: AnySocket = DealerSocket::in_context(&context, options).into();
    dealer.connect("sim://router").expect("an endpoint");
    assert_eq!(dealer.peers()[0].state, PeerState::Connecting);
    only(&dealer, |state| matches!(state, PeerState::Waiting { .. })).await;
    let [waiting] = &dealer.peers()[..] else {
        panic!("one endpoint, one peer")
    };
    assert!(waiting.dialed && waiting.info.is_none());
    assert!(matches!(waiting.last_end, Some(End::Transport(_))));
    assert!(waiting.to_string().contains("connected to again in"));

    let router = RouterSocket::in_context(&context, impatient());
    router.bind("sim://router").await.expect("free");
    let (one, other) = tokio::join!(dealer.ready(), router.ready());
    one.and(other).expect("both are there");
    let [peer] = &router.peers()[..] else {
        panic!("one connection, one peer")
    };
    assert_eq!((peer.state, peer.dialed), (PeerState::Ready, false));
    assert_eq!(peer.routing_id(), b"alice");
    assert_eq!(peer.property("x-color"), Some(&b"red"[..]));
    assert_eq!(peer.endpoint.as_str(), "sim://router");
    dealer.send("hello").await.expect("room");
    let origin = router.recv().await.expect("a message").origin();
    assert_eq!(origin, peer.number);

    let mut monitor = dealer.monitor();
    network.cut();
    let left = |kind: &EventKind| matches!(kind, EventKind::Disconnected(_));
    event(&mut monitor, left).await;
    dealer.ready().await.expect("it is connected again");
    let again = dealer.peers().remove(0);
    assert_eq!((again.number, again.handshakes), (waiting.number, 2));
    drop(dealer);
    while !router.peers().is_empty() {
        tokio::task::yield_now().await;
    }
    let ends: Vec<_> = router
        .departures()
        .into_iter()
        .map(|left| left.end)
        .collect();
    assert!(
        matches!(ends[..], [End::Io(_), End::ClosedByPeer]),
        "{ends:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn the_last_sixteen_that_have_left_are_told_and_strangers_give_way() {
    let (network, context) = simulated();
    let pull = PullSocket::in_context(&context, impatient());
    let mut monitor = pull.monitor();
    pull.bind("sim://pull").await.expect("free");
    let left = |kind: &EventKind| matches!(kind, EventKind::Disconnected(_));
    for _ in 0..20 {
        drop(network.dial("pull").expect("it listens"));
        event(&mut monitor, left).await;
    }
    let strangers = pull.departures();
    assert_eq!(strangers.len(), 16);
    assert!(strangers.iter().all(|stranger| !stranger.was_ready));
    for _ in 0..3 {
        let push = PushSocket::in_context(&context, impatient());
        push.connect("sim://pull").expect("an endpoint");
        push.ready().await.expect("it listens");
        push.close().await;
        event(&mut monitor, left).await;
    }
    for _ in 0..20 {
        drop(network.dial("pull").expect("it listens"));
        event(&mut monitor, left).await;
    }
    let departures = pull.departures();
    let known = |departure: &&Departure| departure.was_ready;
    assert_eq!(departures.len(), 16);
    assert_eq!(departures.iter().filter(known).count(), 3);
    assert!(pull.peers().is_empty());
}

#[tokio::test(start_paused = true)]
async fn who_is_given_up_is_told_until_the_endpoint_is_let_go() {
    let (_network, context) = simulated();
    let stop = ReconnectStop::new().refused(true);
    let options = impatient().reconnect_stop(stop);
    let push = PushSocket::in_context(&context, options);
    push.connect("sim://nobody").expect("an endpoint");
    let waited = push.ready().await;
    let Err(WaitError::GaveUp { endpoint, end }) = waited else {
        panic!("{waited:?}")
    };
    assert_eq!(endpoint.as_str(), "sim://nobody");
    assert!(matches!(end, End::Transport(_)), "{end}");
    assert_eq!(push.peers()[0].state, PeerState::GaveUp);
    let pull = PullSocket::in_context(&context, impatient());
    pull.bind("sim://nobody").await.expect("free");
    push.connect("sim://nobody").expect("an endpoint");
    push.ready().await.expect("somebody is there now");
    assert_eq!(push.peers().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_socket_is_ready_when_all_its_endpoints_are_and_it_has_a_peer() {
    let (_network, context) = simulated();
    let push = PushSocket::in_context(&context, impatient());
    let pulls = [(); 2].map(|()| PullSocket::in_context(&context, impatient()));
    push.connect("sim://0").expect("an endpoint");
    push.connect("sim://1").expect("an endpoint");
    let waits = tokio::spawn({
        let push = push.clone();
        async move { push.ready().await }
    });
    pulls[0].bind("sim://0").await.expect("free");
    pulls[0].ready().await.expect("the first peer");
    assert!(!waits.is_finished(), "the other one is missing");
    pulls[1].bind("sim://1").await.expect("free");
    waits.await.expect("it ends").expect("both are there");

    push.connect("sim://2").expect("an endpoint");
    let waits = tokio::time::timeout(Duration::from_secs(5), push.ready());
    waits.await.expect_err("nobody is there");
    push.disconnect("sim://2").expect("it is connected");
    push.ready().await.expect("it counts no more");

    let idle = PushSocket::in_context(&context, impatient());
    let waits = tokio::spawn({
        let idle = idle.clone();
        async move { idle.ready().await }
    });
    tokio::task::yield_now().await;
    idle.close().await;
    let waited = waits.await.expect("it ends");
    assert!(matches!(waited, Err(WaitError::Closed)), "{waited:?}");
}

#[tokio::test]
async fn peers_in_this_process_come_and_go_too() {
    let (one, other) = (PairSocket::new(), PairSocket::new());
    one.connect("inproc://peers").expect("a name");
    assert_eq!(one.peers()[0].state, PeerState::Connecting);
    other.bind("inproc://peers").await.expect("free");
    let (first, second) = tokio::join!(one.ready(), other.ready());
    first.and(second).expect("both are there");
    assert_eq!(other.peers()[0].state, PeerState::Ready);
    assert!(one.peers()[0].dialed && !other.peers()[0].dialed);
    drop(one);
    assert!(other.peers().is_empty());
    assert!(matches!(other.departures()[0].end, End::ClosedByPeer));
}

#[test]
fn a_blocking_socket_waits_as_long_as_it_is_told() {
    let (push, pull) = (blocking::PushSocket::new(), blocking::PullSocket::new());
    let waited = pull.ready(Duration::from_millis(10));
    assert!(matches!(waited, Err(WaitError::Timeout)), "{waited:?}");
    let endpoint = pull.bind("tcp://127.0.0.1:*").expect("a free port");
    push.connect(endpoint.as_str()).expect("an endpoint");
    push.ready(None).expect("it is there");
    pull.ready(Duration::from_secs(60)).expect("it is there");
    assert_eq!(push.peers().len(), 1);
    assert!(push.departures().is_empty());
}

/// Where peers come and go by the thousand, nothing is kept of them.
#[tokio::test]
async fn of_those_that_are_gone_only_sums_are_kept() {
    let pull = PullSocket::new();
    pull.bind("inproc://many").await.expect("free");
    for _ in 0..5000 {
        let push = PushSocket::new();
        push.connect("inproc://many").expect("a name");
        push.send("one").await.expect("room");
        drop(push);
        pull.recv().await.expect("a message");
    }
    let stats = pull.stats();
    assert_eq!(stats.received.messages, 5000);
    assert!(stats.peers.is_empty());
    assert_eq!(pull.departures().len(), 16);
}
