//! Options of a socket.

mod conflate;
mod messages;
mod reconnect;

use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use ferromq_core::{LinkOptions, Mark, OptionError, SocketType, TransportOptions};
use zmtp_codec::{HeartbeatConfig, Limits};

use self::messages::Messages;
pub(crate) use self::reconnect::Reconnect;
pub use self::reconnect::ReconnectStop;

/// So many connections from one distant address may be in their handshake by default.
const HALF_OPEN_PER_ADDRESS: usize = 64;

/// What a socket is set to, with the defaults of libzmq but for the caps.
///
/// Durations that may be absent are without an end then.
#[derive(Debug, Clone)]
pub struct Options {
    pub(crate) send_high_water: usize,
    pub(crate) receive_high_water: usize,
    pub(crate) send_high_water_bytes: usize,
    pub(crate) receive_high_water_bytes: usize,
    pub(crate) conflate: bool,
    pub(crate) conflate_by_topic: bool,
    pub(crate) immediate: bool,
    pub(crate) affinity: u64,
    pub(crate) routing_id: Bytes,
    /// Absent: as suits the socket's type.
    linger: Option<Option<Duration>>,
    pub(crate) send_timeout: Option<Duration>,
    pub(crate) receive_timeout: Option<Duration>,
    pub(crate) connect_timeout: Option<Duration>,
    pub(crate) handshake_timeout: Option<Duration>,
    pub(crate) reconnect: Reconnect,
    pub(crate) heartbeat: Option<HeartbeatConfig>,
    pub(crate) limits: Limits,
    pub(crate) messages: Messages,
    pub(crate) properties: Vec<(Box<str>, Bytes)>,
    pub(crate) busy_poll: Option<Duration>,
    pub(crate) half_open: usize,
    pub(crate) half_open_per_address: Option<usize>,
    pub(crate) time_to_live: Option<Duration>,
    pub(crate) transport: TransportOptions,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            send_high_water: 1000,
            receive_high_water: 1000,
            send_high_water_bytes: 0,
            receive_high_water_bytes: 0,
            conflate: false,
            conflate_by_topic: false,
            immediate: false,
            affinity: 0,
            routing_id: Bytes::new(),
            linger: None,
            send_timeout: None,
            receive_timeout: None,
            connect_timeout: None,
            handshake_timeout: Some(Duration::from_secs(30)),
            reconnect: Reconnect::new(),
            heartbeat: None,
            limits: Limits::default(),
            messages: Messages::default(),
            properties: Vec::new(),
            busy_poll: None,
            half_open: 1024,
            half_open_per_address: None,
            time_to_live: None,
            transport: TransportOptions::default(),
        }
    }
}

impl Options {
    /// The defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many messages wait at the most for one peer; 0 is no limit. Default
    /// 1000. (`ZMQ_SNDHWM`)
    #[must_use]
    pub fn send_high_water(mut self, messages: usize) -> Self {
        self.send_high_water = messages;
        self
    }

    /// How many messages from one peer wait at the most; 0 is no limit. Default
    /// 1000. (`ZMQ_RCVHWM`)
    #[must_use]
    pub fn receive_high_water(mut self, messages: usize) -> Self {
        self.receive_high_water = messages;
        self
    }

    /// How many bytes wait for one peer before it gets no more; 0 is no limit, and the
    /// default. It stands beside [`send_high_water`](Self::send_high_water): a peer is full
    /// when one of the two is reached. libzmq has no such option.
    ///
    /// Bytes are counted as they are on a wire, two to nine per frame more than its body.
    /// The message that reaches the limit is queued whole, so that one of any size can be
    /// sent, and at the most this much and one message waits.
    #[must_use]
    pub fn send_high_water_bytes(mut self, bytes: usize) -> Self {
        self.send_high_water_bytes = bytes;
        self
    }

