//! The `tcp://` transport: TCP over IPv4 and IPv6.
//!
//! No ZMTP, no reconnection, no tasks: those are the engine's. A bind is to
//! `tcp://interface:port`, where the interface is an address, a name such as
//! `eth0`, or `*` for all, and the port a number, or `*` for one that is free. A
//! connect is to `tcp://host:port`, or from a source address, as in
//! `tcp://eth1:0;host:port`. Names are resolved anew with each attempt. All
//! their addresses are tried, those of IPv6 first: the next one as soon as one fails, or
//! has been silent for 250 ms, and whoever answers first is the peer.
//!
//! ```
//! use ferromq_core::{Endpoint, LinkOptions, Transport};
//! use ferromq_transport_tcp::{Tcp, TcpOptions};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut options = LinkOptions::default();
//! options.transport.set(TcpOptions::new().backlog(10));
//!
//! let listener = Tcp.bind(&"tcp://127.0.0.1:*".parse()?, &options).await?;
//! let connected = Tcp.connect(listener.local_endpoint(), &options).await?;
//! let accepted = listener.accept().await?;
//! # Ok(())
//! # }
//! ```

#![forbid(unsafe_code)]

mod address;
mod dial;
mod listen;
mod network;
mod options;
mod platform;
mod race;
mod reach;
mod resolve;
mod socks;
mod stream;
mod tune;

use async_trait::async_trait;
use ferromq_core::{Connection, Endpoint, LinkOptions, Listener, Transport, TransportError};

use crate::address::Remote;
use crate::listen::Bound;
pub use crate::network::Network;
pub use crate::options::TcpOptions;
use crate::stream::connection;

/// TCP over IPv4 and, if [`TcpOptions::ipv6`] is on, IPv6.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tcp;

/// For sockets that were given no options of this transport.
static DEFAULTS: TcpOptions = TcpOptions::new();

#[async_trait]
impl Transport for Tcp {
    fn scheme(&self) -> &'static str {
        "tcp"
    }

    fn check(&self, endpoint: &Endpoint, _options: &LinkOptions) -> Result<(), TransportError> {
        Remote::parse(endpoint)?;
        Ok(())
    }

    async fn connect(
        &self,
        endpoint: &Endpoint,
        options: &LinkOptions,
    ) -> Result<Connection, TransportError> {
        let (stream, peer) =
            dial::connect(endpoint, of(options), options.handshake_timeout).await?;
        Ok(connection(stream, peer))
    }

    async fn bind(
        &self,
        endpoint: &Endpoint,
        options: &LinkOptions,
    ) -> Result<Box<dyn Listener>, TransportError> {
        Ok(Box::new(Bound::bind(endpoint, of(options)).await?))
    }
}

fn of(options: &LinkOptions) -> &TcpOptions {
    options.transport.get().unwrap_or(&DEFAULTS)
}
