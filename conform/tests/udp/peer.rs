//! A socket of either library.

#![expect(unsafe_code, reason = "libzmq is a C library")]

use std::ffi::{CStr, CString, c_int, c_void};
use std::sync::OnceLock;
use std::time::Duration;

use arzmq_sys as sys;
use ferromq::{
    AnySocket, Context, DefaultContext, LinkError, Message, Options, PatternOption, SocketType,
    TransportError,
};
use tokio::runtime::{Builder, Runtime};

/// The frames of a message; a RADIO's or DISH's group is the first.
pub(crate) type Frames = Vec<Vec<u8>>;

/// What the library says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// It is not for sockets of that type (`ENOCOMPATPROTO`).
    Incompatible,
    /// `EINVAL`.
    Invalid,
    /// Something else.
    Other,
}

pub(crate) trait Peer {
    fn bind(&self, endpoint: &str) -> Result<(), Failure>;
    fn connect(&self, endpoint: &str) -> Result<(), Failure>;
    fn join(&self, group: &str) -> Result<(), Failure>;
    fn leave(&self, group: &str) -> Result<(), Failure>;
    fn send(&self, frames: &[&[u8]]) -> Result<(), Failure>;
    fn recv(&self, wait: Duration) -> Option<Frames>;
}

/// Who makes a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Maker {
    Theirs,
    Ours,
}

impl Maker {
    pub(crate) fn make(self, kind: SocketType) -> Box<dyn Peer> {
        match self {
            Self::Theirs => Box::new(Theirs::new(kind)),
            Self::Ours => Box::new(Ours::new(kind)),
        }
    }
}

struct Ours(AnySocket);

fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        let mut builder = Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).enable_all().build();
        runtime.expect("a thread can be started")
    })
}

fn context() -> &'static Context {
    static CONTEXT: OnceLock<Context> = OnceLock::new();
    CONTEXT.get_or_init(|| DefaultContext::builder().build())
}

impl Ours {
    fn new(kind: SocketType) -> Self {
        let _inside = runtime().enter();
        let options = Options::new().linger(Duration::ZERO);
        Self(ferromq::socket(context(), kind, options).expect("every feature is on"))
    }
}

fn reason(error: &LinkError) -> Failure {
    match error {
        LinkError::Transport(TransportError::Incompatible(..)) => Failure::Incompatible,
        LinkError::Endpoint(_) => Failure::Invalid,
        _ => Failure::Other,
    }
}

impl Peer for Ours {
    fn bind(&self, endpoint: &str) -> Result<(), Failure> {
        let bound = runtime().block_on(self.0.bind(endpoint));
        bound.map(drop).map_err(|error| reason(&error))
    }

    fn connect(&self, endpoint: &str) -> Result<(), Failure> {
        self.0.connect(endpoint).map_err(|error| reason(&error))
    }

    fn join(&self, group: &str) -> Result<(), Failure> {
        let join = PatternOption::Join(group.to_owned().into());
        self.0.set(&join).map_err(|_| Failure::Invalid)
    }

    fn leave(&self, group: &str) -> Result<(), Failure> {
        let leave = PatternOption::Leave(group.to_owned().into());
        self.0.set(&leave).map_err(|_| Failure::Invalid)
    }

    fn send(&self, frames: &[&[u8]]) -> Result<(), Failure> {
        let message = Message::from_frames(frames.iter().map(|frame| frame.to_vec()));
        let sent = runtime().block_on(self.0.send(message));
        sent.map_err(|_| Failure::Invalid)
    }

    fn recv(&self, wait: Duration) -> Option<Frames> {
        let received = async { tokio::time::timeout(wait, self.0.recv()).await };
        let received = runtime().block_on(received).ok()?.ok()?;
        Some(received.frames().map(<[u8]>::to_vec).collect())
    }
}

struct Theirs {
    socket: *mut c_void,
    kind: SocketType,
}

/// A part of a message.
struct Part(sys::zmq_msg_t);

/// The context of all sockets; it lives as long as the process.
fn their_context() -> *mut c_void {
    struct Holder(*mut c_void);
    // SAFETY: contexts may be used by several threads.
    unsafe impl Send for Holder {}
    // SAFETY: as above.
    unsafe impl Sync for Holder {}
    static CONTEXT: OnceLock<Holder> = OnceLock::new();
    // SAFETY: it takes nothing.
    CONTEXT
        .get_or_init(|| Holder(unsafe { sys::zmq_ctx_new() }))
        .0
}

fn check(result: c_int) -> Result<(), Failure> {
    if result != -1 {
        return Ok(());
    }
    // SAFETY: it reads a number of this thread.
    Err(match unsafe { sys::zmq_errno() } {
        sys::errno::ENOCOMPATPROTO => Failure::Incompatible,
        sys::errno::EINVAL => Failure::Invalid,
        _ => Failure::Other,
    })
}

