use super::*;

fn shown(address: &UdpAddress<'_>) -> String {
    let name = |host: Host<'_>| match host {
        Host::Any => "any".to_owned(),
        Host::Address(address) => format!("<{address}>"),
        Host::Name(name) => name.to_owned(),
    };
    let interface = address
        .interface
        .map(|host| format!("{} then ", name(host)));
    format!(
        "{}{} {}",
        interface.unwrap_or_default(),
        name(address.place.host),
        address.place.port
    )
}

fn bind(address: &str) -> Result<String, String> {
    let endpoint = Endpoint::new("udp", address);
    let address = UdpAddress::of_bind(&endpoint).map_err(|error| error.to_string())?;
    Ok(shown(&address))
}

fn connect(address: &str) -> Result<String, String> {
    let endpoint = Endpoint::new("udp", address);
    let address = UdpAddress::of_peer(&endpoint).map_err(|error| error.to_string())?;
    Ok(shown(&address))
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
fn a_group_is_reached_by_an_interface() {
    for (address, place) in [
        ("*;239.0.0.1:*", "any then <239.0.0.1> 0"),
        ("10.0.0.1;239.0.0.1:5", "<10.0.0.1> then <239.0.0.1> 5"),
        ("[::1];[ff02::1]:5", "<::1> then <ff02::1> 5"),
        ("::1;[ff02::1]:5", "<::1> then <ff02::1> 5"),
        ("Local Area Connection:5", "Local Area Connection 5"),
        ("lo;group.example:5", "lo then group.example 5"),
    ] {
        assert_eq!(bind(address).as_deref(), Ok(place));
    }
}

#[test]
fn errors_say_what_is_wrong_and_where() {
    for (address, error) in [
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
            "there is one semicolon at the most, not \";\"",
        ),
        (";239.0.0.1:1", "the host is missing"),
        ("127.0.0.1", "the port is missing, as in host:5555"),
    ] {
        let expected = format!("\"udp://{address}\" is not an endpoint: {error}");
        assert_eq!(bind(address), Err(expected));
    }
    for (address, error) in [
        ("a:*", "a peer's port is a number, not \"*\""),
        (
            "lo;10.0.0.1:1",
            "only a multicast group is reached by an interface, not \"10.0.0.1\"",
        ),
    ] {
        let expected = format!("\"udp://{address}\" is not an endpoint: {error}");
        assert_eq!(connect(address), Err(expected));
    }
}
