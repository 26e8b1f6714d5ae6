//! Tests of PAIR.

mod compliance;
mod model;
mod pair;
