//! Tests of DEALER, ROUTER and STREAM.

mod compliance;
mod model;
