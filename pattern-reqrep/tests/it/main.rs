//! Tests of REQ and REP.

mod abandoned;
mod compliance;
mod rep;
mod rep_model;
mod req;
mod req_model;
