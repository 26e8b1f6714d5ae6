//! What a session tells.

use bytes::Bytes;

use super::config::MAX_IDENTITY;
use crate::error::ProtocolError;
use crate::mechanism::AuthRequest;
use crate::message::Message;
use crate::metadata::{IDENTITY, Metadata, SOCKET_TYPE, USER_ID};
use crate::socket_type::SocketType;
use crate::version::Version;

/// Something that the peer has done.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// The handshake is complete: messages may follow.
    Ready(Peer),
    /// A message arrived.
    Message(Message),
    /// The peer, a subscriber, wants messages that begin like this; a DISH, messages
    /// of this group.
    Subscribe(Bytes),
    /// The peer wants them no longer.
    Cancel(Bytes),
    /// The authenticator must decide: see
    /// [`handle_auth`](crate::Session::handle_auth).
    Auth(AuthRequest),
}

/// Who is on the other side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    version: Version,
    socket_type: Option<SocketType>,
    identity: Bytes,
    metadata: Metadata,
}

impl Peer {
    /// A peer that speaks no protocol.
    pub(super) fn raw() -> Self {
        Self::legacy(Version::Raw, None, Bytes::new())
    }

    /// A peer of a version without metadata.
    pub(super) fn legacy(
        version: Version,
        socket_type: Option<SocketType>,
        identity: Bytes,
    ) -> Self {
        Self {
            version,
            socket_type,
            identity,
            metadata: Metadata::new(),
        }
    }

    /// A peer that says this about itself to a socket of type `own`.
    ///
    /// A peer that does not say its type is taken, as libzmq takes it: RFC 37
    /// only says that it SHOULD.
    pub(super) fn from_metadata(
        version: Version,
        mut metadata: Metadata,
        own: SocketType,
    ) -> Result<Self, ProtocolError> {
        // Only the authenticator says who a peer is. libzmq believes the peer where
        // there is no authenticator.
        metadata.remove(USER_ID);
        let socket_type = match metadata.get(SOCKET_TYPE) {
            None => None,
            Some(name) => {
                Some(SocketType::from_name(name).ok_or(ProtocolError::UnknownSocketType)?)
            }
        };
        // RFC 37 would have an ERROR command sent; libzmq just closes, and since
        // the peer can see the mismatch as well, so does this.
        if let Some(kind) = socket_type.filter(|kind| !own.is_compatible(*kind)) {
            return Err(ProtocolError::IncompatibleSocketType(kind));
        }
        let identity = metadata.get(IDENTITY).cloned().unwrap_or_default();
        if identity.len() > MAX_IDENTITY {
            return Err(ProtocolError::IdentityTooLong);
        }
        Ok(Self {
            version,
            socket_type,
            identity,
            metadata,
        })
    }

    /// Puts what the authenticator knows before what the peer says, so that it counts.
    pub(super) fn authenticated(mut self, mut known: Metadata) -> Self {
        known.append(self.metadata);
        self.metadata = known;
        self
    }

    /// The version that both sides speak.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// The peer's socket type, if it said one; a ZMTP 1.0 peer cannot.
    #[must_use]
    pub fn socket_type(&self) -> Option<SocketType> {
        self.socket_type
    }

    /// The peer's routing id, up to 255 bytes; empty if it has none.
    #[must_use]
    pub fn identity(&self) -> &Bytes {
        &self.identity
    }

    /// What is known about the peer: first what the authenticator says, then what
    /// the peer says itself. ZMTP 1.0 and 2.0 have no metadata.
    #[must_use]
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }
}
