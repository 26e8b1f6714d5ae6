//! What a session is told before it begins.

use core::fmt;
use core::time::Duration;

use alloc::boxed::Box;

use bytes::Bytes;

use crate::heartbeat::HeartbeatConfig;
use crate::limits::Limits;
use crate::mechanism::Mechanism;
use crate::metadata::{IDENTITY, InvalidProperty, Metadata, SOCKET_TYPE};
use crate::null::Null;
use crate::socket_type::SocketType;

/// The longest routing id ([RFC 37, The Identity
/// Property](https://rfc.zeromq.org/spec/37/#the-identity-property)).
pub(crate) const MAX_IDENTITY: usize = 255;

/// The settings of one [`Session`](crate::Session).
///
/// ```
/// use core::time::Duration;
/// use zmtp_codec::{Config, HeartbeatConfig, SocketType};
///
/// let config = Config::new(SocketType::Dealer)
///     .identity("worker-7")?
///     .property("X-Zone", "eu")?
///     .heartbeat(HeartbeatConfig::new(Duration::from_secs(5)))
///     .handshake_timeout(Some(Duration::from_secs(10)));
/// # let _ = config;
/// # Ok::<(), zmtp_codec::InvalidConfig>(())
/// ```
pub struct Config {
    socket_type: SocketType,
    identity: Bytes,
    properties: Metadata,
    limits: Limits,
    heartbeat: Option<HeartbeatConfig>,
    handshake_timeout: Option<Duration>,
    mechanism: Box<dyn Mechanism>,
}

/// What a session remembers of its settings.
pub(super) struct Local {
    pub(super) socket_type: SocketType,
    pub(super) identity: Bytes,
    /// What this side says about itself.
    pub(super) metadata: Metadata,
    pub(super) limits: Limits,
    pub(super) heartbeat: Option<HeartbeatConfig>,
}

impl Config {
    /// A socket without routing id and properties, with the default
    /// [`Limits`], no heartbeats of its own, 30 seconds for the handshake, and the
    /// NULL mechanism.
    #[must_use]
    pub fn new(socket_type: SocketType) -> Self {
        Self {
            socket_type,
            identity: Bytes::new(),
            properties: Metadata::new(),
            limits: Limits::default(),
            heartbeat: None,
            handshake_timeout: Some(Duration::from_secs(30)),
            mechanism: Box::new(Null::new()),
        }
    }

    /// The routing id: what a ROUTER calls this socket.
    ///
    /// # Errors
    ///
    /// [`InvalidConfig::IdentityTooLong`] if it has more than 255 bytes.
    pub fn identity(mut self, identity: impl Into<Bytes>) -> Result<Self, InvalidConfig> {
        self.identity = identity.into();
        match self.identity.len() {
            0..=MAX_IDENTITY => Ok(self),
            _ => Err(InvalidConfig::IdentityTooLong),
        }
    }

    /// Adds a property of the application to this side's metadata.
    ///
    /// # Errors
    ///
    /// [`InvalidConfig::Property`] if the name does not begin with `X-`, which
    /// [RFC 37](https://rfc.zeromq.org/spec/37/#connection-metadata) reserves for
    /// applications, or is otherwise [none](Metadata::push).
    pub fn property(mut self, name: &str, value: impl Into<Bytes>) -> Result<Self, InvalidConfig> {
        let prefix = name.get(..2).unwrap_or_default();
        if !prefix.eq_ignore_ascii_case("X-") {
            return Err(InvalidConfig::Property);
        }
        self.properties.push(name, value)?;
        Ok(self)
    }

    /// What the peer may make this side hold.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Asks the peer for signs of life, if its version knows how to give them.
    #[must_use]
    pub fn heartbeat(mut self, heartbeat: HeartbeatConfig) -> Self {
        self.heartbeat = Some(heartbeat);
        self
    }

    /// How long the handshake may take, the authenticator's time included; `None`
    /// for ever.
    #[must_use]
    pub fn handshake_timeout(mut self, timeout: Option<Duration>) -> Self {
        self.handshake_timeout = timeout;
        self
    }

