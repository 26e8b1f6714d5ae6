//! A socket of libzmq.

#![expect(unsafe_code, reason = "libzmq is a C library")]

mod context;
mod part;
mod proxy;
mod watch;

use std::ffi::{CString, c_int, c_void};
use std::ptr;
use std::time::Duration;

use arzmq_sys as sys;
use ferromq::SocketType;

use self::part::Part;
use self::watch::Watch;
use crate::errno::Errno;
use crate::event::Happening;
use crate::opt::Opt;
use crate::parcel::Parcel;
use crate::socket::{Handle, Socket};

pub(crate) use self::context::version;
pub(crate) use self::proxy::Device;

const SOCKS_PROXY: c_int = sys::ZMQ_SOCKS_PROXY as c_int;

/// A socket of libzmq, used by one thread at a time.
pub(crate) struct Theirs {
    socket: *mut c_void,
    kind: SocketType,
    watch: Watch,
    /// The last part of what was received last.
    last: Option<Part>,
}

/// What libzmq has said last.
fn errno() -> Errno {
    // SAFETY: it reads a number of this thread.
    match unsafe { sys::zmq_errno() } {
        sys::errno::EAGAIN => Errno::Again,
        sys::errno::EFSM => Errno::OutOfTurn,
        sys::errno::EINVAL => Errno::Invalid,
        sys::errno::ENOTSUP => Errno::Unsupported,
        sys::errno::EHOSTUNREACH => Errno::Unreachable,
        sys::errno::ENOENT => Errno::NotFound,
        sys::errno::EADDRINUSE => Errno::InUse,
        sys::errno::EPROTONOSUPPORT => Errno::UnknownScheme,
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
        let socket = context::socket(c_int::from(kind.number()))?;
        // Whatever fails from here on, the socket is closed.
        let mut this = Self {
            socket,
            kind,
            watch: Watch::none(),
            last: None,
        };
        this.set(Opt::Linger(0))?;
        this.watch = Watch::over(socket)?;
        Ok(this)
    }

    fn set_bytes(&mut self, option: c_int, value: &[u8]) -> Result<(), Errno> {
        // SAFETY: so many bytes are there to be read.
        check(unsafe {
            sys::zmq_setsockopt(self.socket, option, value.as_ptr().cast(), value.len())
        })
    }

    fn get_bytes<const N: usize>(&self, option: c_int) -> Result<([u8; N], usize), Errno> {
        let mut bytes = [0_u8; N];
        let mut length = N;
        // SAFETY: so many bytes are there to be written to.
        check(unsafe {
            let value = bytes.as_mut_ptr().cast();
            sys::zmq_getsockopt(self.socket, option, value, &raw mut length)
        })?;
        Ok((bytes, length))
    }

    fn get(&self, option: u32) -> Result<c_int, Errno> {
        let (bytes, _) = self.get_bytes(option as c_int)?;
        Ok(c_int::from_ne_bytes(bytes))
    }

    /// Calls a function of libzmq that takes this socket and an endpoint or a group.
    fn call(
        &self,
        function: unsafe extern "C" fn(*mut c_void, *const std::ffi::c_char) -> c_int,
        argument: &str,
    ) -> Result<(), Errno> {
        let argument = text(argument)?;
        // SAFETY: the socket is open, and the text ends with a zero.
        check(unsafe { function(self.socket, argument.as_ptr()) })
    }

    /// Sends the parts; none but the first is refused where it has to wait.
    fn send_parts(&mut self, parcel: &Parcel, flags: c_int) -> Result<(), Errno> {
        for (index, frame) in parcel.frames.iter().enumerate() {
            let mut part = Part::new(frame);
            part.address(parcel)?;
            let has_more = index + 1 < parcel.frames.len();
            let more = if has_more {
                sys::ZMQ_SNDMORE as c_int
            } else {
                0
            };
            part.send(self.socket, flags | more)?;
        }
        Ok(())
    }
}

impl Socket for Theirs {
    fn set(&mut self, option: Opt) -> Result<(), Errno> {
        self.set_bytes(option.number(), &option.bytes())
    }

    fn bind(&mut self, endpoint: &str) -> Result<String, Errno> {
        self.call(sys::zmq_bind, endpoint)?;
        self.last_endpoint()
    }

    fn connect(&mut self, endpoint: &str) -> Result<(), Errno> {
        self.call(sys::zmq_connect, endpoint)
    }

