//! ferromq's sockets as peers.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use ferromq::{
    AnySocket, Context, DefaultContext, Event, HeartbeatConfig, Limits, Message, Monitor, Options,
    PatternOption, PeerInfo, RecvError, SendFailure, SocketType, TcpOptions,
};
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

use crate::event::Happening;
use crate::failure::{Failure, Outcome};
use crate::frames::Frames;
use crate::option::{Opt, Setting, Value};
use crate::peer::{PATIENCE, Peer, Sent};

/// Where a socket's I/O runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Home {
    /// On a thread of ferromq's.
    Thread,
    /// In the application's runtime.
    Runtime,
}

/// A socket of ferromq.
pub struct Ours {
    socket: AnySocket,
    options: Mutex<Settings>,
    monitor: Mutex<Option<Monitor>>,
    /// Who has sent the message received last.
    sender: Mutex<Option<Arc<PeerInfo>>>,
}

/// The options, and those values that make one option of several.
struct Settings {
    options: Options,
    tcp: TcpOptions,
    /// Interval, timeout and time to live of heartbeats, in milliseconds.
    heartbeat: [Option<i64>; 3],
    /// By what name the next peer that this one connects to is known.
    next_id: Option<Bytes>,
}

/// The runtime in which the application's side waits.
fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("the system has a thread for the runtime")
    })
}

/// Runs a future that must not take long.
fn wait<T>(future: impl Future<Output = T>) -> Outcome<T> {
    runtime()
        .block_on(async { timeout(PATIENCE, future).await })
        .map_err(|_| Failure::new("a call does not return"))
}

fn context(home: Home) -> Context {
    static CONTEXTS: OnceLock<[Context; 2]> = OnceLock::new();
    let contexts = CONTEXTS.get_or_init(|| {
        let context = |embeds| DefaultContext::builder().embeds(embeds).build();
        [context(false), context(true)]
    });
    contexts[usize::from(home == Home::Runtime)].clone()
}

impl Ours {
    /// A socket with default options, but that it does not linger.
    ///
    /// # Errors
    ///
    /// If there are no sockets of that type.
    pub fn new(kind: SocketType, home: Home) -> Outcome<Self> {
        let options = Options::new().linger(Duration::ZERO);
        let _inside = runtime().enter();
        Ok(Self {
            socket: ferromq::socket(&context(home), kind, options.clone())?,
            options: Mutex::new(Settings {
                options,
                tcp: TcpOptions::new(),
                heartbeat: [None; 3],
                next_id: None,
            }),
            monitor: Mutex::new(None),
            sender: Mutex::new(None),
        })
    }

    /// The socket itself, for what other implementations do not have.
    #[must_use]
    pub fn socket(&self) -> &AnySocket {
        &self.socket
    }

    /// The next event as ferromq tells it.
    ///
    /// # Errors
    ///
    /// If the socket is not watched.
    pub fn next_event(&self, patience: Duration) -> Outcome<Option<Event>> {
        let mut monitor = lock(&self.monitor);
        let monitor = monitor
            .as_mut()
            .ok_or_else(|| Failure::new("nobody watches this socket"))?;
        if patience.is_zero() {
            return Ok(monitor.try_recv());
        }
        let event = runtime().block_on(async { timeout(patience, monitor.recv()).await });
        Ok(event.ok().flatten())
    }

    /// Runs the application's part of something in the runtime, until it ends.
    ///
    /// # Errors
    ///
    /// If that takes too long.
    pub fn run<T>(future: impl Future<Output = T>) -> Outcome<T> {
        wait(future)
    }

    /// The same, however long it takes.
    pub fn run_for_ever<T>(future: impl Future<Output = T>) -> T {
        runtime().block_on(future)
    }
}

