//! Tests of PAIR, CHANNEL and DGRAM.

mod channel;
mod compliance;
mod dgram;
mod model;
mod pair;
