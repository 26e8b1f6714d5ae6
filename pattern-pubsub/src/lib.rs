//! PUB, SUB, XPUB and XSUB, the publish-subscribe pattern
//! ([RFC 29](https://rfc.zeromq.org/spec/29/)): a publisher's message goes to every
//! subscriber that has asked for messages that begin so. RADIO and DISH
//! ([RFC 48](https://rfc.zeromq.org/spec/48/)): the same with groups, which match as a
//! whole, where others have topics.
//!
//! No I/O: the engine moves what is decided here.
//!
//! ```text
//!   Pub, XPub, Radio ── Audience ─┬─ FanOut          messages, to whoever wants them
//!                                 └─ Subscriptions   who wants what
//!   Sub, XSub, Dish ─── Upstream ─┬─ FanOut          subscriptions, to all publishers
//!                                 └─ Wanted          what this socket wants
//! ```

#![forbid(unsafe_code)]

mod audience;
mod backlog;
mod kind;
mod manual;
mod notices;
mod outsiders;
mod publisher;
mod request;
mod subscriber;
mod upstream;
mod wanted;
mod xpub;
mod xsub;

pub use kind::{Groups, Kind, Topics};
pub use publisher::{Pub, Publisher, Radio};
pub use subscriber::{Dish, Sub, Subscriber};
pub use xpub::XPub;
pub use xsub::{XSub, XSubOutbound};
