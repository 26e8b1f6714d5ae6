//! The transport where there are Unix sockets.

mod address;
mod credentials;
mod folder;
mod listen;
mod stream;

use std::io;

use ferromq_core::{Connection, Endpoint, Listener, TransportError};
use tokio::net::UnixSocket;

use self::address::Address;
use self::credentials::Credentials;
use self::listen::Bound;
use crate::options::IpcOptions;

pub(crate) fn check(endpoint: &Endpoint) -> Result<(), TransportError> {
    Address::of_peer(endpoint).map(drop)
}

pub(crate) async fn connect(endpoint: &Endpoint) -> Result<Connection, TransportError> {
    let failed = |error: io::Error| TransportError::from_io(endpoint, error);
    let address = Address::of_peer(endpoint)?;
    let socket = UnixSocket::new_stream().map_err(failed)?;
    let stream = socket.connect(address.as_path()).await.map_err(failed)?;
    let peer = Credentials::of_peer(&stream).map_err(failed)?;
    Ok(stream::connection(stream, peer))
}

pub(crate) fn bind(
    endpoint: &Endpoint,
    options: &IpcOptions,
) -> Result<Box<dyn Listener>, TransportError> {
    Ok(Box::new(Bound::bind(endpoint, options)?))
}
