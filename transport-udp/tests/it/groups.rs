//! Multicast groups and broadcasts, on the loopback.

use super::*;

const GROUP: &str = "udp://127.0.0.1;239.255.70.2:*";

/// The same port of another host.
fn beside(bound: &dyn Listener, host: &str) -> Endpoint {
    let address = bound.local_endpoint().address();
    let port = address.rsplit(':').next().expect("a port");
    endpoint(&format!("udp://{host}:{port}"))
}

#[tokio::test]
async fn all_members_hear_what_is_sent_to_a_group() {
    let (bound, mut first) = bind(SocketType::Dish, GROUP, UdpOptions::new()).await;
    let at = bound.local_endpoint();
    assert!(
        at.as_str().starts_with("udp://127.0.0.1;239.255.70.2:"),
        "{at}"
    );
    let (_, mut second) = bind(SocketType::Dish, at.as_str(), UdpOptions::new()).await;
    let mut radio = connect(at, UdpOptions::new()).await;
    exchange(&mut radio, &mut first, "to both").await;
    let received = receive(&mut second).await.expect("a message");
    assert_eq!(received.body(), b"to both");
}

#[tokio::test]
async fn members_hear_their_own_group_only() {
    let (bound, mut member) = bind(SocketType::Dish, GROUP, UdpOptions::new()).await;
    let other = beside(&*bound, "127.0.0.1;239.255.70.3");
    let (_, mut others) = bind(SocketType::Dish, other.as_str(), UdpOptions::new()).await;
    let mut to_others = connect(&other, UdpOptions::new()).await;
    let mut to_member = connect(bound.local_endpoint(), UdpOptions::new()).await;
    exchange(&mut to_others, &mut others, "for others").await;
    exchange(&mut to_member, &mut member, "for the member").await;
    exchange(&mut to_others, &mut others, "for others again").await;
}

/// The loopback itself brings everything back; other interfaces do as they are told.
#[tokio::test]
async fn without_a_loop_nothing_comes_back() {
    let group = endpoint("udp://239.255.70.2:*");
    let bound = Udp
        .bind(&group, &with(SocketType::Dish, UdpOptions::new()))
        .await;
    let Ok(bound) = bound else {
        // There may be no network that has groups.
        return;
    };
    let mut member = link(bound.accept().await);
    let silent = UdpOptions::new().multicast_loop(false);
    let mut silent = connect(bound.local_endpoint(), silent).await;
    let mut loud = connect(bound.local_endpoint(), UdpOptions::new()).await;
    if send(&mut silent, ["group", "not here"]).await.is_ok() {
        exchange(&mut loud, &mut member, "here").await;
    }
}

/// Other systems do not broadcast on their loopback.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn several_hear_a_broadcast() {
    let (bound, mut first) = bind(SocketType::Dish, "udp://*:*", UdpOptions::new()).await;
    let at = bound.local_endpoint().as_str();
    let (_, mut second) = bind(SocketType::Dish, at, UdpOptions::new()).await;
    let everybody = beside(&*bound, "127.255.255.255");
    let mut radio = connect(&everybody, UdpOptions::new()).await;
    exchange(&mut radio, &mut first, "to all").await;
    let received = receive(&mut second).await.expect("a message");
    assert_eq!(received.body(), b"to all");
}

#[tokio::test]
async fn an_exclusive_address_is_nobody_elses() {
    let exclusive = || UdpOptions::new().exclusive(true);
    let (bound, mut link) = bind(SocketType::Dish, "udp://127.0.0.1:*", exclusive()).await;
    let at = bound.local_endpoint();
    let second = Udp.bind(at, &with(SocketType::Dish, exclusive())).await;
    assert!(matches!(second.map(drop), Err(TransportError::AddressInUse(there)) if there == *at));
    let mut radio = connect(at, UdpOptions::new()).await;
    exchange(&mut radio, &mut link, "here").await;
}

#[tokio::test]
async fn groups_of_ipv6_are_joined_by_an_interface() {
    let ipv6 = || UdpOptions::new().ipv6(true);
    let at = "udp://lo;[ff12::7071]:*";
    let bound = Udp
        .bind(&endpoint(at), &with(SocketType::Dish, ipv6()))
        .await;
    let Ok(bound) = bound else {
        // There may be no IPv6, or not on the loopback.
        return;
    };
    let mut member = link(bound.accept().await);
    let to = bound.local_endpoint();
    assert!(to.as_str().starts_with("udp://lo;[ff12::7071]:"), "{to}");
    let mut radio = connect(to, ipv6().multicast_hops(2).expect("in range")).await;
    if send(&mut radio, ["group", "over IPv6"]).await.is_ok() {
        let received = receive(&mut member).await.expect("a message");
        assert_eq!(received.body(), b"over IPv6");
    }
}

#[tokio::test]
async fn both_ends_may_be_of_ipv6() {
    let ipv6 = || UdpOptions::new().ipv6(true);
    let bound = Udp
        .bind(&endpoint("udp://*:*"), &with(SocketType::Dish, ipv6()))
        .await;
    let Ok(bound) = bound else {
        // There may be no IPv6.
        return;
    };
    let mut dish = link(bound.accept().await);
    for host in ["127.0.0.1", "[::1]"] {
        let mut radio = connect(&beside(&*bound, host), ipv6()).await;
        exchange(&mut radio, &mut dish, host).await;
    }
}

#[test]
fn options_have_ranges() {
    for hops in [0, 256] {
        UdpOptions::new()
            .multicast_hops(hops)
            .expect_err("out of range");
    }
    for bytes in [0, 65_508] {
        UdpOptions::new()
            .max_datagram(bytes)
            .expect_err("out of range");
    }
    UdpOptions::new()
        .bind_to_device("sixteen_letters_")
        .expect_err("too long");
    UdpOptions::new().bind_to_device("").expect("none");
}
