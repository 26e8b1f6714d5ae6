//! Connections that break, and come again, on a paused clock.

use std::future::{Future, pending};
use std::pin::Pin;
use std::time::Duration;

use ferromq::{
    Context, DealerSocket, End, Endpoint, EventKind, Message, Options, PullSocket, PushSocket,
    Transport, TransportError,
};
use ferromq_core::{Connection, LinkOptions, Listener};
use tokio::time::Instant;

use crate::support::{event, impatient, ready, simulated};

#[tokio::test(start_paused = true)]
async fn connecting_again_follows_libzmqs_intervals() {
    let (network, context) = simulated();
    let options = impatient().reconnect_interval(Duration::from_millis(100));
    let push = PushSocket::in_context(&context, options);
    let mut monitor = push.monitor();
    push.connect("sim://nobody").expect("an endpoint");
    let begin = Instant::now();
    for _ in 0..20 {
        let retried = event(&mut monitor, |kind| {
            matches!(kind, EventKind::ConnectRetried(_))
        });
        let EventKind::ConnectRetried(wait) = retried.await else {
            unreachable!()
        };
        let (least, most) = (Duration::from_millis(100), Duration::from_millis(200));
        assert!((least..most).contains(&wait), "{wait:?}");
    }
    assert_eq!(network.attempts(), 20);
    let took = begin.elapsed();
    assert!(
        took >= Duration::from_millis(1900) && took < Duration::from_millis(3820),
        "{took:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn the_interval_doubles_up_to_its_maximum_and_starts_anew() {
    let (network, context) = simulated();
    let options = impatient()
        .reconnect_interval(Duration::from_millis(100))
        .reconnect_interval_max(Duration::from_millis(500));
    let push = PushSocket::in_context(&context, options);
    let mut monitor = push.monitor();
    push.connect("sim://later").expect("an endpoint");
    let mut waits = Vec::new();
    for _ in 0..5 {
        if let EventKind::ConnectRetried(wait) = event(&mut monitor, |kind| {
            matches!(kind, EventKind::ConnectRetried(_))
        })
        .await
        {
            waits.push(wait.as_millis());
        }
    }
    assert_eq!(waits, [100, 200, 400, 500, 500]);
    let pull = PullSocket::in_context(&context, impatient());
    pull.bind("sim://later").await.expect("a free name");
    ready(&mut monitor).await;
    network.cut();
    let again = event(&mut monitor, |kind| {
        matches!(kind, EventKind::ConnectRetried(_))
    })
    .await;
    assert!(matches!(again, EventKind::ConnectRetried(wait) if wait.as_millis() == 100));
}

#[tokio::test(start_paused = true)]
async fn without_an_interval_there_is_one_attempt() {
    let (network, context) = simulated();
    let push = PushSocket::in_context(&context, impatient().reconnect_interval(None));
    let mut monitor = push.monitor();
    push.connect("sim://nobody").expect("an endpoint");
    event(&mut monitor, |kind| {
        matches!(kind, EventKind::ConnectFailed(_))
    })
    .await;
    tokio::time::sleep(Duration::from_secs(3600)).await;
    assert_eq!(network.attempts(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_queue_of_a_connecting_socket_survives_its_connections() {
    let (network, context) = simulated();
    let push = PushSocket::in_context(&context, impatient());
    push.connect("sim://sink").expect("an endpoint");
    push.send("queued before the bind").await.expect("room");
    let pull = PullSocket::in_context(&context, impatient());
    pull.bind("sim://sink").await.expect("a free name");
    assert_eq!(
        pull.recv().await.expect("a message").as_str(),
        Ok("queued before the bind")
    );
    for round in 0..10 {
        network.cut();
        push.send(format!("queued in round {round}"))
            .await
            .expect("room");
    }
    // What was on a wire when it was cut may be gone; what waited is not.
    push.send("last").await.expect("room");
    loop {
        if pull.recv().await.expect("a message").as_str() == Ok("last") {
            break;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_large_message_that_was_half_written_is_sent_again_whole() {
    let (network, context) = simulated();
    let push = PushSocket::in_context(&context, impatient());
    let mut monitor = push.monitor();
    let pull = PullSocket::in_context(&context, impatient().receive_high_water(1));
    pull.bind("sim://sink").await.expect("a free name");
    push.connect("sim://sink").expect("an endpoint");
    ready(&mut monitor).await;
    network.stall();
    let large = Message::from(vec![7; 1 << 20]);
    push.send(large.clone()).await.expect("room");
    tokio::time::sleep(Duration::from_secs(1)).await;
    network.cut();
    assert_eq!(pull.recv().await.expect("a message"), large);
}

#[tokio::test(start_paused = true)]
async fn with_immediate_nothing_is_queued_for_a_peer_that_is_not_there() {
    let (network, context) = simulated();
    let push = PushSocket::in_context(&context, impatient().immediate(true));
    let mut monitor = push.monitor();
    push.connect("sim://sink").expect("an endpoint");
    push.try_send("too early").expect_err("no peer is there");
    let pull = PullSocket::in_context(&context, impatient());
    pull.bind("sim://sink").await.expect("a free name");
    push.send("in time").await.expect("a peer");
    assert_eq!(
        pull.recv().await.expect("a message").as_str(),
        Ok("in time")
    );
    network.cut();
    event(&mut monitor, |kind| {
        matches!(kind, EventKind::Disconnected(_))
    })
    .await;
    push.try_send("too late").expect_err("no peer is there");
    push.send("again").await.expect("a peer");
    assert_eq!(pull.recv().await.expect("a message").as_str(), Ok("again"));
}

#[tokio::test(start_paused = true)]
async fn a_slow_handshake_ends_in_time_and_holds_nobody_up() {
    let (network, context) = simulated();
    let options = impatient().handshake_timeout(Duration::from_secs(5));
    let server = DealerSocket::in_context(&context, options);
    let mut monitor = server.monitor();
    server.bind("sim://server").await.expect("a free name");
    let silent: Vec<_> = (0..10)
        .map(|_| network.dial("server").expect("a listener"))
        .collect();
    let client = DealerSocket::in_context(&context, Options::new());
    client.connect("sim://server").expect("an endpoint");
    client.send("hello").await.expect("room");
    let begin = Instant::now();
    assert_eq!(
        server.recv().await.expect("a message").as_str(),
        Ok("hello")
    );
    assert!(
        begin.elapsed() < Duration::from_secs(1),
        "{:?}",
        begin.elapsed()
    );
    for _ in &silent {
        event(&mut monitor, |kind| {
            matches!(kind, EventKind::HandshakeFailed(_))
        })
        .await;
    }
    assert_eq!(begin.elapsed().as_secs(), 5);
}

/// A transport on which nobody ever answers.
struct Silence;

type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, TransportError>> + Send + 'a>>;

impl Transport for Silence {
    fn scheme(&self) -> &'static str {
        "silence"
    }

    fn check(&self, _endpoint: &Endpoint, _options: &LinkOptions) -> Result<(), TransportError> {
        Ok(())
    }

    fn connect<'a, 'b, 'c, 'd>(
        &'a self,
        _endpoint: &'b Endpoint,
        _options: &'c LinkOptions,
    ) -> Answer<'d, Connection>
    where
        Self: 'd,
        'a: 'd,
        'b: 'd,
        'c: 'd,
    {
        Box::pin(pending())
    }

    fn bind<'a, 'b, 'c, 'd>(
        &'a self,
        _endpoint: &'b Endpoint,
        _options: &'c LinkOptions,
    ) -> Answer<'d, Box<dyn Listener>>
    where
        Self: 'd,
        'a: 'd,
        'b: 'd,
        'c: 'd,
    {
        Box::pin(pending())
    }
}

#[tokio::test(start_paused = true)]
async fn an_attempt_to_connect_ends_in_time_and_is_made_again() {
    let context = Context::builder().transport(Silence).build();
    let options = impatient().connect_timeout(Duration::from_secs(3));
    let push = PushSocket::in_context(&context, options);
    let mut monitor = push.monitor();
    push.connect("silence://all").expect("an endpoint");
    for _ in 0..2 {
        event(&mut monitor, |kind| {
            matches!(kind, EventKind::ConnectFailed(End::ConnectTimeout))
        })
        .await;
        event(&mut monitor, |kind| {
            matches!(kind, EventKind::ConnectRetried(_))
        })
        .await;
    }
}
