//! The `udp://` transport: datagrams to one host, to a multicast group or to a whole
//! network, for RADIO, DISH and DGRAM.
//!
//! No ZMTP, no connections, no tasks: a message is one datagram, which may be lost, and
//! the engine moves it. A RADIO connects to `udp://host:port`; a DISH or a DGRAM binds to
//! `udp://interface:port`, where the interface is an address, a name such as `eth0`, or
//! `*` for all. The address of a multicast group stands in either place, and in front of
//! it may be by which interface to go there: `udp://eth0;239.0.0.1:5555`.
//!
//! ```
//! use std::future::poll_fn;
//!
//! use ferromq_core::{Connection, LinkOptions, Message, SocketType, Transport};
//! use ferromq_transport_udp::Udp;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let of = |socket_type| LinkOptions { socket_type: Some(socket_type), ..LinkOptions::default() };
//! let (radio, dish) = (of(SocketType::Radio), of(SocketType::Dish));
//! let bound = Udp.bind(&"udp://127.0.0.1:*".parse()?, &dish).await?;
//! let to = Udp.connect(bound.local_endpoint(), &radio).await?;
//! let (Connection::Datagrams(mut to), Connection::Datagrams(mut from)) = (to, bound.accept().await?)
//! else {
//!     unreachable!("it carries datagrams")
//! };
//! let sent = Message::from_frames(["weather", "sunny"]);
//! poll_fn(|cx| to.poll_send(cx, &sent)).await?;
//! let mut received = Message::new();
//! poll_fn(|cx| from.poll_recv(cx, &mut received)).await?;
//! assert_eq!(received, sent);
//! # Ok(())
//! # }
//! ```

#![forbid(unsafe_code)]

mod address;
mod bound;
mod form;
mod link;
mod open;
mod options;
mod resolve;

use async_trait::async_trait;
use ferromq_core::{
    Connection, Endpoint, LinkOptions, Listener, SocketType, Transport, TransportError,
};

use crate::address::UdpAddress;
use crate::bound::Bound;
use crate::form::Form;
use crate::link::Link;
pub use crate::options::UdpOptions;

/// UDP over IPv4 and, if [`UdpOptions::ipv6`] is on, IPv6.
#[derive(Debug, Clone, Copy, Default)]
pub struct Udp;

/// For sockets that were given no options of this transport.
static DEFAULTS: UdpOptions = UdpOptions::new();

#[async_trait]
impl Transport for Udp {
    fn scheme(&self) -> &'static str {
        "udp"
    }

    fn check(&self, endpoint: &Endpoint, options: &LinkOptions) -> Result<(), TransportError> {
        UdpAddress::of_peer(endpoint)?;
        match options.socket_type {
            Some(SocketType::Radio) => Ok(()),
            _ => Err(incompatible(endpoint, "only a RADIO connects to it")),
        }
    }

    async fn connect(
        &self,
        endpoint: &Endpoint,
        options: &LinkOptions,
    ) -> Result<Connection, TransportError> {
        self.check(endpoint, options)?;
        let options = of(options);
        let given = UdpAddress::of_peer(endpoint)?;
        let target = resolve::remote(endpoint, &given, options.ipv6).await?;
        let socket = open::sending(endpoint, &target, options)?;
        let link = Link::new(socket, Form::Group, Some(target.address), options);
        Ok(Connection::Datagrams(Box::new(link)))
    }

    async fn bind(
        &self,
        endpoint: &Endpoint,
        options: &LinkOptions,
    ) -> Result<Box<dyn Listener>, TransportError> {
        let given = UdpAddress::of_bind(endpoint)?;
        let form = match options.socket_type {
            Some(SocketType::Dish) => Form::Group,
            Some(SocketType::Dgram) => Form::Address,
            _ => return Err(incompatible(endpoint, "only a DISH or a DGRAM binds to it")),
        };
        let bound = Bound::bind(endpoint, &given, form, of(options)).await?;
        Ok(Box::new(bound))
    }

    fn is_connectionless(&self) -> bool {
        true
    }
}

fn of(options: &LinkOptions) -> &UdpOptions {
    options.transport.get().unwrap_or(&DEFAULTS)
}

fn incompatible(endpoint: &Endpoint, reason: &'static str) -> TransportError {
    TransportError::Incompatible(endpoint.clone(), reason)
}
