//! From a place to addresses and interfaces.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ferromq_core::place::{Host, Place};
use ferromq_core::{Endpoint, TransportError};
use if_addrs::Interface;
use tokio::net::lookup_host;

use crate::address::{NO_GROUP, UdpAddress};

/// Where datagrams go to, or come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    /// By which interface a multicast group is reached.
    pub(crate) way: Way,
}

/// An interface, as the system wants to have it named: by an address of IPv4, or by a
/// number. Unspecified and 0 leave it to the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) v4: Ipv4Addr,
    pub(crate) number: u32,
}

const ANY_WAY: Way = Way {
    v4: Ipv4Addr::UNSPECIFIED,
    number: 0,
};

impl Target {
    pub(crate) fn is_multicast(&self) -> bool {
        self.address.ip().is_multicast()
    }
}

/// Where to send to.
pub(crate) async fn remote(
    endpoint: &Endpoint,
    given: &UdpAddress<'_>,
    ipv6: bool,
) -> Result<Target, TransportError> {
    let place = &given.place;
    let not_resolved = |error| TransportError::NotResolved(endpoint.clone(), error);
    let address = match place.host {
        Host::Any => any(place.port, ipv6),
        Host::Address(address) => literal(endpoint, place, address, ipv6)?,
        Host::Name(name) => {
            let found = lookup(name, place.port).await.map_err(not_resolved)?;
            let fitting = found.into_iter().find(|found| ipv6 || found.is_ipv4());
            fitting.ok_or_else(|| {
                not_resolved(io::Error::new(
                    io::ErrorKind::AddrNotAvailable,
                    "it has IPv6 addresses only, and the option ipv6 is off",
                ))
            })?
        }
    };
    target(endpoint, given, address)
}

/// Where to bind to.
pub(crate) async fn local(
    endpoint: &Endpoint,
    given: &UdpAddress<'_>,
    ipv6: bool,
) -> Result<Target, TransportError> {
    let place = &given.place;
    let address = match place.host {
        Host::Any => any(place.port, ipv6),
        Host::Address(address) => literal(endpoint, place, address, ipv6)?,
        Host::Name(name) => {
            let found = named(name, place.port).await;
            let fitting = found.into_iter().find(|found| ipv6 || found.is_ipv4());
            fitting.ok_or_else(|| TransportError::NoSuchInterface(endpoint.clone()))?
        }
    };
    target(endpoint, given, address)
}

fn target(
    endpoint: &Endpoint,
    given: &UdpAddress<'_>,
    address: SocketAddr,
) -> Result<Target, TransportError> {
    let way = match given.interface {
        None | Some(Host::Any) => ANY_WAY,
        // The name may have resolved to anything.
        Some(_) if !address.ip().is_multicast() => {
            return Err(endpoint.error_at(given.place.at.clone(), NO_GROUP).into());
        }
        Some(interface) => {
            let way = way_by(interface, address.is_ipv6());
            way.ok_or_else(|| TransportError::NoSuchInterface(endpoint.clone()))?
        }
    };
    Ok(Target { address, way })
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
    Ok(SocketAddr::new(address.to_canonical(), place.port))
}

async fn lookup(name: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    let found = lookup_host((name, port)).await?;
    // An IPv6 address that stands for an IPv4 address is that; a zone is kept.
    Ok(found
        .map(|found| match found.ip().to_canonical() {
            ip @ IpAddr::V4(_) => SocketAddr::new(ip, port),
            IpAddr::V6(_) => found,
        })
        .collect())
}

/// The addresses of the interface of that name, or else of this machine's host name.
async fn named(name: &str, port: u16) -> Vec<SocketAddr> {
    let of_name = interfaces().into_iter().filter(|found| found.name == name);
    let found: Vec<_> = of_name.map(|found| found.ip()).collect();
    if found.is_empty() {
        return lookup(name, port).await.unwrap_or_default();
    }
    let mut found: Vec<_> = found
        .into_iter()
        .map(|ip| SocketAddr::new(ip, port))
        .collect();
    found.sort_by_key(SocketAddr::is_ipv6);
    found
}

