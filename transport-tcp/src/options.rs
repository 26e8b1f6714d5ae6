//! Options of the wire.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use ferromq_core::{Endpoint, Mutex, OptionError};

use crate::network::Network;
use crate::socks::Login;

/// What the connections of a socket over `tcp://` are set to.
///
/// What is not set stays as the system has it. What this platform lacks fails
/// when it is used, with [`TransportError::Unsupported`] that names it.
///
/// ```
/// use std::time::Duration;
/// use ferromq_transport_tcp::TcpOptions;
///
/// let options = TcpOptions::new()
///     .ipv6(true)
///     .keepalive(true)
///     .keepalive_idle(Duration::from_secs(60))?
///     .accept_from("10.0.0.0/8".parse()?);
/// # Ok::<(), ferromq_core::OptionError>(())
/// ```
///
/// [`TransportError::Unsupported`]: ferromq_core::TransportError::Unsupported
#[derive(Debug, Clone)]
pub struct TcpOptions {
    pub(crate) ipv6: bool,
    pub(crate) backlog: u32,
    pub(crate) keepalive: Option<bool>,
    pub(crate) keepalive_idle: Option<Duration>,
    pub(crate) keepalive_interval: Option<Duration>,
    pub(crate) keepalive_count: Option<u32>,
    pub(crate) user_timeout: Option<Duration>,
    pub(crate) type_of_service: u8,
    pub(crate) priority: u32,
    pub(crate) busy_poll: Duration,
    pub(crate) send_buffer: Option<u32>,
    pub(crate) receive_buffer: Option<u32>,
    pub(crate) device: Option<Box<str>>,
    pub(crate) accept_from: Vec<Network>,
    pub(crate) socks_proxy: Option<Endpoint>,
    pub(crate) socks_login: Option<Login>,
    /// The listener for the next bind; whoever binds first takes it.
    pub(crate) listener: Option<Arc<Mutex<Option<TcpListener>>>>,
}

/// A device's name has to fit into the kernel's `IFNAMSIZ` with a zero behind it.
const DEVICE_LENGTH: usize = 15;

