//! Endpoints: `scheme://address`.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

/// Where a socket binds or connects: a transport's scheme and an address that
/// only that transport understands.
///
/// ```
/// use ferromq_core::Endpoint;
///
/// let endpoint: Endpoint = "tcp://127.0.0.1:5555".parse()?;
/// assert_eq!(endpoint.scheme(), "tcp");
/// assert_eq!(endpoint.address(), "127.0.0.1:5555");
/// # Ok::<(), ferromq_core::EndpointError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Endpoint {
    text: Box<str>,
    /// The length of the scheme.
    scheme: usize,
}

const SEPARATOR: &str = "://";

impl Endpoint {
    /// An endpoint of a transport.
    #[must_use]
    pub fn new(scheme: &str, address: &str) -> Self {
        Self {
            text: format!("{scheme}{SEPARATOR}{address}").into(),
            scheme: scheme.len(),
        }
    }

    /// The transport's name, as in `tcp`.
    #[must_use]
    pub fn scheme(&self) -> &str {
        self.text.get(..self.scheme).unwrap_or_default()
    }

    /// What stands behind `://`.
    #[must_use]
    pub fn address(&self) -> &str {
        self.text
            .get(self.scheme + SEPARATOR.len()..)
            .unwrap_or_default()
    }

    /// The whole text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// An error about the part of the [address](Self::address) at `range`.
    #[must_use]
    pub fn error_at(&self, range: Range<usize>, reason: &'static str) -> EndpointError {
        let shift = self.scheme + SEPARATOR.len();
        let at = range.start + shift..range.end + shift;
        EndpointError {
            text: self.text.clone(),
            at,
            reason,
        }
    }
}

impl FromStr for Endpoint {
    type Err = EndpointError;

    fn from_str(text: &str) -> Result<Self, EndpointError> {
        let error = |at, reason| EndpointError {
            text: text.into(),
            at,
            reason,
        };
        let Some(scheme) = text.find(SEPARATOR) else {
            return Err(error(
                0..text.len(),
                "it must begin with a transport, as in tcp://",
            ));
        };
        let address = scheme + SEPARATOR.len();
        if scheme == 0 {
            return Err(error(
                0..address,
                "the transport in front of :// is missing",
            ));
        }
        if address == text.len() {
            return Err(error(address..address, "the address behind :// is missing"));
        }
        Ok(Self {
            text: text.into(),
            scheme,
        })
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

/// An endpoint is not one: what is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointError {
    text: Box<str>,
    at: Range<usize>,
    reason: &'static str,
}

impl EndpointError {
    /// The endpoint as it was given.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.text
    }

    /// The bytes of the endpoint that are wrong; empty where something is missing.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.at.clone()
    }

    /// What is wrong with them.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        self.reason
    }
}

impl fmt::Display for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "\"{}\" is not an endpoint: {}",
            self.text.escape_debug(),
            self.reason
        )?;
        match self.text.get(self.at.clone()) {
            Some(part) if !part.is_empty() && part.len() < self.text.len() => {
                write!(f, ", not \"{}\"", part.escape_debug())
            }
            _ => Ok(()),
        }
    }
}

impl std::error::Error for EndpointError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(text: &str) -> String {
        text.parse::<Endpoint>()
            .expect_err("not an endpoint")
            .to_string()
    }

    #[test]
    fn an_endpoint_falls_into_scheme_and_address() {
        let endpoint: Endpoint = "ipc:///tmp/a://b".parse().expect("an endpoint");
        assert_eq!(endpoint, Endpoint::new("ipc", "/tmp/a://b"));
        assert_eq!(
            (endpoint.scheme(), endpoint.address()),
            ("ipc", "/tmp/a://b")
        );
        assert_eq!(endpoint.to_string(), "ipc:///tmp/a://b");
    }

    #[test]
    fn errors_quote_the_endpoint_and_what_is_wrong() {
        assert_eq!(
            complaint("localhost:5555"),
            "\"localhost:5555\" is not an endpoint: it must begin with a transport, as in tcp://"
        );
        assert_eq!(
            complaint("://x"),
            "\"://x\" is not an endpoint: the transport in front of :// is missing, not \"://\""
        );
        assert!(complaint("tcp://").ends_with("the address behind :// is missing"));
        let endpoint: Endpoint = "tcp://host:port".parse().expect("an endpoint");
        let error = endpoint.error_at(5..9, "a port is a number up to 65535 or *");
        assert_eq!(
            error.to_string(),
            "\"tcp://host:port\" is not an endpoint: \
             a port is a number up to 65535 or *, not \"port\""
        );
        assert_eq!(error.range(), 11..15);
    }
}
