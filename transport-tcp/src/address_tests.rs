//! Tests of the parser. libzmq's own cases are marked with the test they are from.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;

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

fn bind(address: &'static str) -> (Host<'static>, u16) {
    let endpoint = Box::leak(Box::new(Endpoint::new("tcp", address)));
    let place = Place::parse(endpoint).unwrap_or_else(|error| panic!("{error}"));
    (place.host, place.port)
}

/// What is quoted as wrong when a peer's address is parsed, and why.
fn connect_error(address: &str) -> (String, &'static str) {
    let endpoint = Endpoint::new("tcp", address);
    quoted(&Remote::parse(&endpoint).expect_err(address))
}

fn bind_error(address: &str) -> (String, &'static str) {
    let endpoint = Endpoint::new("tcp", address);
    quoted(&Place::parse(&endpoint).expect_err(address))
}

fn quoted(error: &EndpointError) -> (String, &'static str) {
    (error.endpoint()[error.range()].into(), error.reason())
}

#[test]
fn peers_have_a_host_and_a_port() {
    let v6 = |text: &str| Host::Address(IpAddr::V6(text.parse().expect("an IPv6 address")));
    for (address, host, port) in [
        ("127.0.0.1:1", LOCALHOST, 1),
        (
            "0.0.0.0:65535",
            Host::Address(Ipv4Addr::UNSPECIFIED.into()),
            65535,
        ),
        ("localhost:1234", Host::Name("localhost"), 1234), // test_connect_resolve
        ("a-b_c.example.:80", Host::Name("a-b_c.example."), 80),
        (
            "xn--bcher-kva.example:80",
            Host::Name("xn--bcher-kva.example"),
            80,
        ),
        ("127.1:80", Host::Name("127.1"), 80),
        ("[::1]:1234", LOCALHOST_6, 1234), // test_connect_resolve
        ("::1:1234", LOCALHOST_6, 1234),
        ("2001:db8::5:5555", v6("2001:db8::5"), 5555),
        ("[::ffff:127.0.0.1]:9999", v6("::ffff:127.0.0.1"), 9999),
        ("[fe80::1%eth0]:5", Host::Name("fe80::1%eth0"), 5),
        ("fe80::1%3:5", Host::Name("fe80::1%3"), 5),
        ("[127.0.0.1]:22", LOCALHOST, 22),
        ("[ip.zeromq.org]:22", Host::Name("ip.zeromq.org"), 22), // unittest_ip_resolver
        ("host:00080", Host::Name("host"), 80),
    ] {
        assert_eq!(connect(address), (None, (host, port)), "{address}");
    }
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
}

#[test]
fn binds_have_wildcards_and_interfaces() {
    for (address, host, port) in [
        ("*:*", Host::Any, 0),
        ("*:0", Host::Any, 0),
        ("*:5555", Host::Any, 5555),
        ("0.0.0.0:*", Host::Address(Ipv4Addr::UNSPECIFIED.into()), 0),
        (
            "[::]:5555",
            Host::Address(Ipv6Addr::UNSPECIFIED.into()),
            5555,
        ),
        (":::5555", Host::Address(Ipv6Addr::UNSPECIFIED.into()), 5555),
        ("eth0:5555", Host::Name("eth0"), 5555),
        ("br-1a.100:*", Host::Name("br-1a.100"), 0),
        ("vEthernet (WSL):5555", Host::Name("vEthernet (WSL)"), 5555),
    ] {
        assert_eq!(bind(address), (host, port), "{address}");
    }
}

