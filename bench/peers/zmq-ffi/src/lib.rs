//! libzmq on stage, in its one mode: one I/O thread, calls that block. The program that
//! links this says which libzmq it is.

mod ffi;

use std::cell::RefCell;
use std::ffi::{CStr, CString, c_int, c_void};
use std::sync::OnceLock;

use ffi::Msg;
use stage::{Args, Contestant, Failure, Kind, Payload, Socket};

/// The contestant.
pub struct Libzmq;

impl Contestant for Libzmq {
    type Socket = Handle;

    async fn open(kind: Kind, args: &Args) -> Result<Handle, Failure> {
        if args.mode != "default" {
            return Err(format!("no mode {}", args.mode).into());
        }
        // SAFETY: the context is one that `zmq_ctx_new` made, and is never destroyed.
        let socket = Handle(unsafe { ffi::zmq_socket(context(), number(kind)) });
        if socket.0.is_null() {
            return Err(last());
        }
        socket.set(ffi::SNDHWM, 1000)?;
        socket.set(ffi::RCVHWM, 1000)?;
        Ok(socket)
    }

    fn run<F: Future>(_mode: &str, part: F) -> F::Output {
        stage::on_this_thread(part)
    }
}

/// Prints the version of the libzmq that was linked, if that is what is asked for.
pub fn main() {
    if std::env::args().nth(1).as_deref() == Some("version") {
        let (mut major, mut minor, mut patch) = (0, 0, 0);
        // SAFETY: three places to write to.
        unsafe { ffi::zmq_version(&mut major, &mut minor, &mut patch) };
        #[expect(clippy::print_stdout, reason = "it was asked for")]
        {
            println!("{major}.{minor}.{patch}");
        }
    } else {
        stage::main::<Libzmq>();
    }
}

/// The one context. 1,000 sockets are more than it allows unasked.
fn context() -> *mut c_void {
    static CONTEXT: OnceLock<usize> = OnceLock::new();
    *CONTEXT.get_or_init(|| {
        // SAFETY: no arguments, and a context that was just made.
        unsafe {
            let context = ffi::zmq_ctx_new();
            ffi::zmq_ctx_set(context, ffi::MAX_SOCKETS, 4096);
            context as usize
        }
    }) as *mut c_void
}

/// The numbers of `zmq.h`.
fn number(kind: Kind) -> c_int {
    match kind {
        Kind::Pub => 1,
        Kind::Sub => 2,
        Kind::Req => 3,
        Kind::Rep => 4,
        Kind::Dealer => 5,
        Kind::Router => 6,
        Kind::Pull => 7,
        Kind::Push => 8,
    }
}

/// What went wrong last on this thread.
fn last() -> Failure {
    // SAFETY: the string is one of libzmq's own, for good.
    let said = unsafe { CStr::from_ptr(ffi::zmq_strerror(ffi::zmq_errno())) };
    said.to_string_lossy().into()
}

fn check(result: c_int) -> Result<(), Failure> {
    if result < 0 { Err(last()) } else { Ok(()) }
}

/// A socket, used by the thread that opened it.
pub struct Handle(*mut c_void);

impl Handle {
    fn set(&self, option: c_int, value: c_int) -> Result<(), Failure> {
        let value: *const c_int = &raw const value;
        // SAFETY: the socket is open, and the value an `int`, as the option wants it.
        check(unsafe { ffi::zmq_setsockopt(self.0, option, value.cast(), size_of::<c_int>()) })
    }

    fn send_frame(&self, frame: &mut Frame, flags: c_int) -> Result<(), Failure> {
        // SAFETY: the socket is open and the message initialised; it is empty after.
        check(unsafe { ffi::zmq_msg_send(&mut frame.0, self.0, flags) })
    }

    fn recv_frame(&self) -> Result<Frame, Failure> {
        let mut frame = Frame::empty();
        // SAFETY: the socket is open and the message initialised.
        check(unsafe { ffi::zmq_msg_recv(&mut frame.0, self.0, 0) })?;
        Ok(frame)
    }
}

