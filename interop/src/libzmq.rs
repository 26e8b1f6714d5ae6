//! libzmq's sockets as peers, in this process.

#![expect(unsafe_code, reason = "libzmq is a C library")]

use std::cell::RefCell;
use std::ffi::{CStr, CString, c_int, c_void};
use std::ptr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use ferromq::SocketType;

use crate::event::Happening;
use crate::failure::{Failure, Outcome};
use crate::frames::Frames;
use crate::option::{Opt, Setting, Value};
use crate::peer::{Peer, Sent};
use crate::sys::{self, Msg};

/// A socket of libzmq.
///
/// It may move between threads, which libzmq allows, and is not shared by any.
pub(crate) struct Libzmq {
    socket: *mut c_void,
    kind: SocketType,
    monitor: RefCell<Option<Box<Libzmq>>>,
    /// The first frame of the message received last, which has its properties.
    last: RefCell<Option<Part>>,
}

// SAFETY: libzmq's sockets may be used by any thread, one at a time; `&mut` or
// ownership passes from one to the next with a fence.
unsafe impl Send for Libzmq {}

/// The version of the library, as text.
#[must_use]
pub(crate) fn version() -> String {
    let (mut major, mut minor, mut patch) = (0, 0, 0);
    // SAFETY: it writes three numbers.
    unsafe { sys::zmq_version(&raw mut major, &raw mut minor, &raw mut patch) };
    format!("{major}.{minor}.{patch}")
}

/// The context of all sockets; it lives as long as the process.
fn context() -> *mut c_void {
    struct Context(*mut c_void);
    // SAFETY: contexts may be used by several threads.
    unsafe impl Send for Context {}
    // SAFETY: as above.
    unsafe impl Sync for Context {}
    static CONTEXT: OnceLock<Context> = OnceLock::new();
    // ZMQ_MAX_SOCKETS; a socket that lingers is one too.
    const MAX_SOCKETS: c_int = 2;
    let context = CONTEXT.get_or_init(|| {
        // SAFETY: it is what zmq_ctx_set wants.
        unsafe {
            let context = sys::zmq_ctx_new();
            sys::zmq_ctx_set(context, MAX_SOCKETS, 60_000);
            Context(context)
        }
    });
    context.0
}

impl Libzmq {
    /// A socket with default options, but that it does not linger.
    ///
    /// # Errors
    ///
    /// What libzmq says.
    pub(crate) fn new(kind: SocketType) -> Outcome<Self> {
        let socket = Self::of_type(c_int::from(kind.number()), kind)?;
        socket.set(&Opt::Linger.int(0))?;
        Ok(socket)
    }

    fn of_type(number: c_int, kind: SocketType) -> Outcome<Self> {
        // SAFETY: the context lives for ever.
        let socket = unsafe { sys::zmq_socket(context(), number) };
        if socket.is_null() {
            return Err(error());
        }
        Ok(Self {
            socket,
            kind,
            monitor: RefCell::default(),
            last: RefCell::default(),
        })
    }

    /// Passes messages on between two sockets, for ever.
    pub(crate) fn proxy(frontend: &Self, backend: &Self) {
        // SAFETY: both sockets are open, and there is no third.
        unsafe { sys::zmq_proxy(frontend.socket, backend.socket, ptr::null_mut()) };
    }

    fn last_endpoint(&self) -> Outcome<String> {
        let mut text = [0_u8; 1024];
        let mut length = text.len();
        let (value, length) = (text.as_mut_ptr().cast(), &raw mut length);
        // SAFETY: so many bytes are there to be written to.
        check(unsafe { sys::zmq_getsockopt(self.socket, sys::LAST_ENDPOINT, value, length) })?;
        Ok(CStr::from_bytes_until_nul(&text)?.to_str()?.to_owned())
    }

    fn set_timeout(&self, option: Opt, wait: Duration) -> Outcome {
        self.set(&option.int(wait.as_millis().try_into()?))
    }
}

impl Peer for Libzmq {
    fn kind(&self) -> SocketType {
        self.kind
    }

