//! What every transport and every pattern of ferromq must pass.
//!
//! Each implementer calls a suite from its own tests. No test here knows which
//! implementation it runs against.

#![forbid(unsafe_code)]

pub mod datagrams;
pub mod ether;
pub mod network;
pub mod pattern;
pub mod transport;
