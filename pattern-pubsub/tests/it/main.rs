//! Publishers and subscribers over real pipes and lanes, without an engine.

#![cfg(not(loom))]

mod choosy_model;
mod compliance;
mod crowd_model;
mod direct;
mod groups;
mod manual;
mod manual_model;
mod model;
mod net;
mod publish;
mod replay;
mod subscribers;
mod xpub;
