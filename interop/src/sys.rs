//! The part of `zmq.h` that is used here.

#![expect(unsafe_code, reason = "these are functions of a C library")]

use std::ffi::{c_char, c_int, c_void};

/// `zmq_msg_t`: 64 bytes that only libzmq understands.
#[repr(C, align(8))]
pub(crate) struct Msg(pub(crate) [u8; 64]);

pub(crate) const EAGAIN: c_int = 11;
pub(crate) const EHOSTUNREACH: c_int = 113;
pub(crate) const PAIR: c_int = 0;
pub(crate) const LAST_ENDPOINT: c_int = 32;
pub(crate) const SNDMORE: c_int = 2;
pub(crate) const ALL_EVENTS: c_int = 0xffff;

#[link(name = "zmq")]
unsafe extern "C" {
    pub(crate) fn zmq_version(major: *mut c_int, minor: *mut c_int, patch: *mut c_int);
    pub(crate) fn zmq_errno() -> c_int;
    pub(crate) fn zmq_strerror(error: c_int) -> *const c_char;
    pub(crate) fn zmq_ctx_new() -> *mut c_void;
    pub(crate) fn zmq_ctx_set(context: *mut c_void, option: c_int, value: c_int) -> c_int;
    pub(crate) fn zmq_socket(context: *mut c_void, kind: c_int) -> *mut c_void;
    pub(crate) fn zmq_close(socket: *mut c_void) -> c_int;
    pub(crate) fn zmq_setsockopt(
        socket: *mut c_void,
        option: c_int,
        value: *const c_void,
        length: usize,
    ) -> c_int;
    pub(crate) fn zmq_getsockopt(
        socket: *mut c_void,
        option: c_int,
        value: *mut c_void,
        length: *mut usize,
    ) -> c_int;
    pub(crate) fn zmq_bind(socket: *mut c_void, endpoint: *const c_char) -> c_int;
    pub(crate) fn zmq_connect(socket: *mut c_void, endpoint: *const c_char) -> c_int;
    pub(crate) fn zmq_disconnect(socket: *mut c_void, endpoint: *const c_char) -> c_int;
    pub(crate) fn zmq_msg_init(message: *mut Msg) -> c_int;
    pub(crate) fn zmq_msg_init_size(message: *mut Msg, size: usize) -> c_int;
    pub(crate) fn zmq_msg_data(message: *mut Msg) -> *mut c_void;
    pub(crate) fn zmq_msg_size(message: *const Msg) -> usize;
    pub(crate) fn zmq_msg_more(message: *const Msg) -> c_int;
    pub(crate) fn zmq_msg_gets(message: *const Msg, property: *const c_char) -> *const c_char;
    pub(crate) fn zmq_msg_send(message: *mut Msg, socket: *mut c_void, flags: c_int) -> c_int;
    pub(crate) fn zmq_msg_recv(message: *mut Msg, socket: *mut c_void, flags: c_int) -> c_int;
    pub(crate) fn zmq_msg_close(message: *mut Msg) -> c_int;
    pub(crate) fn zmq_socket_monitor(
        socket: *mut c_void,
        endpoint: *const c_char,
        events: c_int,
    ) -> c_int;
    pub(crate) fn zmq_proxy(
        frontend: *mut c_void,
        backend: *mut c_void,
        capture: *mut c_void,
    ) -> c_int;
}
