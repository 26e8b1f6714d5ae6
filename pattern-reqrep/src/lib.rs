//! REQ and REP, the request-reply pattern ([RFC 28](https://rfc.zeromq.org/spec/28/)):
//! a request goes to one service in turn, and its reply comes back to whoever
//! asked.
//!
//! No I/O: the engine moves what is decided here.

#![forbid(unsafe_code)]

mod envelope;
mod rep;
mod req;

pub use rep::Rep;
pub use req::Req;
