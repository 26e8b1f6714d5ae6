//! PUSH and PULL, the pipeline pattern ([RFC 30](https://rfc.zeromq.org/spec/30/)):
//! work goes round-robin to whoever has room, and is taken in turn from whoever
//! sends.
//!
//! No I/O: the engine moves what is decided here.

#![forbid(unsafe_code)]

mod pull;
mod push;

pub use pull::Pull;
pub use push::Push;
