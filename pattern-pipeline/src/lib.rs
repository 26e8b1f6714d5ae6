//! PUSH and PULL, the pipeline pattern ([RFC 30](https://rfc.zeromq.org/spec/30/)):
//! work goes round-robin to whoever has room, and is taken in turn from whoever
//! sends. SCATTER and GATHER ([RFC 49](https://rfc.zeromq.org/spec/49/)): the same
//! with messages of one frame.
//!
//! No I/O: the engine moves what is decided here.

#![forbid(unsafe_code)]

mod pull;
mod push;
mod scatter;

pub use pull::Pull;
pub use push::Push;
pub use scatter::{Gather, Scatter};