impl TcpOptions {
    /// The defaults, which are those of libzmq.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            ipv6: false,
            backlog: 1024,
            keepalive: None,
            keepalive_idle: None,
            keepalive_interval: None,
            keepalive_count: None,
            user_timeout: None,
            type_of_service: 0,
            priority: 0,
            busy_poll: Duration::ZERO,
            send_buffer: None,
            receive_buffer: None,
            device: None,
            accept_from: Vec::new(),
            socks_proxy: None,
            socks_login: None,
            listener: None,
        }
    }

    /// Whether addresses may be of IPv6. Default no. If so, `*` is `[::]`, which
    /// takes connections of IPv4 too, and names are resolved to both. (`ZMQ_IPV6`)
    #[must_use]
    pub fn ipv6(mut self, ipv6: bool) -> Self {
        self.ipv6 = ipv6;
        self
    }

    /// How many connections the system keeps for a listener that is slow to
    /// accept. Default 1024 (libzmq: 100, which peers that come all at once exceed);
    /// the system may cap it. (`ZMQ_BACKLOG`)
    #[must_use]
    pub fn backlog(mut self, connections: u32) -> Self {
        self.backlog = connections;
        self
    }

    /// Whether the system probes connections that are silent. Default as it is
    /// set to; the other `keepalive` options count only if this one is not absent.
    /// (`ZMQ_TCP_KEEPALIVE`)
    #[must_use]
    pub fn keepalive(mut self, keepalive: impl Into<Option<bool>>) -> Self {
        self.keepalive = keepalive.into();
        self
    }

    /// After how long a silence the first probe goes out, in whole seconds. Default
    /// as the system is set to. (`ZMQ_TCP_KEEPALIVE_IDLE`)
    ///
    /// # Errors
    ///
    /// [`OptionError::OutOfRange`] below a second.
    pub fn keepalive_idle(
        mut self,
        idle: impl Into<Option<Duration>>,
    ) -> Result<Self, OptionError> {
        self.keepalive_idle = seconds(idle.into(), "ZMQ_TCP_KEEPALIVE_IDLE")?;
        Ok(self)
    }

    /// How long after a probe the next one goes out, in whole seconds. Default as
    /// the system is set to. (`ZMQ_TCP_KEEPALIVE_INTVL`)
    ///
    /// # Errors
    ///
    /// [`OptionError::OutOfRange`] below a second.
    pub fn keepalive_interval(
        mut self,
        interval: impl Into<Option<Duration>>,
    ) -> Result<Self, OptionError> {
        self.keepalive_interval = seconds(interval.into(), "ZMQ_TCP_KEEPALIVE_INTVL")?;
        Ok(self)
    }

    /// After how many probes without an answer the connection ends. Default as the
    /// system is set to. (`ZMQ_TCP_KEEPALIVE_CNT`)
    ///
    /// # Errors
    ///
    /// [`OptionError::OutOfRange`] for zero.
    pub fn keepalive_count(mut self, probes: impl Into<Option<u32>>) -> Result<Self, OptionError> {
        self.keepalive_count = probes.into();
        match self.keepalive_count {
            Some(0) => Err(OptionError::OutOfRange("ZMQ_TCP_KEEPALIVE_CNT")),
            _ => Ok(self),
        }
    }

    /// How long sent data may stay unacknowledged before the connection ends, in
    /// whole milliseconds. Default as long as the system retries. (`ZMQ_TCP_MAXRT`)
    ///
    /// # Errors
    ///
    /// [`OptionError::OutOfRange`] below a millisecond.
    pub fn user_timeout(
        mut self,
        timeout: impl Into<Option<Duration>>,
    ) -> Result<Self, OptionError> {
        self.user_timeout = timeout.into();
        match self.user_timeout {
            Some(timeout) if timeout.as_millis() == 0 => {
                Err(OptionError::OutOfRange("ZMQ_TCP_MAXRT"))
            }
            _ => Ok(self),
        }
    }

    /// The type of service, or traffic class, of what is sent. Default 0. (`ZMQ_TOS`)
    #[must_use]
    pub fn type_of_service(mut self, type_of_service: u8) -> Self {
        self.type_of_service = type_of_service;
        self
    }

    /// The priority of what is sent among what leaves this machine; above 6 it takes a
    /// privilege. Default 0, which leaves it to the system. (`ZMQ_PRIORITY`)
    #[must_use]
    pub fn priority(mut self, priority: u32) -> Self {
        self.priority = priority;
        self
    }

    /// How long the system asks the network device itself for what comes, instead of
    /// being told, in whole microseconds; longer than it is set to it takes a
    /// privilege. Default zero, which leaves it to the system. (`ZMQ_BUSY_POLL`)
    #[must_use]
    pub fn busy_poll(mut self, time: Duration) -> Self {
        self.busy_poll = time;
        self
    }

    /// How much the system may hold of what is sent, in bytes. Default as the
    /// system is set to. (`ZMQ_SNDBUF`)
    #[must_use]
    pub fn send_buffer(mut self, bytes: impl Into<Option<u32>>) -> Self {
        self.send_buffer = bytes.into();
        self
    }

    /// How much the system may hold of what is received, in bytes. Default as the
    /// system is set to. (`ZMQ_RCVBUF`)
    #[must_use]
    pub fn receive_buffer(mut self, bytes: impl Into<Option<u32>>) -> Self {
        self.receive_buffer = bytes.into();
        self
    }

    /// The device that everything goes through, whatever the routes are; an empty
    /// name lifts that. Default none. (`ZMQ_BINDTODEVICE`)
    ///
    /// # Errors
    ///
    /// [`OptionError::OutOfRange`] for what no device can be called.
    pub fn bind_to_device(mut self, name: &str) -> Result<Self, OptionError> {
        if name.len() > DEVICE_LENGTH || name.contains(['\0', '/']) {
            return Err(OptionError::OutOfRange("ZMQ_BINDTODEVICE"));
        }
        self.device = Some(name).filter(|name| !name.is_empty()).map(Box::from);
        Ok(self)
    }

    /// Lets in peers of this network, and no others but those of networks that are
    /// named too. Default everybody. (`ZMQ_TCP_ACCEPT_FILTER`)
    #[must_use]
    pub fn accept_from(mut self, network: Network) -> Self {
        self.accept_from.push(network);
        self
    }

    /// Gives the next bind a socket that listens already, whatever the endpoint.
    /// It is used once, by the first of all the clones of these options. Default
    /// none. (`ZMQ_USE_FD`)
    #[must_use]
    pub fn listener(mut self, listener: TcpListener) -> Self {
        self.listener = Some(Arc::new(Mutex::new(Some(listener))));
        self
    }

    /// Whether a peer may come in.
    pub(crate) fn accepts(&self, peer: std::net::IpAddr) -> bool {
        let networks = &self.accept_from;
        networks.is_empty() || networks.iter().any(|network| network.contains(peer))
    }
}

impl Default for TcpOptions {
    fn default() -> Self {
        Self::new()
    }
}

fn seconds(
    duration: Option<Duration>,
    name: &'static str,
) -> Result<Option<Duration>, OptionError> {
    match duration {
        Some(duration) if duration.as_secs() == 0 => Err(OptionError::OutOfRange(name)),
        duration => Ok(duration),
    }
}
