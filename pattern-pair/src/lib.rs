//! PAIR, the exclusive pair pattern ([RFC 31](https://rfc.zeromq.org/spec/31/)):
//! two sockets that have nobody but each other. CHANNEL
//! ([RFC 52](https://rfc.zeromq.org/spec/52/)): the same with messages of one frame. DGRAM:
//! one link for all, and with each message where it goes to or comes from.
//!
//! No I/O: the engine moves what is decided here.

#![forbid(unsafe_code)]

mod channel;
mod dgram;
mod pair;

pub use channel::Channel;
pub use dgram::Dgram;
pub use pair::Pair;
