//! One attempt to connect.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use ferromq_core::{Endpoint, TransportError};
use socket2::SockRef;
use tokio::net::TcpStream;

use crate::address::{Place, Remote};
use crate::options::TcpOptions;
use crate::resolve::{self, unmapped};
use crate::{socks, tune};

/// Connects to the peer, or to the proxy on the way to it.
pub(crate) async fn connect(
    endpoint: &Endpoint,
    options: &TcpOptions,
) -> Result<(TcpStream, SocketAddr), TransportError> {
    let remote = Remote::parse(endpoint)?;
    tune::check(endpoint, options)?;
    let source = remote.source.as_ref();
    let Some(proxy) = &options.socks_proxy else {
        return reach(endpoint, options, source, &remote.peer).await;
    };
    let place = Remote::parse(proxy)?.peer;
    let reached = reach(proxy, options, source, &place).await;
    let (stream, address) = reached.map_err(|error| match error {
        // That the peer refuses only the proxy can say.
        TransportError::Refused(at) => {
            let message = "the SOCKS proxy does not listen there";
            let error = io::Error::new(io::ErrorKind::ConnectionRefused, message);
            TransportError::Io(at, error)
        }
        error => error,
    })?;
    socks::connect(
        endpoint,
        &stream,
        options.socks_login.as_ref(),
        &remote.peer,
    )
    .await?;
    Ok((stream, address))
}

