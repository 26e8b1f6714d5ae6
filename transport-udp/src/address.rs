//! What stands behind `udp://`.
//!
//! ```text
//! address   = [ interface ";" ] place
//! interface = host                           only in front of a multicast group
//! ```
//!
//! Hosts and places are as in [`ferromq_core::place`]; as in libzmq (`udp_address.cpp`)
//! the name of a host may be one of an interface for a bind.

use ferromq_core::place::{End, Host, Part, Place};
use ferromq_core::{Endpoint, EndpointError};

/// Where datagrams go to, or come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UdpAddress<'a> {
    /// By which interface a multicast group is reached.
    pub(crate) interface: Option<Host<'a>>,
    pub(crate) place: Place<'a>,
}

impl<'a> UdpAddress<'a> {
    /// The place to connect to.
    pub(crate) fn of_peer(endpoint: &'a Endpoint) -> Result<Self, EndpointError> {
        Self::parse(endpoint, End::Peer)
    }

    /// The place to bind to.
    pub(crate) fn of_bind(endpoint: &'a Endpoint) -> Result<Self, EndpointError> {
        Self::parse(endpoint, End::Local)
    }

    fn parse(endpoint: &'a Endpoint, end: End) -> Result<Self, EndpointError> {
        let (interface, place) = Part::whole(endpoint).split_semicolon();
        let address = Self {
            interface: interface.as_ref().map(by_interface).transpose()?,
            place: place.place(end)?,
        };
        let misplaced = match (&address.interface, address.place.host) {
            (None, _) | (_, Host::Name(_)) => false,
            (Some(_), Host::Any) => true,
            (Some(_), Host::Address(host)) => !host.is_multicast(),
        };
        match misplaced {
            true => Err(endpoint.error_at(address.place.at, NO_GROUP)),
            false => Ok(address),
        }
    }
}

/// Why an interface is refused.
pub(crate) const NO_GROUP: &str = "only a multicast group is reached by an interface";

fn by_interface<'a>(part: &Part<'a>) -> Result<Host<'a>, EndpointError> {
    match part.host(End::Local)? {
        Host::Address(address) if address.is_multicast() => {
            Err(part.error("a multicast group is no interface"))
        }
        host => Ok(host),
    }
}

#[cfg(test)]
#[path = "address_tests.rs"]
mod tests;
