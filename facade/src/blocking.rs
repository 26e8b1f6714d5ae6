//! The same sockets for programs without a runtime: calls block the thread.
//!
//! ```
//! use std::thread;
//!
//! use ferromq::blocking::{PullSocket, PushSocket};
//!
//! let sink = PullSocket::new();
//! let endpoint = sink.bind("tcp://127.0.0.1:*")?;
//! let worker = thread::spawn(move || {
//!     let source = PushSocket::new();
//!     source.connect(endpoint.as_str()).expect("an endpoint");
//!     source.send("done").expect("a peer");
//!     source.close();
//! });
//! assert_eq!(sink.recv()?.as_str()?, "done");
//! worker.join().expect("the worker ends");
//! sink.close();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub use ferromq_engine::blocking::Socket;

use crate::DefaultContext;

/// The twin of [`PairSocket`](crate::PairSocket).
#[cfg(feature = "pair")]
pub type PairSocket = Socket<ferromq_pattern_pair::Pair, DefaultContext>;
/// The twin of [`PushSocket`](crate::PushSocket).
#[cfg(feature = "pipeline")]
pub type PushSocket = Socket<ferromq_pattern_pipeline::Push, DefaultContext>;
/// The twin of [`PullSocket`](crate::PullSocket).
#[cfg(feature = "pipeline")]
pub type PullSocket = Socket<ferromq_pattern_pipeline::Pull, DefaultContext>;
/// The twin of [`ReqSocket`](crate::ReqSocket).
#[cfg(feature = "reqrep")]
pub type ReqSocket = Socket<ferromq_pattern_reqrep::Req, DefaultContext>;
/// The twin of [`RepSocket`](crate::RepSocket).
#[cfg(feature = "reqrep")]
pub type RepSocket = Socket<ferromq_pattern_reqrep::Rep, DefaultContext>;
/// The twin of [`DealerSocket`](crate::DealerSocket).
#[cfg(feature = "router")]
pub type DealerSocket = Socket<ferromq_pattern_router::Dealer, DefaultContext>;
/// The twin of [`RouterSocket`](crate::RouterSocket).
#[cfg(feature = "router")]
pub type RouterSocket = Socket<ferromq_pattern_router::Router, DefaultContext>;
/// The twin of [`StreamSocket`](crate::StreamSocket).
#[cfg(feature = "router")]
pub type StreamSocket = Socket<ferromq_pattern_router::Stream, DefaultContext>;
/// The twin of [`PubSocket`](crate::PubSocket).
#[cfg(feature = "pubsub")]
pub type PubSocket = Socket<ferromq_pattern_pubsub::Pub, DefaultContext>;
/// The twin of [`SubSocket`](crate::SubSocket).
#[cfg(feature = "pubsub")]
pub type SubSocket = Socket<ferromq_pattern_pubsub::Sub, DefaultContext>;
/// The twin of [`XPubSocket`](crate::XPubSocket).
#[cfg(feature = "pubsub")]
pub type XPubSocket = Socket<ferromq_pattern_pubsub::XPub, DefaultContext>;
/// The twin of [`XSubSocket`](crate::XSubSocket).
#[cfg(feature = "pubsub")]
pub type XSubSocket = Socket<ferromq_pattern_pubsub::XSub, DefaultContext>;
