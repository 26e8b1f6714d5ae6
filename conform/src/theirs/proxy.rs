//! libzmq's proxies.

use std::ffi::{c_int, c_void};
use std::ptr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::JoinHandle;

use arzmq_sys as sys;

use super::part::Part;
use super::{check, context, text};
use crate::errno::Errno;

/// A proxy on a thread of its own, until it is dropped: the two sockets are its own
/// for so long.
pub(crate) struct Device {
    control: *mut c_void,
    thread: Option<JoinHandle<()>>,
}

impl Device {
    pub(crate) fn start(frontend: usize, backend: usize) -> Result<Self, Errno> {
        static NAMES: AtomicU32 = AtomicU32::new(0);
        let number = NAMES.fetch_add(1, Ordering::Relaxed);
        let name = text(&format!("inproc://control-{number}"))?;
        let mut this = Self {
            control: context::socket(sys::ZMQ_PAIR as c_int)?,
            thread: None,
        };
        // SAFETY: the socket is open, and the name ends with a zero.
        check(unsafe { sys::zmq_bind(this.control, name.as_ptr()) })?;
        let controlled = context::socket(sys::ZMQ_PAIR as c_int)?;
        // SAFETY: as above.
        check(unsafe { sys::zmq_connect(controlled, name.as_ptr()) })?;
        let controlled = controlled as usize;
        this.thread = Some(std::thread::spawn(move || {
            let [frontend, backend, controlled] =
                [frontend, backend, controlled].map(|socket| socket as *mut c_void);
            // SAFETY: the sockets are open, and nobody else's for so long.
            unsafe {
                sys::zmq_proxy_steerable(frontend, backend, ptr::null_mut(), controlled);
                sys::zmq_close(controlled);
            }
        }));
        Ok(this)
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        // If it could not be told, it would not end: that is a bug of this suite.
        let told = Part::new(b"TERMINATE").send(self.control, 0);
        if let (Ok(()), Some(thread)) = (told, self.thread.take()) {
            let _ = thread.join();
        }
        // SAFETY: it is open, and nobody uses it any more.
        unsafe { sys::zmq_close(self.control) };
    }
}
