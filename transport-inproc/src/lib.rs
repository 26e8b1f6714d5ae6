//! The `inproc://` transport: sockets of one process, pipe to pipe.
//!
//! No bytes, no handshake, no task: what one socket pushes the other pops. A
//! name can be connected to before it is bound; messages wait for the binder.

#![forbid(unsafe_code)]

mod slot;
mod transport;

pub use transport::Inproc;
