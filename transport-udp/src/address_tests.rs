use proptest::prelude::*;

use super::*;

fn shown(place: &Place<'_>) -> String {
    let name = |host: Host<'_>| match host {
        Host::Any => "any".to_owned(),
        Host::Address(address) => format!("<{address}>"),
        Host::Name(name) => name.to_owned(),
    };
    let interface = place.interface.map(|host| format!("{} then ", name(host)));
    format!(
        "{}{} {}",
        interface.unwrap_or_default(),
        name(place.host),
        place.port
    )
}

fn bind(address: &str) -> Result<String, String> {
    let endpoint = Endpoint::new("udp", address);
    let place = Place::of_bind(&endpoint).map_err(|error| error.to_string())?;
    Ok(shown(&place))
}

fn connect(address: &str) -> Result<String, String> {
    let endpoint = Endpoint::new("udp", address);
    let place = Place::of_peer(&endpoint).map_err(|error| error.to_string())?;
    Ok(shown(&place))
}

/// Those of zmq_udp(7).
#[test]
fn the_endpoints_of_libzmqs_manual_are_understood() {
    for (address, place) in [
        ("*:5555", "any 5555"),
        ("127.0.0.1:5555", "<127.0.0.1> 5555"),
        ("eth1:5555", "eth1 5555"),
        ("239.0.0.1:5555", "<239.0.0.1> 5555"),
        ("eth0;239.0.0.1:5555", "eth0 then <239.0.0.1> 5555"),
        ("eth0;[ff02::1]:5555", "eth0 then <ff02::1> 5555"),
    ] {
        assert_eq!(bind(address).as_deref(), Ok(place));
    }
    for (address, place) in [
        ("192.168.1.1:5555", "<192.168.1.1> 5555"),
        ("host.example:5555", "host.example 5555"),
        ("239.0.0.1:5555", "<239.0.0.1> 5555"),
        ("wlan0;239.0.0.1:5555", "wlan0 then <239.0.0.1> 5555"),
        ("[ff02::1]:5555", "<ff02::1> 5555"),
    ] {
        assert_eq!(connect(address).as_deref(), Ok(place));
    }
}

#[test]
fn hosts_and_ports_have_several_forms() {
    for (address, place) in [
        ("127.0.0.1:*", "<127.0.0.1> 0"),
        ("127.0.0.1:0", "<127.0.0.1> 0"),
        ("::1:5555", "<::1> 5555"),
        ("[::1]:5555", "<::1> 5555"),
        ("[*]:5555", "any 5555"),
        ("fe80::1%eth0:5555", "fe80::1%eth0 5555"),
        ("*;239.0.0.1:*", "any then <239.0.0.1> 0"),
        ("10.0.0.1;239.0.0.1:5", "<10.0.0.1> then <239.0.0.1> 5"),
        ("[::1];[ff02::1]:5", "<::1> then <ff02::1> 5"),
        ("Local Area Connection:5", "Local Area Connection 5"),
        ("lo;group.example:5", "lo then group.example 5"),
    ] {
        assert_eq!(bind(address).as_deref(), Ok(place));
    }
}

#[test]
fn errors_say_what_is_wrong_and_where() {
    for (address, error) in [
        ("127.0.0.1", "the port is missing, as in host:5555"),
        ("127.0.0.1:", "the port is missing, as in host:5555"),
        ("[::1]", "the port is missing, as in host:5555"),
        (":5555", "the host is missing"),
        ("[::1:5555", "the bracket [ is not closed, not \"[::1\""),
        (
            "a:65536",
            "a port is a number up to 65535, or *, not \"65536\"",
        ),
        ("a:-1", "a port is a number up to 65535, or *, not \"-1\""),
        ("a:+1", "a port is a number up to 65535, or *, not \"+1\""),
        (
            "a:http",
            "a port is a number up to 65535, or *, not \"http\"",
        ),
        (
            "::g:1",
            "a host with colons is an IPv6 address, and the last colon is the port's, not \"::g\"",
        ),
        ("fe80::1%:1", "the zone behind % is missing"),
        ("a*b:1", "* stands for a whole host or port, not \"*\""),
        (
            "lo;127.0.0.1:1",
            "only a multicast group is reached by an interface, not \"127.0.0.1\"",
        ),
        (
            "lo;*:1",
            "only a multicast group is reached by an interface, not \"*\"",
        ),
        (
            "239.0.0.1;239.0.0.2:1",
            "a multicast group is no interface, not \"239.0.0.1\"",
        ),
        (
            "a;b;239.0.0.1:1",
            "there is one interface at the most, not \";\"",
        ),
        (";239.0.0.1:1", "the host is missing"),
    ] {
        let expected = format!("\"udp://{address}\" is not an endpoint: {error}");
        assert_eq!(bind(address), Err(expected));
    }
    for (address, error) in [
        (
            "*:5555",
            "a peer has an address; only a bind is to *, not \"*\"",
        ),
        ("a:*", "a peer's port is a number, not \"*\""),
        ("a:0", "no peer has that port, not \"0\""),
        ("a b:1", "there is a space in it, not \" \""),
        (
            "ä:1",
            "a name in other letters is written in Punycode (xn--), not \"ä\"",
        ),
        ("a/b:1", "no host's name has this character, not \"/\""),
        (
            "lo;10.0.0.1:1",
            "only a multicast group is reached by an interface, not \"10.0.0.1\"",
        ),
    ] {
        let expected = format!("\"udp://{address}\" is not an endpoint: {error}");
        assert_eq!(connect(address), Err(expected));
    }
}

proptest! {
    #[test]
    fn any_text_is_a_place_or_an_error_in_it(text in "[\\[\\]a-f0-9:;.*%ä ]{1,30}") {
        let endpoint = Endpoint::new("udp", &text);
        for place in [Place::of_bind(&endpoint), Place::of_peer(&endpoint)] {
            if let Err(error) = place {
                prop_assert!(endpoint.as_str().get(error.range()).is_some());
            }
        }
    }

    #[test]
    fn addresses_are_understood(ip in any::<IpAddr>(), port in 1_u16..) {
        let address = std::net::SocketAddr::new(ip, port).to_string();
        let endpoint = Endpoint::new("udp", &address);
        let place = Place::of_peer(&endpoint).expect("a place");
        prop_assert_eq!((place.host, place.port), (Host::Address(ip), port));
    }
}
