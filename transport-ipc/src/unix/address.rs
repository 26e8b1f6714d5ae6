//! What stands behind `ipc://`.
//!
//! ```text
//! peer    = path | "@" name        a name that is no file, on Linux
//! local   = peer | "*"             a path of the transport's choice
//! ```

use std::borrow::Cow;
use std::path::Path;

use ferromq_core::{Endpoint, EndpointError, TransportError};
use socket2::SockAddr;

/// Where a socket is, as the system takes it: the path of a file or, behind a zero
/// byte, an abstract name ([unix(7)](https://man7.org/linux/man-pages/man7/unix.7.html)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address<'a>(Cow<'a, str>);

/// Whether there are abstract names.
const ABSTRACT: bool = cfg!(any(target_os = "android", target_os = "linux"));

impl<'a> Address<'a> {
    /// The address to connect to.
    pub(crate) fn of_peer(endpoint: &'a Endpoint) -> Result<Self, TransportError> {
        match Self::local(endpoint)? {
            Some(address) => Ok(address),
            None => {
                let reason = "a peer has a path; only a bind is to *";
                Err(endpoint.error_at(0..1, reason).into())
            }
        }
    }

    /// The address to bind to; `None` if any will do.
    pub(crate) fn local(endpoint: &'a Endpoint) -> Result<Option<Self>, TransportError> {
        let text = endpoint.address();
        check_syntax(endpoint, text)?;
        let address = match text.strip_prefix('@') {
            _ if text == "*" => return Ok(None),
            Some(_) if !ABSTRACT => {
                let reason = "names that are no files are Linux's";
                return Err(TransportError::Unsupported(endpoint.clone(), reason));
            }
            Some(name) => Self(format!("\0{name}").into()),
            None => Self(text.into()),
        };
        // The one reason why the system would not take it.
        match SockAddr::unix(address.as_path()) {
            Ok(_) => Ok(Some(address)),
            Err(_) => Err(TransportError::PathTooLong(endpoint.clone())),
        }
    }

    pub(crate) fn as_path(&self) -> &Path {
        Path::new(&*self.0)
    }

    /// Whether there is a file.
    pub(crate) fn is_path(&self) -> bool {
        !self.0.starts_with('\0')
    }
}

fn check_syntax(endpoint: &Endpoint, text: &str) -> Result<(), EndpointError> {
    let length = text.len();
    if let Some(zero) = text.find('\0') {
        return Err(endpoint.error_at(zero..zero + 1, "there is a zero byte in it"));
    }
    match text {
        "" => Err(endpoint.error_at(0..0, "the path is missing")),
        "@" => Err(endpoint.error_at(0..1, "the name behind @ is missing")),
        // libzmq takes all of these for wildcards.
        _ if text.starts_with('*') && length > 1 => {
            Err(endpoint.error_at(0..length, "the wildcard * stands alone"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn local(address: &str) -> Result<Option<String>, TransportError> {
        let endpoint = Endpoint::new("ipc", address);
        Ok(Address::local(&endpoint)?.map(|address| address.0.into_owned()))
    }

    fn reason(address: &str) -> (String, &'static str) {
        let endpoint = Endpoint::new("ipc", address);
        match Address::of_peer(&endpoint) {
            Err(TransportError::Endpoint(error)) => {
                (error.endpoint()[error.range()].into(), error.reason())
            }
            other => panic!("{address}: {other:?}"),
        }
    }

    #[test]
    fn addresses_are_paths_names_and_the_wildcard() {
        for (address, expected) in [
            ("/tmp/feed", Some("/tmp/feed")),
            ("relative path", Some("relative path")),
            ("/tmp/ünïcode", Some("/tmp/ünïcode")),
            ("a@b", Some("a@b")),
            ("*", None),
        ] {
            let parsed = local(address).expect(address);
            assert_eq!(parsed.as_deref(), expected);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn abstract_names_begin_with_a_zero_byte() {
        assert_eq!(local("@feed").expect("a name").as_deref(), Some("\0feed"));
        assert_eq!(local("@@").expect("a name").as_deref(), Some("\0@"));
    }

    #[test]
    fn errors_say_where() {
        for (address, part, expected) in [
            ("", "", "the path is missing"),
            ("@", "@", "the name behind @ is missing"),
            ("*", "*", "a peer has a path; only a bind is to *"),
            ("*.sock", "*.sock", "the wildcard * stands alone"),
            ("/tmp/\0", "\0", "there is a zero byte in it"),
        ] {
            assert_eq!(reason(address), (part.into(), expected), "{address}");
        }
    }

    /// libzmq's test_pair_ipc; 108 bytes are what Linux has room for, with a zero.
    #[test]
    fn a_path_may_be_too_long() {
        let shortest_limit = "a".repeat(103);
        assert!(local(&shortest_limit).is_ok());
        for address in ["a".repeat(108), format!("@{}", "a".repeat(200))] {
            let error = local(&address).expect_err("too long");
            let too_long = matches!(error, TransportError::PathTooLong(_));
            assert!(too_long || !ABSTRACT, "{error:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_parses_or_gives_an_error_within(text in "[@*/a\0]{0,4}|\\PC*") {
            let endpoint = Endpoint::new("ipc", &text);
            for result in [Address::of_peer(&endpoint).map(Some), Address::local(&endpoint)] {
                if let Err(TransportError::Endpoint(error)) = result {
                    prop_assert!(error.range().start >= "ipc://".len());
                    prop_assert!(endpoint.as_str().get(error.range()).is_some());
                }
            }
        }
    }
}