impl Settings {
    fn set(&mut self, option: Opt, value: &Value) -> Outcome {
        let options = std::mem::take(&mut self.options);
        self.options = match option {
            Opt::ConnectRoutingId => {
                self.next_id = Some(value.bytes()?);
                options
            }
            Opt::RoutingId => options.routing_id(value.bytes()?)?,
            Opt::Metadata => {
                let text = value.bytes()?;
                let text = std::str::from_utf8(&text)?;
                let (name, value) = text.split_once(':').unwrap_or((text, ""));
                options.property(name, value.to_owned())?
            }
            Opt::Linger => options.linger(duration(value.number()?)),
            Opt::ReconnectIvl => options.reconnect_interval(duration(value.number()?)),
            Opt::MaxMsgSize => options.limits(Limits::new().frame(value.number()?.try_into()?)),
            Opt::SndHwm => options.send_high_water(value.number()?.try_into()?),
            Opt::RcvHwm => options.receive_high_water(value.number()?.try_into()?),
            Opt::RcvTimeo => options.receive_timeout(duration(value.number()?)),
            Opt::SndTimeo => options.send_timeout(duration(value.number()?)),
            Opt::Immediate => options.immediate(value.number()? != 0),
            Opt::Conflate => options.conflate(value.number()? != 0),
            Opt::ConflateByTopic => options.conflate_by_topic(value.number()? != 0),
            Opt::HandshakeIvl => options.handshake_timeout(duration(value.number()?)),
            Opt::HeartbeatIvl | Opt::HeartbeatTimeout | Opt::HeartbeatTtl => {
                let place = match option {
                    Opt::HeartbeatIvl => 0,
                    Opt::HeartbeatTimeout => 1,
                    _ => 2,
                };
                self.heartbeat[place] = Some(value.number()?);
                options.heartbeat(self.heartbeat())
            }
            Opt::Ipv6 | Opt::SndBuf | Opt::RcvBuf => {
                let number: u32 = value.number()?.try_into()?;
                let tcp = std::mem::take(&mut self.tcp);
                self.tcp = match option {
                    Opt::Ipv6 => tcp.ipv6(number != 0),
                    Opt::SndBuf => tcp.send_buffer(number),
                    _ => tcp.receive_buffer(number),
                };
                options.transport(self.tcp.clone())
            }
            other => {
                return Err(Failure::new(format_args!(
                    "ferromq's sockets have no {other:?}"
                )));
            }
        };
        Ok(())
    }

    fn heartbeat(&self) -> Option<HeartbeatConfig> {
        let [interval, timeout, ttl] = self.heartbeat;
        let millis = |value: i64| Duration::from_millis(value.unsigned_abs());
        let interval = millis(interval.filter(|interval| *interval > 0)?);
        let timeout = timeout.map_or(interval, millis);
        let config = HeartbeatConfig::new(interval).timeout(Some(timeout));
        Some(config.ttl(millis(ttl.unwrap_or(0))))
    }
}

/// Options that the pattern has, and not the socket.
fn of_pattern(option: Opt, value: &Value) -> Outcome<Option<PatternOption>> {
    let flag = || Ok::<_, Failure>(value.number()? != 0);
    Ok(Some(match option {
        Opt::Subscribe => PatternOption::Subscribe(value.bytes()?),
        Opt::Unsubscribe => PatternOption::Unsubscribe(value.bytes()?),
        Opt::InvertMatching => PatternOption::InvertMatching(flag()?),
        Opt::XpubVerbose => PatternOption::XpubVerbose(flag()?),
        Opt::XpubVerboser => PatternOption::XpubVerboser(flag()?),
        Opt::XpubNodrop => PatternOption::XpubNoDrop(flag()?),
        Opt::XpubManual => PatternOption::XpubManual(flag()?),
        Opt::XpubManualLastValue => PatternOption::XpubManualLastValue(flag()?),
        Opt::OnlyFirstSubscribe => PatternOption::OnlyFirstSubscribe(flag()?),
        Opt::XsubVerboseUnsubscribe => PatternOption::XsubVerboseUnsubscribe(flag()?),
        Opt::XpubWelcomeMsg => PatternOption::XpubWelcome(value.bytes()?),
        Opt::RouterMandatory => PatternOption::RouterMandatory(flag()?),
        Opt::RouterHandover => PatternOption::RouterHandover(flag()?),
        Opt::RouterNotify => PatternOption::RouterNotify {
            connect: value.number()? & 1 != 0,
            disconnect: value.number()? & 2 != 0,
        },
        Opt::ProbeRouter => PatternOption::ProbeRouter(flag()?),
        Opt::StreamNotify => PatternOption::StreamNotify(flag()?),
        Opt::ReqCorrelate => PatternOption::ReqCorrelate(flag()?),
        Opt::ReqRelaxed => PatternOption::ReqRelaxed(flag()?),
        _ => return Ok(None),
    }))
}

