//! DEALER and ROUTER, the asynchronous request-reply pattern
//! ([RFC 28](https://rfc.zeromq.org/spec/28/)), and STREAM.
//!
//! No I/O: the engine moves what is decided here.

#![forbid(unsafe_code)]

mod dealer;
mod ids;
mod notices;
mod router;
mod routes;
mod stream;

pub use dealer::{Dealer, DealerOutbound};
pub use router::{Router, RouterInbound, RouterOutbound};
pub use stream::Stream;