    fn set(&self, (option, value): &Setting) -> Outcome {
        let bytes = match value {
            Value::Int(value) => Bytes::copy_from_slice(&value.to_ne_bytes()),
            Value::Long(value) => Bytes::copy_from_slice(&value.to_ne_bytes()),
            Value::Bytes(value) => value.clone(),
        };
        let (number, value) = (option.number(), bytes.as_ptr().cast());
        // SAFETY: the value has so many bytes.
        check(unsafe { sys::zmq_setsockopt(self.socket, number, value, bytes.len()) })
            .map_err(|failure| failure.during(format_args!("{option:?}")))
    }

    fn bind(&self, endpoint: &str) -> Outcome<String> {
        let text = CString::new(endpoint)?;
        // SAFETY: it is text with a zero at its end.
        check(unsafe { sys::zmq_bind(self.socket, text.as_ptr()) })
            .map_err(|failure| failure.during(endpoint))?;
        self.last_endpoint()
    }

    fn connect(&self, endpoint: &str) -> Outcome {
        let text = CString::new(endpoint)?;
        // SAFETY: it is text with a zero at its end.
        check(unsafe { sys::zmq_connect(self.socket, text.as_ptr()) })
            .map_err(|failure| failure.during(endpoint))
    }

    fn disconnect(&self, endpoint: &str) -> Outcome {
        let text = CString::new(endpoint)?;
        // SAFETY: it is text with a zero at its end.
        check(unsafe { sys::zmq_disconnect(self.socket, text.as_ptr()) })
            .map_err(|failure| failure.during(endpoint))
    }

    fn send(&self, message: &Frames, wait: Duration) -> Outcome<Sent> {
        self.set_timeout(Opt::SndTimeo, wait)?;
        for (place, body) in message.iter().enumerate() {
            let more = place + 1 < message.len();
            let mut part = Part::of(body)?;
            match part.send(self.socket, more) {
                Ok(()) => {}
                Err(sys::EAGAIN) => return Ok(Sent::Full),
                Err(sys::EHOSTUNREACH) => return Ok(Sent::Unroutable),
                Err(_) => return Err(error()),
            }
        }
        Ok(Sent::Yes)
    }

    fn recv(&self, wait: Duration) -> Outcome<Option<Frames>> {
        self.set_timeout(Opt::RcvTimeo, wait)?;
        let mut message = Frames::new();
        loop {
            let mut part = Part::empty();
            match part.recv(self.socket) {
                Ok(()) => {}
                Err(sys::EAGAIN) if message.is_empty() => return Ok(None),
                Err(_) => return Err(error()),
            }
            message.push(part.body());
            let more = part.more();
            if message.len() == 1 {
                self.last.replace(Some(part));
            }
            if !more {
                return Ok(Some(message));
            }
        }
    }

    fn property(&self, name: &str) -> Outcome<Option<String>> {
        let last = self.last.borrow();
        let part = last.as_ref().ok_or_else(|| Failure::new("no message"))?;
        part.property(name)
    }

    fn watch(&self) -> Outcome {
        static MONITORS: AtomicU64 = AtomicU64::new(0);
        let number = MONITORS.fetch_add(1, Ordering::Relaxed);
        let endpoint = format!("inproc://monitor-{number}");
        let text = CString::new(endpoint.as_str())?;
        // SAFETY: it is text with a zero at its end.
        check(unsafe { sys::zmq_socket_monitor(self.socket, text.as_ptr(), sys::ALL_EVENTS) })?;
        let monitor = Self::of_type(sys::PAIR, SocketType::Pair)?;
        monitor.set(&Opt::RcvHwm.int(0))?;
        monitor.connect(&endpoint)?;
        self.monitor.replace(Some(Box::new(monitor)));
        Ok(())
    }

    fn event(&self, wait: Duration) -> Outcome<Option<Happening>> {
        let monitor = self.monitor.borrow();
        let monitor = monitor
            .as_ref()
            .ok_or_else(|| Failure::new("nobody watches this socket"))?;
        let event = monitor.recv(wait)?;
        let number = |event: Frames| {
            let number = event.first().and_then(|frame| frame.first_chunk());
            number.map(|number| Happening(u16::from_ne_bytes(*number)))
        };
        Ok(event.and_then(number))
    }

