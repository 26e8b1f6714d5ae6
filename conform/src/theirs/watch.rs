//! What libzmq tells of a socket's connections.

use std::ffi::{c_int, c_void};
use std::ptr;
use std::sync::atomic::{AtomicU32, Ordering};

use arzmq_sys as sys;

use super::{check, context, text};
use crate::errno::Errno;
use crate::event::Happening;

/// The other end of a socket's monitor.
pub(super) struct Watch {
    pair: *mut c_void,
}

impl Watch {
    /// One that sees nothing.
    pub(super) fn none() -> Self {
        Self {
            pair: ptr::null_mut(),
        }
    }

    pub(super) fn over(socket: *mut c_void) -> Result<Self, Errno> {
        static NAMES: AtomicU32 = AtomicU32::new(0);
        let number = NAMES.fetch_add(1, Ordering::Relaxed);
        let name = text(&format!("inproc://monitor-{number}"))?;
        let all = u64::from(sys::ZMQ_EVENT_ALL_V2);
        let pair = sys::ZMQ_PAIR as c_int;
        // SAFETY: the socket is open, and the name ends with a zero.
        check(unsafe { sys::zmq_socket_monitor_versioned(socket, name.as_ptr(), all, 2, pair) })?;
        // libzmq waits for somebody to connect, and so would everything else.
        let this = Self {
            pair: context::socket(sys::ZMQ_PAIR as c_int)?,
        };
        // SAFETY: as above.
        check(unsafe { sys::zmq_connect(this.pair, name.as_ptr()) })?;
        Ok(this)
    }

    /// The next event, if there is one: its number, how many values it has, these, and
    /// two addresses.
    pub(super) fn event(&mut self) -> Option<Happening> {
        let event = Happening::from(self.number()?);
        let count = self.number()?;
        let values: Vec<u64> = (0..count).filter_map(|_| self.number()).collect();
        let _addresses = [self.number(), self.number()];
        Some(match (event, values.as_slice()) {
            (Happening::Queues(..), [outbound, inbound]) => Happening::Queues(*outbound, *inbound),
            _ => event,
        })
    }

    /// The number that is the next frame, or what it begins with.
    fn number(&mut self) -> Option<u64> {
        let mut frame = [0_u8; 8];
        let flags = sys::ZMQ_DONTWAIT as c_int;
        // SAFETY: so many bytes are there to be written to, and longer frames are cut.
        let read = unsafe {
            let bytes = frame.as_mut_ptr().cast();
            sys::zmq_recv(self.pair, bytes, frame.len(), flags)
        };
        (read != -1).then_some(u64::from_ne_bytes(frame))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if !self.pair.is_null() {
            // SAFETY: it is open, and nobody uses it any more.
            unsafe { sys::zmq_close(self.pair) };
        }
    }
}
