//! From a place to a connection with whoever is there.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use ferromq_core::place::Place;
use ferromq_core::{Endpoint, TransportError};
use socket2::SockRef;
use tokio::net::TcpStream;

use crate::options::TcpOptions;
use crate::race::first;
use crate::resolve::{self, Names, unmapped};
use crate::tune;

/// Connects to whichever of a place's addresses answers first.
pub(crate) async fn reach(
    names: &impl Names,
    endpoint: &Endpoint,
    options: &TcpOptions,
    source: Option<&Place<'_>>,
    place: &Place<'_>,
) -> Result<(TcpStream, SocketAddr), TransportError> {
    let sources = match source {
        Some(place) => Some(resolve::local(names, endpoint, place, options.ipv6).await?),
        None => None,
    };
    let peers = resolve::peer(names, endpoint, place, options.ipv6).await?;
    let routes = peers.into_iter().filter_map(|peer| match &sources {
        None => Some((None, peer)),
        // A source of the other family can reach no such peer.
        Some(sources) => Some((Some(source_for(peer, sources)?), peer)),
    });
    let connected = first(routes, |(source, peer)| {
        attempt(endpoint, options, source, peer)
    });
    let no_route = || Err(TransportError::AddressNotAvailable(endpoint.clone()));
    connected.await.unwrap_or_else(no_route)
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
    use std::io;
    use std::sync::Mutex;

    use super::*;
    use crate::address::Remote;
    use crate::dial::connect;

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
        Ok(connect(&endpoint, options, None).await?.0)
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

    /// Knows one name, which has other addresses each time.
    struct Moving(Mutex<Vec<Vec<SocketAddr>>>);

    impl Names for Moving {
        async fn lookup(&self, name: &str, _port: u16) -> io::Result<Vec<SocketAddr>> {
            assert_eq!(name, "moving.example");
            Ok(self.0.lock().expect("a lock").remove(0))
        }
    }

    async fn reach_moving(
        names: &Moving,
        options: &TcpOptions,
    ) -> Result<SocketAddr, TransportError> {
        let endpoint = Endpoint::new("tcp", "moving.example:5555");
        let peer = Remote::parse(&endpoint)?.peer;
        let reached = reach(names, &endpoint, options, None, &peer).await?;
        Ok(reached.1)
    }

    #[tokio::test]
    async fn each_attempt_looks_the_name_up_again() {
        let listener = std::net::TcpListener::bind(loopback(0)).expect("a listener");
        let here = listener.local_addr().expect("its address");
        let (options, gone) = (TcpOptions::new(), vacant());
        let names = Moving(Mutex::new(vec![
            vec![gone],
            vec![gone, gone, here],
            vec![here],
        ]));
        let error = reach_moving(&names, &options).await;
        assert!(
            matches!(error, Err(TransportError::Refused(_))),
            "{error:?}"
        );
        for _ in 0..2 {
            assert_eq!(reach_moving(&names, &options).await.expect("a peer"), here);
        }
    }

    #[tokio::test]
    async fn addresses_of_ipv6_are_for_who_wants_them() {
        let listener = std::net::TcpListener::bind(loopback(0)).expect("a listener");
        let here = listener.local_addr().expect("its address");
        // RFC 3849 has these addresses for examples; a network drops what goes there.
        let nowhere: SocketAddr = "[2001:db8::1]:5555".parse().expect("an address");
        let names = Moving(Mutex::new(vec![
            vec![nowhere],
            vec![nowhere, here],
            vec![here, nowhere],
        ]));
        let error = reach_moving(&names, &TcpOptions::new()).await;
        assert!(
            matches!(error, Err(TransportError::NotResolved(..))),
            "{error:?}"
        );
        let found = reach_moving(&names, &TcpOptions::new()).await;
        assert_eq!(found.expect("IPv4 alone"), here);
        let found = reach_moving(&names, &TcpOptions::new().ipv6(true)).await;
        assert_eq!(found.expect("either"), here);
    }
}
