//! Hosts and ports: what an endpoint's address says for a transport over IP.
//!
//! ```text
//! place = host ":" port
//! host  = name | IPv4 | IPv6 | "[" host "]", and at the local end also "*"
//! port  = 1 to 65535, and at the local end also "*" or 0
//! IPv6  = as in RFC 4291, and "%" zone       RFC 4007
//! ```
//!
//! As in libzmq the last colon separates the port, so that an IPv6 address may go
//! without its brackets (`ip_resolver.cpp`). Unlike there, a port ends where its
//! digits do: nothing may follow. What else an address has, and what stands on
//! either side of a semicolon, is the transport's.

use std::net::{IpAddr, Ipv6Addr};
use std::ops::Range;

use crate::endpoint::{Endpoint, EndpointError};

/// A host and a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place<'a> {
    /// The host.
    pub host: Host<'a>,
    /// The port; 0 is any that is free.
    pub port: u16,
    /// Where the host stands in the endpoint's address.
    pub at: Range<usize>,
}

/// The host of a [`Place`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Host<'a> {
    /// `*`: every address of this machine.
    Any,
    /// An address.
    Address(IpAddr),
    /// The name of a host or an interface, or an IPv6 address with a zone.
    Name(&'a str),
}

/// Whose place it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// This machine's: what is bound to, or an interface.
    Local,
    /// The peer's.
    Peer,
}

/// A part of an endpoint's address, which knows where it stands, so that errors do.
#[derive(Debug, Clone)]
pub struct Part<'a> {
    endpoint: &'a Endpoint,
    at: Range<usize>,
}

impl<'a> Part<'a> {
    /// The whole address.
    #[must_use]
    pub fn whole(endpoint: &'a Endpoint) -> Self {
        let at = 0..endpoint.address().len();
        Self { endpoint, at }
    }

    /// What stands in front of the last semicolon, if there is one, and what is left.
    #[must_use]
    pub fn split_semicolon(self) -> (Option<Self>, Self) {
        match self.text().rfind(';') {
            Some(at) => (Some(self.part(0..at)), self.rest(at + 1)),
            None => (None, self),
        }
    }

    /// A host and a port.
    ///
    /// # Errors
    ///
    /// What is no host or no port at that end, or missing.
    pub fn place(&self, end: End) -> Result<Place<'a>, EndpointError> {
        let (host, port) = self.split_port()?;
        let port = port.ok_or_else(|| self.rest(self.at.len()).error(NO_PORT))?;
        host.with_port(end, port.port(end)?)
    }

    /// A host at the local end and a port, which is any if it is left out.
    ///
    /// # Errors
    ///
    /// What is no host or no port.
    pub fn place_with_any_port(&self) -> Result<Place<'a>, EndpointError> {
        let (host, port) = self.split_port()?;
        let port = port.map_or(Ok(0), |port| port.port(End::Local))?;
        host.with_port(End::Local, port)
    }

    /// A host alone, in brackets or not.
    ///
    /// # Errors
    ///
    /// What is no host at that end, or missing.
    pub fn host(&self, end: End) -> Result<Host<'a>, EndpointError> {
        match self.text().strip_prefix('[') {
            None => self.bare_host(end),
            Some(text) if text.ends_with(']') => self.part(1..text.len()).bare_host(end),
            Some(_) => Err(self.error(NOT_CLOSED)),
        }
    }

    /// An error about this part.
    #[must_use]
    pub fn error(&self, reason: &'static str) -> EndpointError {
        self.endpoint.error_at(self.at.clone(), reason)
    }

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

    /// The place of this host.
    fn with_port(self, end: End, port: u16) -> Result<Place<'a>, EndpointError> {
        let host = self.bare_host(end)?;
        Ok(Place {
            host,
            port,
            at: self.at,
        })
    }

    /// Separates the host from the port, and takes off the host's brackets.
    fn split_port(&self) -> Result<(Self, Option<Self>), EndpointError> {
        let text = self.text();
        if !text.starts_with('[') {
            return Ok(match text.rfind(':') {
                Some(colon) => (self.part(0..colon), Some(self.rest(colon + 1))),
                None => (self.clone(), None),
            });
        }
        let close = text.find(']').ok_or_else(|| self.error(NOT_CLOSED))?;
        let rest = self.rest(close + 1);
        let port = match rest.text() {
            "" => None,
            text if text.starts_with(':') => Some(rest.rest(1)),
            _ => return Err(rest.error("behind the bracket ] comes a colon and the port")),
        };
        Ok((self.part(1..close), port))
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

    fn bare_host(&self, end: End) -> Result<Host<'a>, EndpointError> {
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
        let parsed = address.text().parse::<Ipv6Addr>();
        let parsed = parsed.map_err(|_| address.error(NO_IPV6))?;
        match zone {
            Some(zone) if zone.at.is_empty() => Err(zone.error("the zone behind % is missing")),
            Some(_) => Ok(Host::Name(text)),
            None => Ok(Host::Address(parsed.into())),
        }
    }

    /// Refuses what no host can have in its name. Interfaces can be called nearly
    /// anything: that of Windows have spaces and brackets in their names.
    fn check_characters(&self, end: End) -> Result<(), EndpointError> {
        let wrong = self.text().char_indices().find_map(|(at, char)| {
            let reason = match char {
                'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '.' | '_' | ':' | '%' => return None,
                '[' | ']' => "brackets go around a whole host",
                '*' => "* stands for a whole host or port",
                ';' => "there is one semicolon at the most",
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

const NO_PORT: &str = "the port is missing, as in host:5555";
const NOT_CLOSED: &str = "the bracket [ is not closed";
const NO_IPV6: &str = "a host with colons is an IPv6 address, and the last colon is the port's";

#[cfg(all(test, not(loom)))]
#[path = "place_tests.rs"]
mod tests;
