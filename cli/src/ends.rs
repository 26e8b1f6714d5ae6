//! Two sockets that talk to each other, in one process or in two: what the
//! benchmark and the demonstration have in common.

pub(crate) mod carrier;
pub(crate) mod companion;
pub(crate) mod end;
pub(crate) mod pattern;
pub(crate) mod stall;
