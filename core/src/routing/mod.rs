//! Routing policies: the rules that several patterns share.

mod fair_queue;
mod fan_out;
mod halves;
mod load_balance;
mod prefix_tree;
mod single_frame;
mod subscriptions;
mod topic_set;

pub use fair_queue::{FairQueue, Look};
pub use fan_out::FanOut;
pub use load_balance::LoadBalance;
pub use single_frame::SingleFrame;
pub use subscriptions::{Inserted, Removed, Subscriptions};
pub use topic_set::TopicSet;
