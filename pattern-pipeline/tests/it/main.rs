//! Tests of PUSH and PULL.

mod compliance;
mod model;
