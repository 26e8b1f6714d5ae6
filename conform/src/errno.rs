//! What a socket can answer, in words that both libraries share.

use ferromq::{EndpointError, LinkError, OptionError, RecvError, SendFailure, TransportError};

/// Why something was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errno {
    /// Not now.
    Again,
    /// Not in this state.
    OutOfTurn,
    /// Not like this.
    Invalid,
    /// Not this socket.
    Unsupported,
    /// Not to that peer.
    Unreachable,
    /// Nothing is bound or connected there.
    NotFound,
    /// Something else is bound there.
    InUse,
    /// There is no such transport.
    UnknownScheme,
    /// Something that no scenario provokes: libzmq's number, or 0.
    Other(i32),
}

impl From<SendFailure> for Errno {
    fn from(failure: SendFailure) -> Self {
        match failure {
            SendFailure::WouldBlock | SendFailure::Timeout => Self::Again,
            SendFailure::OutOfTurn => Self::OutOfTurn,
            SendFailure::Malformed => Self::Invalid,
            SendFailure::Unsupported => Self::Unsupported,
            SendFailure::Unroutable => Self::Unreachable,
            _ => Self::Other(0),
        }
    }
}

impl From<RecvError> for Errno {
    fn from(error: RecvError) -> Self {
        match error {
            RecvError::WouldBlock | RecvError::Timeout => Self::Again,
            RecvError::OutOfTurn => Self::OutOfTurn,
            RecvError::Unsupported => Self::Unsupported,
            _ => Self::Other(0),
        }
    }
}

impl From<OptionError> for Errno {
    fn from(error: OptionError) -> Self {
        match error {
            OptionError::Unsupported(_) => Self::Unsupported,
            OptionError::OutOfRange(_) | OptionError::OutOfTurn(_) => Self::Invalid,
            _ => Self::Other(0),
        }
    }
}

impl From<LinkError> for Errno {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::NoSuchPeer(_) => Self::Unreachable,
            LinkError::NoNumbers => Self::Unsupported,
            LinkError::NotFound(_) => Self::NotFound,
            LinkError::UnknownScheme { .. } => Self::UnknownScheme,
            LinkError::Endpoint(error) => error.into(),
            LinkError::Option(error) => error.into(),
            LinkError::Transport(TransportError::AddressInUse(_)) => Self::InUse,
            LinkError::Transport(TransportError::Endpoint(error)) => error.into(),
            _ => Self::Other(0),
        }
    }
}

impl From<EndpointError> for Errno {
    fn from(_: EndpointError) -> Self {
        Self::Invalid
    }
}