    /// The security mechanism, which must be the peer's as well.
    #[must_use]
    pub fn mechanism(mut self, mechanism: Box<dyn Mechanism>) -> Self {
        self.mechanism = mechanism;
        self
    }

    /// What lasts, the mechanism, and how long the handshake may take.
    pub(super) fn into_parts(self) -> (Local, Box<dyn Mechanism>, Option<Duration>) {
        let frames = self.socket_type.frames().unwrap_or(usize::MAX);
        let local = Local {
            metadata: self.metadata(),
            socket_type: self.socket_type,
            identity: self.identity,
            // RFC 51: a peer that sends messages of several frames MAY be disconnected.
            // libzmq drops the messages, and of a DISH the connection.
            limits: self.limits.frames(self.limits.frames.min(frames)),
            heartbeat: self.heartbeat,
        };
        (local, self.mechanism, self.handshake_timeout)
    }

    /// Exactly these properties in this order, for libzmq's own tests count the bytes.
    fn metadata(&self) -> Metadata {
        let kind = (
            SOCKET_TYPE,
            Bytes::from_static(self.socket_type.name().as_bytes()),
        );
        let identity = (IDENTITY, self.identity.clone());
        let identity = self.socket_type.announces_identity().then_some(identity);
        let mut metadata = Metadata::new();
        metadata.extend([kind].into_iter().chain(identity));
        metadata.extend(
            self.properties
                .iter()
                .map(|(name, value)| (name, value.clone())),
        );
        metadata
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("socket_type", &self.socket_type)
            .field("identity", &self.identity)
            .field("properties", &self.properties)
            .field("limits", &self.limits)
            .field("heartbeat", &self.heartbeat)
            .field("handshake_timeout", &self.handshake_timeout)
            .field("mechanism", &self.mechanism.name())
            .finish()
    }
}

/// A setting that no peer would accept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidConfig {
    /// A routing id has at most 255 bytes.
    IdentityTooLong,
    /// The property's name is not one for applications, or its value is too long.
    Property,
}

impl From<InvalidProperty> for InvalidConfig {
    fn from(_: InvalidProperty) -> Self {
        Self::Property
    }
}

impl fmt::Display for InvalidConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::IdentityTooLong => "a routing id has at most 255 bytes",
            Self::Property => "an application's property is called X-something",
        })
    }
}

impl core::error::Error for InvalidConfig {}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use alloc::vec::Vec;

    fn names(config: &Config) -> Vec<alloc::string::String> {
        config
            .metadata()
            .iter()
            .map(|(name, _)| name.into())
            .collect()
    }

    #[test]
    fn only_those_that_a_router_may_address_say_their_identity() {
        for kind in SocketType::ALL {
            let with_identity = ["Socket-Type", "Identity"];
            let expected = match kind {
                SocketType::Req | SocketType::Dealer | SocketType::Router => &with_identity[..],
                _ => &with_identity[..1],
            };
            assert_eq!(names(&Config::new(kind)), expected, "{kind}");
        }
    }

    #[test]
    fn properties_of_the_application_come_last() {
        let config = Config::new(SocketType::Pub)
            .property("X-b", "1")
            .expect("a legal name");
        let config = config.property("x-a", "2").expect("a legal name");
        assert_eq!(names(&config), ["Socket-Type", "X-b", "x-a"]);
    }

    #[test]
    fn what_no_peer_would_accept_is_an_error() {
        let config = || Config::new(SocketType::Req);
        assert!(config().identity(vec![1; 255]).is_ok());
        assert_eq!(
            config().identity(vec![1; 256]).err(),
            Some(InvalidConfig::IdentityTooLong)
        );
        for name in ["", "X", "Identity", "X-ä", "Ä-", "X- "] {
            let error = config().property(name, "").err();
            assert_eq!(error, Some(InvalidConfig::Property), "{name:?}");
        }
    }
}
