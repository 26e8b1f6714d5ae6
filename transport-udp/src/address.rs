//! What stands behind `udp://`.
//!
//! ```text
//! place     = [ interface ";" ] host ":" port
//! interface = name | IPv4 | IPv6 | "*"       only in front of a multicast group
//! host      = name | IPv4 | IPv6 | "[" host "]", and for a bind also "*"
//! port      = 1 to 65535, and for a bind also "*" or 0
//! IPv6      = as in RFC 4291, and "%" zone   RFC 4007
//! ```
//!
//! As in libzmq (`udp_address.cpp`) the name of a host may be one of an interface for a
//! bind, and the last colon separates the port.

use std::net::{IpAddr, Ipv6Addr};
use std::ops::Range;

use ferromq_core::{Endpoint, EndpointError};

/// Where datagrams go to, or come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place<'a> {
    /// By which interface a multicast group is reached.
    pub(crate) interface: Option<Host<'a>>,
    pub(crate) host: Host<'a>,
    /// The port; 0 is any that is free.
    pub(crate) port: u16,
    /// Where the host stands in the endpoint's address.
    pub(crate) at: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Host<'a> {
    /// `*`: every address of this machine.
    Any,
    Address(IpAddr),
    /// The name of a host or an interface, or an IPv6 address with a zone.
    Name(&'a str),
}

/// Whose place it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// This machine's: what is bound to, or an interface.
    Local,
    Peer,
}

/// A part of an endpoint's address, which knows where it stands.
#[derive(Debug, Clone)]
struct Part<'a> {
    endpoint: &'a Endpoint,
    at: Range<usize>,
}

impl<'a> Place<'a> {
    /// The place to connect to.
    pub(crate) fn of_peer(endpoint: &'a Endpoint) -> Result<Self, EndpointError> {
        Self::parse(endpoint, End::Peer)
    }

    /// The place to bind to.
    pub(crate) fn of_bind(endpoint: &'a Endpoint) -> Result<Self, EndpointError> {
        Self::parse(endpoint, End::Local)
    }

    fn parse(endpoint: &'a Endpoint, end: End) -> Result<Self, EndpointError> {
        let at = 0..endpoint.address().len();
        let whole = Part { endpoint, at };
        let (interface, place) = match whole.text().rfind(';') {
            Some(semicolon) => (Some(whole.part(0..semicolon)), whole.rest(semicolon + 1)),
            None => (None, whole),
        };
        let (host, port) = place.split()?;
        let place = Self {
            interface: interface.as_ref().map(Part::interface).transpose()?,
            host: host.host(end)?,
            port: port.port(end)?,
            at: host.at.clone(),
        };
        let misplaced = match (&place.interface, place.host) {
            (None, _) | (_, Host::Name(_)) => false,
            (Some(_), Host::Any) => true,
            (Some(_), Host::Address(address)) => !address.is_multicast(),
        };
        match misplaced {
            true => Err(host.error(NO_GROUP)),
            false => Ok(place),
        }
    }
}

/// Why an interface is refused.
pub(crate) const NO_GROUP: &str = "only a multicast group is reached by an interface";

const NO_PORT: &str = "the port is missing, as in host:5555";

