//! Tests of PAIR and CHANNEL.

mod channel;
mod compliance;
mod model;
mod pair;
