//! Peers that mean no good, while a good one is served.

use std::time::Duration;

use ferromq::{EventKind, GatherSocket, Limits, Monitor, Options, PullSocket, PushSocket};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::event;

/// A greeting as libzmq sends it, and a READY of a PUSH behind it.
fn push_handshake() -> Vec<u8> {
    let mut bytes = vec![0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 1];
    bytes.extend(b"NULL\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    bytes.resize(64, 0);
    bytes.extend(b"\x04\x1a\x05READY\x0bSocket-Type\0\0\0\x04PUSH");
    bytes
}

/// What came of a connection that sent these bytes.
async fn verdict(monitor: &mut Monitor, address: &str, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.expect("a listener");
    // The other side may end before everything is written.
    let _ = stream.write_all(bytes).await;
    let ended = |kind: &EventKind| {
        matches!(
            kind,
            EventKind::HandshakeFailed(_) | EventKind::Disconnected(_)
        )
    };
    let waiting = async {
        let kind = event(monitor, &ended).await;
        if matches!(kind, EventKind::HandshakeFailed(_)) {
            event(monitor, &ended).await;
        }
        kind
    };
    let kind = tokio::time::timeout(Duration::from_secs(10), waiting).await;
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
    match kind.expect("the connection ends") {
        EventKind::HandshakeFailed(end) => format!("handshake: {end}"),
        EventKind::Disconnected(end) => format!("traffic: {end}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn each_offence_ends_its_connection_and_nothing_else() {
    let limits = Limits::new().frame(1 << 20).frames(8);
    let pull = PullSocket::with_options(Options::new().limits(limits));
    let mut monitor = pull.monitor();
    let endpoint = pull.bind("tcp://127.0.0.1:*").await.expect("a free port");
    let good = PushSocket::new();
    good.connect(endpoint.as_str()).expect("an endpoint");
    let ready = |kind: &EventKind| matches!(kind, EventKind::HandshakeSucceeded(_));
    event(&mut monitor, ready).await;
    let after = |bytes: &[u8]| [&push_handshake()[..], bytes].concat();
    let mut pub_ready = push_handshake();
    pub_ready.truncate(64);
    pub_ready.extend(b"\x04\x19\x05READY\x0bSocket-Type\0\0\0\x03PUB");
    for (bytes, expected) in [
        (
            b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec(),
            "handshake: the peer does not",
        ),
        (
            b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03".to_vec(),
            "handshake: the peer does not",
        ),
        (
            b"SSH-2.0-OpenSSH_9.9\r\n".to_vec(),
            "handshake: the peer does not",
        ),
        (pub_ready, "handshake: the peer is a PUB"),
        (
            after(b"\x02\0\0\0\0\0\x20\0\0"),
            "traffic: the peer sent a frame larger",
        ),
        (
            after(b"\x02\xff\xff\xff\xff\xff\xff\xff\xff"),
            "traffic: the peer sent a frame larger",
        ),
        (
            after(&b"\x01\x01x".repeat(9)),
            "traffic: the peer sent a message of more frames",
        ),
        (
            after(b"\x04\x05\xffREAD"),
            "traffic: the peer sent a malformed command",
        ),
    ] {
        let said = verdict(&mut monitor, endpoint.address(), &bytes).await;
        assert!(said.starts_with(expected), "{said}, not {expected}");
        good.send("still here").await.expect("room");
        let served = tokio::time::timeout(Duration::from_secs(1), pull.recv()).await;
        assert_eq!(
            served.expect("in time").expect("a message").as_str(),
            Ok("still here")
        );
    }
}

#[tokio::test]
async fn the_number_of_half_open_connections_is_bounded() {
    let pull = PullSocket::with_options(Options::new().half_open(16, 8));
    let mut monitor = pull.monitor();
    let endpoint = pull.bind("tcp://127.0.0.1:*").await.expect("a free port");
    let mut silent = Vec::new();
    for _ in 0..8 {
        silent.push(
            TcpStream::connect(endpoint.address())
                .await
                .expect("a listener"),
        );
    }
    let mut refused = TcpStream::connect(endpoint.address())
        .await
        .expect("a listener");
    event(&mut monitor, |kind| {
        matches!(kind, EventKind::AcceptRefused)
    })
    .await;
    assert_eq!(
        refused.read(&mut [0; 64]).await.unwrap_or(0),
        0,
        "the ninth is closed"
    );
    silent.clear();
    let good = PushSocket::new();
    good.connect(endpoint.as_str()).expect("an endpoint");
    good.send("served").await.expect("room");
    assert_eq!(pull.recv().await.expect("a message").as_str(), Ok("served"));
}

#[tokio::test]
async fn nobody_of_many_that_come_at_once_is_refused() {
    const PEERS: usize = 400;
    let pull = PullSocket::new();
    let endpoint = pull.bind("tcp://127.0.0.1:*").await.expect("a free port");
    let mut monitor = pull.monitor();
    let push = PushSocket::new();
    for _ in 0..PEERS {
        push.connect(endpoint.as_str()).expect("an endpoint");
    }
    let mut there = 0;
    while there < PEERS {
        let event = monitor.recv().await.expect("the socket is open");
        there += usize::from(matches!(event.kind, EventKind::HandshakeSucceeded(_)));
        assert!(!matches!(event.kind, EventKind::AcceptRefused));
    }
}

#[tokio::test]
async fn memory_does_not_follow_a_declared_length() {
    let pull = PullSocket::new();
    let endpoint = pull.bind("tcp://127.0.0.1:*").await.expect("a free port");
    let mut monitor = pull.monitor();
    let before = resident();
    let mut liars = Vec::new();
    for _ in 0..50 {
        let mut stream = TcpStream::connect(endpoint.address())
            .await
            .expect("a listener");
        stream.write_all(&push_handshake()).await.expect("room");
        // 200 MiB are declared, some bytes are sent.
        stream
            .write_all(b"\x02\0\0\0\0\x0c\x80\0\0only this")
            .await
            .expect("room");
        liars.push(stream);
    }
    for _ in &liars {
        event(&mut monitor, |kind| {
            matches!(kind, EventKind::HandshakeSucceeded(_))
        })
        .await;
    }
    let good = PushSocket::new();
    good.connect(endpoint.as_str()).expect("an endpoint");
    good.send("served").await.expect("room");
    pull.recv().await.expect("a message");
    // Touched pages count, not reserved ones.
    let grown = resident().saturating_sub(before);
    assert!(grown < 64 << 20, "{} MiB for 50 lies", grown >> 20);
}

/// The process's resident memory in bytes, where the system tells.
fn resident() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse::<usize>().ok());
    pages.unwrap_or(0) * 4096
}

#[tokio::test]
async fn several_frames_end_the_connection_of_a_peer_whose_messages_have_one() {
    let gather = GatherSocket::new();
    let mut monitor = gather.monitor();
    let endpoint = gather.bind("tcp://127.0.0.1:*").await.expect("a free port");
    let address = endpoint.as_str().strip_prefix("tcp://").expect("tcp");
    let mut bytes = push_handshake();
    bytes.truncate(64);
    bytes.extend(b"\x04\x1d\x05READY\x0bSocket-Type\0\0\0\x07SCATTER");
    bytes.extend(b"\0\x03one\x01\x03two\0\x03two");
    let verdict = verdict(&mut monitor, address, &bytes).await;
    let expected = "traffic: the peer sent a message of more frames";
    assert!(verdict.starts_with(expected), "{verdict}");
    assert_eq!(gather.recv().await, Ok("one".into()));
    assert!(gather.try_recv().is_err());
}
