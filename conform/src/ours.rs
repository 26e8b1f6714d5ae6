//! A socket of ferromq.

use std::future::Future;
use std::sync::OnceLock;
use std::time::Duration;

use ferromq::{
    AnySocket, Context, DefaultContext, Message, Options, PatternOption, SendFailure, SocketType,
};
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

use crate::errno::Errno;
use crate::parcel::Parcel;
use crate::socket::Socket;

/// A socket of ferromq, whose type is known at run time.
pub(crate) struct Ours {
    socket: AnySocket,
    /// Whether messages are a group and a body.
    has_groups: bool,
}

/// Where calls wait, and where the sockets' tasks run.
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
    CONTEXT.get_or_init(|| DefaultContext::builder().build())
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    runtime().block_on(future)
}

impl Ours {
    pub(crate) fn new(kind: SocketType) -> Result<Self, Errno> {
        let _inside = runtime().enter();
        let options = Options::new().linger(Duration::ZERO);
        let socket = ferromq::socket(context(), kind, options);
        Ok(Self {
            socket: socket.map_err(|_| Errno::Other(0))?,
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
    fn bind(&mut self, endpoint: &str) -> Result<String, Errno> {
        let endpoint = wait(self.socket.bind(endpoint))?;
        Ok(endpoint.as_str().to_owned())
    }

    fn connect(&mut self, endpoint: &str) -> Result<(), Errno> {
        Ok(self.socket.connect(endpoint)?)
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
        let sent = self.socket.send(self.message(parcel));
        match wait(async { timeout(patience, sent).await }) {
            Ok(sent) => Ok(sent.map_err(|error| error.reason())?),
            Err(_) => Err(SendFailure::Timeout.into()),
        }
    }

    fn recv(&mut self, patience: Duration) -> Result<Parcel, Errno> {
        match wait(async { timeout(patience, self.socket.recv()).await }) {
            Ok(message) => Ok(self.parcel(message?)),
            Err(_) => Err(Errno::Again),
        }
    }
}
