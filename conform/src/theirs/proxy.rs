//! libzmq's proxies.

use std::ffi::{c_int, c_void};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use arzmq_sys as sys;
use ferromq::SocketType;

use super::{Theirs, check, context, text};
use crate::device;
use crate::errno::Errno;
use crate::parcel::Parcel;
use crate::socket::Socket;

/// A proxy on a thread of its own, until it is dropped: the two sockets are its own
/// for so long.
pub(crate) struct Device {
    control: Theirs,
    captured: Theirs,
    thread: Option<JoinHandle<()>>,
}

/// Two sockets that have nobody but each other; the second is the proxy's.
fn pair() -> Result<(Theirs, usize), Errno> {
    static NAMES: AtomicU32 = AtomicU32::new(0);
    let number = NAMES.fetch_add(1, Ordering::Relaxed);
    let endpoint = format!("inproc://device-{number}");
    let mut near = Theirs::new(SocketType::Pair)?;
    near.bind(&endpoint)?;
    let far = context::socket(sys::ZMQ_PAIR as c_int)?;
    let endpoint = text(&endpoint)?;
    // SAFETY: the socket is open, and the name ends with a zero.
    check(unsafe { sys::zmq_connect(far, endpoint.as_ptr()) })?;
    Ok((near, far as usize))
}

impl Device {
    pub(crate) fn start(frontend: usize, backend: usize) -> Result<Self, Errno> {
        let ((control, obeyed), (captured, shown)) = (pair()?, pair()?);
        let thread = std::thread::spawn(move || {
            let [frontend, backend, obeyed, shown] =
                [frontend, backend, obeyed, shown].map(|socket| socket as *mut c_void);
            // SAFETY: the sockets are open, and nobody else's for so long.
            unsafe {
                sys::zmq_proxy_steerable(frontend, backend, shown, obeyed);
                sys::zmq_close(obeyed);
                sys::zmq_close(shown);
            }
        });
        Ok(Self {
            control,
            captured,
            thread: Some(thread),
        })
    }
}

impl device::Device for Device {
    fn tell(&mut self, command: &str) -> Result<(), Errno> {
        self.control.send(&Parcel::new([command]), Duration::ZERO)
    }

    fn answer(&mut self, wait: Duration) -> Result<Parcel, Errno> {
        self.control.recv(wait)
    }

    fn captured(&mut self, wait: Duration) -> Result<Parcel, Errno> {
        self.captured.recv(wait)
    }

    fn end(&mut self) -> Result<(), Errno> {
        let Some(thread) = self.thread.take() else {
            return Ok(());
        };
        self.tell("TERMINATE")?;
        thread.join().map_err(|_| Errno::Other(-1))
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        // If it could not be told, it would not end: that is a bug of this suite.
        let _ = device::Device::end(self);
    }
}
