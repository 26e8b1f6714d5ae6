//! Listeners.

use std::fs;
use std::io;
use std::os::unix::fs::FileTypeExt;
use std::path::Path;

use async_trait::async_trait;
use ferromq_core::{Connection, Endpoint, Listener, TransportError};
use tokio::net::{UnixListener, UnixSocket};

use super::address::Address;
use super::credentials::Credentials;
use super::folder::Folder;
use super::stream::connection;
use crate::options::IpcOptions;

/// A listener, and the folder that was made for it.
pub(crate) struct Bound {
    listener: UnixListener,
    endpoint: Endpoint,
    options: IpcOptions,
    _folder: Option<Folder>,
}

impl Bound {
    pub(crate) fn bind(endpoint: &Endpoint, options: &IpcOptions) -> Result<Self, TransportError> {
        let failed = |error| TransportError::from_io(endpoint, error);
        let given = options.listener.as_ref();
        if let Some(listener) = given.and_then(|given| given.lock().take()) {
            return Self::adopt(listener, endpoint, options).map_err(failed);
        }
        let Some(address) = Address::local(endpoint)? else {
            return Self::bind_anywhere(endpoint, options);
        };
        if address.is_path() {
            remove_socket(address.as_path()).map_err(failed)?;
        }
        let listener = listen(address.as_path(), options).map_err(failed)?;
        Ok(Self {
            listener,
            endpoint: endpoint.clone(),
            options: options.clone(),
            _folder: None,
        })
    }

    fn bind_anywhere(wildcard: &Endpoint, options: &IpcOptions) -> Result<Self, TransportError> {
        let failed = |error| TransportError::from_io(wildcard, error);
        let folder = Folder::new().map_err(failed)?;
        let path = folder.socket();
        let endpoint = Endpoint::new("ipc", &path.to_string_lossy());
        let Some(address) = Address::local(&endpoint)? else {
            return Err(TransportError::NotFound(wildcard.clone()));
        };
        Ok(Self {
            listener: listen(address.as_path(), options).map_err(failed)?,
            endpoint,
            options: options.clone(),
            _folder: Some(folder),
        })
    }

    /// Takes over a socket that the application has made.
    fn adopt(
        listener: std::os::unix::net::UnixListener,
        endpoint: &Endpoint,
        options: &IpcOptions,
    ) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let path = address.as_pathname().and_then(Path::to_str);
        Ok(Self {
            listener: UnixListener::from_std(listener)?,
            endpoint: path.map_or_else(|| endpoint.clone(), |path| Endpoint::new("ipc", path)),
            options: options.clone(),
            _folder: None,
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
        let (stream, _) = self.listener.accept().await.map_err(failed)?;
        let peer = Credentials::of_peer(&stream).map_err(failed)?;
        if !peer.pass(&self.options) {
            let reason = "no filter lets the peer in (ZMQ_IPC_FILTER_UID, _GID, _PID)";
            let error = io::Error::other(reason);
            return Err(TransportError::Io(self.endpoint.clone(), error));
        }
        Ok(connection(stream, peer))
    }
}

/// Removes the socket that was left behind, or is still in use. What is no socket
/// stays, and then the address is in use.
fn remove_socket(path: &Path) -> io::Result<()> {
    let is_socket = fs::symlink_metadata(path).is_ok_and(|file| file.file_type().is_socket());
    if !is_socket {
        return Ok(());
    }
    match fs::remove_file(path) {
        // Somebody else was faster.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

fn listen(path: &Path, options: &IpcOptions) -> io::Result<UnixListener> {
    let socket = UnixSocket::new_stream()?;
    socket.bind(path)?;
    socket.listen(options.backlog)
}
