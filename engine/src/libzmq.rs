//! Events by libzmq's numbers, for whoever passes them on in its form.

use std::io;
use std::time::Duration;

use ferromq_core::TransportError;
use zmtp_codec::ProtocolError;

use crate::end::End;
use crate::monitor::EventKind;

/// What libzmq tells of an event besides its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventValue {
    /// The connection's descriptor there; nothing here.
    None,
    /// An error, by its kind, and by the system's number if it is the system's.
    Error(io::ErrorKind, Option<i32>),
    /// The time up to the next attempt, in milliseconds there.
    Interval(Duration),
    /// What the peer has done wrong.
    Protocol(ProtocolCode),
    /// With which status the peer's authenticator, or this side's, has refused: 300, 400
    /// or 500.
    Status(u16),
}

/// libzmq's protocol errors (`ZMQ_PROTOCOL_ERROR_*`), with its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u32)]
#[expect(
    missing_docs,
    reason = "they are libzmq's names, which it does not explain"
)]
pub enum ProtocolCode {
    ZmtpUnspecified = 0x1000_0000,
    ZmtpUnexpectedCommand = 0x1000_0001,
    ZmtpInvalidSequence = 0x1000_0002,
    ZmtpKeyExchange = 0x1000_0003,
    ZmtpMalformedCommandUnspecified = 0x1000_0011,
    ZmtpMalformedCommandMessage = 0x1000_0012,
    ZmtpMalformedCommandHello = 0x1000_0013,
    ZmtpMalformedCommandInitiate = 0x1000_0014,
    ZmtpMalformedCommandError = 0x1000_0015,
    ZmtpMalformedCommandReady = 0x1000_0016,
    ZmtpMalformedCommandWelcome = 0x1000_0017,
    ZmtpInvalidMetadata = 0x1000_0018,
    ZmtpCryptographic = 0x1100_0001,
    ZmtpMechanismMismatch = 0x1100_0002,
    ZapUnspecified = 0x2000_0000,
    ZapMalformedReply = 0x2000_0001,
    ZapBadRequestId = 0x2000_0002,
    ZapBadVersion = 0x2000_0003,
    ZapInvalidStatusCode = 0x2000_0004,
    ZapInvalidMetadata = 0x2000_0005,
    WsUnspecified = 0x3000_0000,
}

impl ProtocolCode {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 21] = [
        Self::ZmtpUnspecified,
        Self::ZmtpUnexpectedCommand,
        Self::ZmtpInvalidSequence,
        Self::ZmtpKeyExchange,
        Self::ZmtpMalformedCommandUnspecified,
        Self::ZmtpMalformedCommandMessage,
        Self::ZmtpMalformedCommandHello,
        Self::ZmtpMalformedCommandInitiate,
        Self::ZmtpMalformedCommandError,
        Self::ZmtpMalformedCommandReady,
        Self::ZmtpMalformedCommandWelcome,
        Self::ZmtpInvalidMetadata,
        Self::ZmtpCryptographic,
        Self::ZmtpMechanismMismatch,
        Self::ZapUnspecified,
        Self::ZapMalformedReply,
        Self::ZapBadRequestId,
        Self::ZapBadVersion,
        Self::ZapInvalidStatusCode,
        Self::ZapInvalidMetadata,
        Self::WsUnspecified,
    ];

    /// libzmq's number.
    #[must_use]
    pub const fn number(self) -> u32 {
        self as u32
    }

    /// As what libzmq reports an error of the handshake; nothing for those of which it
    /// only says that the handshake has failed.
    #[must_use]
    pub const fn of(error: &ProtocolError) -> Option<Self> {
        Some(match error {
            ProtocolError::MechanismMismatch => Self::ZmtpMechanismMismatch,
            ProtocolError::MalformedCommand => Self::ZmtpMalformedCommandUnspecified,
            ProtocolError::UnexpectedCommand => Self::ZmtpUnexpectedCommand,
            ProtocolError::MalformedMetadata
            | ProtocolError::UnknownSocketType
            | ProtocolError::IncompatibleSocketType(_)
            | ProtocolError::IdentityTooLong => Self::ZmtpInvalidMetadata,
            ProtocolError::HandshakeTooLarge
            | ProtocolError::FrameTooLarge
            | ProtocolError::MessageTooLarge
            | ProtocolError::TooManyFrames => Self::ZmtpUnspecified,
            _ => return None,
        })
    }
}

