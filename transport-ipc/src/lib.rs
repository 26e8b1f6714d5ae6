//! The `ipc://` transport: between processes of one machine, over Unix sockets.
//!
//! No ZMTP, no reconnection, no tasks: those are the engine's. An endpoint is a
//! path, as in `ipc:///tmp/feed`, or on Linux a name that is no file, as in
//! `ipc://@feed`. A bind to `ipc://*` makes a path of its own, in a folder that
//! only this user may enter and that is removed with the listener.
//!
//! As in libzmq, a bind to a path takes it over from whoever was bound there,
//! and leaves the socket's file behind in the end. A file that is not a socket is
//! never touched. Where there are no Unix sockets everything is
//! [`TransportError::Unsupported`].
//!
//! ```
//! # #[cfg(unix)]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use ferromq_core::{LinkOptions, Transport};
//! use ferromq_transport_ipc::Ipc;
//!
//! let options = LinkOptions::default();
//! let listener = Ipc.bind(&"ipc://*".parse()?, &options).await?;
//! let connected = Ipc.connect(listener.local_endpoint(), &options).await?;
//! let accepted = listener.accept().await?;
//! # Ok(())
//! # }
//! # #[cfg(not(unix))]
//! # fn main() {}
//! ```

#![forbid(unsafe_code)]

#[cfg(not(unix))]
mod elsewhere;
mod options;
#[cfg(unix)]
mod unix;

use async_trait::async_trait;
use ferromq_core::{Connection, Endpoint, LinkOptions, Listener, Transport, TransportError};

#[cfg(not(unix))]
use crate::elsewhere as system;
pub use crate::options::IpcOptions;
#[cfg(unix)]
use crate::unix as system;

/// Unix sockets.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ipc;

/// For sockets that were given no options of this transport.
static DEFAULTS: IpcOptions = IpcOptions::new();

#[async_trait]
impl Transport for Ipc {
    fn scheme(&self) -> &'static str {
        "ipc"
    }

    fn check(&self, endpoint: &Endpoint, _options: &LinkOptions) -> Result<(), TransportError> {
        system::check(endpoint)
    }

    async fn connect(
        &self,
        endpoint: &Endpoint,
        _options: &LinkOptions,
    ) -> Result<Connection, TransportError> {
        system::connect(endpoint).await
    }

    async fn bind(
        &self,
        endpoint: &Endpoint,
        options: &LinkOptions,
    ) -> Result<Box<dyn Listener>, TransportError> {
        let options = options.transport.get().unwrap_or(&DEFAULTS);
        system::bind(endpoint, options)
    }
}
