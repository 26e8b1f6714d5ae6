//! libzmq's options, in ferromq's words.

use std::time::Duration;

use ferromq::{HeartbeatConfig, Limits, Options, PatternOption, ReconnectStop, TcpOptions};

use crate::errno::Errno;
use crate::opt::Opt;

/// The options of a socket, and those values that make one option of several.
pub(super) struct Settings {
    options: Options,
    tcp: TcpOptions,
    /// Interval, timeout and time to live of heartbeats, in milliseconds.
    heartbeat: [Option<i32>; 3],
    /// By what name the next peer that the socket connects to is known.
    pub(super) next_id: Option<&'static str>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            options: Options::new().linger(Duration::ZERO),
            tcp: TcpOptions::new(),
            heartbeat: [None; 3],
            next_id: None,
        }
    }
}

impl Settings {
    pub(super) fn options(&self) -> Options {
        self.options.clone().transport(self.tcp.clone())
    }

    pub(super) fn set(&mut self, option: Opt) -> Result<(), Errno> {
        let options = self.options.clone();
        self.options = match option {
            Opt::RoutingId(id) => options.routing_id(id)?,
            Opt::Linger(time) => options.linger(duration(time)),
            Opt::ReconnectIvl(time) => options.reconnect_interval(duration(time)),
            Opt::MaxMsgSize(size) => options.limits(Limits::new().frame(count(size)?)),
            Opt::SndHwm(mark) => options.send_high_water(count(mark)?),
            Opt::RcvHwm(mark) => options.receive_high_water(count(mark)?),
            Opt::Immediate(flag) => options.immediate(flag != 0),
            Opt::Conflate(flag) => options.conflate(flag != 0),
            Opt::HandshakeIvl(time) => options.handshake_timeout(duration(time)),
            Opt::Metadata(property) => {
                let (name, value) = property.split_once(':').ok_or(Errno::Invalid)?;
                options.property(name, value)?
            }
            Opt::HelloMsg(message) => options.hello_message(message),
            Opt::DisconnectMsg(message) => options.disconnect_message(message),
            Opt::HiccupMsg(message) => options.hiccup_message(message),
            Opt::ReconnectStop(when) => options.reconnect_stop(
                ReconnectStop::new()
                    .refused(when & 1 != 0)
                    .handshake_failed(when & 2 != 0)
                    .after_disconnect(when & 4 != 0),
            ),
            Opt::HeartbeatIvl(time) => self.beat(0, time),
            Opt::HeartbeatTimeout(time) => self.beat(1, time),
            Opt::HeartbeatTtl(time) => self.beat(2, time),
            Opt::ConnectRoutingId(id) => {
                self.next_id = Some(id);
                options
            }
            _ => {
                self.tcp = of_tcp(self.tcp.clone(), option)?;
                options
            }
        };
        Ok(())
    }

    /// Has connections made by way of a proxy from now on.
    pub(super) fn socks(&mut self, proxy: &str, [user, password]: [&str; 2]) -> Result<(), Errno> {
        let tcp = self.tcp.clone().socks_proxy(proxy)?;
        self.tcp = if user.is_empty() {
            tcp
        } else {
            tcp.socks_login(user, password)?
        };
        Ok(())
    }

    fn beat(&mut self, place: usize, time: i32) -> Options {
        self.heartbeat[place] = Some(time);
        self.options.clone().heartbeat(self.heartbeat())
    }

    fn heartbeat(&self) -> Option<HeartbeatConfig> {
        let [interval, timeout, ttl] = self.heartbeat.map(|time| time.and_then(duration));
        let interval = interval?;
        let config = HeartbeatConfig::new(interval).timeout(Some(timeout.unwrap_or(interval)));
        Some(config.ttl(ttl.unwrap_or_default()))
    }
}

fn of_tcp(tcp: TcpOptions, option: Opt) -> Result<TcpOptions, Errno> {
    Ok(match option {
        Opt::SndBuf(size) => tcp.send_buffer(count::<u32>(size)?),
        Opt::RcvBuf(size) => tcp.receive_buffer(count::<u32>(size)?),
        Opt::Priority(priority) => tcp.priority(count(priority)?),
        Opt::BusyPoll(micros) => tcp.busy_poll(Duration::from_micros(count(micros)?)),
        _ => return Err(Errno::Unsupported),
    })
}

/// Options that the pattern has, and not the socket.
pub(super) fn of_pattern(option: Opt) -> Option<PatternOption> {
    Some(match option {
        Opt::Subscribe(topic) => PatternOption::Subscribe(topic.into()),
        Opt::Unsubscribe(topic) => PatternOption::Unsubscribe(topic.into()),
        Opt::InvertMatching(flag) => PatternOption::InvertMatching(flag != 0),
        Opt::XpubVerbose(flag) => PatternOption::XpubVerbose(flag != 0),
        Opt::XpubVerboser(flag) => PatternOption::XpubVerboser(flag != 0),
        Opt::XpubNoDrop(flag) => PatternOption::XpubNoDrop(flag != 0),
        Opt::XpubManual(flag) => PatternOption::XpubManual(flag != 0),
        Opt::XpubManualLastValue(flag) => PatternOption::XpubManualLastValue(flag != 0),
        Opt::XpubWelcomeMsg(message) => PatternOption::XpubWelcome(message.into()),
        Opt::OnlyFirstSubscribe(flag) => PatternOption::OnlyFirstSubscribe(flag != 0),
        Opt::XsubVerboseUnsubscribe(flag) => PatternOption::XsubVerboseUnsubscribe(flag != 0),
        Opt::RouterMandatory(flag) => PatternOption::RouterMandatory(flag != 0),
        Opt::RouterHandover(flag) => PatternOption::RouterHandover(flag != 0),
        Opt::RouterNotify(which) => PatternOption::RouterNotify {
            connect: which & 1 != 0,
            disconnect: which & 2 != 0,
        },
        Opt::ProbeRouter(flag) => PatternOption::ProbeRouter(flag != 0),
        Opt::StreamNotify(flag) => PatternOption::StreamNotify(flag != 0),
        Opt::ReqCorrelate(flag) => PatternOption::ReqCorrelate(flag != 0),
        Opt::ReqRelaxed(flag) => PatternOption::ReqRelaxed(flag != 0),
        _ => return None,
    })
}

/// A time in milliseconds, as libzmq has it: negative is without an end.
fn duration(millis: i32) -> Option<Duration> {
    u64::try_from(millis).ok().map(Duration::from_millis)
}

fn count<T: TryFrom<i64>>(number: impl Into<i64>) -> Result<T, Errno> {
    T::try_from(number.into()).map_err(|_| Errno::Invalid)
}
