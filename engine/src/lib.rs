//! The engine of ferromq: contexts, sockets, and the tasks that move messages
//! between patterns and wires.
//!
//! It knows no transport and no pattern by name; the facade puts them together.

#![forbid(unsafe_code)]

mod accept;
mod address;
mod ages;
mod any;
mod backoff;
#[cfg(feature = "blocking")]
pub mod blocking;
mod busy;
mod context;
mod courier;
mod dial;
mod driver;
mod egress;
mod end;
mod endpoints;
mod error;
mod expiry;
mod fork;
mod gather;
mod gauges;
mod groups;
mod habit;
mod handshake;
mod hub;
mod immediate;
mod ingress;
mod leash;
mod libzmq;
mod line;
mod losses;
mod many;
mod monitor;
mod numbers;
mod ops;
mod options;
#[cfg(feature = "blocking")]
mod park;
mod patience;
mod peers;
mod permit;
#[cfg(feature = "blocking")]
mod poller;
mod proxy;
mod ready;
mod recv;
mod request;
mod roster;
mod scratch;
mod send;
mod socket;
mod stats;
mod status;
mod stop;
#[cfg(feature = "stream")]
mod stream;
mod subscribers;
mod sync;
mod tasks;
mod timeout;
mod turns;
mod wire;

pub use any::AnySocket;
pub use context::{Context, ContextBuilder};
pub use end::End;
pub use error::{LinkError, RecvError, SendError, SendFailure, WaitError};
pub use fork::ContextPerProcess;
pub use libzmq::{EventValue, ProtocolCode};
pub use monitor::{Event, EventKind, Monitor};
pub use options::{Options, ReconnectStop};
pub use permit::Permit;
#[cfg(feature = "blocking")]
pub use poller::{Interest, Poller, Readiness};
pub use proxy::{Passed, Proxy, ProxyEnd};
pub use request::RequestError;
pub use socket::{Defaults, Socket};
pub use stats::{PeerStats, Stats, Volume};
pub use status::{Departure, PeerState, PeerStatus};
#[cfg(feature = "stream")]
pub use stream::{MessageSink, MessageStream};
pub use zmtp_codec::{HeartbeatConfig, Limits, ProtocolError};
