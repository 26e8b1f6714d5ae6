//! The part of `zmq.h` that the stage needs. Which libzmq it is, the program says that
//! links this.

use std::ffi::{c_char, c_int, c_void};

/// `zmq_msg_t`: it may be moved, but not copied.
#[repr(C, align(8))]
pub(crate) struct Msg(pub(crate) [u8; 64]);

pub(crate) const MAX_SOCKETS: c_int = 2;
pub(crate) const SUBSCRIBE: c_int = 6;
pub(crate) const SNDHWM: c_int = 23;
pub(crate) const RCVHWM: c_int = 24;
pub(crate) const SNDMORE: c_int = 2;

unsafe extern "C" {
    pub(crate) fn zmq_version(major: *mut c_int, minor: *mut c_int, patch: *mut c_int);
    pub(crate) fn zmq_errno() -> c_int;
    pub(crate) fn zmq_strerror(errno: c_int) -> *const c_char;
    pub(crate) fn zmq_ctx_new() -> *mut c_void;
    pub(crate) fn zmq_ctx_set(context: *mut c_void, option: c_int, value: c_int) -> c_int;
    pub(crate) fn zmq_socket(context: *mut c_void, kind: c_int) -> *mut c_void;
    pub(crate) fn zmq_setsockopt(
        socket: *mut c_void,
        option: c_int,
        value: *const c_void,
        length: usize,
    ) -> c_int;
    pub(crate) fn zmq_bind(socket: *mut c_void, endpoint: *const c_char) -> c_int;
    pub(crate) fn zmq_connect(socket: *mut c_void, endpoint: *const c_char) -> c_int;
    pub(crate) fn zmq_msg_init(message: *mut Msg) -> c_int;
    pub(crate) fn zmq_msg_init_size(message: *mut Msg, size: usize) -> c_int;
    pub(crate) fn zmq_msg_copy(message: *mut Msg, from: *mut Msg) -> c_int;
    pub(crate) fn zmq_msg_data(message: *mut Msg) -> *mut c_void;
    pub(crate) fn zmq_msg_close(message: *mut Msg) -> c_int;
    pub(crate) fn zmq_msg_more(message: *const Msg) -> c_int;
    pub(crate) fn zmq_msg_send(message: *mut Msg, socket: *mut c_void, flags: c_int) -> c_int;
    pub(crate) fn zmq_msg_recv(message: *mut Msg, socket: *mut c_void, flags: c_int) -> c_int;
}
