//! What a security mechanism is to a connection.

use alloc::boxed::Box;
use alloc::vec::Vec;

use bytes::{Bytes, BytesMut};

use crate::command::Command;
use crate::error::ProtocolError;
use crate::frame::{Decoded, Frame};
use crate::metadata::Metadata;

/// The handshake of a security mechanism, from the greeting's end to the
/// exchange of metadata.
///
/// A connection hands every command that arrives to
/// [`handle_command`](Self::handle_command) and every answer of the
/// authenticator to [`handle_auth`](Self::handle_auth); after each it sends what
/// the `poll_*` methods have, until [`is_ready`](Self::is_ready) says that both
/// sides are content. Then [`finish`](Self::finish) gives what the peer told
/// about itself and, if messages do not travel as plain frames, the pair that
/// seals and opens them.
///
/// See [RFC 37, Authentication and
/// Confidentiality](https://rfc.zeromq.org/spec/37/#authentication-and-confidentiality).
pub trait Mechanism: Send {
    /// The name in the greeting, at most 20 characters.
    fn name(&self) -> &str;

    /// Whether a peer of a version without mechanisms, ZMTP 1.0 or 2.0, is
    /// welcome.
    ///
    /// Only a mechanism that protects nothing may say so ([RFC 37, Detecting ZMTP
    /// 1.0 and 2.0
    /// Peers](https://rfc.zeromq.org/spec/37/#detecting-zmtp-10-and-20-peers)).
    fn accepts_legacy(&self) -> bool {
        false
    }

    /// Takes a command that the peer sent.
    ///
    /// # Errors
    ///
    /// What the peer did wrong; the connection must end.
    fn handle_command(&mut self, command: Command<'_>) -> Result<(), ProtocolError>;

    /// Takes the authenticator's answer to what [`poll_auth`](Self::poll_auth) asked.
    ///
    /// # Errors
    ///
    /// [`ProtocolError::NotAuthenticated`] if the peer must go. What
    /// [`poll_command`](Self::poll_command) has then is still sent.
    fn handle_auth(&mut self, reply: &AuthReply) -> Result<(), ProtocolError>;

    /// The body of the next command to send, if there is one to send now; `local`
    /// is what this side says about itself.
    #[must_use]
    fn poll_command(&mut self, local: &Metadata) -> Option<Bytes>;

    /// What to ask the authenticator, if it is time for that.
    #[must_use]
    fn poll_auth(&mut self) -> Option<AuthRequest>;

    /// Whether the handshake is complete on both sides.
    fn is_ready(&self) -> bool;

    /// What the handshake has come to, once it is complete.
    fn finish(self: Box<Self>) -> Outcome;
}

/// What a complete handshake leaves behind.
pub struct Outcome {
    /// What the peer says about itself.
    pub metadata: Metadata,
    /// How frames travel from now on; `None` for plain ones.
    pub cipher: Option<(Box<dyn Seal>, Box<dyn Open>)>,
}

/// Turns frames into the form in which they travel.
pub trait Seal: Send {
    /// Appends to `output` what the peer's [`Open`] makes `frame` of.
    fn seal(&mut self, frame: Frame<'_>, output: &mut BytesMut);
}

/// Turns what travels back into frames.
pub trait Open: Send {
    /// Reads what stands for one frame at the front of `input`, and appends that
    /// frame, in ZMTP 2.0's form, to `output`.
    ///
    /// `output` must not grow while the frame is incomplete, nor by more than
    /// what was read.
    ///
    /// # Errors
    ///
    /// [`ProtocolError::FrameTooLarge`] as soon as a frame is known to have a
    /// body of more than `limit` bytes, and whatever else the peer did wrong.
    fn open(
        &mut self,
        input: &[u8],
        limit: u64,
        output: &mut BytesMut,
    ) -> Result<Decoded<()>, ProtocolError>;
}

/// A question to the authenticator: may this peer in?
///
/// It carries what [RFC 27](https://rfc.zeromq.org/spec/27/) (ZAP) wants from the
/// wire; domain, address and routing id are known to who owns the connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthRequest {
    /// The mechanism's name.
    pub mechanism: &'static str,
    /// What the peer shows: nothing for NULL, name and password for PLAIN, the
    /// public key for CURVE.
    pub credentials: Vec<Bytes>,
}

/// The authenticator's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthReply {
    /// Whether the peer may in.
    pub status: AuthStatus,
    /// Who the peer is, if the authenticator knows; it becomes the property
    /// `User-Id` of the peer's metadata.
    pub user_id: Bytes,
    /// What else the authenticator says about the peer; it goes before what the
    /// peer says about itself.
    pub metadata: Metadata,
}

/// An answer's kind, after ZAP's status codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuthStatus {
    /// 200: the peer may in.
    Success,
    /// 300: not now; the peer is dropped without a word and may try again.
    TemporaryError,
    /// 400: never with these credentials; the peer is told.
    AuthenticationFailure,
    /// 500: the authenticator has failed; the peer is told.
    InternalError,
}

impl AuthStatus {
    /// What the peer is told in an ERROR command, if it is told anything.
    ///
    /// libzmq's ERROR carries the ZAP status code as its whole reason.
    #[must_use]
    pub const fn reason(self) -> Option<&'static str> {
        match self {
            Self::Success | Self::TemporaryError => None,
            Self::AuthenticationFailure => Some("400"),
            Self::InternalError => Some("500"),
        }
    }
}
