//! What a caller can be told. A peer's fault is never an error here: it is an
//! event on a [`Monitor`](crate::Monitor).

use std::fmt;

use bytes::Bytes;
use ferromq_core::{
    Endpoint, EndpointError, Message, OptionError, TransportError, TryRecvError, TrySendError,
};

use crate::end::End;

/// What is wrong in a child.
const FORKED: &str = "the socket belongs to the process that this one was forked from";

/// A message was not sent, not even in part. It comes back here.
pub struct SendError {
    message: Message,
    reason: SendFailure,
}

/// Why a message was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SendFailure {
    /// No peer can take it now, and the call was not to wait (`EAGAIN`).
    WouldBlock,
    /// No peer could take it in time (`EAGAIN` after `ZMQ_SNDTIMEO`).
    Timeout,
    /// A ROUTER has no peer of that routing id, or a SERVER or PEER none of that
    /// number (`EHOSTUNREACH`).
    Unroutable,
    /// The pattern does not let one send now (`EFSM`).
    OutOfTurn,
    /// The message lacks frames that the pattern needs, or has too many.
    Malformed,
    /// Sockets of this type only receive (`ENOTSUP`).
    Unsupported,
    /// This process is a child of the one that made the socket, and cannot use it.
    Forked,
    /// The socket is closed (`ENOTSOCK`, `ETERM`).
    Closed,
}

/// No message was received.
///
/// It is as wide as the word of a message that it takes the place of, so that a
/// message is moved in the steps in which it was filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[repr(u32)]
pub enum RecvError {
    /// No message is there, and the call was not to wait (`EAGAIN`).
    WouldBlock,
    /// No message came in time (`EAGAIN` after `ZMQ_RCVTIMEO`).
    Timeout,
    /// The pattern does not let one receive now (`EFSM`).
    OutOfTurn,
    /// Sockets of this type only send (`ENOTSUP`).
    Unsupported,
    /// This process is a child of the one that made the socket, and cannot use it.
    Forked,
    /// The socket is closed (`ENOTSOCK`, `ETERM`).
    Closed,
}

/// What was waited for did not come to be.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum WaitError {
    /// It took longer than the caller would wait.
    Timeout,
    /// It cannot come to be with sockets of this type.
    Unsupported,
    /// The socket does not try any more to connect to this endpoint, because of this:
    /// see [`PeerState::GaveUp`](crate::PeerState::GaveUp).
    GaveUp {
        /// The endpoint.
        endpoint: Endpoint,
        /// How the last attempt has ended.
        end: End,
    },
    /// This process is a child of the one that made the socket, and cannot use it.
    Forked,
    /// The socket is closed.
    Closed,
}

/// A socket cannot bind or connect to an endpoint, or let it go.
#[derive(Debug)]
#[non_exhaustive]
pub enum LinkError {
    /// The text is not an endpoint (`EINVAL`).
    Endpoint(EndpointError),
    /// The socket was given an option that sockets of its type do not have.
    Option(OptionError),
    /// The context has no transport of that scheme (`EPROTONOSUPPORT`).
    UnknownScheme {
        /// The endpoint.
        endpoint: Endpoint,
        /// The schemes there are.
        known: Vec<&'static str>,
    },
    /// The transport cannot do it.
    Transport(TransportError),
    /// The context's threads could not be started.
    System(std::io::Error),
    /// The context has none of the threads that the socket may use (`EMTHREAD`).
    NoThread,
    /// Another peer has the routing id that this one was to have.
    IdTaken(Bytes),
    /// The context has as many sockets as it may have, so many, and this one besides
    /// (`EMFILE`).
    TooManySockets(usize),
    /// Nothing is bound or connected there (`ENOENT`).
    NotFound(Endpoint),
    /// No peer of a SERVER or PEER has that number (`EHOSTUNREACH`).
    NoSuchPeer(u32),
    /// Sockets of this type do not number their peers (`ENOTSUP`).
    NoNumbers,
    /// This process is a child of the one that made the socket, and cannot use it.
    Forked,
    /// The socket is closed (`ENOTSOCK`, `ETERM`).
    Closed,
}

impl SendError {
    pub(crate) fn new(message: Message, reason: SendFailure) -> Self {
        Self { message, reason }
    }

