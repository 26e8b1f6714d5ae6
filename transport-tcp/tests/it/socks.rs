//! Connections by way of a proxy, which is a mock here.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use ferromq_core::{
    Connection, LinkOptions, Listener, OptionError, Stream, Transport, TransportError,
};
use ferromq_transport_tcp::{Tcp, TcpOptions};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::{endpoint, with};

/// What the mock does.
#[derive(Clone)]
struct Script {
    /// It answers a greeting with this, and then reads so many bytes.
    greeting: &'static [u8],
    login: usize,
    /// It answers a login with this.
    verdict: &'static [u8],
    /// It answers a request with this.
    answer: Vec<u8>,
    /// Whether it writes byte by byte.
    drips: bool,
}

fn script() -> Script {
    Script {
        greeting: &[5, 0],
        login: 0,
        verdict: &[],
        answer: vec![5, 0, 0, 1, 1, 2, 3, 4, 5, 6],
        drips: false,
    }
}

impl Script {
    async fn say(&self, client: &mut TcpStream, bytes: &[u8]) {
        let size = if self.drips { 1 } else { bytes.len().max(1) };
        client.set_nodelay(true).expect("TCP_NODELAY");
        for piece in bytes.chunks(size) {
            let _ = client.write_all(piece).await;
            tokio::task::yield_now().await;
        }
    }

    /// Serves one client up to its answer; returns what the client has said.
    async fn serve(self, listener: &TcpListener, request: usize) -> (TcpStream, Vec<u8>) {
        let (mut client, _) = listener.accept().await.expect("a client");
        let mut heard = vec![0; 3];
        client.read_exact(&mut heard).await.expect("a greeting");
        self.say(&mut client, self.greeting).await;
        if self.login > 0 {
            heard.extend(read(&mut client, self.login).await);
            self.say(&mut client, self.verdict).await;
        }
        heard.extend(read(&mut client, request).await);
        self.say(&mut client, &self.answer).await;
        (client, heard)
    }
}

/// Reads so many bytes, or up to the end: a client hangs up on a bad proxy.
async fn read(client: &mut TcpStream, count: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut limited = client.take(count as u64);
    let _ = limited.read_to_end(&mut bytes).await;
    bytes
}

async fn mock() -> (TcpListener, String) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
    let listener = listener.expect("a port");
    let address = listener.local_addr().expect("its address").to_string();
    (listener, address)
}

fn by_way_of(proxy: &str) -> TcpOptions {
    TcpOptions::new().socks_proxy(proxy).expect("an address")
}

async fn connect(options: TcpOptions, to: &str) -> Result<Stream, TransportError> {
    match Tcp.connect(&endpoint(to), &with(options)).await? {
        Connection::Stream(stream) => Ok(stream),
        _ => unreachable!("TCP carries bytes"),
    }
}

/// What a client says to a proxy that does its part, and what comes of it.
async fn exchange(
    script: Script,
    options: impl FnOnce(TcpOptions) -> TcpOptions,
    to: &str,
    request: usize,
) -> (Result<Stream, TransportError>, Vec<u8>) {
    let (listener, proxy) = mock().await;
    let connecting = connect(options(by_way_of(&proxy)), to);
    let (connected, (mut client, heard)) =
        tokio::join!(connecting, script.serve(&listener, request));
    // Who is connected hears what comes behind the answer, and nothing else.
    if let Ok(mut stream) = connected {
        client.write_all(b"behind it").await.expect("a client");
        let mut bytes = [0; 9];
        stream.reader.read_exact(&mut bytes).await.expect("bytes");
        assert_eq!(&bytes, b"behind it");
        return (Ok(stream), heard);
    }
    (connected, heard)
}

#[tokio::test]
async fn a_peer_is_asked_for_by_address_or_by_name() {
    for (to, asked) in [
        ("tcp://10.1.2.3:5555", &b"\x01\x0a\x01\x02\x03\x15\xb3"[..]),
        ("tcp://nowhere.test:80", b"\x03\x0cnowhere.test\x00\x50"),
        (
            "tcp://[fd00::1]:1",
            b"\x04\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\x01",
        ),
    ] {
        for drips in [false, true] {
            let script = Script { drips, ..script() };
            let request = 3 + asked.len();
            let (connected, heard) = exchange(script, |options| options, to, request).await;
            connected.map(drop).expect("a stream");
            assert_eq!(heard, [b"\x05\x01\x00\x05\x01\x00", asked].concat());
        }
    }
}

