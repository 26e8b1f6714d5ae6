//! Listeners.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use async_trait::async_trait;
use ferromq_core::{Connection, Endpoint, Listener, TransportError};
use socket2::SockRef;
use tokio::net::{TcpListener, TcpSocket};

use crate::options::TcpOptions;
use crate::resolve::{self, System, unmapped};
use crate::stream::connection;
use crate::{address, tune};

/// A listener, and what the connections that it accepts are set to.
pub(crate) struct Bound {
    listener: TcpListener,
    endpoint: Endpoint,
    options: TcpOptions,
}

impl Bound {
    /// Listens at the first of the endpoint's addresses where that is possible.
    pub(crate) async fn bind(
        endpoint: &Endpoint,
        options: &TcpOptions,
    ) -> Result<Self, TransportError> {
        let failed = |error| TransportError::from_io(endpoint, error);
        tune::check(endpoint, options)?;
        let given = options.listener.as_ref();
        if let Some(listener) = given.and_then(|given| given.lock().take()) {
            return Self::adopt(listener, options).map_err(failed);
        }
        let place = address::local(endpoint)?;
        let mut failure = TransportError::NoSuchInterface(endpoint.clone());
        for address in resolve::local(&System, endpoint, &place, options.ipv6).await? {
            match listen(address, options).and_then(|listener| Self::new(listener, options)) {
                Ok(bound) => return Ok(bound),
                Err(error) => failure = failed(error),
            }
        }
        Err(failure)
    }

    /// Takes over a socket that the application has made.
    fn adopt(listener: std::net::TcpListener, options: &TcpOptions) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        Self::new(TcpListener::from_std(listener)?, options)
    }

    fn new(listener: TcpListener, options: &TcpOptions) -> io::Result<Self> {
        let address = listener.local_addr()?;
        Ok(Self {
            listener,
            endpoint: Endpoint::new("tcp", &address.to_string()),
            options: options.clone(),
        })
    }
}

#[async_trait]
impl Listener for Bound {
    fn local_endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    async fn accept(&self) -> Result<Connection, TransportError> {
        let failed = |error| TransportError::from_io(&self.endpoint, error);
        let (stream, peer) = self.listener.accept().await.map_err(failed)?;
        if !self.options.accepts(peer.ip()) {
            let reason = "no filter lets the peer in (ZMQ_TCP_ACCEPT_FILTER)";
            return Err(TransportError::Io(
                self.endpoint.clone(),
                io::Error::other(reason),
            ));
        }
        tune::accepted(&SockRef::from(&stream), peer, &self.options).map_err(failed)?;
        Ok(connection(stream, peer))
    }
}

fn listen(address: SocketAddr, options: &TcpOptions) -> io::Result<TcpListener> {
    let (socket, address) = open(address, options)?;
    // On Unix this lets a port be bound again at once after its connections have
    // ended; on Windows it would let two sockets listen at one port.
    socket.set_reuseaddr(cfg!(unix))?;
    socket.bind(address)?;
    socket.listen(tune::at_most_int(options.backlog))
}

/// Opens a socket, of IPv4 where the system has no IPv6 and the address is not
/// one of IPv6 alone.
fn open(address: SocketAddr, options: &TcpOptions) -> io::Result<(TcpSocket, SocketAddr)> {
    let failure = match tune::open(address, options) {
        Ok(socket) => return Ok((socket, address)),
        Err(failure) => failure,
    };
    let ip = match unmapped(address).ip() {
        IpAddr::V4(ip) => ip,
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv4Addr::UNSPECIFIED,
        IpAddr::V6(_) => return Err(failure),
    };
    if address.is_ipv4() {
        return Err(failure);
    }
    let address = SocketAddr::new(ip.into(), address.port());
    Ok((tune::open(address, options)?, address))
}
