//! Tests of DEALER, ROUTER and STREAM.

mod compliance;
mod model;
mod names;
mod notices_model;
mod router;
mod stream;
