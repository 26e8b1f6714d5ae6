//! What a transport is: listeners and connections, chosen by an endpoint's scheme.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use zmtp_codec::SocketType;

use crate::datagrams::Datagrams;
use crate::endpoint::{Endpoint, EndpointError};
use crate::introduction::Introduction;
use crate::pipe::{Conflate, Mark, PipeReader, PipeWriter};
use crate::stream::Stream;

/// A way to reach peers.
///
/// The methods run once per connection; what they give is used without them.
/// `ferromq_compliance::transport` is what every implementation must pass.
#[async_trait]
pub trait Transport: Send + Sync + 'static {
    /// The part in front of `://` in this transport's endpoints.
    fn scheme(&self) -> &'static str;

    /// Checks an endpoint for [`connect`](Self::connect), by its syntax and the options
    /// alone.
    ///
    /// # Errors
    ///
    /// Why [`connect`](Self::connect) could never succeed: what is wrong with the
    /// endpoint and where, what this platform lacks for it, or that it is not for
    /// sockets of that type.
    fn check(&self, endpoint: &Endpoint, options: &LinkOptions) -> Result<(), TransportError>;

    /// Tries once to connect.
    ///
    /// # Errors
    ///
    /// Why not; the engine tries again after a while.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future abandons the attempt and leaves nothing behind.
    async fn connect(
        &self,
        endpoint: &Endpoint,
        options: &LinkOptions,
    ) -> Result<Connection, TransportError>;

    /// Starts to listen. When this returns, peers can connect.
    ///
    /// # Errors
    ///
    /// Why not.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future leaves nothing behind.
    async fn bind(
        &self,
        endpoint: &Endpoint,
        options: &LinkOptions,
    ) -> Result<Box<dyn Listener>, TransportError>;

    /// Whether this transport needs no runtime: its futures never wait, but for
    /// [`accept`](Listener::accept), whose waker outlives it and may be woken
    /// from within a peer's `connect`. The engine then spawns no tasks for it,
    /// and does not connect again what was disconnected.
    fn is_immediate(&self) -> bool {
        false
    }

    /// Whether there are no connections, but one link of [datagrams](Datagrams) for each
    /// endpoint, which nobody has to be at the other end of: a connect makes it, or
    /// the first [`accept`](Listener::accept), which is also the only one that ends.
    /// Such a link tells of no topics or groups, so that publishers send it everything.
    fn is_connectionless(&self) -> bool {
        false
    }
}

/// A bound endpoint. Dropping it stops listening.
#[async_trait]
pub trait Listener: Send + Sync + 'static {
    /// The endpoint as bound, wildcards resolved: a peer can connect to it.
    fn local_endpoint(&self) -> &Endpoint;

    /// Waits for a peer. Returns before anything was exchanged with it.
    ///
    /// # Errors
    ///
    /// Why one connection failed, or all do for the moment
    /// ([`TransportError::is_exhaustion`]); the listener goes on.
    ///
    /// # Cancel safety
    ///
    /// No connection is lost.
    async fn accept(&self) -> Result<Connection, TransportError>;
}

/// A connection to a peer.
pub enum Connection {
    /// Bytes, still to be spoken ZMTP over.
    Stream(Stream),
    /// Messages already, which move by themselves.
    Pipe(Link),
    /// Messages already, for the engine to move.
    Datagrams(Box<dyn Datagrams>),
}

/// A connection to another socket of the process.
pub struct Link {
    /// The way to the peer.
    pub writer: PipeWriter,
    /// What the peer sends.
    pub reader: PipeReader,
    /// What the peer is, once both have met.
    pub introduction: Introduction,
}

/// What a socket wants of a connection, whatever the transport.
#[derive(Debug, Clone, Default)]
pub struct LinkOptions {
    /// The socket's type, for transports that not every type can use; absent where
    /// there is no socket.
    pub socket_type: Option<SocketType>,
    /// The socket's high-water mark for sending to one peer.
    pub send_mark: Mark,
    /// The socket's high-water mark for receiving from one peer.
    pub receive_mark: Mark,
    /// Which messages that wait for a peer a new one replaces.
    pub conflate_sent: Conflate,
    /// Which messages from a peer a new one replaces.
    pub conflate_received: Conflate,
    /// The socket's routing id.
    pub identity: Bytes,
    /// How long a transport may speak with whoever is on the way to a peer, such as a
    /// proxy, before ZMTP's own handshake begins; absent: without an end.
    pub handshake_timeout: Option<Duration>,
    /// How long a message may wait to be sent; absent: without an end.
    pub time_to_live: Option<Duration>,
    /// What belongs to one transport, by the type of its options.
    pub transport: TransportOptions,
}

/// Options of transports, each a type that its transport defines.
#[derive(Clone, Default)]
pub struct TransportOptions(HashMap<TypeId, Arc<dyn Any + Send + Sync>>);

impl TransportOptions {
    /// Sets the options of one transport, instead of any set before.
    pub fn set<T: Any + Send + Sync>(&mut self, options: T) {
        self.0.insert(TypeId::of::<T>(), Arc::new(options));
    }

    /// The options of one transport, if they were set.
    #[must_use]
    pub fn get<T: Any + Send + Sync>(&self) -> Option<&T> {
        self.0
            .get(&TypeId::of::<T>())
            .and_then(|options| options.downcast_ref())
    }
}

impl fmt::Debug for TransportOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TransportOptions({} transports)", self.0.len())
    }
}

