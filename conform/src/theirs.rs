//! A socket of libzmq.

#![expect(unsafe_code, reason = "libzmq is a C library")]

use std::ffi::{CStr, CString, c_int, c_void};
use std::sync::OnceLock;
use std::time::Duration;

use arzmq_sys as sys;
use ferromq::SocketType;

use crate::errno::Errno;
use crate::parcel::Parcel;
use crate::socket::Socket;

/// A socket of libzmq, used by one thread at a time.
pub(crate) struct Theirs {
    socket: *mut c_void,
    kind: SocketType,
}

/// A part of a message.
struct Part(sys::zmq_msg_t);

/// The context of all sockets; it lives as long as the process.
fn context() -> *mut c_void {
    struct Context(*mut c_void);
    // SAFETY: contexts may be used by several threads.
    unsafe impl Send for Context {}
    // SAFETY: as above.
    unsafe impl Sync for Context {}
    static CONTEXT: OnceLock<Context> = OnceLock::new();
    // SAFETY: it takes nothing.
    CONTEXT
        .get_or_init(|| Context(unsafe { sys::zmq_ctx_new() }))
        .0
}

/// What libzmq has said last.
fn errno() -> Errno {
    // SAFETY: it reads a number of this thread.
    match unsafe { sys::zmq_errno() } {
        sys::errno::EAGAIN => Errno::Again,
        sys::errno::EINVAL => Errno::Invalid,
        sys::errno::ENOTSUP => Errno::Unsupported,
        sys::errno::EHOSTUNREACH => Errno::Unreachable,
        other => Errno::Other(other),
    }
}

fn check(result: c_int) -> Result<(), Errno> {
    match result {
        -1 => Err(errno()),
        _ => Ok(()),
    }
}

fn text(text: &str) -> Result<CString, Errno> {
    CString::new(text).map_err(|_| Errno::Invalid)
}

impl Theirs {
    pub(crate) fn new(kind: SocketType) -> Result<Self, Errno> {
        // SAFETY: the context lives for ever.
        let socket = unsafe { sys::zmq_socket(context(), c_int::from(kind.number())) };
        if socket.is_null() {
            return Err(errno());
        }
        let mut socket = Self { socket, kind };
        socket.set(sys::ZMQ_LINGER as c_int, 0)?;
        Ok(socket)
    }

    fn set(&mut self, option: c_int, value: c_int) -> Result<(), Errno> {
        let pointer = (&raw const value).cast();
        // SAFETY: it reads an int.
        check(unsafe { sys::zmq_setsockopt(self.socket, option, pointer, size_of::<c_int>()) })
    }

    fn last_endpoint(&self) -> Result<String, Errno> {
        let mut bytes = [0_u8; 1024];
        let mut length = bytes.len();
        let option = sys::ZMQ_LAST_ENDPOINT as c_int;
        // SAFETY: so many bytes are there to be written to.
        check(unsafe {
            let value = bytes.as_mut_ptr().cast();
            sys::zmq_getsockopt(self.socket, option, value, &raw mut length)
        })?;
        let text = CStr::from_bytes_until_nul(&bytes).map_err(|_| Errno::Other(0))?;
        Ok(text.to_string_lossy().into_owned())
    }

