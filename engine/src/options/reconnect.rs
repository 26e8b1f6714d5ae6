//! How a socket connects again, and when it does not.

use std::time::Duration;

use super::Options;

/// When and how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reconnect {
    /// Absent: never.
    pub(crate) interval: Option<Duration>,
    pub(crate) max: Duration,
    pub(crate) full_jitter: bool,
    pub(crate) stop: ReconnectStop,
}

/// What ends the attempts to connect, for [`Options::reconnect_stop`].
///
/// ```
/// use ferromq_engine::{Options, ReconnectStop};
///
/// let once = ReconnectStop::new().refused(true).handshake_failed(true);
/// let options = Options::new().reconnect_stop(once);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReconnectStop {
    pub(crate) refused: bool,
    pub(crate) handshake_failed: bool,
    pub(crate) after_disconnect: bool,
}

impl Reconnect {
    pub(super) const fn new() -> Self {
        Self {
            interval: Some(Duration::from_millis(100)),
            max: Duration::ZERO,
            full_jitter: false,
            stop: ReconnectStop::new(),
        }
    }
}

impl ReconnectStop {
    /// Nothing does.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            refused: false,
            handshake_failed: false,
            after_disconnect: false,
        }
    }

    /// Whether it does that nobody listens at the endpoint. The endpoint is let go
    /// then, and can be connected to again. Default no.
    /// (`ZMQ_RECONNECT_STOP_CONN_REFUSED`)
    #[must_use]
    pub const fn refused(mut self, stop: bool) -> Self {
        self.refused = stop;
        self
    }

    /// Whether it does that a peer leaves, or falls silent, before the handshake has
    /// ended. Default no: only one that breaks the protocol is never tried again.
    /// (`ZMQ_RECONNECT_STOP_HANDSHAKE_FAILED`)
    #[must_use]
    pub const fn handshake_failed(mut self, stop: bool) -> Self {
        self.handshake_failed = stop;
        self
    }

    /// Whether it does that the endpoint was disconnected: what is queued for it leaves
    /// only if the connection, or the attempt, under way can take it. Default no: as
    /// long as the socket lingers it connects for the sake of what is queued.
    /// (`ZMQ_RECONNECT_STOP_AFTER_DISCONNECT`)
    #[must_use]
    pub const fn after_disconnect(mut self, stop: bool) -> Self {
        self.after_disconnect = stop;
        self
    }
}

impl Options {
    /// How long to wait before connecting again; absent or zero: never. Default
    /// 100 ms, and up to as much again at random. (`ZMQ_RECONNECT_IVL`)
    #[must_use]
    pub fn reconnect_interval(mut self, interval: impl Into<Option<Duration>>) -> Self {
        self.reconnect.interval = interval.into().filter(|interval| !interval.is_zero());
        self
    }

    /// Up to where the interval doubles with each attempt that fails; zero: it
    /// does not double. Default zero. (`ZMQ_RECONNECT_IVL_MAX`)
    ///
    /// An attempt has succeeded when the handshake has: then the interval is the first
    /// again. libzmq begins anew with each connection, and so goes on calling at a server
    /// that only ever hangs up as often as it can.
    #[must_use]
    pub fn reconnect_interval_max(mut self, max: Duration) -> Self {
        self.reconnect.max = max;
        self
    }

    /// Whether each wait is drawn at random between zero and the interval, so that
    /// many clients do not come back all at once. Default no.
    #[must_use]
    pub fn reconnect_full_jitter(mut self, full_jitter: bool) -> Self {
        self.reconnect.full_jitter = full_jitter;
        self
    }

    /// What ends the attempts to connect. Default nothing, but for a peer that breaks
    /// the protocol. (`ZMQ_RECONNECT_STOP`)
    #[must_use]
    pub fn reconnect_stop(mut self, stop: ReconnectStop) -> Self {
        self.reconnect.stop = stop;
        self
    }
}
