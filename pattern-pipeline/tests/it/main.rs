//! Tests of PUSH, PULL, SCATTER and GATHER.

mod compliance;
mod model;
mod scatter;
