//! PAIR, the exclusive pair pattern ([RFC 31](https://rfc.zeromq.org/spec/31/)):
//! two sockets that have nobody but each other.
//!
//! No I/O: the engine moves what is decided here.

#![forbid(unsafe_code)]

mod pair;

pub use pair::Pair;