#[test]
fn errors_of_a_connect_say_where() {
    for (address, part, reason) in [
        ("", "", NO_PORT), // test_connect_resolve
        ("localhost", "", NO_PORT),
        ("localhost:", "", NO_PORT),
        ("[::1]", "", NO_PORT),
        ("[::1]:", "", NO_PORT),
        (
            "localhost:invalid",
            "invalid",
            "a port is a number up to 65535",
        ), // test_connect_resolve
        ("localhost:65536", "65536", "a port is a number up to 65535"),
        ("localhost:-1", "-1", "a port is a number up to 65535"),
        ("localhost:+1", "+1", "a port is a number up to 65535"),
        ("localhost: 1", " 1", "a port is a number up to 65535"),
        ("localhost:1 ", "1 ", "a port is a number up to 65535"),
        ("localhost:1/", "1/", "a port is a number up to 65535"),
        (
            "localhost:5555abc",
            "5555abc",
            "a port is a number up to 65535",
        ),
        ("localhost:٣", "٣", "a port is a number up to 65535"),
        ("192.168.0.200:*", "*", "a peer's port is a number"), // test_connect_resolve
        ("localhost:0", "0", "no peer has that port"),
        ("localhost:000", "000", "no peer has that port"),
        (":5555", "", "the host is missing"),
        ("[]:5555", "", "the host is missing"),
        ("*:5555", "*", "a peer has an address; only a bind is to *"),
        ("in val id:1234", " ", "there is a space in it"), // test_connect_resolve
        ("host\n:1", "\n", "there is a control character in it"),
        ("host\0:1", "\0", "there is a control character in it"),
        ("user@host:1", "@", "no host's name has this character"),
        (
            "bücher.example:1",
            "ü",
            "a name in other letters is written in Punycode (xn--)",
        ),
        ("ho*st:1", "*", "* stands for a whole host or port"),
        ("[::1:5555", "[::1:5555", "the bracket [ is not closed"),
        ("::1]:5555", "]", "brackets go around a whole host"),
        (
            "[[::1]]:5555",
            "]:5555",
            "behind the bracket ] comes a colon and the port",
        ),
        (
            "[::1]5555",
            "5555",
            "behind the bracket ] comes a colon and the port",
        ),
        (
            "[ip.zeromq].org:1",
            ".org:1",
            "behind the bracket ] comes a colon and the port",
        ),
        ("[::1%]:5555", "", "the zone behind % is missing"),
        ("eth0;", "", NO_PORT),
        (";localhost:1", "", "the host is missing"),
        (
            "a;b;localhost:1",
            ";",
            "there is one source address at the most",
        ),
        (
            "eth0:x;localhost:1",
            "x",
            "a port is a number up to 65535, or *",
        ),
    ] {
        assert_eq!(connect_error(address), (part.into(), reason), "{address}");
    }
}

#[test]
fn a_colon_too_many_is_no_ipv6_address() {
    for (address, part) in [
        ("::1", ":"),
        ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7"),
        ("host:80:5555", "host:80"),
        ("[host:80]:5555", "host:80"),
        ("[1::2::3]:5555", "1::2::3"),
        ("[12345::]:5555", "12345::"),
        ("host%eth0:1:2", "host"),
    ] {
        let (quoted, reason) = connect_error(address);
        assert_eq!(quoted, part, "{address}");
        assert!(
            reason.starts_with("a host with colons is"),
            "{address}: {reason}"
        );
    }
}

#[test]
fn errors_of_a_bind_say_where() {
    for (address, part, reason) in [
        ("*", "", NO_PORT),
        ("eth0", "", NO_PORT),
        ("*:**", "**", "a port is a number up to 65535, or *"),
        ("*:65536", "65536", "a port is a number up to 65535, or *"),
        (
            "*:99999999999999999999",
            "99999999999999999999",
            "a port is a number up to 65535, or *",
        ),
        (":*", "", "the host is missing"),
        (
            "eth0;*:5555",
            "eth0;",
            "only a connect has a source address",
        ),
        ("eth\t0:1", "\t", "there is a control character in it"),
    ] {
        assert_eq!(bind_error(address), (part.into(), reason), "{address}");
    }
}

#[test]
fn an_error_reads_well() {
    let endpoint = Endpoint::new("tcp", "localhost:http");
    assert_eq!(
        Remote::parse(&endpoint).expect_err("no port").to_string(),
        "\"tcp://localhost:http\" is not an endpoint: a port is a number up to 65535, not \"http\""
    );
}

/// Text that looks like an address often enough.
fn junk() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just(":"),
        Just(";"),
        Just("["),
        Just("]"),
        Just("*"),
        Just("%"),
        Just("."),
        Just("::"),
        Just("0"),
        Just("65535"),
        Just("65536"),
        Just("lo"),
        Just("fe80"),
        Just("127.0.0.1"),
        Just("ü"),
        Just("\u{1F980}"),
        Just(" "),
        Just("\0"),
    ];
    let pieces = proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat());
    prop_oneof![pieces, any::<String>()]
}

proptest! {
    #[test]
    fn any_text_parses_or_gives_an_error_within(text in junk()) {
        let endpoint = Endpoint::new("tcp", &text);
        let results = [
            Remote::parse(&endpoint).map(|remote| remote.peer),
            Place::parse(&endpoint),
        ];
        for result in results {
            match result {
                Ok(place) => prop_assert!(endpoint.address().get(place.at).is_some()),
                Err(error) => {
                    prop_assert!(error.range().start >= "tcp://".len());
                    prop_assert!(endpoint.as_str().get(error.range()).is_some());
                    prop_assert!(error.to_string().contains(error.reason()));
                }
            }
        }
    }

    #[test]
    fn what_is_printed_is_parsed(address: std::net::SocketAddr) {
        let endpoint = Endpoint::new("tcp", &address.to_string());
        let place = Place::parse(&endpoint).map(|place| (place.host, place.port));
        if !address.to_string().contains('%') {
            prop_assert_eq!(place, Ok((Host::Address(address.ip()), address.port())));
        }
    }
}