/// The interface of that name or address, if it can carry such a multicast group.
fn way_by(interface: Host<'_>, ipv6: bool) -> Option<Way> {
    let ours = |found: &Interface| match interface {
        Host::Any => true,
        Host::Name(name) => found.name == name,
        Host::Address(address) => found.ip() == address,
    };
    let mut found = interfaces().into_iter().filter(ours).map(|found| Way {
        v4: match found.ip() {
            IpAddr::V4(address) => address,
            IpAddr::V6(_) => Ipv4Addr::UNSPECIFIED,
        },
        number: found.index.unwrap_or_default(),
    });
    found.find(|way| match ipv6 {
        true => way.number != 0,
        false => !way.v4.is_unspecified(),
    })
}

/// A system that does not list its interfaces has none that can be named.
fn interfaces() -> Vec<Interface> {
    if_addrs::get_if_addrs().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn remote_of(address: &str, ipv6: bool) -> Result<Target, TransportError> {
        let endpoint = Endpoint::new("udp", address);
        let given = UdpAddress::of_peer(&endpoint)?;
        remote(&endpoint, &given, ipv6).await
    }

    async fn local_of(address: &str, ipv6: bool) -> Result<Target, TransportError> {
        let endpoint = Endpoint::new("udp", address);
        let given = UdpAddress::of_bind(&endpoint)?;
        local(&endpoint, &given, ipv6).await
    }

    #[tokio::test]
    async fn literals_are_what_they_say() {
        for (address, ipv6, expected) in [
            ("127.0.0.1:1", false, "127.0.0.1:1"),
            ("[::1]:1", true, "[::1]:1"),
            ("[::ffff:10.0.0.1]:1", true, "10.0.0.1:1"),
            ("239.0.0.1:1", false, "239.0.0.1:1"),
        ] {
            for found in [
                remote_of(address, ipv6).await,
                local_of(address, ipv6).await,
            ] {
                let found = found.expect(address);
                assert_eq!(
                    (found.address, found.way),
                    (expected.parse().expect(expected), ANY_WAY)
                );
            }
        }
        let wildcard = local_of("*:*", false).await.expect("any address");
        assert_eq!(wildcard.address, any(0, false));
    }

    #[tokio::test]
    async fn ipv6_is_refused_while_it_is_off() {
        for error in [
            remote_of("[::1]:1", false).await,
            local_of("[::1]:1", false).await,
        ] {
            let error = error.expect_err("IPv6 is off").to_string();
            assert!(
                error.ends_with("an IPv6 address needs the option ipv6, not \"::1\""),
                "{error}"
            );
        }
        let found = remote_of("localhost:1", false).await.expect("localhost");
        assert!(found.address.is_ipv4());
    }

    #[tokio::test]
    async fn interfaces_have_names_addresses_and_numbers() {
        let found = interfaces();
        let loopback = found.iter().find(|found| found.ip() == Ipv4Addr::LOCALHOST);
        let loopback = loopback.expect("a loopback interface");
        let name = &loopback.name;
        let bound = local_of(&format!("{name}:7"), false)
            .await
            .expect("its address");
        assert_eq!(bound.address, "127.0.0.1:7".parse().expect("an address"));
        for interface in [name, "127.0.0.1"] {
            let group = format!("{interface};239.0.0.1:7");
            for target in [
                remote_of(&group, false).await,
                local_of(&group, false).await,
            ] {
                let target = target.expect("a group");
                assert_eq!(target.way.v4, Ipv4Addr::LOCALHOST);
                assert!(target.is_multicast());
            }
        }
        let group = remote_of("*;239.0.0.1:7", false).await.expect("a group");
        assert_eq!(group.way, ANY_WAY);
    }

    #[tokio::test]
    async fn names_that_nobody_has_are_errors() {
        // RFC 2606 reserves the name.
        let error = remote_of("ferromq.invalid:1", false).await;
        assert!(
            matches!(error, Err(TransportError::NotResolved(..))),
            "{error:?}"
        );
        for address in ["nosuchinterface0:1", "nosuchinterface0;239.0.0.1:1"] {
            let error = local_of(address, false).await;
            assert!(
                matches!(error, Err(TransportError::NoSuchInterface(_))),
                "{error:?}"
            );
        }
        let error = remote_of("lo;localhost:1", false)
            .await
            .expect_err("no group");
        assert!(error.to_string().contains(NO_GROUP), "{error}");
    }
}
