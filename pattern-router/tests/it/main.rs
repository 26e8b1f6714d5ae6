//! Tests of DEALER, ROUTER and STREAM.

mod compliance;
mod model;
mod names;
mod router;
mod stream;
