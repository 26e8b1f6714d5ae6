//! Routing policies: the rules that several patterns share.

mod fair_queue;
mod fan_out;
mod frame_count;
mod halves;
mod load_balance;
mod prefix_tree;
mod subscriptions;
mod topic_set;

pub use fair_queue::{FairQueue, Look};
pub use fan_out::FanOut;
pub use frame_count::{FrameCount, SingleFrame, TwoFrames};
pub use load_balance::LoadBalance;
pub use subscriptions::{Inserted, Removed, Subscriptions};
pub use topic_set::TopicSet;