    /// How many bytes from one peer wait before no more are read from it; 0 is no limit,
    /// and the default. It stands beside [`receive_high_water`](Self::receive_high_water),
    /// as [`send_high_water_bytes`](Self::send_high_water_bytes) does beside its own. What
    /// one read has brought, 128 KiB at the most or one message, is kept whole.
    #[must_use]
    pub fn receive_high_water_bytes(mut self, bytes: usize) -> Self {
        self.receive_high_water_bytes = bytes;
        self
    }

    /// Whether messages are queued only for peers that are there, not for those
    /// still connecting. Default no. (`ZMQ_IMMEDIATE`)
    #[must_use]
    pub fn immediate(mut self, immediate: bool) -> Self {
        self.immediate = immediate;
        self
    }

    /// Which of the context's I/O threads the socket may use: bit 0 is the first. The
    /// first bind or connect chooses one. Default 0, which is any. What is bound or
    /// connected runs where the socket was made if that was inside a runtime: such a
    /// socket refuses this. (`ZMQ_AFFINITY`)
    #[must_use]
    pub fn affinity(mut self, threads: u64) -> Self {
        self.affinity = threads;
        self
    }

    /// The name by which a ROUTER addresses this socket: 1 to 255 bytes. Default
    /// none: the ROUTER makes one up. (`ZMQ_ROUTING_ID`)
    ///
    /// # Errors
    ///
    /// [`OptionError::OutOfRange`] for an empty id or one that is too long.
    pub fn routing_id(mut self, id: impl Into<Bytes>) -> Result<Self, OptionError> {
        let id = id.into();
        if id.is_empty() || id.len() > 255 {
            return Err(OptionError::OutOfRange("ZMQ_ROUTING_ID"));
        }
        self.routing_id = id;
        Ok(self)
    }

    /// How long a closed socket or connection goes on sending what is queued.
    /// Default without an end; not at all for SUB, XSUB and DISH, which then have no use
    /// for what they have asked for. (`ZMQ_LINGER`)
    #[must_use]
    pub fn linger(mut self, linger: impl Into<Option<Duration>>) -> Self {
        self.linger = Some(linger.into());
        self
    }