impl<'a> Part<'a> {
    fn text(&self) -> &'a str {
        let text = self.endpoint.address().get(self.at.clone());
        text.unwrap_or_default()
    }

    /// A part of this part.
    fn part(&self, range: Range<usize>) -> Self {
        Self {
            endpoint: self.endpoint,
            at: self.at.start + range.start..self.at.start + range.end,
        }
    }

    /// What comes from `start` on.
    fn rest(&self, start: usize) -> Self {
        self.part(start..self.at.len())
    }

    fn error(&self, reason: &'static str) -> EndpointError {
        self.endpoint.error_at(self.at.clone(), reason)
    }

    /// Separates the host, without its brackets, from the port.
    fn split(&self) -> Result<(Self, Self), EndpointError> {
        let text = self.text();
        let no_port = || self.rest(self.at.len()).error(NO_PORT);
        let colon = text.rfind(':').ok_or_else(no_port)?;
        let (host, port) = (self.part(0..colon), self.rest(colon + 1));
        if !host.text().starts_with('[') {
            return Ok((host, port));
        }
        if text.ends_with(']') {
            return Err(no_port());
        }
        Ok((host.without_brackets()?, port))
    }

    fn without_brackets(&self) -> Result<Self, EndpointError> {
        match self.text() {
            text if !text.starts_with('[') => Ok(self.clone()),
            text if text.ends_with(']') => Ok(self.part(1..text.len() - 1)),
            _ => Err(self.error("the bracket [ is not closed")),
        }
    }

    fn interface(&self) -> Result<Host<'a>, EndpointError> {
        match self.without_brackets()?.host(End::Local)? {
            Host::Address(address) if address.is_multicast() => {
                Err(self.error("a multicast group is no interface"))
            }
            host => Ok(host),
        }
    }

    fn port(&self, end: End) -> Result<u16, EndpointError> {
        let text = self.text();
        match (text, end) {
            ("", _) => return Err(self.error(NO_PORT)),
            ("*", End::Local) => return Ok(0),
            ("*", End::Peer) => return Err(self.error("a peer's port is a number")),
            _ => {}
        }
        // The parser of integers would also take a sign.
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        match (text.parse().ok().filter(|_| digits), end) {
            (Some(0), End::Peer) => Err(self.error("no peer has that port")),
            (Some(port), _) => Ok(port),
            (None, End::Local) => Err(self.error("a port is a number up to 65535, or *")),
            (None, End::Peer) => Err(self.error("a port is a number up to 65535")),
        }
    }

    fn host(&self, end: End) -> Result<Host<'a>, EndpointError> {
        let text = self.text();
        match text {
            "" => return Err(self.error("the host is missing")),
            "*" if end == End::Local => return Ok(Host::Any),
            "*" => return Err(self.error("a peer has an address; only a bind is to *")),
            _ => {}
        }
        self.check_characters(end)?;
        if text.contains(':') {
            return self.ipv6();
        }
        Ok(match text.parse() {
            Ok(address) => Host::Address(address),
            Err(_) => Host::Name(text),
        })
    }

    fn ipv6(&self) -> Result<Host<'a>, EndpointError> {
        let text = self.text();
        let (address, zone) = match text.find('%') {
            Some(percent) => (self.part(0..percent), Some(self.rest(percent + 1))),
            None => (self.clone(), None),
        };
        let reason = "a host with colons is an IPv6 address, and the last colon is the port's";
        let parsed = address.text().parse::<Ipv6Addr>();
        let parsed = parsed.map_err(|_| address.error(reason))?;
        match zone {
            Some(zone) if zone.at.is_empty() => Err(zone.error("the zone behind % is missing")),
            Some(_) => Ok(Host::Name(text)),
            None => Ok(Host::Address(parsed.into())),
        }
    }

    /// Refuses what no host can have in its name. Interfaces can be called nearly
    /// anything.
    fn check_characters(&self, end: End) -> Result<(), EndpointError> {
        let wrong = self.text().char_indices().find_map(|(at, char)| {
            let reason = match char {
                'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '.' | '_' | ':' | '%' => return None,
                '[' | ']' => "brackets go around a whole host",
                '*' => "* stands for a whole host or port",
                ';' => "there is one interface at the most",
                _ if char.is_control() => "there is a control character in it",
                _ if end == End::Local => return None,
                _ if char.is_whitespace() => "there is a space in it",
                _ if !char.is_ascii() => "a name in other letters is written in Punycode (xn--)",
                _ => "no host's name has this character",
            };
            Some((at..at + char.len_utf8(), reason))
        });
        match wrong {
            Some((at, reason)) => Err(self.part(at).error(reason)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
#[path = "address_tests.rs"]
mod tests;
