//! The `tcp://` transport.

#![forbid(unsafe_code)]

mod stream;

use async_trait::async_trait;
use ferromq_core::{Connection, Endpoint, LinkOptions, Listener, Transport, TransportError};
use tokio::net::{TcpListener, TcpStream};

/// TCP over IPv4 and IPv6.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tcp;

struct Bound {
    listener: TcpListener,
    endpoint: Endpoint,
}

#[async_trait]
impl Transport for Tcp {
    fn scheme(&self) -> &'static str {
        "tcp"
    }

    fn check(&self, _endpoint: &Endpoint) -> Result<(), TransportError> {
        Ok(())
    }

    async fn connect(
        &self,
        endpoint: &Endpoint,
        _options: &LinkOptions,
    ) -> Result<Connection, TransportError> {
        let failed = |error| TransportError::from_io(endpoint, error);
        let stream = TcpStream::connect(endpoint.address())
            .await
            .map_err(failed)?;
        stream::connection(stream).map_err(failed)
    }

    async fn bind(
        &self,
        endpoint: &Endpoint,
        _options: &LinkOptions,
    ) -> Result<Box<dyn Listener>, TransportError> {
        let failed = |error| TransportError::from_io(endpoint, error);
        let listener = TcpListener::bind(endpoint.address())
            .await
            .map_err(failed)?;
        let local = listener.local_addr().map_err(failed)?;
        Ok(Box::new(Bound {
            listener,
            endpoint: Endpoint::new("tcp", &local.to_string()),
        }))
    }
}

#[async_trait]
impl Listener for Bound {
    fn local_endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    async fn accept(&self) -> Result<Connection, TransportError> {
        let failed = |error| TransportError::from_io(&self.endpoint, error);
        let (stream, _) = self.listener.accept().await.map_err(failed)?;
        stream::connection(stream).map_err(failed)
    }
}
