//! Routing policies: the rules that several patterns share.

mod fair_queue;
mod load_balance;

pub use fair_queue::{FairQueue, Look};
pub use load_balance::LoadBalance;
