//! A part of a message.

use std::ffi::{CStr, c_int, c_void};

use arzmq_sys as sys;

use super::{check, text};
use crate::errno::Errno;
use crate::parcel::Parcel;

/// A part of a message; libzmq's `zmq_msg_t`, which is always initialized here.
pub(super) struct Part(sys::zmq_msg_t);

impl Part {
    pub(super) fn new(body: &[u8]) -> Self {
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
    pub(super) fn address(&mut self, parcel: &Parcel) -> Result<(), Errno> {
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

    pub(super) fn send(mut self, socket: *mut c_void, flags: c_int) -> Result<(), Errno> {
        // SAFETY: the message is initialized, and an empty one once it is sent.
        check(unsafe { sys::zmq_msg_send(&raw mut self.0, socket, flags) })
    }

    pub(super) fn receive(&mut self, socket: *mut c_void) -> Result<(), Errno> {
        // SAFETY: the message is initialized.
        check(unsafe { sys::zmq_msg_recv(&raw mut self.0, socket, 0) })
    }

    pub(super) fn body(&mut self) -> Vec<u8> {
        // SAFETY: the message is initialized, and has so many bytes.
        unsafe {
            let data = sys::zmq_msg_data(&raw mut self.0).cast::<u8>();
            let size = sys::zmq_msg_size(&raw const self.0);
            std::slice::from_raw_parts(data, size).to_vec()
        }
    }

    pub(super) fn has_more(&self) -> bool {
        // SAFETY: the message is initialized.
        unsafe { sys::zmq_msg_more(&raw const self.0) != 0 }
    }

    pub(super) fn peer(&mut self) -> u32 {
        // SAFETY: the message is initialized.
        unsafe { sys::zmq_msg_routing_id(&raw mut self.0) }
    }

    /// What is known of who has sent it.
    pub(super) fn property(&mut self, name: &str) -> Option<String> {
        let name = text(name).ok()?;
        // SAFETY: the message is initialized, and so are both texts, which end with a zero.
        unsafe {
            let value = sys::zmq_msg_gets(&raw mut self.0, name.as_ptr());
            let value = (!value.is_null()).then(|| CStr::from_ptr(value))?;
            Some(value.to_bytes().escape_ascii().to_string())
        }
    }

    pub(super) fn group(&mut self) -> String {
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