    fn close(self: Box<Self>) -> Outcome {
        Ok(())
    }
}

impl Drop for Libzmq {
    fn drop(&mut self) {
        if let Some(monitor) = self.monitor.take() {
            // libzmq waits for room for each event: it has to know first that nobody reads.
            // SAFETY: the socket is open, and no endpoint means none.
            unsafe { sys::zmq_socket_monitor(self.socket, ptr::null(), 0) };
            drop(monitor);
        }
        // SAFETY: the socket is open, and nobody uses it any more.
        unsafe { sys::zmq_close(self.socket) };
    }
}

/// A frame in libzmq's hands.
struct Part(Msg);

impl Part {
    fn empty() -> Self {
        let mut part = Self(Msg([0; 64]));
        // SAFETY: it initializes the 64 bytes, and never fails.
        unsafe { sys::zmq_msg_init(&raw mut part.0) };
        part
    }

    fn of(body: &[u8]) -> Outcome<Self> {
        let mut part = Self(Msg([0; 64]));
        // SAFETY: it initializes the 64 bytes.
        let initialized = unsafe { sys::zmq_msg_init_size(&raw mut part.0, body.len()) };
        if initialized != 0 {
            std::mem::forget(part);
            return Err(error());
        }
        // SAFETY: the message has room for so many bytes.
        unsafe {
            let data = sys::zmq_msg_data(&raw mut part.0).cast();
            ptr::copy_nonoverlapping(body.as_ptr(), data, body.len());
        }
        Ok(part)
    }

    /// Says libzmq's number of what is wrong, if something is.
    fn send(&mut self, socket: *mut c_void, more: bool) -> Result<(), c_int> {
        let flags = if more { sys::SNDMORE } else { 0 };
        // SAFETY: the message is initialized, and the socket open.
        let sent = unsafe { sys::zmq_msg_send(&raw mut self.0, socket, flags) };
        match sent < 0 {
            true => Err(errno()),
            false => Ok(()),
        }
    }

    fn recv(&mut self, socket: *mut c_void) -> Result<(), c_int> {
        // SAFETY: the message is initialized, and the socket open.
        let received = unsafe { sys::zmq_msg_recv(&raw mut self.0, socket, 0) };
        match received < 0 {
            true => Err(errno()),
            false => Ok(()),
        }
    }

    fn more(&self) -> bool {
        // SAFETY: the message is initialized.
        unsafe { sys::zmq_msg_more(&raw const self.0) != 0 }
    }

    fn body(&mut self) -> Bytes {
        // SAFETY: the message is initialized, and has so many bytes.
        let body = unsafe {
            let data = sys::zmq_msg_data(&raw mut self.0).cast::<u8>();
            let size = sys::zmq_msg_size(&raw const self.0);
            std::slice::from_raw_parts(data, size)
        };
        Bytes::copy_from_slice(body)
    }

    fn property(&self, name: &str) -> Outcome<Option<String>> {
        let name = CString::new(name)?;
        // SAFETY: the message is initialized, and the name has a zero at its end.
        let value = unsafe { sys::zmq_msg_gets(&raw const self.0, name.as_ptr()) };
        if value.is_null() {
            return Ok(None);
        }
        // SAFETY: it is text that lives as long as the message.
        let value = unsafe { CStr::from_ptr(value) };
        Ok(Some(value.to_str()?.to_owned()))
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // SAFETY: the message is initialized.
        unsafe { sys::zmq_msg_close(&raw mut self.0) };
    }
}

fn check(code: c_int) -> Outcome {
    if code < 0 { Err(error()) } else { Ok(()) }
}

fn errno() -> c_int {
    // SAFETY: it has no conditions.
    unsafe { sys::zmq_errno() }
}

/// What libzmq says about the last call.
fn error() -> Failure {
    // SAFETY: the text is never freed.
    let text = unsafe { CStr::from_ptr(sys::zmq_strerror(errno())) };
    Failure::new(format_args!("libzmq says {:?}", text.to_string_lossy()))
}
