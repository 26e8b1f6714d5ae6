//! What is connected to again, and what never is, on a paused clock.

use std::io::IoSlice;
use std::time::Duration;

use ferromq::{DealerSocket, EventKind, Limits, Options, ReconnectStop, Transport};
use ferromq_compliance::network::Network;
use ferromq_core::{Connection, LinkOptions, Listener, Stream};

use crate::support::{event, impatient, ready, simulated};

const HOUR: Duration = Duration::from_secs(3600);

fn stop() -> ReconnectStop {
    ReconnectStop::new()
}

/// A server that is no engine: it says what it is told to.
async fn server(network: &Network, name: &str) -> Box<dyn Listener> {
    let endpoint = format!("sim://{name}").parse().expect("an endpoint");
    let options = LinkOptions::default();
    network.bind(&endpoint, &options).await.expect("a name")
}

async fn accept(listener: &dyn Listener) -> Stream {
    match listener.accept().await.expect("a connection") {
        Connection::Stream(stream) => stream,
        _ => unreachable!("the network carries bytes"),
    }
}

fn say(stream: &Stream, bytes: &[u8]) {
    let written = stream.writer.try_write_vectored(&[IoSlice::new(bytes)]);
    assert_eq!(written.expect("room"), bytes.len());
}

/// A server that takes connections and does not speak is not there yet, whatever its
/// system says: it is tried ever more seldom, too.
#[tokio::test(start_paused = true)]
async fn a_connection_without_a_handshake_is_a_failure_like_others() {
    let options = impatient()
        .reconnect_interval(Duration::from_secs(1))
        .reconnect_interval_max(Duration::from_secs(100));
    // After 1, 3, 7, 15 and 31 s.
    assert_eq!(attempts(options, b"", false).await, 6);
}

/// The greeting of ZMTP 3.0, with that mechanism.
fn greeting(mechanism: &str) -> Vec<u8> {
    let mut bytes = vec![0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0];
    bytes.extend(mechanism.bytes());
    bytes.resize(64, 0);
    bytes
}

/// A command's frame.
fn command(body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![4, body.len() as u8];
    bytes.extend(body);
    bytes
}

fn ready_as(socket_type: &str) -> Vec<u8> {
    let mut body = b"\x05READY\x0bSocket-Type\0\0\0".to_vec();
    body.push(socket_type.len() as u8);
    body.extend(socket_type.bytes());
    command(&body)
}

