//! The transport from outside: the rules for all transports, and those of TCP.

mod compliance;
#[cfg(target_os = "linux")]
mod exhaustion;
mod listening;
mod socks;

use ferromq_core::{Endpoint, LinkOptions};
use ferromq_transport_tcp::TcpOptions;

fn endpoint(text: &str) -> Endpoint {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

fn with(options: TcpOptions) -> LinkOptions {
    let mut link = LinkOptions::default();
    link.transport.set(options);
    link
}