    /// Sends the parts; none but the first can be refused.
    fn send_parts(&mut self, parcel: &Parcel) -> Result<(), Errno> {
        for (index, frame) in parcel.frames.iter().enumerate() {
            let mut part = Part::new(frame);
            part.address(parcel)?;
            let more = index + 1 < parcel.frames.len();
            let flags = if more { sys::ZMQ_SNDMORE as c_int } else { 0 };
            // SAFETY: the message is initialized, and libzmq's once it is sent.
            check(unsafe { sys::zmq_msg_send(&raw mut part.0, self.socket, flags) })?;
        }
        Ok(())
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

    /// Says for whom it is.
    fn address(&mut self, parcel: &Parcel) -> Result<(), Errno> {
        if parcel.peer != 0 {
            // SAFETY: the message is initialized.
            check(unsafe { sys::zmq_msg_set_routing_id(&raw mut self.0, parcel.peer) })?;
        }
        if let Some(group) = &parcel.group {
            let group = text(group)?;
            // SAFETY: the message is initialized, and the text ends with a zero.
            check(unsafe { sys::zmq_msg_set_group(&raw mut self.0, group.as_ptr()) })?;
        }
        Ok(())
    }

    fn body(&mut self) -> Vec<u8> {
        // SAFETY: the message is initialized, and has so many bytes.
        unsafe {
            let data = sys::zmq_msg_data(&raw mut self.0).cast::<u8>();
            let size = sys::zmq_msg_size(&raw const self.0);
            std::slice::from_raw_parts(data, size).to_vec()
        }
    }

    fn has_more(&self) -> bool {
        // SAFETY: the message is initialized.
        unsafe { sys::zmq_msg_more(&raw const self.0) != 0 }
    }

    fn peer(&mut self) -> u32 {
        // SAFETY: the message is initialized.
        unsafe { sys::zmq_msg_routing_id(&raw mut self.0) }
    }

    fn group(&mut self) -> String {
        // SAFETY: the message is initialized, and its group ends with a zero.
        let group = unsafe { CStr::from_ptr(sys::zmq_msg_group(&raw mut self.0)) };
        group.to_string_lossy().into_owned()
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // SAFETY: the message is initialized.
        unsafe { sys::zmq_msg_close(&raw mut self.0) };
    }
}

impl Socket for Theirs {
    fn bind(&mut self, endpoint: &str) -> Result<String, Errno> {
        let endpoint = text(endpoint)?;
        // SAFETY: the text ends with a zero.
        check(unsafe { sys::zmq_bind(self.socket, endpoint.as_ptr()) })?;
        self.last_endpoint()
    }

    fn connect(&mut self, endpoint: &str) -> Result<(), Errno> {
        let endpoint = text(endpoint)?;
        // SAFETY: the text ends with a zero.
        check(unsafe { sys::zmq_connect(self.socket, endpoint.as_ptr()) })
    }

    fn connect_peer(&mut self, endpoint: &str) -> Result<u32, Errno> {
        let endpoint = text(endpoint)?;
        // SAFETY: the text ends with a zero.
        match unsafe { sys::zmq_connect_peer(self.socket, endpoint.as_ptr()) } {
            0 => Err(errno()),
            peer => Ok(peer),
        }
    }

    fn disconnect_peer(&mut self, peer: u32) -> Result<(), Errno> {
        // SAFETY: the socket is open.
        check(unsafe { sys::zmq_disconnect_peer(self.socket, peer) })
    }

    fn join(&mut self, group: &str) -> Result<(), Errno> {
        let group = text(group)?;
        // SAFETY: the text ends with a zero.
        check(unsafe { sys::zmq_join(self.socket, group.as_ptr()) })
    }

    fn leave(&mut self, group: &str) -> Result<(), Errno> {
        let group = text(group)?;
        // SAFETY: the text ends with a zero.
        check(unsafe { sys::zmq_leave(self.socket, group.as_ptr()) })
    }

    fn send(&mut self, parcel: &Parcel, wait: Duration) -> Result<(), Errno> {
        self.set(sys::ZMQ_SNDTIMEO as c_int, wait.as_millis() as c_int)?;
        self.send_parts(parcel)
    }

    fn recv(&mut self, wait: Duration) -> Result<Parcel, Errno> {
        self.set(sys::ZMQ_RCVTIMEO as c_int, wait.as_millis() as c_int)?;
        let mut parcel = Parcel::default();
        loop {
            let mut part = Part::new(&[]);
            // SAFETY: the message is initialized.
            check(unsafe { sys::zmq_msg_recv(&raw mut part.0, self.socket, 0) })?;
            parcel.frames.push(part.body());
            parcel.peer = part.peer();
            if self.kind == SocketType::Dish {
                parcel.group = Some(part.group());
            }
            if !part.has_more() {
                return Ok(parcel);
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