    /// Why the message was not sent.
    #[must_use]
    pub fn reason(&self) -> SendFailure {
        self.reason
    }

    /// The message.
    #[must_use]
    pub fn into_message(self) -> Message {
        self.message
    }
}

impl From<TrySendError> for SendFailure {
    fn from(error: TrySendError) -> Self {
        match error {
            TrySendError::Full => Self::WouldBlock,
            TrySendError::Unroutable => Self::Unroutable,
            TrySendError::OutOfTurn => Self::OutOfTurn,
            TrySendError::Malformed => Self::Malformed,
            _ => Self::Unsupported,
        }
    }
}

impl From<TryRecvError> for RecvError {
    fn from(error: TryRecvError) -> Self {
        match error {
            TryRecvError::Empty => Self::WouldBlock,
            TryRecvError::OutOfTurn => Self::OutOfTurn,
            _ => Self::Unsupported,
        }
    }
}

impl From<EndpointError> for LinkError {
    fn from(error: EndpointError) -> Self {
        Self::Endpoint(error)
    }
}

impl From<TransportError> for LinkError {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::Endpoint(error) => Self::Endpoint(error),
            error => Self::Transport(error),
        }
    }
}

impl fmt::Debug for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SendError").field(&self.reason).finish()
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reason.fmt(f)
    }
}

impl fmt::Display for SendFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WouldBlock => "no peer can take a message now",
            Self::Timeout => "no peer could take the message in time",
            Self::Unroutable => "no peer has that routing id",
            Self::OutOfTurn => "the socket must receive before it sends",
            Self::Malformed => "the message does not have the frames this socket needs",
            Self::Unsupported => "this socket only receives",
            Self::Forked => FORKED,
            Self::Closed => "the socket is closed",
        })
    }
}

impl fmt::Display for RecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WouldBlock => "no message is there",
            Self::Timeout => "no message came in time",
            Self::OutOfTurn => "the socket must send before it receives",
            Self::Unsupported => "this socket only sends",
            Self::Forked => FORKED,
            Self::Closed => "the socket is closed",
        })
    }
}

impl fmt::Display for WaitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Timeout => f.write_str("it did not come to be in time"),
            Self::Unsupported => f.write_str("it cannot come to be with this socket"),
            Self::GaveUp { endpoint, end } => {
                write!(f, "nobody tries any more to connect to {endpoint}: {end}")
            }
            Self::Forked => f.write_str(FORKED),
            Self::Closed => f.write_str("the socket is closed"),
        }
    }
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Endpoint(error) => error.fmt(f),
            Self::UnknownScheme { endpoint, known } => {
                write!(
                    f,
                    "no transport here is called \"{}\", as {endpoint} asks for",
                    endpoint.scheme()
                )?;
                match known.as_slice() {
                    [] => f.write_str(": this context has none"),
                    known => write!(f, ": there is {}", known.join(", ")),
                }
            }
            Self::Option(error) => error.fmt(f),
            Self::Transport(error) => error.fmt(f),
            Self::System(error) => write!(f, "the I/O threads cannot be started: {error}"),
            Self::NoThread => f.write_str("the context has none of the threads of ZMQ_AFFINITY"),
            Self::IdTaken(id) => write!(
                f,
                "another peer has the routing id \"{}\"",
                id.escape_ascii()
            ),
            Self::TooManySockets(limit) => {
                write!(
                    f,
                    "the context already has {limit} sockets, and may have no more"
                )
            }
            Self::NotFound(endpoint) => {
                write!(f, "the socket is not bound or connected to {endpoint}")
            }
            Self::NoSuchPeer(number) => write!(f, "no peer has the number {number}"),
            Self::NoNumbers => f.write_str("this socket does not number its peers"),
            Self::Forked => f.write_str(FORKED),
            Self::Closed => f.write_str("the socket is closed"),
        }
    }
}

impl std::error::Error for SendError {}
impl std::error::Error for SendFailure {}
impl std::error::Error for RecvError {}
impl std::error::Error for WaitError {}

impl std::error::Error for LinkError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Transport(error) => error.source(),
            Self::System(error) => Some(error),
            _ => None,
        }
    }
}
