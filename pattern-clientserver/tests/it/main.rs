//! Tests of CLIENT, SERVER and PEER.

mod compliance;
mod model;
mod server;
