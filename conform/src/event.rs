//! What happens to a socket's connections, in libzmq's words.

use ferromq::{End, EventKind, ProtocolError};

macro_rules! happenings {
    ($($(#[doc = $doc:literal])* $name:ident = $number:literal,)+) => {
        /// An event of a monitor, by libzmq's name and number.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Happening {
            $(#[doc = stringify!($name)] $name,)+
            /// So many messages wait for a peer, and so many from it (PIPES_STATS).
            Queues(u64, u64),
            /// An event that no scenario provokes.
            Other(u64),
        }

        impl From<u64> for Happening {
            fn from(number: u64) -> Self {
                match number {
                    $($number => Self::$name,)+
                    0x1_0000 => Self::Queues(0, 0),
                    other => Self::Other(other),
                }
            }
        }
    };
}

happenings! {
    Connected = 0x0001,
    ConnectDelayed = 0x0002,
    ConnectRetried = 0x0004,
    Listening = 0x0008,
    BindFailed = 0x0010,
    Accepted = 0x0020,
    AcceptFailed = 0x0040,
    Closed = 0x0080,
    Disconnected = 0x0200,
    MonitorStopped = 0x0400,
    HandshakeFailedNoDetail = 0x0800,
    HandshakeSucceeded = 0x1000,
    HandshakeFailedProtocol = 0x2000,
    HandshakeFailedAuth = 0x4000,
}

impl From<&EventKind> for Happening {
    fn from(kind: &EventKind) -> Self {
        match kind {
            EventKind::Listening => Self::Listening,
            EventKind::BindFailed(_) => Self::BindFailed,
            EventKind::Accepted => Self::Accepted,
            EventKind::AcceptFailed(_) | EventKind::AcceptRefused => Self::AcceptFailed,
            EventKind::ConnectDelayed => Self::ConnectDelayed,
            EventKind::Connected => Self::Connected,
            EventKind::ConnectFailed(_) | EventKind::Closed => Self::Closed,
            EventKind::ConnectRetried(_) => Self::ConnectRetried,
            EventKind::HandshakeSucceeded(_) => Self::HandshakeSucceeded,
            EventKind::HandshakeFailed(End::Protocol(ProtocolError::HandshakeTimeout)) => {
                Self::HandshakeFailedNoDetail
            }
            EventKind::HandshakeFailed(End::Protocol(_)) => Self::HandshakeFailedProtocol,
            EventKind::HandshakeFailed(_) => Self::HandshakeFailedNoDetail,
            EventKind::Disconnected(_) => Self::Disconnected,
            EventKind::Queues { outbound, inbound } => {
                Self::Queues(outbound.messages as u64, inbound.messages as u64)
            }
            _ => Self::Other(0),
        }
    }
}
