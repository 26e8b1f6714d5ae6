//! What a socket can answer, in libzmq's words.

use ferromq::{LinkError, OptionError, RecvError, SendFailure};

/// Why something was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errno {
    /// Not now.
    Again,
    /// Not like this.
    Invalid,
    /// Not this socket.
    Unsupported,
    /// Not to that peer.
    Unreachable,
    /// Something that no scenario provokes: libzmq's number, or 0.
    Other(i32),
}

impl From<SendFailure> for Errno {
    fn from(failure: SendFailure) -> Self {
        match failure {
            SendFailure::WouldBlock | SendFailure::Timeout => Self::Again,
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
            RecvError::Unsupported => Self::Unsupported,
            _ => Self::Other(0),
        }
    }
}

impl From<OptionError> for Errno {
    fn from(error: OptionError) -> Self {
        match error {
            OptionError::Unsupported(_) => Self::Unsupported,
            OptionError::OutOfRange(_) => Self::Invalid,
            _ => Self::Other(0),
        }
    }
}

impl From<LinkError> for Errno {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::NoSuchPeer(_) => Self::Unreachable,
            LinkError::NoNumbers => Self::Unsupported,
            _ => Self::Other(0),
        }
    }
}