#[tokio::test]
async fn every_kind_of_address_in_an_answer_is_skipped() {
    for address in [
        [&[1][..], &[0; 6]].concat(),
        [&[3, 0][..], &[0; 2]].concat(),
        [&[3, 5][..], b"proxy", &[0; 2]].concat(),
        [&[3, 255][..], &[b'x'; 255], &[0; 2]].concat(),
        [&[4][..], &[0; 18]].concat(),
    ] {
        for drips in [false, true] {
            let answer = [&[5, 0, 0][..], &address].concat();
            let script = Script {
                answer,
                drips,
                ..script()
            };
            let (connected, _) =
                exchange(script, |options| options, "tcp://10.1.2.3:5555", 10).await;
            connected.map(drop).expect("a stream");
        }
    }
}

#[tokio::test]
async fn a_login_is_given_where_there_is_one() {
    let long = "x".repeat(255);
    for (user, password) in [("me", "secret"), ("me", ""), (&long, &long)] {
        let script = Script {
            greeting: &[5, 2],
            login: 3 + user.len() + password.len(),
            verdict: &[1, 0],
            drips: true,
            ..script()
        };
        let login = |options: TcpOptions| options.socks_login(user, password).expect("a login");
        let (connected, heard) = exchange(script, login, "tcp://10.1.2.3:5555", 10).await;
        connected.map(drop).expect("a stream");
        let mut expected = vec![5, 1, 2, 1, user.len() as u8];
        expected.extend(user.bytes());
        expected.push(password.len() as u8);
        expected.extend(password.bytes());
        assert_eq!(heard[..expected.len()], expected);
    }
    let debug = format!("{:?}", TcpOptions::new().socks_login("me", "secret"));
    assert!(!debug.contains("secret"), "{debug}");
}