impl EventKind {
    /// The number of `ZMQ_EVENT_*`; 0 for an event that libzmq does not have.
    #[must_use]
    pub fn number(&self) -> u64 {
        match self {
            Self::Connected => 0x1,
            Self::ConnectDelayed => 0x2,
            Self::ConnectRetried(_) => 0x4,
            Self::Listening => 0x8,
            Self::BindFailed(_) => 0x10,
            Self::Accepted => 0x20,
            Self::AcceptFailed(_) => 0x40,
            Self::Closed | Self::ConnectFailed(_) => 0x80,
            Self::Disconnected(_) => 0x200,
            Self::HandshakeSucceeded(_) => 0x1000,
            Self::HandshakeFailed(_) => match self.value() {
                EventValue::Protocol(_) => 0x2000,
                EventValue::Status(_) => 0x4000,
                _ => 0x800,
            },
            Self::Queues { .. } => 0x1_0000,
            Self::AcceptRefused | Self::Lost { .. } => 0,
        }
    }

    /// What libzmq tells besides: its event's value, but for descriptors, which are not
    /// told here, and for `ZMQ_EVENT_PIPES_STATS`, whose two values the event has itself.
    #[must_use]
    pub fn value(&self) -> EventValue {
        match self {
            Self::ConnectDelayed => EventValue::Error(io::ErrorKind::WouldBlock, None),
            Self::ConnectRetried(wait) => EventValue::Interval(*wait),
            Self::BindFailed(error) | Self::AcceptFailed(error) => of_transport(error),
            Self::HandshakeFailed(end) => of_handshake(end),
            _ => EventValue::None,
        }
    }
}

fn of_handshake(end: &End) -> EventValue {
    match end {
        End::Protocol(ProtocolError::NotAuthenticated) => EventValue::Status(400),
        End::Protocol(ProtocolError::Refused(reason)) => match reason.as_str() {
            "300" => EventValue::Status(300),
            "400" => EventValue::Status(400),
            "500" => EventValue::Status(500),
            _ => EventValue::Protocol(ProtocolCode::ZmtpUnspecified),
        },
        End::Protocol(ProtocolError::HandshakeTimeout) => {
            EventValue::Error(io::ErrorKind::TimedOut, None)
        }
        End::Protocol(error) => match ProtocolCode::of(error) {
            Some(code) => EventValue::Protocol(code),
            None => EventValue::Error(io::ErrorKind::InvalidData, None),
        },
        End::Io(error) => EventValue::Error(error.kind(), error.raw_os_error()),
        End::Transport(error) => of_transport(error),
        End::ConnectTimeout => EventValue::Error(io::ErrorKind::TimedOut, None),
        End::ClosedByPeer => EventValue::Error(io::ErrorKind::ConnectionReset, None),
        End::Closed | End::LingerOver => EventValue::None,
    }
}

fn of_transport(error: &TransportError) -> EventValue {
    let kind = match error {
        TransportError::Io(_, error) | TransportError::NotResolved(_, error) => {
            return EventValue::Error(error.kind(), error.raw_os_error());
        }
        TransportError::AddressInUse(_) => io::ErrorKind::AddrInUse,
        TransportError::AddressNotAvailable(_) => io::ErrorKind::AddrNotAvailable,
        TransportError::PermissionDenied(_) => io::ErrorKind::PermissionDenied,
        TransportError::NoSuchInterface(_) | TransportError::NotFound(_) => io::ErrorKind::NotFound,
        TransportError::Refused(_) => io::ErrorKind::ConnectionRefused,
        TransportError::Unsupported(..) => io::ErrorKind::Unsupported,
        _ => io::ErrorKind::InvalidInput,
    };
    EventValue::Error(kind, None)
}

#[cfg(test)]
#[path = "libzmq_tests.rs"]
mod tests;
