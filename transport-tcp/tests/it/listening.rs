//! What is TCP's own about listening.

use std::net::TcpListener;

use ferromq_core::{Connection, LinkOptions, Listener, Transport, TransportError};
use ferromq_transport_tcp::{Tcp, TcpOptions};

use crate::{endpoint, with};

async fn bind(at: &str, options: &LinkOptions) -> Box<dyn Listener> {
    let bound = Tcp.bind(&endpoint(at), options).await;
    bound.unwrap_or_else(|error| panic!("{error}"))
}

async fn bind_error(at: &str, options: &LinkOptions) -> TransportError {
    let bound = Tcp.bind(&endpoint(at), options).await;
    bound.err().unwrap_or_else(|| panic!("bound to {at}"))
}

/// Connects, and gives the addresses that each end has of the other.
async fn meet(listener: &dyn Listener, at: &str, options: &LinkOptions) -> (Box<str>, Box<str>) {
    let near = Tcp.connect(&endpoint(at), options).await;
    let far = listener.accept().await;
    match (near, far) {
        (Ok(Connection::Stream(near)), Ok(Connection::Stream(far))) => {
            (near.peer_address, far.peer_address)
        }
        (Err(error), _) | (_, Err(error)) => panic!("{error}"),
        _ => panic!("not a stream"),
    }
}

fn port(listener: &dyn Listener) -> String {
    let address = listener.local_endpoint().address();
    address.rsplit(':').next().unwrap_or_default().into()
}

#[tokio::test]
async fn a_wildcard_becomes_what_it_stands_for() {
    let ipv4 = LinkOptions::default();
    let ipv6 = with(TcpOptions::new().ipv6(true));
    for (at, options, prefix) in [
        ("tcp://*:*", &ipv4, "tcp://0.0.0.0:"),
        ("tcp://*:0", &ipv4, "tcp://0.0.0.0:"),
        ("tcp://0.0.0.0:*", &ipv4, "tcp://0.0.0.0:"),
        ("tcp://127.0.0.1:*", &ipv4, "tcp://127.0.0.1:"),
        ("tcp://localhost:*", &ipv4, "tcp://127.0.0.1:"),
        ("tcp://*:*", &ipv6, "tcp://[::]:"),
        ("tcp://[::]:*", &ipv6, "tcp://[::]:"),
        ("tcp://[::1]:*", &ipv6, "tcp://[::1]:"),
        ("tcp://:::*", &ipv6, "tcp://[::]:"),
        ("tcp://127.0.0.1:*", &ipv6, "tcp://[::ffff:127.0.0.1]:"),
    ] {
        let listener = bind(at, options).await;
        let bound = listener.local_endpoint().as_str();
        let port = bound
            .strip_prefix(prefix)
            .unwrap_or_else(|| panic!("{at} became {bound}"));
        assert_ne!(port.parse::<u16>().expect("a port"), 0);
    }
}

#[tokio::test]
async fn any_address_of_ipv6_takes_ipv4_too() {
    let options = with(TcpOptions::new().ipv6(true));
    let listener = bind("tcp://*:*", &options).await;
    let at = format!("tcp://127.0.0.1:{}", port(&*listener));
    let addresses = meet(&*listener, &at, &LinkOptions::default()).await;
    assert_eq!(addresses, ("127.0.0.1".into(), "::ffff:127.0.0.1".into()));
    let at = format!("tcp://[::1]:{}", port(&*listener));
    let addresses = meet(&*listener, &at, &options).await;
    assert_eq!(addresses, ("::1".into(), "::1".into()));
}

#[tokio::test]
async fn a_port_in_use_is_an_error_whatever_the_interface() {
    let options = LinkOptions::default();
    let listener = bind("tcp://*:*", &options).await;
    let at = format!("tcp://127.0.0.1:{}", port(&*listener));
    let error = bind_error(&at, &options).await;
    assert!(
        matches!(error, TransportError::AddressInUse(_)),
        "{error:?}"
    );
    assert!(error.to_string().starts_with(&at));
}

