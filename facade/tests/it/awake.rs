//! Connections that stay awake and look for themselves, next to all else they do.

use std::time::Duration;

use ferromq::{DealerSocket, EventKind, HeartbeatConfig, Options, RepSocket, ReqSocket};

use crate::support::{event, impatient, ready};

/// Around what one look takes, and beyond what one read does.
const LENGTHS: &[usize] = &[0, 1, 64, 1014, 1015, 1016, 1024, 5_000, 70_000, 1 << 20];

/// Awake for as long as a test takes.
fn awake() -> Options {
    impatient().busy_poll(Duration::from_secs(3600))
}

async fn asks_and_is_answered(endpoint: &str) {
    let server = RepSocket::with_options(awake());
    let endpoint = server.bind(endpoint).await.expect("a free endpoint");
    // Asleep, so that the server is alone awake on this thread, and looks.
    let client = ReqSocket::with_options(impatient());
    client.connect(endpoint.as_str()).expect("an endpoint");
    for (turn, length) in LENGTHS.iter().cycle().take(50).enumerate() {
        let body: Vec<u8> = (0..*length).map(|at| (at ^ turn) as u8).collect();
        client.send(&body[..]).await.expect("room");
        let request = server.recv().await.expect("a request");
        assert!(request.head() == &body[..], "garbled in turn {turn}");
        server.send(request).await.expect("a peer");
        let answer = client.recv().await.expect("an answer");
        assert!(answer.head() == &body[..], "garbled in turn {turn}");
    }
    server.close().await;
    client.close().await;
}

#[tokio::test]
async fn what_comes_over_tcp_is_whole_whatever_its_length() {
    asks_and_is_answered("tcp://127.0.0.1:*").await;
}

#[cfg(unix)]
#[tokio::test]
async fn what_comes_over_ipc_is_whole_whatever_its_length() {
    asks_and_is_answered("ipc://*").await;
}

#[tokio::test]
async fn the_end_of_a_connection_is_seen() {
    let server = DealerSocket::with_options(awake());
    let mut monitor = server.monitor();
    let endpoint = server.bind("tcp://127.0.0.1:*").await.expect("a port");
    let client = DealerSocket::with_options(impatient());
    client.connect(endpoint.as_str()).expect("an endpoint");
    client.send("awake now").await.expect("room");
    server.recv().await.expect("a message");
    client.close().await;
    let ended = event(&mut monitor, is_end).await;
    assert!(
        matches!(ended, EventKind::Disconnected(end) if end.to_string() == "the peer closed the connection")
    );
}

#[tokio::test]
async fn a_silent_peer_is_given_up() {
    let heartbeat = HeartbeatConfig::new(Duration::from_millis(20));
    let server = DealerSocket::with_options(awake().heartbeat(heartbeat));
    let mut monitor = server.monitor();
    let endpoint = server.bind("tcp://127.0.0.1:*").await.expect("a port");
    let theirs = std::thread::spawn(move || {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().build().expect("a runtime");
        let client = runtime.block_on(async {
            let client = DealerSocket::with_options(impatient());
            let mut monitor = client.monitor();
            client.connect(endpoint.as_str()).expect("an endpoint");
            ready(&mut monitor).await;
            client.send("last words").await.expect("room");
            client
        });
        // From now on nobody runs it, and so nobody answers a PING.
        (runtime, client)
    });
    server.recv().await.expect("a message");
    let ended = event(&mut monitor, is_end).await;
    assert!(matches!(ended, EventKind::Disconnected(end) if end.to_string().contains("silent")));
    let (runtime, client) = theirs.join().expect("the peer's thread");
    drop(client);
    runtime.shutdown_background();
}

fn is_end(kind: &EventKind) -> bool {
    matches!(kind, EventKind::Disconnected(_))
}
