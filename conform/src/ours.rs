//! A socket of ferromq.

mod proxy;
mod settings;

use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ferromq::{
    AnySocket, Context, DefaultContext, Message, Monitor, PatternOption, PeerInfo, SendFailure,
    SocketType,
};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use self::settings::Settings;
use crate::errno::Errno;
use crate::event::Happening;
use crate::opt::Opt;
use crate::parcel::Parcel;
use crate::socket::{Handle, Socket};

pub(crate) use self::proxy::Device;

/// A socket of ferromq, whose type is known at run time.
pub(crate) struct Ours {
    socket: AnySocket,
    settings: Settings,
    monitor: Monitor,
    /// Who has sent what was received last.
    sender: Option<Arc<PeerInfo>>,
    /// Whether messages are a group and a body.
    has_groups: bool,
}

/// Where calls wait; the sockets' tasks run on the context's thread, as libzmq's do.
fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        let mut builder = Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).enable_all().build();
        runtime.expect("a thread can be started")
    })
}

/// The context of all sockets; it lives as long as the process.
fn context() -> &'static Context {
    static CONTEXT: OnceLock<Context> = OnceLock::new();
    CONTEXT.get_or_init(|| DefaultContext::builder().embeds(false).build())
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    runtime().block_on(future)
}

/// Has a future go on by itself.
fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    runtime().spawn(future)
}

impl Ours {
    pub(crate) fn new(kind: SocketType) -> Result<Self, Errno> {
        let settings = Settings::default();
        let socket = ferromq::socket(context(), kind, settings.options());
        let socket = socket.map_err(|_| Errno::Other(0))?;
        Ok(Self {
            monitor: socket.monitor(),
            socket,
            settings,
            sender: None,
            has_groups: matches!(kind, SocketType::Radio | SocketType::Dish),
        })
    }

    fn message(&self, parcel: &Parcel) -> Message {
        let mut message = Message::from_frames(parcel.frames.clone());
        if self.has_groups {
            message.push_front(parcel.group.clone().unwrap_or_default());
        }
        message.set_origin(parcel.peer);
        message
    }

    fn parcel(&self, mut message: Message) -> Parcel {
        let group = self.has_groups.then(|| message.pop_front()).flatten();
        Parcel {
            group: group.map(|group| String::from_utf8_lossy(&group).into_owned()),
            peer: message.origin(),
            frames: message.frames().map(<[u8]>::to_vec).collect(),
        }
    }
}

impl Socket for Ours {
    fn set(&mut self, option: Opt) -> Result<(), Errno> {
        if let Some(option) = settings::of_pattern(option) {
            return Ok(self.socket.set(&option)?);
        }
        self.settings.set(option)?;
        self.socket.set_options(self.settings.options());
        Ok(())
    }

    fn bind(&mut self, endpoint: &str) -> Result<String, Errno> {
        let endpoint = wait(self.socket.bind(endpoint))?;
        Ok(endpoint.as_str().to_owned())
    }

    fn connect(&mut self, endpoint: &str) -> Result<(), Errno> {
        match self.settings.next_id.take() {
            Some(id) => Ok(self.socket.connect_as(endpoint, id)?),
            None => Ok(self.socket.connect(endpoint)?),
        }
    }

    fn connect_by(&mut self, proxy: &str, login: [&str; 2], endpoint: &str) -> Result<(), Errno> {
        self.settings.socks(proxy, login)?;
        self.socket.set_options(self.settings.options());
        self.connect(endpoint)
    }

    fn disconnect(&mut self, endpoint: &str) -> Result<(), Errno> {
        Ok(self.socket.disconnect(endpoint)?)
    }

    fn unbind(&mut self, endpoint: &str) -> Result<(), Errno> {
        Ok(self.socket.disconnect(endpoint)?)
    }

    fn connect_peer(&mut self, endpoint: &str) -> Result<u32, Errno> {
        Ok(self.socket.connect_peer(endpoint)?)
    }

    fn disconnect_peer(&mut self, peer: u32) -> Result<(), Errno> {
        Ok(self.socket.disconnect_peer(peer)?)
    }

    fn join(&mut self, group: &str) -> Result<(), Errno> {
        let join = PatternOption::Join(group.to_owned().into());
        Ok(self.socket.set(&join)?)
    }

    fn leave(&mut self, group: &str) -> Result<(), Errno> {
        let leave = PatternOption::Leave(group.to_owned().into());
        Ok(self.socket.set(&leave)?)
    }

    fn send(&mut self, parcel: &Parcel, patience: Duration) -> Result<(), Errno> {
        let message = self.message(parcel);
        let sent = if patience.is_zero() {
            self.socket.try_send(message)
        } else {
            let send = self.socket.send(message);
            match wait(async { timeout(patience, send).await }) {
                Ok(sent) => sent,
                Err(_) => return Err(SendFailure::Timeout.into()),
            }
        };
        Ok(sent.map_err(|error| error.reason())?)
    }

    fn recv(&mut self, patience: Duration) -> Result<Parcel, Errno> {
        match wait(async { timeout(patience, self.socket.recv()).await }) {
            Ok(message) => {
                let message = message?;
                self.sender = self.socket.peer_of(&message);
                Ok(self.parcel(message))
            }
            Err(_) => Err(Errno::Again),
        }
    }

    fn property(&mut self, name: &str) -> Option<String> {
        let value = self.sender.as_ref()?.property(name)?;
        Some(value.escape_ascii().to_string())
    }

    fn event(&mut self) -> Option<Happening> {
        let event = self.monitor.try_recv()?;
        Some(Happening::from(&event.kind))
    }

    fn report_queues(&mut self) -> Result<(), Errno> {
        match self.socket.report_queues() {
            0 => Err(Errno::Again),
            _ => Ok(()),
        }
    }

    fn topics(&mut self) -> Result<usize, Errno> {
        self.socket.topics().ok_or(Errno::Invalid)
    }

    fn last_endpoint(&mut self) -> Result<String, Errno> {
        let endpoint = self.socket.last_endpoint();
        Ok(endpoint.map_or_else(String::new, |endpoint| endpoint.as_str().to_owned()))
    }

    fn newest_id(&mut self) -> Result<Vec<u8>, Errno> {
        let id = self.socket.newest_id();
        id.map(Vec::from).ok_or(Errno::Invalid)
    }

    fn has_room_for(&mut self, id: &[u8]) -> Result<bool, Errno> {
        Ok(self.socket.is_writable_to(id)?)
    }

    fn readiness(&mut self) -> (bool, bool) {
        (self.socket.is_readable(), self.socket.is_writable())
    }

    fn handle(&self) -> Handle {
        Handle::Ours(self.socket.clone())
    }
}