#[tokio::test]
async fn what_cannot_be_bound_says_why() {
    let options = LinkOptions::default();
    // RFC 5737 and RFC 2606 keep these for documentation and for tests.
    let error = bind_error("tcp://198.51.100.1:*", &options).await;
    assert!(
        matches!(error, TransportError::AddressNotAvailable(_)),
        "{error:?}"
    );
    for at in ["tcp://nosuchinterface0:*", "tcp://ferromq.invalid:*"] {
        let error = bind_error(at, &options).await;
        assert!(
            matches!(error, TransportError::NoSuchInterface(_)),
            "{error:?}"
        );
    }
    for at in ["tcp://*", "tcp://*:x", "tcp://lo:1;*:2", "tcp://[::1]:*"] {
        let error = bind_error(at, &options).await;
        assert!(matches!(error, TransportError::Endpoint(_)), "{error:?}");
    }
}

#[tokio::test]
async fn filters_keep_peers_out() {
    let network = |text: &str| text.parse().expect("a network");
    let out = TcpOptions::new().accept_from(network("127.0.0.255/32"));
    let listener = bind("tcp://127.0.0.1:*", &with(out.clone())).await;
    let options = LinkOptions::default();
    let near = Tcp.connect(listener.local_endpoint(), &options).await;
    let Err(error) = listener.accept().await else {
        panic!("the filter has let a peer in");
    };
    assert!(!error.is_exhaustion());
    assert!(
        error.to_string().contains("ZMQ_TCP_ACCEPT_FILTER"),
        "{error}"
    );
    let Ok(Connection::Stream(mut near)) = near else {
        panic!("the system has kept a peer out");
    };
    let read = tokio::io::AsyncReadExt::read(&mut near.reader, &mut [0]).await;
    assert!(!matches!(read, Ok(1..)), "{read:?}");

    let also_in = out.accept_from(network("127.0.0.0/8"));
    let listener = bind("tcp://127.0.0.1:*", &with(also_in)).await;
    meet(&*listener, listener.local_endpoint().as_str(), &options).await;
}

#[tokio::test]
async fn a_listener_can_be_brought_along() {
    let socket = TcpListener::bind("127.0.0.1:0").expect("a listener");
    let address = socket.local_addr().expect("its address");
    let options = with(TcpOptions::new().listener(socket));
    let listener = bind("tcp://*:*", &options).await;
    assert_eq!(
        listener.local_endpoint().as_str(),
        format!("tcp://{address}")
    );
    meet(
        &*listener,
        listener.local_endpoint().as_str(),
        &LinkOptions::default(),
    )
    .await;
    let other = bind("tcp://127.0.0.1:*", &options).await;
    assert_ne!(other.local_endpoint(), listener.local_endpoint());
    drop(listener);
    drop(TcpListener::bind(address).expect("the port is free again"));
}

/// Linux keeps one more than asked for, and does not answer others.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn so_many_wait_to_be_accepted() {
    use std::net::TcpStream;
    use std::time::Duration;
    for backlog in [1, 4] {
        let options = with(TcpOptions::new().backlog(backlog));
        let listener = bind("tcp://127.0.0.1:*", &options).await;
        let address = listener.local_endpoint().address();
        let address = address.parse().expect("an address");
        // Whoever has room is answered by the system before this returns.
        let patience = Duration::from_millis(500);
        let waiting: Vec<_> = (0..10)
            .map_while(|_| TcpStream::connect_timeout(&address, patience).ok())
            .collect();
        assert_eq!(waiting.len(), backlog as usize + 1);
    }
}

#[tokio::test]
async fn options_out_of_range_are_refused() {
    use std::time::Duration;
    let half = Duration::from_millis(500);
    assert!(TcpOptions::new().keepalive_idle(half).is_err());
    assert!(TcpOptions::new().keepalive_interval(half).is_err());
    assert!(TcpOptions::new().keepalive_count(0).is_err());
    assert!(TcpOptions::new().user_timeout(half / 1000).is_err());
    assert!(
        TcpOptions::new()
            .bind_to_device("a-name-too-long-")
            .is_err()
    );
    assert!(TcpOptions::new().bind_to_device("").is_ok());
}

#[cfg(not(any(target_os = "android", target_os = "linux")))]
#[tokio::test]
async fn what_the_platform_lacks_is_named() {
    let options = TcpOptions::new().bind_to_device("lo0").expect("a name");
    let error = bind_error("tcp://127.0.0.1:*", &with(options)).await;
    assert!(
        matches!(error, TransportError::Unsupported(..)),
        "{error:?}"
    );
}