    fn connect_by(&mut self, proxy: &str, login: [&str; 2], endpoint: &str) -> Result<(), Errno> {
        self.set_bytes(SOCKS_PROXY, proxy.as_bytes())?;
        let [user, password] = login;
        if !user.is_empty() {
            self.set_bytes(sys::ZMQ_SOCKS_USERNAME as c_int, user.as_bytes())?;
            self.set_bytes(sys::ZMQ_SOCKS_PASSWORD as c_int, password.as_bytes())?;
        }
        self.connect(endpoint)
    }

    fn disconnect(&mut self, endpoint: &str) -> Result<(), Errno> {
        self.call(sys::zmq_disconnect, endpoint)
    }

    fn unbind(&mut self, endpoint: &str) -> Result<(), Errno> {
        self.call(sys::zmq_unbind, endpoint)
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
        self.call(sys::zmq_join, group)
    }

    fn leave(&mut self, group: &str) -> Result<(), Errno> {
        self.call(sys::zmq_leave, group)
    }

    fn send(&mut self, parcel: &Parcel, wait: Duration) -> Result<(), Errno> {
        if wait.is_zero() {
            return self.send_parts(parcel, sys::ZMQ_DONTWAIT as c_int);
        }
        let millis = wait.as_millis() as c_int;
        self.set_bytes(sys::ZMQ_SNDTIMEO as c_int, &millis.to_ne_bytes())?;
        self.send_parts(parcel, 0)
    }

    fn recv(&mut self, wait: Duration) -> Result<Parcel, Errno> {
        let millis = wait.as_millis() as c_int;
        self.set_bytes(sys::ZMQ_RCVTIMEO as c_int, &millis.to_ne_bytes())?;
        let mut parcel = Parcel::default();
        loop {
            let mut part = Part::new(&[]);
            part.receive(self.socket)?;
            parcel.frames.push(part.body());
            parcel.peer = part.peer();
            if self.kind == SocketType::Dish {
                parcel.group = Some(part.group());
            }
            if !part.has_more() {
                self.last = Some(part);
                return Ok(parcel);
            }
        }
    }

    fn property(&mut self, name: &str) -> Option<String> {
        self.last.as_mut()?.property(name)
    }

    fn event(&mut self) -> Option<Happening> {
        self.watch.event()
    }

    fn report_queues(&mut self) -> Result<(), Errno> {
        // SAFETY: the socket is open.
        check(unsafe { sys::zmq_socket_monitor_pipes_stats(self.socket) })
    }

    fn topics(&mut self) -> Result<usize, Errno> {
        let topics = self.get(sys::ZMQ_TOPICS_COUNT)?;
        usize::try_from(topics).map_err(|_| Errno::Other(0))
    }

    fn last_endpoint(&mut self) -> Result<String, Errno> {
        let (bytes, length) = self.get_bytes::<1024>(sys::ZMQ_LAST_ENDPOINT as c_int)?;
        let text = bytes.get(..length.saturating_sub(1)).unwrap_or_default();
        Ok(String::from_utf8_lossy(text).into_owned())
    }

    fn newest_id(&mut self) -> Result<Vec<u8>, Errno> {
        let (bytes, length) = self.get_bytes::<256>(sys::ZMQ_ROUTING_ID as c_int)?;
        Ok(bytes.get(..length).unwrap_or_default().to_vec())
    }

    fn has_room_for(&mut self, id: &[u8]) -> Result<bool, Errno> {
        // SAFETY: the id has so many bytes.
        let state =
            unsafe { sys::zmq_socket_get_peer_state(self.socket, id.as_ptr().cast(), id.len()) };
        check(state)?;
        Ok(state & sys::ZMQ_POLLOUT as c_int != 0)
    }

    fn readiness(&mut self) -> (bool, bool) {
        let events = self.get(sys::ZMQ_EVENTS).unwrap_or_default();
        let has = |event: u32| events & event as c_int != 0;
        (has(sys::ZMQ_POLLIN), has(sys::ZMQ_POLLOUT))
    }

    fn handle(&self) -> Handle {
        Handle::Theirs(self.socket as usize)
    }
}

impl Drop for Theirs {
    fn drop(&mut self) {
        // An event that nobody can receive would hold libzmq's only I/O thread up.
        // SAFETY: it is open, and nobody uses it any more.
        unsafe {
            sys::zmq_socket_monitor(self.socket, ptr::null(), 0);
            sys::zmq_close(self.socket);
        }
    }
}