#[tokio::test]
async fn what_a_proxy_refuses_is_an_error_that_says_so() {
    let code = |code| Script {
        answer: vec![5, code, 0, 1, 0, 0, 0, 0, 0, 0],
        ..script()
    };
    let greeting = |greeting| Script {
        greeting,
        answer: Vec::new(),
        ..script()
    };
    let answer = |bytes: &[u8]| Script {
        answer: bytes.to_vec(),
        ..script()
    };
    for (script, what) in [
        (code(1), "has failed"),
        (code(2), "rules"),
        (code(3), "network"),
        (code(4), "cannot reach the host"),
        (code(6), "waited too long"),
        (code(7), "does not connect"),
        (code(8), "addresses of this kind"),
        (code(9), "reason"),
        (greeting(&[5, 0xff]), "another login"),
        (greeting(&[5, 2]), "another login"),
        (greeting(&[4, 0]), "does not speak SOCKS5"),
        (
            greeting(b"HTTP/1.1 400 Bad Request"),
            "does not speak SOCKS5",
        ),
        (
            answer(&[4, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
            "does not speak SOCKS5",
        ),
        (
            answer(&[5, 0, 0, 2, 0, 0, 0, 0, 0, 0]),
            "does not speak SOCKS5",
        ),
    ] {
        let (refused, _) = exchange(script, |options| options, "tcp://10.1.2.3:5555", 10).await;
        let error = refused.err().expect(what).to_string();
        assert!(error.contains(what), "{error}");
    }
    let (refused, _) = exchange(code(5), |options| options, "tcp://10.1.2.3:5555", 10).await;
    assert!(matches!(refused.err(), Some(TransportError::Refused(_))));
    let script = Script {
        greeting: &[5, 2],
        login: 11,
        verdict: &[1, 1],
        ..script()
    };
    let login = |options: TcpOptions| options.socks_login("me", "wrong!").expect("a login");
    let (refused, _) = exchange(script, login, "tcp://10.1.2.3:5555", 10).await;
    let error = refused.err().expect("no stream").to_string();
    assert!(error.contains("does not take the login"), "{error}");
}

#[tokio::test]
async fn a_proxy_that_leaves_or_is_not_there_is_not_the_peer() {
    let (listener, proxy) = mock().await;
    let leaving = async {
        let (client, _) = listener.accept().await.expect("a client");
        drop(client);
    };
    let connecting = connect(by_way_of(&proxy), "tcp://10.1.2.3:5555");
    let (refused, ()) = tokio::join!(connecting, leaving);
    assert!(matches!(refused.err(), Some(TransportError::Io(..))));
    drop(listener);
    let refused = connect(by_way_of(&proxy), "tcp://10.1.2.3:5555").await;
    let error = refused.err().expect("no stream").to_string();
    assert!(error.contains("the SOCKS proxy does not listen"), "{error}");
}

#[tokio::test]
async fn a_proxy_that_says_nothing_has_the_time_of_a_handshake() {
    let (listener, proxy) = mock().await;
    let mut link = with(by_way_of(&proxy));
    link.handshake_timeout = Some(Duration::from_millis(10));
    let to = endpoint("tcp://10.1.2.3:5555");
    let (refused, client) = tokio::join!(Tcp.connect(&to, &link), listener.accept());
    let error = refused.err().expect("no stream");
    assert_eq!(error.io_kind(), Some(std::io::ErrorKind::TimedOut));
    assert!(error.to_string().contains("does not answer"), "{error}");
    // It hangs up, too.
    let (mut client, _) = client.expect("a client");
    assert_eq!(read(&mut client, 100).await, b"\x05\x01\x00");
}

#[tokio::test]
async fn bytes_go_both_ways_through_a_proxy() {
    let target = Tcp
        .bind(&endpoint("tcp://127.0.0.1:*"), &LinkOptions::default())
        .await;
    let target: Box<dyn Listener> = target.expect("a port");
    let (listener, proxy) = mock().await;
    let relay = async move {
        let (mut client, heard) = script().serve(&listener, 10).await;
        let port = u16::from_be_bytes([heard[11], heard[12]]);
        let address = SocketAddr::from(([heard[7], heard[8], heard[9], heard[10]], port));
        let mut peer = TcpStream::connect(address).await.expect("the target");
        let _ = tokio::io::copy_bidirectional(&mut client, &mut peer).await;
    };
    tokio::spawn(relay);
    let to = target.local_endpoint().as_str();
    let (near, far) = tokio::join!(connect(by_way_of(&proxy), to), target.accept());
    let mut near = near.expect("a stream");
    let Ok(Connection::Stream(mut far)) = far else {
        panic!("no stream");
    };
    for (from, to) in [
        (&near.writer, &mut far.reader),
        (&far.writer, &mut near.reader),
    ] {
        let piece = std::io::IoSlice::new(b"hello");
        assert_eq!(from.try_write_vectored(&[piece]).expect("room"), 5);
        let mut bytes = [0; 5];
        to.read_exact(&mut bytes).await.expect("bytes");
        assert_eq!(&bytes, b"hello");
    }
}

#[test]
fn what_is_no_proxy_or_login_is_refused() {
    let refused = OptionError::OutOfRange("ZMQ_SOCKS_PROXY");
    for text in [
        "proxy",
        "proxy:port",
        ":1080",
        "127.0.0.1:0;proxy:1080",
        "[::1",
    ] {
        let error = TcpOptions::new().socks_proxy(text).map(drop);
        assert_eq!(error, Err(refused), "{text}");
    }
    for (user, password, name) in [
        ("x".repeat(256), String::new(), "ZMQ_SOCKS_USERNAME"),
        ("me".into(), "x".repeat(256), "ZMQ_SOCKS_PASSWORD"),
    ] {
        let error = TcpOptions::new().socks_login(&user, &password).map(drop);
        assert_eq!(error, Err(OptionError::OutOfRange(name)));
    }
}

#[tokio::test]
async fn without_an_address_there_is_no_proxy() {
    let target = Tcp
        .bind(&endpoint("tcp://127.0.0.1:*"), &LinkOptions::default())
        .await;
    let target = target.expect("a port");
    let options = by_way_of("127.0.0.1:1").socks_proxy("").expect("none");
    let stream = connect(options, target.local_endpoint().as_str()).await;
    stream.map(drop).expect("a stream");
}
