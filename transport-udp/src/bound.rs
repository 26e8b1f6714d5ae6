//! What is bound, before the engine takes it.

use std::future::pending;
use std::net::SocketAddr;

use async_trait::async_trait;
use ferromq_core::{Connection, Endpoint, Listener, Mutex, TransportError};

use crate::address::UdpAddress;
use crate::form::Form;
use crate::link::Link;
use crate::options::UdpOptions;
use crate::{open, resolve};

/// A bound endpoint, and the one link there is until somebody accepts it.
pub(crate) struct Bound {
    endpoint: Endpoint,
    link: Mutex<Option<Link>>,
}

impl Bound {
    pub(crate) async fn bind(
        endpoint: &Endpoint,
        given: &UdpAddress<'_>,
        form: Form,
        options: &UdpOptions,
    ) -> Result<Self, TransportError> {
        let target = resolve::local(endpoint, given, options.ipv6).await?;
        let socket = open::bound(endpoint, &target, options)?;
        let local = socket.local_addr();
        let local = local.map_err(|error| TransportError::from_io(endpoint, error))?;
        // A group is not the address that its members are bound to.
        let address = match target.is_multicast() {
            true => SocketAddr::new(target.address.ip(), local.port()),
            false => local,
        };
        let way = endpoint.address().rfind(';');
        let way = way.and_then(|semicolon| endpoint.address().get(..=semicolon));
        let resolved = format!("{}{address}", way.unwrap_or_default());
        Ok(Self {
            endpoint: Endpoint::new("udp", &resolved),
            link: Mutex::new(Some(Link::new(socket, form, None, options))),
        })
    }
}

#[async_trait]
impl Listener for Bound {
    fn local_endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    async fn accept(&self) -> Result<Connection, TransportError> {
        let link = self.link.lock().take();
        match link {
            Some(link) => Ok(Connection::Datagrams(Box::new(link))),
            None => pending().await,
        }
    }
}
