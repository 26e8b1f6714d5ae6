//! PUB, SUB, XPUB and XSUB, the publish-subscribe pattern
//! ([RFC 29](https://rfc.zeromq.org/spec/29/)): a publisher's message goes to every
//! subscriber that has asked for messages that begin so.
//!
//! No I/O: the engine moves what is decided here.
//!
//! ```text
//!   Pub, XPub ── Audience ─┬─ FanOut          messages, to whoever wants them
//!                          └─ Subscriptions   who wants what
//!   Sub, XSub ── Upstream ─┬─ FanOut          subscriptions, to all publishers
//!                          └─ Wanted          what this socket wants
//! ```

#![forbid(unsafe_code)]

mod audience;
mod backlog;
mod notices;
mod publisher;
mod request;
mod subscriber;
mod upstream;
mod wanted;
mod xpub;
mod xsub;

pub use publisher::Pub;
pub use subscriber::Sub;
pub use xpub::XPub;
pub use xsub::{XSub, XSubInbound, XSubOutbound};