impl Peer for Ours {
    fn kind(&self) -> SocketType {
        self.socket.socket_type()
    }

    fn set(&self, (option, value): &Setting) -> Outcome {
        if let Some(option) = of_pattern(*option, value)? {
            return Ok(self.socket.set(&option)?);
        }
        let mut settings = lock(&self.options);
        settings.set(*option, value)?;
        self.socket.set_options(settings.options.clone());
        Ok(())
    }

    fn bind(&self, endpoint: &str) -> Outcome<String> {
        let endpoint = wait(self.socket.bind(endpoint))??;
        Ok(endpoint.as_str().to_owned())
    }

    fn connect(&self, endpoint: &str) -> Outcome {
        let id = lock(&self.options).next_id.take();
        match id {
            Some(id) => self.socket.connect_as(endpoint, id)?,
            None => self.socket.connect(endpoint)?,
        }
        Ok(())
    }

    fn disconnect(&self, endpoint: &str) -> Outcome {
        Ok(self.socket.disconnect(endpoint)?)
    }

    fn send(&self, message: &Frames, patience: Duration) -> Outcome<Sent> {
        let message = Message::from_frames(message.iter().cloned());
        let sent = if patience.is_zero() {
            self.socket.try_send(message)
        } else {
            let send = self.socket.send(message);
            match runtime().block_on(async { timeout(patience, send).await }) {
                Ok(sent) => sent,
                Err(_) => return Ok(Sent::Full),
            }
        };
        match sent.map_err(|error| error.reason()) {
            Ok(()) => Ok(Sent::Yes),
            Err(SendFailure::WouldBlock | SendFailure::Timeout) => Ok(Sent::Full),
            Err(SendFailure::Unroutable) => Ok(Sent::Unroutable),
            Err(other) => Err(other.into()),
        }
    }

    fn recv(&self, patience: Duration) -> Outcome<Option<Frames>> {
        let received = if patience.is_zero() {
            self.socket.try_recv()
        } else {
            let recv = self.socket.recv();
            match runtime().block_on(async { timeout(patience, recv).await }) {
                Ok(received) => received,
                Err(_) => return Ok(None),
            }
        };
        match received {
            Ok(message) => {
                *lock(&self.sender) = self.socket.peer_of(&message);
                Ok(Some(message.into_frames()))
            }
            Err(RecvError::WouldBlock | RecvError::Timeout) => Ok(None),
            Err(other) => Err(other.into()),
        }
    }

    fn property(&self, name: &str) -> Outcome<Option<String>> {
        let sender = lock(&self.sender);
        let value = sender.as_ref().and_then(|sender| sender.property(name));
        Ok(value.map(|value| String::from_utf8_lossy(value).into_owned()))
    }

    fn watch(&self) -> Outcome {
        *lock(&self.monitor) = Some(self.socket.monitor());
        Ok(())
    }

    fn event(&self, patience: Duration) -> Outcome<Option<Happening>> {
        let event = self.next_event(patience)?;
        Ok(event.map(|event| Happening::from(&event.kind)))
    }

    fn close(self: Box<Self>) -> Outcome {
        wait(self.socket.close())
    }
}

/// A time in milliseconds, as libzmq has it: negative is without an end.
fn duration(millis: i64) -> Option<Duration> {
    u64::try_from(millis).ok().map(Duration::from_millis)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What was going on in a thread that has failed does not matter to the others.
    mutex
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner())
}
