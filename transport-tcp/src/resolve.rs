//! From a host to the addresses it has.
//!
//! Names are resolved anew with each attempt, so that a peer may move.

use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6};

use ferromq_core::place::{Host, Place};
use ferromq_core::{Endpoint, TransportError};
use tokio::net::lookup_host;

/// Who knows the addresses of names.
pub(crate) trait Names: Sync {
    /// The addresses of a name, in the order in which it has them.
    fn lookup(
        &self,
        name: &str,
        port: u16,
    ) -> impl Future<Output = io::Result<Vec<SocketAddr>>> + Send;
}

/// The system does: from its hosts file, from the DNS, or however it is set up.
pub(crate) struct System;

impl Names for System {
    async fn lookup(&self, name: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        Ok(lookup_host((name, port)).await?.collect())
    }
}

/// The addresses of a peer, in the order in which to try them: as in libzmq those
/// of IPv6 first, if they count.
pub(crate) async fn peer(
    names: &impl Names,
    endpoint: &Endpoint,
    place: &Place<'_>,
    ipv6: bool,
) -> Result<Vec<SocketAddr>, TransportError> {
    let not_resolved = |error| TransportError::NotResolved(endpoint.clone(), error);
    let mut found = match place.host {
        Host::Any => vec![any(place.port, ipv6)],
        Host::Address(address) => vec![literal(endpoint, place, address, ipv6)?],
        Host::Name(name) => names.lookup(name, place.port).await.map_err(not_resolved)?,
    };
    for address in &mut found {
        *address = unmapped(*address);
    }
    found.retain(|address| ipv6 || address.is_ipv4());
    found.sort_by_key(SocketAddr::is_ipv4);
    if found.is_empty() {
        return Err(not_resolved(io::Error::new(
            io::ErrorKind::AddrNotAvailable,
            "it has IPv6 addresses only, and the option ipv6 is off",
        )));
    }
    Ok(found)
}

/// The addresses of this machine that a place means. With IPv6 all of them are
/// of IPv6, those of IPv4 mapped into it: what is bound then is named as libzmq
/// names it.
pub(crate) async fn local(
    names: &impl Names,
    endpoint: &Endpoint,
    place: &Place<'_>,
    ipv6: bool,
) -> Result<Vec<SocketAddr>, TransportError> {
    let mut found = match place.host {
        Host::Any => vec![any(place.port, ipv6)],
        Host::Address(address) => vec![literal(endpoint, place, address, ipv6)?],
        Host::Name(name) => named(names, name, place.port).await,
    };
    found.retain(|address| ipv6 || address.is_ipv4());
    if found.is_empty() {
        return Err(TransportError::NoSuchInterface(endpoint.clone()));
    }
    if ipv6 {
        found.sort_by_key(SocketAddr::is_ipv4);
        for address in &mut found {
            *address = mapped(*address);
        }
    }
    Ok(found)
}

fn any(port: u16, ipv6: bool) -> SocketAddr {
    let address: IpAddr = match ipv6 {
        true => Ipv6Addr::UNSPECIFIED.into(),
        false => Ipv4Addr::UNSPECIFIED.into(),
    };
    SocketAddr::new(address, port)
}

fn literal(
    endpoint: &Endpoint,
    place: &Place<'_>,
    address: IpAddr,
    ipv6: bool,
) -> Result<SocketAddr, TransportError> {
    if address.is_ipv6() && !ipv6 {
        let reason = "an IPv6 address needs the option ipv6";
        return Err(endpoint.error_at(place.at.clone(), reason).into());
    }
    Ok(SocketAddr::new(address, place.port))
}

/// The addresses of the interface of that name, or else of this machine's host name.
async fn named(names: &impl Names, name: &str, port: u16) -> Vec<SocketAddr> {
    let interface = interface(name, port);
    if interface.is_empty() {
        return names.lookup(name, port).await.unwrap_or_default();
    }
    interface
}

/// The addresses of an interface. Those of one link come last, because who
/// connects to them has to name the link.
fn interface(name: &str, port: u16) -> Vec<SocketAddr> {
    // A system that does not list its interfaces has none that can be named.
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    let named = interfaces.into_iter().filter(|found| found.name == name);
    let mut found: Vec<_> = named
        .map(|found| match found.ip() {
            IpAddr::V6(ip) if ip.is_unicast_link_local() => {
                let zone = found.index.unwrap_or_default();
                SocketAddr::V6(SocketAddrV6::new(ip, port, 0, zone))
            }
            ip => SocketAddr::new(ip, port),
        })
        .collect();
    found.sort_by_key(|address| matches!(address, SocketAddr::V6(v6) if v6.scope_id() != 0));
    found
}

