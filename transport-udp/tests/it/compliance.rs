//! The transport passes what every transport without connections has to pass.

use ferromq_compliance::datagrams::{self, Fixture};
use ferromq_core::{Endpoint, SocketType};
use ferromq_transport_udp::Udp;

/// libzmq's limit, without a group of five letters and its length.
const LONGEST: usize = 8192 - 6;

fn fixture(at: &'static str) -> Fixture {
    let types = (
        &[SocketType::Radio][..],
        &[SocketType::Dish, SocketType::Dgram][..],
    );
    let malformed = [
        "127.0.0.1",
        "127.0.0.1:x",
        "*:1",
        "host:0",
        "lo;127.0.0.1:1",
        "[::1:1",
    ];
    Fixture::new(Udp, move || Endpoint::new("udp", at), types, LONGEST)
        .malformed(malformed.map(|address| Endpoint::new("udp", address)))
}

#[tokio::test]
async fn to_an_address() {
    datagrams::run(&fixture("127.0.0.1:*")).await;
}

#[tokio::test]
async fn to_all_addresses() {
    datagrams::run(&fixture("*:*")).await;
}

#[tokio::test]
async fn to_a_group() {
    datagrams::run(&fixture("127.0.0.1;239.255.70.1:*")).await;
}
