//! When to send a PING, and when to give a silent peer up.

use core::time::Duration;

use crate::error::ProtocolError;

/// How often a peer is asked for a sign of life, and how long one is waited for.
///
/// The defaults of [`new`](Self::new) are libzmq's for `ZMQ_HEARTBEAT_TIMEOUT`
/// and `ZMQ_HEARTBEAT_TTL`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeartbeatConfig {
    interval: Duration,
    timeout: Option<Duration>,
    ttl: Duration,
}

impl HeartbeatConfig {
    /// A PING every `interval`; a timeout as long as that; no TTL for the peer.
    #[must_use]
    pub const fn new(interval: Duration) -> Self {
        Self {
            interval,
            timeout: Some(interval),
            ttl: Duration::ZERO,
        }
    }

    /// How long after a PING anything must have arrived; `None` to wait for ever.
    #[must_use]
    pub const fn timeout(mut self, timeout: Option<Duration>) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long the peer is told to wait for a sign of life from here; zero for
    /// ever. In tenths of a second, rounded down, up to 6553.5 s.
    #[must_use]
    pub const fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = ttl;
        self
    }
}

/// The timers of one connection.
///
/// ```text
///  interval: every so often ─────────▶ send a PING, start the timeout unless it runs
///  timeout:  nothing since the PING ─▶ HeartbeatTimeout
///  TTL:      nothing since the peer's PING for as long as it said ─▶ HeartbeatTimeout
/// ```
///
/// In: [`handle_traffic`](Self::handle_traffic), [`handle_ping`](Self::handle_ping),
/// [`handle_timeout`](Self::handle_timeout), and [`pause`](Self::pause) and
/// [`resume`](Self::resume) around a time in which nobody reads. Out:
/// [`poll_timeout`](Self::poll_timeout). All times are durations since one fixed
/// start.
///
/// See [RFC 37, Connection
/// Heartbeating](https://rfc.zeromq.org/spec/37/#connection-heartbeating). Where
/// the RFC leaves room the rules are libzmq's.
#[derive(Debug)]
pub struct Heartbeat {
    config: Option<HeartbeatConfig>,
    /// When the next PING is due.
    ping: Option<Duration>,
    /// By when the peer must have sent something after a PING of ours.
    timeout: Option<Duration>,
    /// By when it must have sent something because its own PING said so.
    ttl: Option<Duration>,
    /// Since when nobody reads.
    paused: Option<Duration>,
}

impl Heartbeat {
    /// For a connection that has become ready.
    pub(crate) fn new(config: Option<HeartbeatConfig>, now: Duration) -> Self {
        let config = config.filter(|config| config.interval > Duration::ZERO);
        let ping = config.map(|config| now.saturating_add(config.interval));
        Self {
            config,
            ping,
            timeout: None,
            ttl: None,
            paused: None,
        }
    }

    /// For a peer whose version has no PING: no timer ever runs.
    pub(crate) fn none() -> Self {
        Self::new(None, Duration::ZERO)
    }

    /// What a PING to the peer says: for how long this side may be silent.
    #[must_use]
    pub fn ttl(&self) -> Duration {
        self.config.map_or(Duration::ZERO, |config| config.ttl)
    }

    /// Anything arrived: the peer lives.
    #[inline]
    pub fn handle_traffic(&mut self) {
        (self.timeout, self.ttl) = (None, None);
    }

    /// A PING arrived.
    pub fn handle_ping(&mut self, now: Duration, ttl: Duration) {
        self.handle_traffic();
        self.ttl = (ttl > Duration::ZERO).then(|| now.saturating_add(ttl));
    }

    /// From now on nobody reads: the peer may say what it wants, it will not be
    /// heard, so its silence means nothing. PINGs still leave, for the sake of its
    /// own timers.
    pub fn pause(&mut self, now: Duration) {
        self.paused.get_or_insert(now);
    }

    /// Somebody reads again.
    pub fn resume(&mut self, now: Duration) {
        let Some(paused) = self.paused.take() else {
            return;
        };
        let rest = now.saturating_sub(paused);
        for timer in [&mut self.timeout, &mut self.ttl].into_iter().flatten() {
            *timer = timer.saturating_add(rest);
        }
    }

