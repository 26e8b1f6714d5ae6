//! Peers that fall silent, on a paused clock.

use std::time::Duration;

use ferromq::{DealerSocket, EventKind, HeartbeatConfig, PullSocket, PushSocket};
use tokio::time::Instant;

use crate::support::{event, impatient, ready, simulated};

#[tokio::test(start_paused = true)]
async fn a_silent_peer_is_given_up_and_connected_again() {
    let (network, context) = simulated();
    let heartbeat =
        HeartbeatConfig::new(Duration::from_secs(1)).timeout(Some(Duration::from_secs(3)));
    let push = PushSocket::in_context(&context, impatient().heartbeat(heartbeat));
    let mut monitor = push.monitor();
    let pull = PullSocket::in_context(&context, impatient());
    pull.bind("sim://sink").await.expect("a free name");
    push.connect("sim://sink").expect("an endpoint");
    ready(&mut monitor).await;
    let begin = Instant::now();
    network.stall();
    let ended = event(&mut monitor, |kind| {
        matches!(kind, EventKind::Disconnected(_))
    })
    .await;
    let EventKind::Disconnected(end) = ended else {
        unreachable!()
    };
    assert_eq!(end.to_string(), "the peer was silent for too long");
    assert_eq!(
        begin.elapsed().as_secs(),
        4,
        "a second to the PING, three for its answer"
    );
    ready(&mut monitor).await;
    push.send("back").await.expect("room");
    assert_eq!(pull.recv().await.expect("a message").as_str(), Ok("back"));
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_with_heartbeats_stays() {
    let (network, context) = simulated();
    let heartbeat = HeartbeatConfig::new(Duration::from_millis(50));
    let options = || impatient().heartbeat(heartbeat);
    let server = DealerSocket::in_context(&context, options());
    let client = DealerSocket::in_context(&context, options());
    let mut monitor = client.monitor();
    server.bind("sim://server").await.expect("a free name");
    client.connect("sim://server").expect("an endpoint");
    ready(&mut monitor).await;
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert!(monitor.try_recv().is_none(), "nothing happens for a minute");
    assert_eq!(network.attempts(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_cannot_be_read_is_not_taken_for_silent() {
    let (_network, context) = simulated();
    let heartbeat = HeartbeatConfig::new(Duration::from_secs(1));
    let pull = PullSocket::in_context(
        &context,
        impatient().heartbeat(heartbeat).receive_high_water(1),
    );
    let push = PushSocket::in_context(&context, impatient());
    let mut monitor = pull.monitor();
    pull.bind("sim://sink").await.expect("a free name");
    push.connect("sim://sink").expect("an endpoint");
    ready(&mut monitor).await;
    for _ in 0..100 {
        push.send("more than there is room for")
            .await
            .expect("room");
    }
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert!(
        monitor.try_recv().is_none(),
        "the connection stays while its pipe is full"
    );
    for _ in 0..100 {
        pull.recv().await.expect("a message");
    }
}
