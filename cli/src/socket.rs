//! The socket commands: messages between the wire and the standard streams.

pub(crate) mod args;
mod exchange;
mod format;
mod input;
pub(crate) mod output;
mod publish;
mod pull;
mod push;
mod radiate;
mod reply;
mod request;
mod session;
mod watch;

pub(crate) use exchange::exchange;
pub(crate) use publish::publish;
pub(crate) use pull::{join, pull, subscribe};
pub(crate) use push::push;
pub(crate) use radiate::radiate;
pub(crate) use reply::reply;
pub(crate) use request::request;
