//! The crate as its users see it.

mod golden;
mod handshake;
mod memory;
mod properties;
mod support;
