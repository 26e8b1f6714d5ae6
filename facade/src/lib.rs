//! ØMQ (ZeroMQ) in Rust.

#![forbid(unsafe_code)]

use std::sync::OnceLock;

pub use ferromq_core::{Endpoint, Message};
pub use ferromq_engine::*;

/// Names the process-wide default context.
#[derive(Debug)]
pub struct Default;

impl Defaults for Default {
    fn context() -> Context {
        static CONTEXT: OnceLock<Context> = OnceLock::new();
        CONTEXT
            .get_or_init(|| {
                Context::builder()
                    .transport(ferromq_transport_tcp::Tcp)
                    .transport(ferromq_transport_inproc::Inproc::new())
                    .build()
            })
            .clone()
    }
}

/// PUSH.
pub type PushSocket = Socket<ferromq_pattern_pipeline::Push, Default>;
/// PULL.
pub type PullSocket = Socket<ferromq_pattern_pipeline::Pull, Default>;
/// DEALER.
pub type DealerSocket = Socket<ferromq_pattern_router::Dealer, Default>;
