//! Tests of hosts and ports. libzmq's own cases are marked with the test they are from.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;

use super::*;

const LOCALHOST: Host<'_> = Host::Address(IpAddr::V4(Ipv4Addr::LOCALHOST));
const LOCALHOST_6: Host<'_> = Host::Address(IpAddr::V6(Ipv6Addr::LOCALHOST));
const UNSPECIFIED: Host<'_> = Host::Address(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
const UNSPECIFIED_6: Host<'_> = Host::Address(IpAddr::V6(Ipv6Addr::UNSPECIFIED));

fn place(address: &'static str, end: End) -> (Host<'static>, u16) {
    let endpoint = Box::leak(Box::new(Endpoint::new("tcp", address)));
    let place = Part::whole(endpoint).place(end);
    let place = place.unwrap_or_else(|error| panic!("{error}"));
    (place.host, place.port)
}

/// What is quoted as wrong, and why.
fn error(address: &str, end: End) -> (String, &'static str) {
    let endpoint = Endpoint::new("tcp", address);
    let error = Part::whole(&endpoint).place(end).expect_err(address);
    (error.endpoint()[error.range()].into(), error.reason())
}

#[test]
fn peers_have_a_host_and_a_port() {
    let v6 = |text: &str| Host::Address(IpAddr::V6(text.parse().expect("an IPv6 address")));
    for (address, host, port) in [
        ("127.0.0.1:1", LOCALHOST, 1),
        ("0.0.0.0:65535", UNSPECIFIED, 65535),
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
        assert_eq!(place(address, End::Peer), (host, port), "{address}");
    }
}

#[test]
fn the_local_end_has_wildcards_and_interfaces() {
    for (address, host, port) in [
        ("*:*", Host::Any, 0),
        ("*:0", Host::Any, 0),
        ("*:5555", Host::Any, 5555),
        ("[*]:5555", Host::Any, 5555),
        ("0.0.0.0:*", UNSPECIFIED, 0),
        ("[::]:5555", UNSPECIFIED_6, 5555),
        (":::5555", UNSPECIFIED_6, 5555),
        ("eth0:5555", Host::Name("eth0"), 5555),
        ("br-1a.100:*", Host::Name("br-1a.100"), 0),
        ("vEthernet (WSL):5555", Host::Name("vEthernet (WSL)"), 5555),
    ] {
        assert_eq!(place(address, End::Local), (host, port), "{address}");
    }
}

#[test]
fn what_is_wrong_with_a_peer_is_quoted() {
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
        ("a;b:1", ";", "there is one semicolon at the most"),
        ("[::1:5555", "[::1:5555", NOT_CLOSED),
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
        // A colon too many is no IPv6 address.
        ("::1", ":", NO_IPV6),
        ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7", NO_IPV6),
        ("host:80:5555", "host:80", NO_IPV6),
        ("[host:80]:5555", "host:80", NO_IPV6),
        ("[1::2::3]:5555", "1::2::3", NO_IPV6),
        ("[12345::]:5555", "12345::", NO_IPV6),
        ("host%eth0:1:2", "host", NO_IPV6),
    ] {
        assert_eq!(
            error(address, End::Peer),
            (part.into(), reason),
            "{address}"
        );
    }
}

#[test]
fn what_is_wrong_with_the_local_end_is_quoted() {
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
        ("eth\t0:1", "\t", "there is a control character in it"),
    ] {
        assert_eq!(
            error(address, End::Local),
            (part.into(), reason),
            "{address}"
        );
    }
}

#[test]
fn a_semicolon_separates_the_last_part_from_the_rest() {
    let parts = |address| {
        let endpoint = Endpoint::new("tcp", address);
        let (first, second) = Part::whole(&endpoint).split_semicolon();
        (
            first.map(|part| part.text().to_owned()),
            second.text().to_owned(),
        )
    };
    assert_eq!(parts("a:1"), (None, "a:1".into()));
    assert_eq!(parts("a;b;c:1"), (Some("a;b".into()), "c:1".into()));
    assert_eq!(parts(";"), (Some(String::new()), String::new()));
}

#[test]
fn a_host_goes_alone_and_a_port_may_be_left_out() {
    let host = |address: &str| {
        let endpoint = Endpoint::new("udp", address);
        let host = Part::whole(&endpoint).host(End::Local);
        host.map(|host| format!("{host:?}"))
            .map_err(|error| error.reason())
    };
    for (address, alone) in [
        ("::1", LOCALHOST_6),
        ("[::1]", LOCALHOST_6),
        ("*", Host::Any),
    ] {
        assert_eq!(host(address), Ok(format!("{alone:?}")), "{address}");
    }
    assert_eq!(host("[::1"), Err(NOT_CLOSED));
    assert_eq!(host(""), Err("the host is missing"));
    assert_eq!(host("[]"), Err("the host is missing"));

    let port = |address: &str| {
        let endpoint = Endpoint::new("tcp", address);
        let place = Part::whole(&endpoint).place_with_any_port();
        place
            .map(|place| place.port)
            .map_err(|error| error.reason())
    };
    assert_eq!(port("eth0"), Ok(0));
    assert_eq!(port("[::1]"), Ok(0));
    assert_eq!(port("eth0:5"), Ok(5));
    assert_eq!(port("eth0:"), Err(NO_PORT));
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
    fn any_text_is_a_place_or_gives_an_error_within(text in junk()) {
        let endpoint = Endpoint::new("tcp", &text);
        let (first, last) = Part::whole(&endpoint).split_semicolon();
        let first = first.map(|part| part.place_with_any_port());
        let results = [last.place(End::Peer), last.place(End::Local)];
        for result in results.into_iter().chain(first) {
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
        let place = Part::whole(&endpoint).place(End::Local);
        if !address.to_string().contains('%') {
            let place = place.map(|place| (place.host, place.port));
            prop_assert_eq!(place, Ok((Host::Address(address.ip()), address.port())));
        }
    }
}