/// Connects to the first of a place's addresses that takes it.
async fn reach(
    endpoint: &Endpoint,
    options: &TcpOptions,
    source: Option<&Place<'_>>,
    place: &Place<'_>,
) -> Result<(TcpStream, SocketAddr), TransportError> {
    let sources = match source {
        Some(place) => Some(resolve::local(endpoint, place, options.ipv6).await?),
        None => None,
    };
    let mut failure = TransportError::AddressNotAvailable(endpoint.clone());
    for peer in resolve::peer(endpoint, place, options.ipv6).await? {
        let source = match &sources {
            None => None,
            // A source of the other family can reach no such peer.
            Some(sources) => match source_for(peer, sources) {
                None => continue,
                source => source,
            },
        };
        match attempt(endpoint, options, source, peer).await {
            Ok(connected) => return Ok(connected),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

/// The first source that is of the peer's family. `*` is of both.
fn source_for(peer: SocketAddr, sources: &[SocketAddr]) -> Option<SocketAddr> {
    let of_family = |source: &SocketAddr| match (unmapped(*source), peer) {
        (SocketAddr::V6(any), SocketAddr::V4(_)) if any.ip().is_unspecified() => {
            SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), any.port())
        }
        (source, _) => source,
    };
    let mut sources = sources.iter().map(of_family);
    sources.find(|source| source.is_ipv4() == peer.is_ipv4())
}

async fn attempt(
    endpoint: &Endpoint,
    options: &TcpOptions,
    source: Option<SocketAddr>,
    peer: SocketAddr,
) -> Result<(TcpStream, SocketAddr), TransportError> {
    let failed = |error: io::Error| TransportError::from_io(endpoint, error);
    let socket = tune::open(peer, options).map_err(failed)?;
    if let Some(source) = source {
        // One source port may serve connections to several peers.
        socket.set_reuseaddr(true).map_err(failed)?;
        socket.bind(source).map_err(failed)?;
    }
    let stream = socket.connect(peer).await.map_err(failed)?;
    let peer = stream.peer_addr().map_err(failed)?;
    // Where nobody listens at a local port, the system may choose that very port
    // for this end, and TCP connects the socket to itself
    // (RFC 9293, 3.5, simultaneous open).
    if stream.local_addr().map_err(failed)? == peer {
        return Err(TransportError::Refused(endpoint.clone()));
    }
    tune::connected(&SockRef::from(&stream), options).map_err(failed)?;
    Ok((stream, peer))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use socket2::SockRef;

    use super::*;

    fn loopback(port: u16) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], port))
    }

    /// An address that nothing listens at, and that nothing else uses meanwhile.
    fn vacant() -> SocketAddr {
        let host = if cfg!(target_os = "linux") { 77 } else { 1 };
        let socket = std::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, host], 0)));
        let address = socket.and_then(|socket| socket.local_addr());
        address.expect("an address of this machine")
    }

    async fn connect_to(address: &str, options: &TcpOptions) -> Result<TcpStream, TransportError> {
        let endpoint = Endpoint::new("tcp", address);
        Ok(connect(&endpoint, options).await?.0)
    }

    #[tokio::test]
    async fn options_reach_the_socket() {
        let listener = std::net::TcpListener::bind(loopback(0)).expect("a listener");
        let address = listener.local_addr().expect("its address").to_string();
        let options = TcpOptions::new()
            .keepalive(true)
            .keepalive_idle(Duration::from_secs(61))
            .and_then(|options| options.keepalive_interval(Duration::from_secs(7)))
            .and_then(|options| options.keepalive_count(5))
            .expect("options in range")
            .type_of_service(0x28)
            .send_buffer(40_000)
            .receive_buffer(30_000);
        let stream = connect_to(&address, &options).await.expect("a stream");
        let system = SockRef::from(&stream);
        assert!(system.tcp_nodelay().expect("TCP_NODELAY"));
        assert!(system.keepalive().expect("SO_KEEPALIVE"));
        // Windows tells neither.
        #[cfg(not(windows))]
        {
            let idle = system.tcp_keepalive_time().expect("TCP_KEEPIDLE");
            assert_eq!(idle, Duration::from_secs(61));
            let interval = system.tcp_keepalive_interval().expect("TCP_KEEPINTVL");
            assert_eq!(interval, Duration::from_secs(7));
        }
        assert_eq!(system.tcp_keepalive_retries().expect("TCP_KEEPCNT"), 5);
        assert_eq!(system.tos_v4().expect("IP_TOS"), 0x28);
        // Linux reserves as much again for its own use.
        assert!((40_000..=80_000).contains(&system.send_buffer_size().expect("SO_SNDBUF")));
        assert!((30_000..=60_000).contains(&system.recv_buffer_size().expect("SO_RCVBUF")));
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn options_of_linux_reach_the_socket() {
        let listener = std::net::TcpListener::bind(loopback(0)).expect("a listener");
        let address = listener.local_addr().expect("its address").to_string();
        let timeout = Duration::from_millis(2500);
        let options = TcpOptions::new()
            .user_timeout(timeout)
            .and_then(|options| options.bind_to_device("lo"))
            .expect("options in range")
            .type_of_service(0x28)
            .priority(6);
        let stream = connect_to(&address, &options).await.expect("a stream");
        let system = SockRef::from(&stream);
        assert_eq!(
            system.tcp_user_timeout().expect("TCP_USER_TIMEOUT"),
            Some(timeout)
        );
        let device = system.device().expect("SO_BINDTODEVICE");
        assert_eq!(device.as_deref(), Some(&b"lo"[..]));
        assert_eq!(system.priority().expect("SO_PRIORITY"), 6);
        let options = TcpOptions::new().bind_to_device("nosuchdevice0");
        let error = connect_to(&address, &options.expect("a name")).await;
        assert!(matches!(error, Err(TransportError::Io(..))), "{error:?}");
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn busy_polling_is_set_or_needs_a_privilege() {
        let listener = std::net::TcpListener::bind(loopback(0)).expect("a listener");
        let address = listener.local_addr().expect("its address").to_string();
        let options = TcpOptions::new().busy_poll(Duration::from_micros(50));
        match connect_to(&address, &options).await {
            Ok(stream) => {
                let busy_poll = SockRef::from(&stream).busy_poll();
                assert_eq!(busy_poll.expect("SO_BUSY_POLL"), 50);
            }
            Err(error) => assert!(
                matches!(error, TransportError::PermissionDenied(_)),
                "{error:?}"
            ),
        }
    }

    #[tokio::test]
    async fn a_source_address_is_used() {
        let listener = std::net::TcpListener::bind(loopback(0)).expect("a listener");
        let peer = listener.local_addr().expect("its address");
        let source = vacant();
        let text = format!("{source};{peer}");
        let stream = connect_to(&text, &TcpOptions::new())
            .await
            .expect("a stream");
        assert_eq!(stream.local_addr().expect("its address"), source);
        let both = TcpOptions::new().ipv6(true);
        for text in [
            format!("*;{peer}"),
            format!("127.0.0.1;{peer}"),
            format!("[::]:*;{peer}"),
        ] {
            connect_to(&text, &both).await.expect(&text);
        }
        let error = connect_to(&format!("[::1];{peer}"), &both).await;
        assert!(
            matches!(error, Err(TransportError::AddressNotAvailable(_))),
            "{error:?}"
        );
    }

    #[tokio::test]
    async fn a_connection_to_oneself_is_refused() {
        let own = vacant();
        let error = connect_to(&format!("{own};{own}"), &TcpOptions::new()).await;
        assert!(
            matches!(error, Err(TransportError::Refused(_))),
            "{error:?}"
        );
    }

    #[tokio::test]
    async fn every_address_of_a_name_is_tried() {
        // localhost is ::1 too, or 127.0.0.1 twice, where the hosts file has it so.
        let listener = std::net::TcpListener::bind(loopback(0)).expect("a listener");
        let port = listener.local_addr().expect("its address").port();
        let options = TcpOptions::new().ipv6(true);
        let stream = connect_to(&format!("localhost:{port}"), &options).await;
        assert_eq!(
            stream.expect("a stream").peer_addr().expect("its peer"),
            loopback(port)
        );
    }
}
