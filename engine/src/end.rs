//! How a connection ends.

use std::fmt;
use std::io;
use std::sync::Arc;

use ferromq_core::TransportError;
use zmtp_codec::ProtocolError;

/// Why a connection has ended, or never became one.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum End {
    /// The peer closed it.
    ClosedByPeer,
    /// This side closed it: a disconnect, an unbind, or the socket's end.
    Closed,
    /// This side closed it, and the linger period ended before everything was sent.
    LingerOver,
    /// The peer broke the protocol.
    Protocol(ProtocolError),
    /// The system reported an error.
    Io(Arc<io::Error>),
    /// There was no way to the peer.
    Transport(Arc<TransportError>),
    /// Connecting took longer than the socket's timeout.
    ConnectTimeout,
}

impl End {
    /// Whether this side has not wanted it.
    pub(crate) fn is_unwanted(&self) -> bool {
        !matches!(self, Self::Closed | Self::LingerOver)
    }

    /// Whether nobody listens at the endpoint.
    pub(crate) fn is_refused(&self) -> bool {
        matches!(self, Self::Transport(error) if matches!(**error, TransportError::Refused(_)))
    }

    /// Whether connecting again could help. A peer that breaks the protocol would
    /// break it again ([RFC 37, "Error
    /// Handling"](https://rfc.zeromq.org/spec/37/)); one that is slow or silent
    /// may not. What this platform or this endpoint cannot do it never can.
    pub(crate) fn is_temporary(&self) -> bool {
        match self {
            Self::Closed | Self::LingerOver => false,
            Self::Protocol(error) => matches!(
                error,
                ProtocolError::HandshakeTimeout | ProtocolError::HeartbeatTimeout
            ),
            Self::Transport(error) => !matches!(
                **error,
                TransportError::Unsupported(..)
                    | TransportError::Incompatible(..)
                    | TransportError::Endpoint(_)
                    | TransportError::PathTooLong(_)
            ),
            _ => true,
        }
    }
}

impl From<io::Error> for End {
    fn from(error: io::Error) -> Self {
        Self::Io(Arc::new(error))
    }
}

impl From<ProtocolError> for End {
    fn from(error: ProtocolError) -> Self {
        Self::Protocol(error)
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ClosedByPeer => "the peer closed the connection",
            Self::Closed => "this side closed the connection",
            Self::LingerOver => "this side closed the connection before everything was sent",
            Self::Protocol(error) => return error.fmt(f),
            Self::Io(error) => return error.fmt(f),
            Self::Transport(error) => return error.fmt(f),
            Self::ConnectTimeout => "connecting took too long",
        })
    }
}

impl std::error::Error for End {}
