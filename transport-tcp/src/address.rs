//! What stands behind `tcp://`.
//!
//! ```text
//! peer    = [ local ";" ] host ":" port      port 1 to 65535
//! local   = host ":" port                    host "*" is any, port "*" or 0 is free
//! host    = name | IPv4 | IPv6 | "[" host "]"
//! IPv6    = as in RFC 4291, and "%" zone     RFC 4007
//! ```
//!
//! As in libzmq the last colon separates the port, so that an IPv6 address may go
//! without its brackets (`ip_resolver.cpp`). Unlike there, a port ends where its
//! digits do: nothing may follow.

use std::net::{IpAddr, Ipv6Addr};
use std::ops::Range;

use ferromq_core::{Endpoint, EndpointError};

/// What a socket connects to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Remote<'a> {
    /// Where the connection comes from, if the application has chosen it.
    pub(crate) source: Option<Place<'a>>,
    pub(crate) peer: Place<'a>,
}

/// A host and a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place<'a> {
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

/// Which end of a connection a place is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Local,
    Peer,
}

/// A part of an endpoint's address, which knows where it stands.
#[derive(Debug, Clone)]
struct Part<'a> {
    endpoint: &'a Endpoint,
    at: Range<usize>,
}

impl<'a> Remote<'a> {
    /// The address to connect to.
    pub(crate) fn parse(endpoint: &'a Endpoint) -> Result<Self, EndpointError> {
        let whole = Part::whole(endpoint);
        let (source, peer) = match whole.text().rfind(';') {
            Some(semicolon) => (Some(whole.part(0..semicolon)), whole.rest(semicolon + 1)),
            None => (None, whole),
        };
        Ok(Self {
            source: source.map(|part| part.place(End::Local)).transpose()?,
            peer: peer.place(End::Peer)?,
        })
    }
}

impl<'a> Place<'a> {
    /// The address to bind to.
    pub(crate) fn parse(endpoint: &'a Endpoint) -> Result<Self, EndpointError> {
        let whole = Part::whole(endpoint);
        match whole.text().find(';') {
            Some(semicolon) => Err(whole
                .part(0..semicolon + 1)
                .error("only a connect has a source address")),
            None => whole.place(End::Local),
        }
    }
}

impl<'a> Part<'a> {
    fn whole(endpoint: &'a Endpoint) -> Self {
        let at = 0..endpoint.address().len();
        Self { endpoint, at }
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

    fn error(&self, reason: &'static str) -> EndpointError {
        self.endpoint.error_at(self.at.clone(), reason)
    }

    fn place(&self, end: End) -> Result<Place<'a>, EndpointError> {
        let (host, port) = self.split()?;
        let port = match port {
            Some(port) => port.port(end)?,
            None if end == End::Local && self.is_source() => 0,
            None => return Err(self.rest(self.at.len()).error(NO_PORT)),
        };
        Ok(Place {
            host: host.host(end)?,
            port,
            at: host.at,
        })
    }

    /// Whether a peer follows.
    fn is_source(&self) -> bool {
        self.at.end < self.endpoint.address().len()
    }

    /// Separates the host from the port, and takes off the host's brackets.
    fn split(&self) -> Result<(Self, Option<Self>), EndpointError> {
        let text = self.text();
        if !text.starts_with('[') {
            return Ok(match text.rfind(':') {
                Some(colon) => (self.part(0..colon), Some(self.rest(colon + 1))),
                None => (self.clone(), None),
            });
        }
        let Some(close) = text.find(']') else {
            return Err(self.error("the bracket [ is not closed"));
        };
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
        let port = text.parse().ok().filter(|_| digits);
        match (port, end) {
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
        let Ok(parsed) = address.text().parse::<Ipv6Addr>() else {
            return Err(address.error(
                "a host with colons is an IPv6 address, and the last colon \
                                      is the port's",
            ));
        };
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
                ';' => "there is one source address at the most",
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

#[cfg(test)]
#[path = "address_tests.rs"]
mod tests;
