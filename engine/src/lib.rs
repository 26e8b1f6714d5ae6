//! The engine of ferromq: contexts, sockets, and the tasks that move messages
//! between patterns and wires.
//!
//! It knows no transport and no pattern by name; the facade puts them together.

#![forbid(unsafe_code)]

mod accept;
mod any;
mod backoff;
mod context;
mod dial;
mod driver;
mod egress;
mod end;
mod endpoints;
mod error;
mod handshake;
mod hub;
mod immediate;
mod ingress;
mod leash;
mod line;
mod many;
mod monitor;
mod ops;
mod options;
mod permit;
mod recv;
mod send;
mod socket;
mod stop;
mod tasks;
mod turns;
mod wire;

pub use any::AnySocket;
pub use context::{Context, ContextBuilder};
pub use end::End;
pub use error::{LinkError, RecvError, SendError, SendFailure};
pub use monitor::{Event, EventKind, Monitor};
pub use options::Options;
pub use permit::Permit;
pub use socket::{Defaults, Socket};
pub use zmtp_codec::{HeartbeatConfig, Limits};
