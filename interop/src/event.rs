//! What happens to a socket's connections, in libzmq's words.

use std::fmt;

use ferromq::{End, EventKind, ProtocolError};

/// An event of a monitor, by libzmq's number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Happening(pub u16);

impl Happening {
    /// `ZMQ_EVENT_CONNECTED`
    pub const CONNECTED: Self = Self(0x0001);
    /// `ZMQ_EVENT_CONNECT_DELAYED`
    pub const CONNECT_DELAYED: Self = Self(0x0002);
    /// `ZMQ_EVENT_CONNECT_RETRIED`
    pub const CONNECT_RETRIED: Self = Self(0x0004);
    /// `ZMQ_EVENT_LISTENING`
    pub const LISTENING: Self = Self(0x0008);
    /// `ZMQ_EVENT_BIND_FAILED`
    pub const BIND_FAILED: Self = Self(0x0010);
    /// `ZMQ_EVENT_ACCEPTED`
    pub const ACCEPTED: Self = Self(0x0020);
    /// `ZMQ_EVENT_ACCEPT_FAILED`
    pub const ACCEPT_FAILED: Self = Self(0x0040);
    /// `ZMQ_EVENT_CLOSED`
    pub const CLOSED: Self = Self(0x0080);
    /// `ZMQ_EVENT_DISCONNECTED`
    pub const DISCONNECTED: Self = Self(0x0200);
    /// `ZMQ_EVENT_MONITOR_STOPPED`
    pub const MONITOR_STOPPED: Self = Self(0x0400);
    /// `ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL`
    pub const HANDSHAKE_FAILED: Self = Self(0x0800);
    /// `ZMQ_EVENT_HANDSHAKE_SUCCEEDED`
    pub const HANDSHAKE_SUCCEEDED: Self = Self(0x1000);
    /// `ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL`
    pub const HANDSHAKE_FAILED_PROTOCOL: Self = Self(0x2000);
}

impl From<&EventKind> for Happening {
    fn from(kind: &EventKind) -> Self {
        match kind {
            EventKind::Listening => Self::LISTENING,
            EventKind::BindFailed(_) => Self::BIND_FAILED,
            EventKind::Accepted => Self::ACCEPTED,
            EventKind::AcceptFailed(_) | EventKind::AcceptRefused => Self::ACCEPT_FAILED,
            EventKind::ConnectDelayed => Self::CONNECT_DELAYED,
            EventKind::Connected => Self::CONNECTED,
            EventKind::ConnectFailed(_) | EventKind::Closed => Self::CLOSED,
            EventKind::ConnectRetried(_) => Self::CONNECT_RETRIED,
            EventKind::HandshakeSucceeded(_) => Self::HANDSHAKE_SUCCEEDED,
            EventKind::HandshakeFailed(End::Protocol(ProtocolError::HandshakeTimeout)) => {
                Self::HANDSHAKE_FAILED
            }
            EventKind::HandshakeFailed(End::Protocol(_)) => Self::HANDSHAKE_FAILED_PROTOCOL,
            EventKind::HandshakeFailed(_) => Self::HANDSHAKE_FAILED,
            EventKind::Disconnected(_) => Self::DISCONNECTED,
            _ => Self(0),
        }
    }
}

impl fmt::Debug for Happening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match *self {
            Self::CONNECTED => "CONNECTED",
            Self::CONNECT_DELAYED => "CONNECT_DELAYED",
            Self::CONNECT_RETRIED => "CONNECT_RETRIED",
            Self::LISTENING => "LISTENING",
            Self::BIND_FAILED => "BIND_FAILED",
            Self::ACCEPTED => "ACCEPTED",
            Self::ACCEPT_FAILED => "ACCEPT_FAILED",
            Self::CLOSED => "CLOSED",
            Self::DISCONNECTED => "DISCONNECTED",
            Self::MONITOR_STOPPED => "MONITOR_STOPPED",
            Self::HANDSHAKE_FAILED => "HANDSHAKE_FAILED_NO_DETAIL",
            Self::HANDSHAKE_SUCCEEDED => "HANDSHAKE_SUCCEEDED",
            Self::HANDSHAKE_FAILED_PROTOCOL => "HANDSHAKE_FAILED_PROTOCOL",
            Self(number) => return write!(f, "event {number:#x}"),
        })
    }
}