    /// When to call [`handle_timeout`](Self::handle_timeout), if ever.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Duration> {
        let silence = self.silence();
        self.ping.into_iter().chain(silence).min()
    }

    /// Looks at the clock; says whether to send a PING.
    ///
    /// # Errors
    ///
    /// [`ProtocolError::HeartbeatTimeout`] if the peer was silent for too long.
    pub fn handle_timeout(&mut self, now: Duration) -> Result<bool, ProtocolError> {
        // Where both are due at once, as by default, libzmq gives the peer up.
        if self.silence().is_some_and(|deadline| deadline <= now) {
            return Err(ProtocolError::HeartbeatTimeout);
        }
        let (Some(config), Some(ping)) = (self.config, self.ping) else {
            return Ok(false);
        };
        if ping > now {
            return Ok(false);
        }
        self.ping = Some(now.saturating_add(config.interval));
        if let (None, Some(timeout)) = (self.timeout, config.timeout) {
            self.timeout = Some(now.saturating_add(timeout));
        }
        Ok(true)
    }

    /// By when the peer must have sent something.
    fn silence(&self) -> Option<Duration> {
        match self.paused {
            None => self.timeout.into_iter().chain(self.ttl).min(),
            Some(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMEOUT: Result<bool, ProtocolError> = Err(ProtocolError::HeartbeatTimeout);

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn every_100_ms() -> Heartbeat {
        Heartbeat::new(
            Some(HeartbeatConfig::new(ms(100)).timeout(Some(ms(250)))),
            ms(1000),
        )
    }

    #[test]
    fn pings_are_due_every_interval_after_ready() {
        let mut heartbeat = every_100_ms();
        assert_eq!(heartbeat.poll_timeout(), Some(ms(1100)));
        assert_eq!(heartbeat.handle_timeout(ms(1099)), Ok(false));
        assert_eq!(heartbeat.handle_timeout(ms(1100)), Ok(true));
        assert_eq!(heartbeat.handle_timeout(ms(1100)), Ok(false));
        assert_eq!(heartbeat.poll_timeout(), Some(ms(1200)));
    }

    #[test]
    fn silence_after_a_ping_is_a_timeout_and_traffic_is_not() {
        let mut heartbeat = every_100_ms();
        assert_eq!(heartbeat.handle_timeout(ms(1100)), Ok(true));
        // The second PING does not give the peer more time.
        assert_eq!(heartbeat.handle_timeout(ms(1200)), Ok(true));
        assert_eq!(heartbeat.handle_timeout(ms(1349)), Ok(true));
        heartbeat.handle_traffic();
        assert_eq!(heartbeat.handle_timeout(ms(1350)), Ok(false));
        assert_eq!(heartbeat.handle_timeout(ms(1449)), Ok(true));
        assert_eq!(heartbeat.handle_timeout(ms(1698)), Ok(true));
        assert_eq!(heartbeat.handle_timeout(ms(1699)), TIMEOUT);
    }

    #[test]
    fn the_default_timeout_is_the_interval() {
        let mut heartbeat = Heartbeat::new(Some(HeartbeatConfig::new(ms(50))), ms(0));
        assert_eq!(heartbeat.handle_timeout(ms(50)), Ok(true));
        assert_eq!(heartbeat.handle_timeout(ms(100)), TIMEOUT);
    }

    #[test]
    fn without_a_timeout_pings_go_on_for_ever() {
        let config = HeartbeatConfig::new(ms(50)).timeout(None);
        let mut heartbeat = Heartbeat::new(Some(config), ms(0));
        assert!((1..100).all(|n| heartbeat.handle_timeout(ms(50 * n)) == Ok(true)));
    }

    #[test]
    fn the_peers_ttl_counts_from_its_ping_until_anything_arrives() {
        let mut heartbeat = Heartbeat::new(None, ms(0));
        assert_eq!(heartbeat.poll_timeout(), None);
        heartbeat.handle_ping(ms(10), ms(300));
        assert_eq!(heartbeat.poll_timeout(), Some(ms(310)));
        assert_eq!(heartbeat.handle_timeout(ms(309)), Ok(false));
        heartbeat.handle_traffic();
        assert_eq!(heartbeat.poll_timeout(), None);
        heartbeat.handle_ping(ms(400), ms(300));
        heartbeat.handle_ping(ms(500), ms(0));
        assert_eq!(heartbeat.poll_timeout(), None);
        heartbeat.handle_ping(ms(600), ms(6_553_500));
        assert_eq!(heartbeat.handle_timeout(ms(6_554_100)), TIMEOUT);
    }

    #[test]
    fn time_in_which_nobody_reads_does_not_count() {
        let mut heartbeat = every_100_ms();
        assert_eq!(heartbeat.handle_timeout(ms(1100)), Ok(true));
        heartbeat.handle_ping(ms(1100), ms(200));
        heartbeat.pause(ms(1150));
        heartbeat.pause(ms(1160));
        assert_eq!(heartbeat.handle_timeout(ms(9000)), Ok(true));
        assert_eq!(heartbeat.poll_timeout(), Some(ms(9100)));
        heartbeat.resume(ms(9150));
        assert_eq!(heartbeat.handle_timeout(ms(9299)), Ok(true));
        assert_eq!(heartbeat.poll_timeout(), Some(ms(9300)));
        assert_eq!(heartbeat.handle_timeout(ms(9300)), TIMEOUT);
    }

    #[test]
    fn the_end_of_time_is_not_reached() {
        let mut heartbeat = Heartbeat::new(Some(HeartbeatConfig::new(Duration::MAX)), ms(1));
        heartbeat.handle_ping(Duration::MAX, Duration::MAX);
        heartbeat.pause(ms(1));
        heartbeat.resume(Duration::MAX);
        assert_eq!(heartbeat.poll_timeout(), Some(Duration::MAX));
    }

    #[test]
    fn an_interval_of_zero_is_no_heartbeat() {
        let heartbeat = Heartbeat::new(Some(HeartbeatConfig::new(ms(0))), ms(0));
        assert_eq!(heartbeat.poll_timeout(), None);
    }
}
