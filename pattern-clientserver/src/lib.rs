//! CLIENT and SERVER, the client-server pattern
//! ([RFC 41](https://rfc.zeromq.org/spec/41/)), and PEER
//! ([RFC 51](https://rfc.zeromq.org/spec/51/)): messages of one frame, answered to the
//! peer whose number they bear.
//!
//! No I/O: the engine moves what is decided here.
//!
//! ```text
//!             out                        in
//!  CLIENT     to each in turn            from each in turn
//!  SERVER     to the one it answers      from each in turn, with its number
//!  PEER       the same, and to those it has connected to
//! ```

#![forbid(unsafe_code)]

mod by_number;
mod client;
mod server;

pub use by_number::ByNumber;
pub use client::Client;
pub use server::{Peer, Server};
