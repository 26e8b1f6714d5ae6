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

/// The twin of [`PairSocket`](crate::PairSocket).
#[cfg(feature = "pair")]
pub type PairSocket = Socket<ferromq_pattern_pair::Pair, crate::DefaultContext>;
/// The twin of [`PushSocket`](crate::PushSocket).
#[cfg(feature = "pipeline")]
pub type PushSocket = Socket<ferromq_pattern_pipeline::Push, crate::DefaultContext>;
/// The twin of [`PullSocket`](crate::PullSocket).
#[cfg(feature = "pipeline")]
pub type PullSocket = Socket<ferromq_pattern_pipeline::Pull, crate::DefaultContext>;
/// The twin of [`ReqSocket`](crate::ReqSocket).
#[cfg(feature = "reqrep")]
pub type ReqSocket = Socket<ferromq_pattern_reqrep::Req, crate::DefaultContext>;
/// The twin of [`RepSocket`](crate::RepSocket).
#[cfg(feature = "reqrep")]
pub type RepSocket = Socket<ferromq_pattern_reqrep::Rep, crate::DefaultContext>;
/// The twin of [`DealerSocket`](crate::DealerSocket).
#[cfg(feature = "router")]
pub type DealerSocket = Socket<ferromq_pattern_router::Dealer, crate::DefaultContext>;
/// The twin of [`RouterSocket`](crate::RouterSocket).
#[cfg(feature = "router")]
pub type RouterSocket = Socket<ferromq_pattern_router::Router, crate::DefaultContext>;
/// The twin of [`StreamSocket`](crate::StreamSocket).
#[cfg(feature = "router")]
pub type StreamSocket = Socket<ferromq_pattern_router::Stream, crate::DefaultContext>;
/// The twin of [`PubSocket`](crate::PubSocket).
#[cfg(feature = "pubsub")]
pub type PubSocket = Socket<ferromq_pattern_pubsub::Pub, crate::DefaultContext>;
/// The twin of [`SubSocket`](crate::SubSocket).
#[cfg(feature = "pubsub")]
pub type SubSocket = Socket<ferromq_pattern_pubsub::Sub, crate::DefaultContext>;
/// The twin of [`XPubSocket`](crate::XPubSocket).
#[cfg(feature = "pubsub")]
pub type XPubSocket = Socket<ferromq_pattern_pubsub::XPub, crate::DefaultContext>;
/// The twin of [`XSubSocket`](crate::XSubSocket).
#[cfg(feature = "pubsub")]
pub type XSubSocket = Socket<ferromq_pattern_pubsub::XSub, crate::DefaultContext>;
/// The twin of [`ChannelSocket`](crate::ChannelSocket).
#[cfg(feature = "pair")]
pub type ChannelSocket = Socket<ferromq_pattern_pair::Channel, crate::DefaultContext>;
/// The twin of [`DgramSocket`](crate::DgramSocket).
#[cfg(feature = "pair")]
pub type DgramSocket = Socket<ferromq_pattern_pair::Dgram, crate::DefaultContext>;
/// The twin of [`ScatterSocket`](crate::ScatterSocket).
#[cfg(feature = "pipeline")]
pub type ScatterSocket = Socket<ferromq_pattern_pipeline::Scatter, crate::DefaultContext>;
/// The twin of [`GatherSocket`](crate::GatherSocket).
#[cfg(feature = "pipeline")]
pub type GatherSocket = Socket<ferromq_pattern_pipeline::Gather, crate::DefaultContext>;
/// The twin of [`RadioSocket`](crate::RadioSocket).
#[cfg(feature = "pubsub")]
pub type RadioSocket = Socket<ferromq_pattern_pubsub::Radio, crate::DefaultContext>;
/// The twin of [`DishSocket`](crate::DishSocket).
#[cfg(feature = "pubsub")]
pub type DishSocket = Socket<ferromq_pattern_pubsub::Dish, crate::DefaultContext>;
/// The twin of [`ClientSocket`](crate::ClientSocket).
#[cfg(feature = "clientserver")]
pub type ClientSocket = Socket<ferromq_pattern_clientserver::Client, crate::DefaultContext>;
/// The twin of [`ServerSocket`](crate::ServerSocket).
#[cfg(feature = "clientserver")]
pub type ServerSocket = Socket<ferromq_pattern_clientserver::Server, crate::DefaultContext>;
/// The twin of [`PeerSocket`](crate::PeerSocket).
#[cfg(feature = "clientserver")]
pub type PeerSocket = Socket<ferromq_pattern_clientserver::Peer, crate::DefaultContext>;
