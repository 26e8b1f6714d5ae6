//! Tests of what tcp adds to places. libzmq's own cases are marked with the test they are
//! from.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ferromq_core::place::Host;

use super::*;

const LOCALHOST: Host<'_> = Host::Address(IpAddr::V4(Ipv4Addr::LOCALHOST));
const LOCALHOST_6: Host<'_> = Host::Address(IpAddr::V6(Ipv6Addr::LOCALHOST));

/// What there is to connect to: the source, and the peer.
type Parsed = (Option<(Host<'static>, u16)>, (Host<'static>, u16));

fn connect(address: &'static str) -> Parsed {
    let endpoint = Box::leak(Box::new(Endpoint::new("tcp", address)));
    let remote = Remote::parse(endpoint).unwrap_or_else(|error| panic!("{error}"));
    let source = remote.source.map(|place| (place.host, place.port));
    (source, (remote.peer.host, remote.peer.port))
}

/// What is quoted as wrong, and why.
fn quoted(error: &EndpointError) -> (&str, &'static str) {
    (&error.endpoint()[error.range()], error.reason())
}

#[test]
fn peers_may_be_reached_from_a_source() {
    let localhost = Host::Name("localhost");
    for (address, source, peer) in [
        // test_bind_src_address
        (
            "127.0.0.1:0;localhost:1234",
            (LOCALHOST, 0),
            (localhost, 1234),
        ),
        (
            "localhost:5555;localhost:1235",
            (localhost, 5555),
            (localhost, 1235),
        ),
        (
            "lo:5555;localhost:1235",
            (Host::Name("lo"), 5555),
            (localhost, 1235),
        ),
        ("*:*;localhost:1", (Host::Any, 0), (localhost, 1)),
        ("eth0;localhost:1", (Host::Name("eth0"), 0), (localhost, 1)),
        ("[::1];[::1]:1", (LOCALHOST_6, 0), (LOCALHOST_6, 1)),
    ] {
        assert_eq!(connect(address), (Some(source), peer), "{address}");
    }
    assert_eq!(connect("localhost:1"), (None, (localhost, 1)));
}

#[test]
fn errors_of_a_connect_say_where() {
    for (address, part, reason) in [
        ("eth0;", "", "the port is missing, as in host:5555"),
        (";localhost:1", "", "the host is missing"),
        ("a;b;localhost:1", ";", "there is one semicolon at the most"),
        (
            "eth0:x;localhost:1",
            "x",
            "a port is a number up to 65535, or *",
        ),
        ("*;localhost:*", "*", "a peer's port is a number"),
    ] {
        let endpoint = Endpoint::new("tcp", address);
        let error = Remote::parse(&endpoint).expect_err(address);
        assert_eq!(quoted(&error), (part, reason), "{address}");
    }
}

#[test]
fn a_bind_has_no_source() {
    let endpoint = Endpoint::new("tcp", "*:5555");
    let place = local(&endpoint).expect("a place");
    assert_eq!((place.host, place.port), (Host::Any, 5555));
    let endpoint = Endpoint::new("tcp", "eth0;*:5555");
    let error = local(&endpoint).expect_err("a source");
    let expected = ("eth0", "only a connect has a source address");
    assert_eq!(quoted(&error), expected);
}

#[test]
fn an_error_reads_well() {
    let endpoint = Endpoint::new("tcp", "localhost:http");
    assert_eq!(
        Remote::parse(&endpoint).expect_err("no port").to_string(),
        "\"tcp://localhost:http\" is not an endpoint: a port is a number up to 65535, not \"http\""
    );
}
