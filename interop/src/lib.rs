//! ferromq against libzmq: every pair of sockets, and how they behave together.
//! Never ferromq against itself.

mod behaviours;
mod captures;
mod check;
mod event;
mod failure;
mod fork;
mod frames;
mod lab;
mod libzmq;
mod matrix;
mod option;
mod ours;
mod page;
mod peer;
mod raw;
mod remote;
mod replay;
mod report;
mod serve;
mod sys;
mod wire;

pub use check::{Check, Verdict, all, run};
pub use failure::{Failure, Outcome};
pub use lab::clean;
pub use page::page;
pub use remote::{root, set_executable};
pub use report::{all_well, run_and_tell};
pub use serve::{Maker, serve};