/// How often a socket connects to a server that says this and then holds its end,
/// or closes it.
async fn attempts(options: Options, answer: &[u8], hold: bool) -> usize {
    let (network, context) = simulated();
    let listener = server(&network, "odd").await;
    let socket = DealerSocket::in_context(&context, options);
    socket.connect("sim://odd").expect("an endpoint");
    let mut held = Vec::new();
    let served = async {
        loop {
            let stream = accept(&*listener).await;
            say(&stream, answer);
            if hold {
                held.push(stream);
            } else {
                // What was said is to be heard before the end.
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
    };
    let _ = tokio::time::timeout(Duration::from_secs(60), served).await;
    network.attempts()
}

#[tokio::test(start_paused = true)]
async fn who_breaks_the_protocol_is_not_connected_to_again() {
    let null = greeting("NULL");
    let whole = |rest: &[u8]| [&null[..], rest].concat();
    let breaches = [
        ("no greeting", b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()),
        ("another mechanism", greeting("PLAIN")),
        ("another socket type", whole(&ready_as("PUB"))),
        ("no command", whole(&command(b"\x05HELLO"))),
        ("ERROR", whole(&command(b"\x05ERROR\x03400"))),
        (
            "too large a frame",
            whole(&[ready_as("ROUTER"), vec![0, 200]].concat()),
        ),
    ];
    for (what, answer) in breaches {
        for hold in [true, false] {
            let options = impatient().limits(Limits::default().frame(100));
            let attempts = attempts(options, &answer, hold).await;
            assert_eq!(attempts, 1, "{what}, held: {hold}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn who_leaves_or_is_silent_is_connected_to_again() {
    let whole = [greeting("NULL"), ready_as("ROUTER")].concat();
    let options = || impatient().handshake_timeout(Duration::from_secs(5));
    for (what, answer, hold) in [
        ("leaves at once", &[][..], false),
        ("leaves in its greeting", &whole[..20], false),
        ("leaves in its READY", &whole[..70], false),
        ("leaves when ready", &whole[..], false),
        ("is silent", &[][..], true),
        ("is silent in its greeting", &whole[..64], true),
    ] {
        let attempts = attempts(options(), answer, hold).await;
        assert!(attempts > 5, "{what}: {attempts}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_handshake_that_fails_may_end_the_attempts() {
    let whole = [greeting("NULL"), ready_as("ROUTER")].concat();
    let options = || {
        impatient()
            .handshake_timeout(Duration::from_secs(5))
            .reconnect_stop(stop().handshake_failed(true))
    };
    for (what, answer, hold) in [
        ("leaves", &[][..], false),
        ("leaves in its READY", &whole[..70], false),
        ("is silent", &whole[..64], true),
    ] {
        assert_eq!(attempts(options(), answer, hold).await, 1, "{what}");
    }
    let established = attempts(options(), &whole, false).await;
    assert!(established > 5, "{established}");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_may_end_the_attempts_and_lets_the_endpoint_go() {
    let (network, context) = simulated();
    let options = || impatient().reconnect_stop(stop().refused(true));
    let socket = DealerSocket::in_context(&context, options());
    let mut monitor = socket.monitor();
    socket.connect("sim://later").expect("an endpoint");
    let failed = |kind: &EventKind| matches!(kind, EventKind::ConnectFailed(_));
    event(&mut monitor, failed).await;
    tokio::time::sleep(HOUR).await;
    assert!(monitor.try_recv().is_none(), "nothing follows");
    assert_eq!(network.attempts(), 1);
    socket.disconnect("sim://later").expect_err("it was let go");
    let server = DealerSocket::in_context(&context, impatient());
    server.bind("sim://later").await.expect("a free name");
    socket.connect("sim://later").expect("an endpoint");
    ready(&mut monitor).await;
    // What was there and left is tried again, once.
    server.unbind("sim://later").expect("a bound endpoint");
    network.cut();
    event(&mut monitor, failed).await;
    tokio::time::sleep(HOUR).await;
    assert_eq!(network.attempts(), 3);
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_without_reconnection_can_be_connected_to_again() {
    let (network, context) = simulated();
    let socket = DealerSocket::in_context(&context, impatient().reconnect_interval(None));
    let mut monitor = socket.monitor();
    let server = DealerSocket::in_context(&context, impatient());
    server.bind("sim://server").await.expect("a free name");
    for _ in 0..3 {
        socket.connect("sim://server").expect("an endpoint");
        ready(&mut monitor).await;
        network.cut();
        let lost = |kind: &EventKind| matches!(kind, EventKind::Disconnected(_));
        event(&mut monitor, lost).await;
        tokio::time::sleep(HOUR).await;
    }
    assert_eq!(network.attempts(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_breach_keeps_the_endpoint_until_it_is_disconnected() {
    let (network, context) = simulated();
    let listener = server(&network, "odd").await;
    let socket = DealerSocket::in_context(&context, impatient());
    for round in 1..3 {
        socket.connect("sim://odd").expect("an endpoint");
        let stream = accept(&*listener).await;
        say(&stream, b"no greeting");
        tokio::time::sleep(HOUR).await;
        socket.connect("sim://odd").expect("an endpoint");
        tokio::time::sleep(HOUR).await;
        assert_eq!(network.attempts(), round, "it is connected there already");
        socket.disconnect("sim://odd").expect("an endpoint");
    }
}

#[tokio::test(start_paused = true)]
async fn a_disconnect_may_end_the_attempts() {
    for (ends, later) in [(true, 0), (false, 1)] {
        let (network, context) = simulated();
        let options = Options::new().reconnect_stop(stop().after_disconnect(ends));
        let socket = DealerSocket::in_context(&context, options);
        socket.connect("sim://later").expect("an endpoint");
        socket.send("queued").await.expect("room");
        tokio::time::sleep(Duration::from_secs(1)).await;
        socket.disconnect("sim://later").expect("an endpoint");
        let before = network.attempts();
        let server = DealerSocket::in_context(&context, impatient());
        server.bind("sim://later").await.expect("a free name");
        tokio::time::sleep(HOUR).await;
        assert_eq!(network.attempts() - before, later);
        assert_eq!(server.try_recv().is_ok(), !ends);
    }
}