/// The IPv6 address that stands for an IPv4 address
/// ([RFC 4291, 2.5.5.2](https://www.rfc-editor.org/rfc/rfc4291#section-2.5.5.2)).
fn mapped(address: SocketAddr) -> SocketAddr {
    match address {
        SocketAddr::V4(v4) => SocketAddr::new(v4.ip().to_ipv6_mapped().into(), v4.port()),
        v6 @ SocketAddr::V6(_) => v6,
    }
}

/// The IPv4 address that an IPv6 address stands for, if it does.
pub(crate) fn unmapped(address: SocketAddr) -> SocketAddr {
    match address.ip().to_canonical() {
        ip @ IpAddr::V4(_) => SocketAddr::new(ip, address.port()),
        IpAddr::V6(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn peer_of(address: &str, ipv6: bool) -> Result<Vec<SocketAddr>, TransportError> {
        let endpoint = Endpoint::new("tcp", address);
        let remote = crate::address::Remote::parse(&endpoint)?;
        peer(&System, &endpoint, &remote.peer, ipv6).await
    }

    async fn local_of(address: &str, ipv6: bool) -> Result<Vec<SocketAddr>, TransportError> {
        let endpoint = Endpoint::new("tcp", address);
        let place = crate::address::local(&endpoint)?;
        local(&System, &endpoint, &place, ipv6).await
    }

    fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
        let parsed = texts.iter().map(|text| text.parse());
        parsed.collect::<Result<_, _>>().expect("addresses")
    }

    #[tokio::test]
    async fn literals_need_no_lookup() {
        for (address, ipv6, expected) in [
            ("127.0.0.1:1", false, "127.0.0.1:1"),
            ("127.0.0.1:1", true, "127.0.0.1:1"),
            ("[::1]:1", true, "[::1]:1"),
            ("[::ffff:10.0.0.1]:1", true, "10.0.0.1:1"),
        ] {
            let found = peer_of(address, ipv6).await.expect(address);
            assert_eq!(found, addresses(&[expected]));
        }
        for (address, ipv6, expected) in [
            ("127.0.0.1:1", false, "127.0.0.1:1"),
            ("127.0.0.1:1", true, "[::ffff:127.0.0.1]:1"),
            ("[::1]:*", true, "[::1]:0"),
            ("*:1", false, "0.0.0.0:1"),
            ("*:1", true, "[::]:1"),
        ] {
            let found = local_of(address, ipv6).await.expect(address);
            assert_eq!(found, addresses(&[expected]));
        }
    }

    #[tokio::test]
    async fn ipv6_is_refused_while_it_is_off() {
        let expected = "\"tcp://[::1]:1\" is not an endpoint: \
                        an IPv6 address needs the option ipv6, not \"::1\"";
        let errors = [
            peer_of("[::1]:1", false).await,
            local_of("[::1]:1", false).await,
        ];
        for error in errors {
            assert_eq!(error.expect_err("IPv6 is off").to_string(), expected);
        }
        let found = peer_of("localhost:1", false).await.expect("localhost");
        assert!(found.iter().all(SocketAddr::is_ipv4));
    }

    #[tokio::test]
    async fn interfaces_have_names() {
        let interfaces = if_addrs::get_if_addrs().expect("interfaces");
        let loopback = interfaces
            .iter()
            .find(|found| found.ip() == Ipv4Addr::LOCALHOST);
        let name = &loopback.expect("a loopback interface").name;
        let found = local_of(&format!("{name}:7"), false).await;
        assert_eq!(found.expect("its address"), addresses(&["127.0.0.1:7"]));
        let found = local_of(&format!("{name}:7"), true)
            .await
            .expect("its addresses");
        assert!(found.iter().all(SocketAddr::is_ipv6), "{found:?}");
        assert!(found.contains(&addresses(&["[::ffff:127.0.0.1]:7"])[0]));
    }

    #[tokio::test]
    async fn names_that_nobody_has_are_errors() {
        // RFC 2606 reserves the name.
        let error = peer_of("ferromq.invalid:1", false)
            .await
            .expect_err("no such host");
        assert!(
            matches!(error, TransportError::NotResolved(..)),
            "{error:?}"
        );
        let error = local_of("nosuchinterface0:1", true)
            .await
            .expect_err("no such interface");
        assert!(
            matches!(error, TransportError::NoSuchInterface(_)),
            "{error:?}"
        );
        assert!(error.to_string().contains("tcp://nosuchinterface0:1"));
    }
}
