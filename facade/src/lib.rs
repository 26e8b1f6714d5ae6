//! ØMQ (ZeroMQ) in Rust: sockets that carry whole messages between threads,
//! processes and machines, with the patterns you know.
//!
//! A socket made inside a tokio runtime runs on it, and then **its I/O moves only
//! while the runtime is polled**. Made elsewhere, as all [`blocking`] ones are, it
//! runs on threads of its own.
//!
//! ```
//! use ferromq::prelude::*;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let server = RepSocket::new();
//! let endpoint = server.bind("tcp://127.0.0.1:*").await?;
//! let client = ReqSocket::new();
//! client.connect(endpoint.as_str())?;
//!
//! let serve = async {
//!     let request = server.recv().await?;
//!     server.send(format!("hello {}", request.as_str()?)).await?;
//!     Ok::<_, Box<dyn std::error::Error>>(())
//! };
//! let (reply, served) = tokio::join!(client.request("world"), serve);
//! assert_eq!(reply?.as_str()?, "hello world");
//! # served?;
//! client.close().await;
//! server.close().await;
//! # Ok(())
//! # }
//! ```
//!
//! # What is here
//!
//! - A typed socket for each pattern: [`ReqSocket`], [`PubSocket`], [`PushSocket`] and
//!   so on, all of them [`Socket`]s; [`AnySocket`] where the type is known at run
//!   time only. All methods take `&self`; a clone is the same socket.
//! - [`Message`]: one frame or more, always sent and received whole.
//! - Waiting for peers ([`ready`](Socket::ready), `wait_for_subscribers`), and a look at them:
//!   [`peers`](Socket::peers), [`departures`](Socket::departures), [`stats`](Socket::stats).
//! - [`Options`], [`Monitor`], [`Proxy`], [`Context`], and a module of
//!   [`blocking`] sockets.
//! - A feature for each transport (`tcp`, `ipc`, `inproc`, `udp`) and each pattern (`reqrep`,
//!   `pubsub`, `pipeline`, `router`, `pair`, `clientserver`), all on by default;
//!   `blocking` and `stream` ([`futures`](https://docs.rs/futures-core) adapters) are
//!   not.
//!
//! # Errors
//!
//! An error is about what the caller did. What a peer does wrong ends its
//! connection, and is an event on the [`Monitor`].
//!
//! # Cancel safety
//!
//! Each asynchronous method says what dropping its future means. In short: a
//! message is sent whole or not at all, and none that was received is lost.
//!
//! # Forks
//!
//! A child that is forked cannot use its parent's sockets: each call says that it is
//! `Forked`, closing and dropping touch nothing, and the parent goes on. New sockets in
//! the child have a [default context](DefaultContext) of their own.

#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "blocking")]
pub mod blocking;
mod defaults;
mod dynamic;
pub mod prelude;
mod sockets;

pub use defaults::DefaultContext;
pub use dynamic::{NoSuchPattern, socket};
pub use ferromq_core::{
    DropReason, Dropped, Endpoint, EndpointError, IntoMessage, Lent, Loss, Message, Metadata,
    OptionError, PatternOption, PeerInfo, QueueDepth, SocketType, Transport, TransportError,
};
pub use ferromq_engine::{
    AnySocket, Context, ContextBuilder, Defaults, Departure, End, Event, EventKind, EventValue,
    HeartbeatConfig, Limits, LinkError, Monitor, Options, Passed, PeerState, PeerStats, PeerStatus,
    Permit, ProtocolCode, ProtocolError, Proxy, ProxyEnd, ReconnectStop, RecvError, RequestError,
    SendError, SendFailure, Stats, Volume, WaitError,
};
#[cfg(feature = "blocking")]
pub use ferromq_engine::{Interest, Poller, Readiness};
#[cfg(feature = "stream")]
pub use ferromq_engine::{MessageSink, MessageStream};
#[cfg(feature = "ipc")]
pub use ferromq_transport_ipc::IpcOptions;
#[cfg(feature = "tcp")]
pub use ferromq_transport_tcp::{Network, TcpOptions};
#[cfg(feature = "udp")]
pub use ferromq_transport_udp::UdpOptions;
pub use sockets::*;

// The examples on the pages that people read first.
#[cfg(all(doctest, feature = "tcp", feature = "reqrep"))]
#[doc = include_str!("../../README.md")]
mod readme {}
#[cfg(all(doctest, feature = "full"))]
#[doc = include_str!("../../docs/migrating.md")]
mod migrating {}