    /// How long a send waits at the most. Default without an end. (`ZMQ_SNDTIMEO`)
    #[must_use]
    pub fn send_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.send_timeout = timeout.into();
        self
    }

    /// How long a receive waits at the most. Default without an end. (`ZMQ_RCVTIMEO`)
    #[must_use]
    pub fn receive_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.receive_timeout = timeout.into();
        self
    }

    /// How long one attempt to connect may take as a whole: looking a name up, and
    /// trying all its addresses. Default as long as the system tries.
    /// (`ZMQ_CONNECT_TIMEOUT`)
    #[must_use]
    pub fn connect_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.connect_timeout = timeout.into();
        self
    }

    /// How long a handshake may take, from the connection to the last command; and,
    /// before it, one with a SOCKS proxy. Default 30 s. (`ZMQ_HANDSHAKE_IVL`)
    #[must_use]
    pub fn handshake_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.handshake_timeout = timeout.into();
        self
    }

    /// Heartbeats. Default none. (`ZMQ_HEARTBEAT_IVL`, `_TIMEOUT`, `_TTL`)
    #[must_use]
    pub fn heartbeat(mut self, heartbeat: impl Into<Option<HeartbeatConfig>>) -> Self {
        self.heartbeat = heartbeat.into();
        self
    }

    /// What one peer may make this side hold. (`ZMQ_MAXMSGSIZE` and more)
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// For how long after traffic a connection keeps its thread awake, looking for
    /// more: what comes meanwhile is seen at once, where a sleeping thread has to be
    /// woken by the system. It takes all of a CPU for that time, and nothing once
    /// the connection is idle.
    ///
    /// By default, `None`, a connection on the application's own current-thread runtime
    /// learns it: where both ends take turns with one message each it stays awake for up
    /// to 50 µs, the first time for up to 400 µs, if that has paid lately, and no other
    /// connection of its thread is awake. With both ends on one CPU, or an end that takes
    /// longer, it soon tries only once in 4,096 turns. Zero is never.
    ///
    /// A connection that alone is awake on its thread asks its socket itself (over tcp
    /// and ipc), for some five microseconds in a row; other tasks of the thread, timers
    /// and other connections have their turn in between. Of several that are awake none
    /// does: the runtime looks for all of them.
    #[must_use]
    pub fn busy_poll(mut self, period: impl Into<Option<Duration>>) -> Self {
        self.busy_poll = period.into();
        self
    }

    /// How many connections of one listener may be in their handshake, and how
    /// many of them from one address; more are closed. Default 1024, and 64 for the
    /// address of another machine: all peers of this one share theirs.
    #[must_use]
    pub fn half_open(mut self, in_all: usize, per_address: usize) -> Self {
        self.half_open = in_all;
        self.half_open_per_address = Some(per_address);
        self
    }

    /// How many connections from `address` may be in their handshake.
    pub(crate) fn half_open_from(&self, address: &str) -> usize {
        let distant = address
            .parse::<IpAddr>()
            .is_ok_and(|address| !address.to_canonical().is_loopback());
        match self.half_open_per_address {
            Some(limit) => limit,
            None if distant => HALF_OPEN_PER_ADDRESS,
            None => self.half_open,
        }
    }

    /// The options of one transport.
    #[must_use]
    pub fn transport<T: std::any::Any + Send + Sync>(mut self, options: T) -> Self {
        self.transport.set(options);
        self
    }

    /// How long a socket of that type lingers.
    pub(crate) fn linger_of(&self, socket_type: SocketType) -> Option<Duration> {
        let subscribes = [SocketType::Sub, SocketType::XSub, SocketType::Dish];
        let subscribes = subscribes.contains(&socket_type);
        self.linger.unwrap_or(subscribes.then_some(Duration::ZERO))
    }

    /// How much waits at the most for one peer.
    pub(crate) fn send_mark(&self) -> Mark {
        Mark::messages(self.send_high_water).bytes(self.send_high_water_bytes)
    }

    /// How much from one peer waits at the most.
    pub(crate) fn receive_mark(&self) -> Mark {
        Mark::messages(self.receive_high_water).bytes(self.receive_high_water_bytes)
    }

    /// What a connection of a socket of that type has to know.
    pub(crate) fn link(&self, socket_type: SocketType) -> LinkOptions {
        let (conflate_sent, conflate_received) = self.conflated(socket_type);
        LinkOptions {
            socket_type: Some(socket_type),
            send_mark: self.send_mark(),
            receive_mark: self.receive_mark(),
            conflate_sent,
            conflate_received,
            identity: self.routing_id.clone(),
            handshake_timeout: self.handshake_timeout,
            time_to_live: self.time_to_live,
            transport: self.transport.clone(),
        }
    }

    /// Looks whether sockets of that type have the options that were set.
    pub(crate) fn check(&self, socket_type: SocketType) -> Result<(), OptionError> {
        self.check_conflate(socket_type)?;
        if socket_type == SocketType::Stream && !self.properties.is_empty() {
            return Err(OptionError::Unsupported("ZMQ_METADATA"));
        }
        self.check_time_to_live(socket_type)?;
        self.messages.check(socket_type)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peers_of_this_machine_share_an_address_and_are_limited_together() {
        let default = Options::new();
        for local in ["127.0.0.1", "::1", "::ffff:127.0.0.1", "1000:1000:4711"] {
            assert_eq!(default.half_open_from(local), 1024, "{local}");
        }
        for distant in ["192.0.2.1", "2001:db8::1"] {
            assert_eq!(default.half_open_from(distant), 64, "{distant}");
        }
        assert_eq!(default.half_open(16, 8).half_open_from("127.0.0.1"), 8);
    }
}