/// A message of one frame or more.
pub struct Message {
    first: Frame,
    rest: Vec<Frame>,
}

struct Frame(Msg);

impl Frame {
    #[inline]
    fn empty() -> Self {
        let mut message = Msg([0; 64]);
        // SAFETY: this initialises the message; it cannot fail.
        unsafe { ffi::zmq_msg_init(&mut message) };
        Self(message)
    }

    #[inline]
    fn copy_of(body: &[u8]) -> Self {
        let mut message = Msg([0; 64]);
        // SAFETY: the message's data has as many bytes as are copied there. Where no
        // memory is left, there is no message and nothing more to measure.
        unsafe {
            assert!(
                ffi::zmq_msg_init_size(&mut message, body.len()) == 0,
                "no memory"
            );
            let data = ffi::zmq_msg_data(&mut message).cast::<u8>();
            data.copy_from_nonoverlapping(body.as_ptr(), body.len());
        }
        Self(message)
    }

    fn share(&mut self) -> Self {
        let mut copy = Self::empty();
        // SAFETY: both are initialised; they share the body, whose owners are counted.
        unsafe { ffi::zmq_msg_copy(&mut copy.0, &mut self.0) };
        copy
    }

    #[inline]
    fn has_more(&self) -> bool {
        // SAFETY: the message is initialised.
        unsafe { ffi::zmq_msg_more(&self.0) != 0 }
    }
}

impl Drop for Frame {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: the message is initialised, and nobody uses it after.
        unsafe { ffi::zmq_msg_close(&mut self.0) };
    }
}

thread_local! {
    /// The payload that messages share, with the place that it is a copy of.
    static SHARED: RefCell<Option<(*const u8, Frame)>> = const { RefCell::new(None) };
}

impl Socket for Handle {
    type Message = Message;

    async fn bind(&mut self, endpoint: &str) -> Result<(), Failure> {
        let endpoint = CString::new(endpoint)?;
        // SAFETY: the socket is open, and the string ends.
        check(unsafe { ffi::zmq_bind(self.0, endpoint.as_ptr()) })
    }

    async fn connect(&mut self, endpoint: &str) -> Result<(), Failure> {
        let endpoint = CString::new(endpoint)?;
        // SAFETY: the socket is open, and the string ends.
        check(unsafe { ffi::zmq_connect(self.0, endpoint.as_ptr()) })
    }

    async fn subscribe(&mut self, topic: &[u8]) -> Result<(), Failure> {
        let value = topic.as_ptr().cast();
        // SAFETY: the socket is open, and the topic has as many bytes as is said.
        check(unsafe { ffi::zmq_setsockopt(self.0, ffi::SUBSCRIBE, value, topic.len()) })
    }

    #[inline]
    fn message(payload: &Payload) -> Message {
        let first = if payload.is_shared() {
            SHARED.with_borrow_mut(|shared| {
                let place = payload.slice.as_ptr();
                if shared.as_ref().is_none_or(|(of, _)| *of != place) {
                    *shared = Some((place, Frame::copy_of(payload.slice)));
                }
                let (_, frame) = shared.as_mut().expect("it was just put there");
                frame.share()
            })
        } else {
            Frame::copy_of(payload.slice)
        };
        Message {
            first,
            rest: Vec::new(),
        }
    }

    #[inline]
    async fn send(&mut self, mut message: Message) -> Result<(), Failure> {
        let Some((last, between)) = message.rest.split_last_mut() else {
            return self.send_frame(&mut message.first, 0);
        };
        self.send_frame(&mut message.first, ffi::SNDMORE)?;
        for frame in between {
            self.send_frame(frame, ffi::SNDMORE)?;
        }
        self.send_frame(last, 0)
    }

    #[inline]
    async fn recv(&mut self) -> Result<Message, Failure> {
        let first = self.recv_frame()?;
        let mut more = first.has_more();
        let mut rest = Vec::new();
        while more {
            let frame = self.recv_frame()?;
            more = frame.has_more();
            rest.push(frame);
        }
        Ok(Message { first, rest })
    }
}
