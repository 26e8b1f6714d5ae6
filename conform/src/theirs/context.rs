//! The context of all of libzmq's sockets.

use std::ffi::{c_int, c_void};
use std::sync::OnceLock;

use arzmq_sys as sys;

use super::errno;
use crate::errno::Errno;

/// Several scenarios are played at once, and their sockets are closed in the background.
const SOCKETS: c_int = 20_000;

/// The context; it lives as long as the process.
fn context() -> *mut c_void {
    struct Context(*mut c_void);
    // SAFETY: contexts may be used by several threads.
    unsafe impl Send for Context {}
    // SAFETY: as above.
    unsafe impl Sync for Context {}
    static CONTEXT: OnceLock<Context> = OnceLock::new();
    let make = || {
        // SAFETY: it takes nothing.
        let context = unsafe { sys::zmq_ctx_new() };
        // SAFETY: the context has just been made.
        unsafe { sys::zmq_ctx_set(context, sys::ZMQ_MAX_SOCKETS as c_int, SOCKETS) };
        Context(context)
    };
    CONTEXT.get_or_init(make).0
}

/// A socket of this type, by its number.
pub(super) fn socket(kind: c_int) -> Result<*mut c_void, Errno> {
    // SAFETY: the context lives for ever.
    let socket = unsafe { sys::zmq_socket(context(), kind) };
    if socket.is_null() {
        Err(errno())
    } else {
        Ok(socket)
    }
}

/// The version of libzmq.
pub(crate) fn version() -> String {
    let [mut major, mut minor, mut patch] = [0; 3];
    // SAFETY: it writes to three numbers.
    unsafe { sys::zmq_version(&raw mut major, &raw mut minor, &raw mut patch) };
    format!("{major}.{minor}.{patch}")
}
