//! Where there are no Unix sockets.

use ferromq_core::{Connection, Endpoint, Listener, TransportError};

use crate::options::IpcOptions;

pub(crate) fn check(endpoint: &Endpoint) -> Result<(), TransportError> {
    Err(unsupported(endpoint))
}

pub(crate) async fn connect(endpoint: &Endpoint) -> Result<Connection, TransportError> {
    Err(unsupported(endpoint))
}

pub(crate) fn bind(
    endpoint: &Endpoint,
    _options: &IpcOptions,
) -> Result<Box<dyn Listener>, TransportError> {
    Err(unsupported(endpoint))
}

fn unsupported(endpoint: &Endpoint) -> TransportError {
    TransportError::Unsupported(endpoint.clone(), "this platform has no ipc://; use tcp://")
}
