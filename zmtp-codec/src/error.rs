//! What a peer can do wrong.

use core::fmt;

use alloc::string::String;

use crate::socket_type::SocketType;

/// A peer broke the protocol. The connection must end; nothing else needs to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProtocolError {
    /// The bytes are not a ZMTP greeting.
    NotZmtp,
    /// The peer speaks a version that cannot carry the mechanism this side requires.
    VersionTooOld,
    /// The peer announced another security mechanism than this side's.
    MechanismMismatch,
    /// The peer's handshake has more bytes than the limit.
    HandshakeTooLarge,
    /// The handshake took longer than its deadline.
    HandshakeTimeout,
    /// A command's name or length points beyond its frame, or the content of
    /// a known command does not follow its grammar.
    MalformedCommand,
    /// Metadata that does not follow its grammar.
    MalformedMetadata,
    /// A command that has no place here, or a message before the handshake ended.
    UnexpectedCommand,
    /// The peer named a socket type that does not exist.
    UnknownSocketType,
    /// The peer's socket type may not talk to this socket's.
    IncompatibleSocketType(SocketType),
    /// The peer's routing id is longer than 255 bytes.
    IdentityTooLong,
    /// The peer ended the handshake with an ERROR command, for this reason.
    Refused(String),
    /// This side's authenticator turned the peer away.
    NotAuthenticated,
    /// A frame declares more bytes than the limit.
    FrameTooLarge,
    /// A message has more bytes than the limit.
    MessageTooLarge,
    /// A message has more frames than the limit.
    TooManyFrames,
    /// A frame that its version's grammar does not allow in its place: a length of
    /// zero where the flags octet is counted (ZMTP 1.0), or a routing id that is
    /// not one short frame (ZMTP 2.0).
    MalformedFrame,
    /// The peer was silent for longer than the heartbeat's timeout or its own TTL.
    HeartbeatTimeout,
}

impl fmt::Display for ProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotZmtp => "the peer does not speak ZMTP",
            Self::VersionTooOld => "the peer's ZMTP version has no security mechanisms",
            Self::MechanismMismatch => "the peer requires another security mechanism",
            Self::HandshakeTooLarge => "the peer's handshake is larger than the limit",
            Self::HandshakeTimeout => "the handshake took too long",
            Self::MalformedCommand => "the peer sent a malformed command",
            Self::MalformedMetadata => "the peer sent malformed metadata",
            Self::UnexpectedCommand => "the peer sent a command out of place",
            Self::UnknownSocketType => "the peer names a socket type that does not exist",
            Self::IncompatibleSocketType(kind) => {
                return write!(f, "the peer is a {kind}, which cannot talk to this socket");
            }
            Self::IdentityTooLong => "the peer's routing id is longer than 255 bytes",
            Self::Refused(reason) => {
                return write!(
                    f,
                    "the peer refused the connection: {}",
                    reason.escape_debug()
                );
            }
            Self::NotAuthenticated => "the peer failed to authenticate",
            Self::FrameTooLarge => "the peer sent a frame larger than the limit",
            Self::MessageTooLarge => "the peer sent a message larger than the limit",
            Self::TooManyFrames => "the peer sent a message of more frames than the limit",
            Self::MalformedFrame => "the peer sent a malformed frame",
            Self::HeartbeatTimeout => "the peer was silent for too long",
        })
    }
}

impl core::error::Error for ProtocolError {}
