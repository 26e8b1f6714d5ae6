//! PAIR, the exclusive pair pattern ([RFC 31](https://rfc.zeromq.org/spec/31/)):
//! two sockets that have nobody but each other. CHANNEL
//! ([RFC 52](https://rfc.zeromq.org/spec/52/)): the same with messages of one frame.
//!
//! No I/O: the engine moves what is decided here.

#![forbid(unsafe_code)]

mod channel;
mod pair;

pub use channel::Channel;
pub use pair::Pair;