/// A transport cannot bind, connect or accept.
#[derive(Debug)]
#[non_exhaustive]
pub enum TransportError {
    /// The endpoint is not one that this transport understands.
    Endpoint(EndpointError),
    /// Something else is bound there (`EADDRINUSE`).
    AddressInUse(Endpoint),
    /// No interface of this machine has that address (`EADDRNOTAVAIL`).
    AddressNotAvailable(Endpoint),
    /// The name does not resolve to an address.
    NotResolved(Endpoint, io::Error),
    /// No interface of this machine has that name (`ENODEV`).
    NoSuchInterface(Endpoint),
    /// The process may not bind or connect there (`EACCES`).
    PermissionDenied(Endpoint),
    /// The path is longer than a socket address can hold (`ENAMETOOLONG`).
    PathTooLong(Endpoint),
    /// The folder of the path does not exist, or nothing listens at the path.
    NotFound(Endpoint),
    /// Nothing listens there (`ECONNREFUSED`).
    Refused(Endpoint),
    /// Sockets of that type do not bind, or connect, there (`ENOCOMPATPROTO`).
    Incompatible(Endpoint, &'static str),
    /// This platform cannot do it.
    Unsupported(Endpoint, &'static str),
    /// Whatever else the system said.
    Io(Endpoint, io::Error),
}

impl TransportError {
    /// Sorts an error of the system by its kind.
    #[must_use]
    pub fn from_io(endpoint: &Endpoint, error: io::Error) -> Self {
        let endpoint = endpoint.clone();
        match error.kind() {
            io::ErrorKind::AddrInUse => Self::AddressInUse(endpoint),
            io::ErrorKind::AddrNotAvailable => Self::AddressNotAvailable(endpoint),
            io::ErrorKind::PermissionDenied => Self::PermissionDenied(endpoint),
            io::ErrorKind::ConnectionRefused => Self::Refused(endpoint),
            io::ErrorKind::NotFound => Self::NotFound(endpoint),
            _ => Self::Io(endpoint, error),
        }
    }

    /// Whether the process has run out of descriptors or memory, so that trying
    /// again at once would fail again.
    #[must_use]
    pub fn is_exhaustion(&self) -> bool {
        // EMFILE, ENFILE, ENOBUFS, ENOMEM on Unix; WSAEMFILE, WSAENOBUFS on Windows.
        #[cfg(unix)]
        const CODES: &[i32] = &[24, 23, 105, 55, 12];
        #[cfg(not(unix))]
        const CODES: &[i32] = &[10024, 10055];
        match self {
            Self::Io(_, error) => {
                error
                    .raw_os_error()
                    .is_some_and(|code| CODES.contains(&code))
                    || error.kind() == io::ErrorKind::OutOfMemory
            }
            _ => false,
        }
    }

    /// The system's error number, where there is one.
    #[must_use]
    pub fn io_kind(&self) -> Option<io::ErrorKind> {
        match self {
            Self::Io(_, error) | Self::NotResolved(_, error) => Some(error.kind()),
            Self::Refused(_) => Some(io::ErrorKind::ConnectionRefused),
            _ => None,
        }
    }
}

impl Clone for TransportError {
    fn clone(&self) -> Self {
        match self {
            Self::Endpoint(error) => Self::Endpoint(error.clone()),
            Self::AddressInUse(at) => Self::AddressInUse(at.clone()),
            Self::AddressNotAvailable(at) => Self::AddressNotAvailable(at.clone()),
            Self::NotResolved(at, error) => Self::NotResolved(at.clone(), copy_of(error)),
            Self::NoSuchInterface(at) => Self::NoSuchInterface(at.clone()),
            Self::PermissionDenied(at) => Self::PermissionDenied(at.clone()),
            Self::PathTooLong(at) => Self::PathTooLong(at.clone()),
            Self::NotFound(at) => Self::NotFound(at.clone()),
            Self::Refused(at) => Self::Refused(at.clone()),
            Self::Incompatible(at, what) => Self::Incompatible(at.clone(), what),
            Self::Unsupported(at, what) => Self::Unsupported(at.clone(), what),
            Self::Io(at, error) => Self::Io(at.clone(), copy_of(error)),
        }
    }
}

/// An error that says the same: the system's cannot be cloned.
fn copy_of(error: &io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => io::Error::new(error.kind(), error.to_string()),
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Endpoint(error) => error.fmt(f),
            Self::AddressInUse(at) => {
                write!(
                    f,
                    "{at} is in use: end the program that is bound there, or bind elsewhere"
                )
            }
            Self::AddressNotAvailable(at) => {
                write!(
                    f,
                    "no interface of this machine has the address of {at}: bind to one that \
                           has, or to * for all"
                )
            }
            Self::NotResolved(at, error) => {
                write!(
                    f,
                    "the host of {at} does not resolve ({error}): check the name"
                )
            }
            Self::NoSuchInterface(at) => {
                write!(f, "no interface of this machine has the name in {at}")
            }
            Self::PermissionDenied(at) => {
                write!(
                    f,
                    "this process may not use {at}: ports below 1024 need a privilege, paths \
                           a writable folder"
                )
            }
            Self::PathTooLong(at) => {
                write!(
                    f,
                    "the path of {at} is too long for a socket address: choose a shorter one"
                )
            }
            Self::NotFound(at) => {
                write!(
                    f,
                    "{at} does not exist: for a bind create the folder, for a connect start \
                           the peer"
                )
            }
            Self::Refused(at) => write!(f, "nothing listens at {at}"),
            Self::Incompatible(at, what) => write!(f, "{at} is not for this socket: {what}"),
            Self::Unsupported(at, what) => write!(f, "{at} cannot be used here: {what}"),
            Self::Io(at, error) => write!(f, "{at}: {error}"),
        }
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(_, error) | Self::NotResolved(_, error) => Some(error),
            _ => None,
        }
    }
}

impl From<EndpointError> for TransportError {
    fn from(error: EndpointError) -> Self {
        Self::Endpoint(error)
    }
}
