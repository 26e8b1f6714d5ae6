//! One attempt to connect.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use ferromq_core::{Endpoint, TransportError};
use tokio::net::TcpStream;

use crate::address::Remote;
use crate::options::TcpOptions;
use crate::reach::reach;
use crate::resolve::System;
use crate::{socks, tune};

/// Connects to the peer, or to the proxy on the way to it, which then has so much time to
/// connect to the peer.
pub(crate) async fn connect(
    endpoint: &Endpoint,
    options: &TcpOptions,
    patience: Option<Duration>,
) -> Result<(TcpStream, SocketAddr), TransportError> {
    let remote = Remote::parse(endpoint)?;
    tune::check(endpoint, options)?;
    let source = remote.source.as_ref();
    let Some(proxy) = &options.socks_proxy else {
        return reach(&System, endpoint, options, source, &remote.peer).await;
    };
    let place = Remote::parse(proxy)?.peer;
    let reached = reach(&System, proxy, options, source, &place).await;
    let (stream, address) = reached.map_err(|error| match error {
        // That the peer refuses only the proxy can say.
        TransportError::Refused(at) => {
            let message = "the SOCKS proxy does not listen there";
            let error = io::Error::new(io::ErrorKind::ConnectionRefused, message);
            TransportError::Io(at, error)
        }
        error => error,
    })?;
    let login = options.socks_login.as_ref();
    let asking = socks::connect(endpoint, &stream, login, &remote.peer);
    match patience {
        None => asking.await?,
        Some(patience) => tokio::time::timeout(patience, asking)
            .await
            .map_err(|_| silent(endpoint))??,
    }
    Ok((stream, address))
}

fn silent(endpoint: &Endpoint) -> TransportError {
    let message = "the SOCKS proxy does not answer";
    let error = io::Error::new(io::ErrorKind::TimedOut, message);
    TransportError::Io(endpoint.clone(), error)
}

#[cfg(test)]
mod tests {
    use socket2::SockRef;

    use super::*;

    fn loopback(port: u16) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], port))
    }

    async fn connect_to(address: &str, options: &TcpOptions) -> Result<TcpStream, TransportError> {
        let endpoint = Endpoint::new("tcp", address);
        Ok(connect(&endpoint, options, None).await?.0)
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
}