fn text(text: &str) -> CString {
    CString::new(text).expect("no zero")
}

impl Theirs {
    fn new(kind: SocketType) -> Self {
        // SAFETY: the context lives for ever.
        let socket = unsafe { sys::zmq_socket(their_context(), c_int::from(kind.number())) };
        assert!(!socket.is_null());
        let socket = Self { socket, kind };
        socket.set(sys::ZMQ_LINGER as c_int, 0);
        socket
    }

    fn set(&self, option: c_int, value: c_int) {
        let pointer = (&raw const value).cast();
        // SAFETY: it reads an int.
        let set = unsafe { sys::zmq_setsockopt(self.socket, option, pointer, size_of::<c_int>()) };
        assert_eq!(set, 0);
    }
}

impl Part {
    fn new(body: &[u8]) -> Self {
        let mut part = Self(sys::zmq_msg_t::default());
        // SAFETY: libzmq initializes the message, and gives it so many bytes.
        unsafe {
            assert_eq!(sys::zmq_msg_init_size(&raw mut part.0, body.len()), 0);
            let data = sys::zmq_msg_data(&raw mut part.0).cast::<u8>();
            data.copy_from_nonoverlapping(body.as_ptr(), body.len());
        }
        part
    }

    fn body(&mut self) -> Vec<u8> {
        // SAFETY: the message is initialized, and has so many bytes.
        unsafe {
            let data = sys::zmq_msg_data(&raw mut self.0).cast::<u8>();
            let size = sys::zmq_msg_size(&raw const self.0);
            std::slice::from_raw_parts(data, size).to_vec()
        }
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // SAFETY: the message is initialized.
        unsafe { sys::zmq_msg_close(&raw mut self.0) };
    }
}

impl Peer for Theirs {
    fn bind(&self, endpoint: &str) -> Result<(), Failure> {
        let endpoint = text(endpoint);
        // SAFETY: the text ends with a zero.
        check(unsafe { sys::zmq_bind(self.socket, endpoint.as_ptr()) })
    }

    fn connect(&self, endpoint: &str) -> Result<(), Failure> {
        let endpoint = text(endpoint);
        // SAFETY: the text ends with a zero.
        check(unsafe { sys::zmq_connect(self.socket, endpoint.as_ptr()) })
    }

    fn join(&self, group: &str) -> Result<(), Failure> {
        let group = text(group);
        // SAFETY: the text ends with a zero.
        check(unsafe { sys::zmq_join(self.socket, group.as_ptr()) })
    }

    fn leave(&self, group: &str) -> Result<(), Failure> {
        let group = text(group);
        // SAFETY: the text ends with a zero.
        check(unsafe { sys::zmq_leave(self.socket, group.as_ptr()) })
    }

    fn send(&self, frames: &[&[u8]]) -> Result<(), Failure> {
        let (group, frames) = match (self.kind, frames) {
            (SocketType::Radio, [group, rest @ ..]) => (Some(*group), rest),
            _ => (None, frames),
        };
        for (index, frame) in frames.iter().enumerate() {
            let mut part = Part::new(frame);
            if let Some(group) = group {
                let group = CString::new(group).expect("no zero");
                // SAFETY: the message is initialized, and the text ends with a zero.
                check(unsafe { sys::zmq_msg_set_group(&raw mut part.0, group.as_ptr()) })?;
            }
            let more = index + 1 < frames.len();
            let flags = if more { sys::ZMQ_SNDMORE as c_int } else { 0 };
            // SAFETY: the message is initialized, and libzmq's once it is sent.
            check(unsafe { sys::zmq_msg_send(&raw mut part.0, self.socket, flags) })?;
        }
        Ok(())
    }

    fn recv(&self, wait: Duration) -> Option<Frames> {
        self.set(sys::ZMQ_RCVTIMEO as c_int, wait.as_millis() as c_int);
        let mut frames = Frames::new();
        loop {
            let mut part = Part::new(&[]);
            // SAFETY: the message is initialized.
            check(unsafe { sys::zmq_msg_recv(&raw mut part.0, self.socket, 0) }).ok()?;
            if self.kind == SocketType::Dish {
                // SAFETY: the message is initialized, and its group ends with a zero.
                let group = unsafe { CStr::from_ptr(sys::zmq_msg_group(&raw mut part.0)) };
                frames.push(group.to_bytes().to_vec());
            }
            frames.push(part.body());
            // SAFETY: the message is initialized.
            if unsafe { sys::zmq_msg_more(&raw const part.0) } == 0 {
                return Some(frames);
            }
        }
    }
}

impl Drop for Theirs {
    fn drop(&mut self) {
        // SAFETY: it is open, and nobody uses it any more.
        unsafe { sys::zmq_close(self.socket) };
    }
}
