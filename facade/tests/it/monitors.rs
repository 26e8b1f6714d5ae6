//! What monitors tell, in order, on a paused clock; libzmq's names are those of its
//! `ZMQ_EVENT_*`.

use std::time::Duration;

use ferromq::{
    DealerSocket, DefaultContext, Event, EventKind, LinkError, Message, Monitor, PairSocket,
    PullSocket, PushSocket, QueueDepth, TransportError,
};

use crate::support::{impatient, simulated};

/// The names of the events up to now, once nothing happens any more.
async fn so_far(monitor: &mut Monitor) -> Vec<&'static str> {
    // The clock is paused: it moves on when nobody has anything to do.
    tokio::time::sleep(Duration::from_millis(50)).await;
    std::iter::from_fn(|| monitor.try_recv())
        .map(|event| name(&event.kind))
        .collect()
}

fn name(kind: &EventKind) -> &'static str {
    match kind {
        EventKind::Listening => "LISTENING",
        EventKind::BindFailed(_) => "BIND_FAILED",
        EventKind::Accepted => "ACCEPTED",
        EventKind::ConnectDelayed => "CONNECT_DELAYED",
        EventKind::Connected => "CONNECTED",
        EventKind::ConnectFailed(_) | EventKind::Closed => "CLOSED",
        EventKind::ConnectRetried(_) => "CONNECT_RETRIED",
        EventKind::HandshakeSucceeded(_) => "HANDSHAKE_SUCCEEDED",
        EventKind::HandshakeFailed(_) => "HANDSHAKE_FAILED",
        EventKind::Disconnected(_) => "DISCONNECTED",
        _ => "another",
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_begins_breaks_and_begins_again() {
    let (network, context) = simulated();
    let pull = PullSocket::in_context(&context, impatient());
    let push = PushSocket::in_context(&context, impatient());
    let (mut bound, mut connecting) = (pull.monitor(), push.monitor());
    let begin = ["CONNECT_DELAYED", "CONNECTED", "HANDSHAKE_SUCCEEDED"];
    pull.bind("sim://sink").await.expect("a free name");
    push.connect("sim://sink").expect("an endpoint");
    assert_eq!(so_far(&mut connecting).await, begin);
    let accepted = ["ACCEPTED", "HANDSHAKE_SUCCEEDED"];
    assert_eq!(
        so_far(&mut bound).await,
        [&["LISTENING"], &accepted[..]].concat()
    );
    network.cut();
    tokio::time::sleep(Duration::from_millis(250)).await;
    let again = [&["DISCONNECTED", "CONNECT_RETRIED"], &begin[..]].concat();
    assert_eq!(so_far(&mut connecting).await, again);
    assert_eq!(
        so_far(&mut bound).await,
        [&["DISCONNECTED"], &accepted[..]].concat()
    );
    pull.close().await;
    // Listener and connection end at once, in either order.
    let mut ends = so_far(&mut bound).await;
    ends.sort_unstable();
    assert_eq!(ends, ["CLOSED", "DISCONNECTED"]);
    let lost = ["DISCONNECTED", "CONNECT_RETRIED"];
    assert_eq!(so_far(&mut connecting).await, lost);
    drop((pull, push));
    tokio::time::sleep(Duration::from_millis(50)).await;
    while connecting.try_recv().is_some() {}
    // MONITOR_STOPPED is the end of the monitor.
    assert!(connecting.recv().await.is_none() && bound.recv().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn who_is_refused_tries_again() {
    let (_network, context) = simulated();
    let push = PushSocket::in_context(&context, impatient());
    let mut monitor = push.monitor();
    push.connect("sim://nobody").expect("an endpoint");
    let round = ["CONNECT_DELAYED", "CLOSED", "CONNECT_RETRIED"];
    assert_eq!(so_far(&mut monitor).await, round);
    tokio::time::sleep(Duration::from_millis(150)).await;
    assert_eq!(so_far(&mut monitor).await[..3], round);
}

#[tokio::test(start_paused = true)]
async fn a_failed_handshake_ends_its_connection() {
    let (network, context) = simulated();
    let pull = PullSocket::in_context(&context, impatient());
    let mut bound = pull.monitor();
    pull.bind("sim://sink").await.expect("a free name");
    drop(network.dial("sink").expect("a listener"));
    let failed = ["HANDSHAKE_FAILED", "DISCONNECTED"];
    let begin = ["LISTENING", "ACCEPTED"];
    assert_eq!(so_far(&mut bound).await, [&begin[..], &failed].concat());
    let dealer = DealerSocket::in_context(&context, impatient());
    let mut connecting = dealer.monitor();
    dealer.connect("sim://sink").expect("an endpoint");
    let begin = ["CONNECT_DELAYED", "CONNECTED"];
    assert_eq!(
        so_far(&mut connecting).await,
        [&begin[..], &failed].concat()
    );
    assert_eq!(
        so_far(&mut bound).await,
        [&["ACCEPTED"], &failed[..]].concat()
    );
}

#[tokio::test]
async fn a_bind_that_fails_is_an_event_and_an_error() {
    let context = DefaultContext::builder().build();
    let (first, second) = (
        PullSocket::in_context(&context, impatient()),
        PullSocket::in_context(&context, impatient()),
    );
    let endpoint = first.bind("tcp://127.0.0.1:*").await.expect("a port");
    let mut monitor = second.monitor();
    let refused = second.bind(endpoint.as_str()).await;
    let in_use = |error: &TransportError| matches!(error, TransportError::AddressInUse(_));
    assert!(matches!(&refused, Err(LinkError::Transport(error)) if in_use(error)));
    let event = monitor.try_recv().expect("an event");
    assert!(matches!(&event.kind, EventKind::BindFailed(error) if in_use(error)));
    assert_eq!(event.endpoint, endpoint);
}

/// The queues that are told of next: for the peer, and from it.
async fn queues(monitor: &mut Monitor) -> (Event, [QueueDepth; 2]) {
    loop {
        let event = monitor.recv().await.expect("the socket is still there");
        if let EventKind::Queues { outbound, inbound } = event.kind {
            return (event, [outbound, inbound]);
        }
    }
}

/// The depth of a queue of so many messages with bodies of 512 KiB.
fn of_large(messages: usize) -> QueueDepth {
    QueueDepth {
        messages,
        bytes: messages * ((512 << 10) + 9),
    }
}

#[tokio::test(start_paused = true)]
async fn both_queues_of_a_full_connection_are_told_of() {
    // libzmq's test_monitor_versioned_stats: nobody reads, and both sides are full.
    let (_network, context) = simulated();
    let pull = PullSocket::in_context(&context, impatient().receive_high_water(10));
    let push = PushSocket::in_context(&context, impatient().send_high_water(20));
    let (mut receiving, mut sending) = (pull.monitor(), push.monitor());
    assert_eq!(push.report_queues(), 0, "there is nobody");
    pull.bind("sim://sink").await.expect("a free name");
    push.connect("sim://sink").expect("an endpoint");
    let send = || push.send(Message::from(vec![0; 512 << 10]));
    let pause = Duration::from_millis(1);
    while tokio::time::timeout(pause, send()).await.is_ok() {}
    let nothing = QueueDepth::default();
    assert_eq!((push.report_queues(), pull.report_queues()), (1, 1));
    let (event, depths) = queues(&mut sending).await;
    assert_eq!(depths, [of_large(20), nothing]);
    assert_eq!(event.endpoint.as_str(), "sim://sink");
    assert!(event.peer_address.is_some(), "its handshake told it");
    let (event, depths) = queues(&mut receiving).await;
    assert_eq!(depths, [nothing, of_large(10)]);
    assert_eq!(event.endpoint.as_str(), "sim://sink");
    assert!(event.peer_address.is_some(), "its handshake told it");
    for _ in 0..3 {
        pull.recv().await.expect("a message");
    }
    pull.report_queues();
    let (_, [_, inbound]) = queues(&mut receiving).await;
    assert_eq!(
        inbound,
        of_large(7),
        "each message counts, not each half of a mark"
    );
}

#[tokio::test]
async fn in_one_process_what_one_side_sends_is_what_waits_for_the_other() {
    let (one, other) = (PairSocket::new(), PairSocket::new());
    let (mut first, mut second) = (one.monitor(), other.monitor());
    one.bind("inproc://queues").await.expect("a free name");
    other.connect("inproc://queues").expect("a name");
    for body in ["1", "22", "333"] {
        one.send(body).await.expect("room");
    }
    other.send("4444").await.expect("room");
    let there = QueueDepth {
        messages: 3,
        bytes: 3 + 4 + 5,
    };
    let back = QueueDepth {
        messages: 1,
        bytes: 6,
    };
    assert_eq!((one.report_queues(), other.report_queues()), (1, 1));
    let (event, depths) = queues(&mut first).await;
    assert_eq!(depths, [there, back]);
    assert_eq!(event.endpoint.as_str(), "inproc://queues");
    assert_eq!(queues(&mut second).await.1, [back, there]);
    drop(other);
    assert_eq!(one.recv().await.expect("a message"), Message::from("4444"));
    assert!(one.try_recv().is_err());
    assert_eq!(one.report_queues(), 0, "it has left");
}
