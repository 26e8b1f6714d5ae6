//! Metadata: the properties that peers exchange when a handshake ends.

use core::fmt;

use alloc::string::String;
use alloc::vec::Vec;

use bytes::{Buf, BufMut, Bytes, BytesMut};

use crate::error::ProtocolError;

/// The Socket-Type property: the sender's socket type by name.
pub const SOCKET_TYPE: &str = "Socket-Type";
/// The Identity property: the sender's routing id.
pub const IDENTITY: &str = "Identity";
/// The property under which libzmq keeps who an authenticator says the peer is;
/// it never travels.
pub const USER_ID: &str = "User-Id";

/// Properties in the order in which the peer sent them.
///
/// Names are not case-sensitive ([RFC 37, Connection
/// Metadata](https://rfc.zeromq.org/spec/37/)); of two properties with one name
/// the first counts, as in libzmq.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata(Vec<(String, Bytes)>);

impl Metadata {
    /// No properties.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The value of the property called `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Bytes> {
        let named = |(known, _): &&(String, Bytes)| known.eq_ignore_ascii_case(name);
        self.0.iter().find(named).map(|(_, value)| value)
    }

    /// All properties.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Bytes)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Adds a property.
    ///
    /// # Errors
    ///
    /// [`InvalidProperty`] if the name is empty, longer than 255 bytes, or has a
    /// character that RFC 37's grammar does not allow, or if the value is longer
    /// than 2^31-1 bytes.
    pub fn push(&mut self, name: &str, value: impl Into<Bytes>) -> Result<(), InvalidProperty> {
        let value = value.into();
        if !is_name(name) || i32::try_from(value.len()).is_err() {
            return Err(InvalidProperty);
        }
        self.0.push((name.into(), value));
        Ok(())
    }

    /// Takes out every property called `name`.
    pub(crate) fn remove(&mut self, name: &str) {
        self.0
            .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    }

    /// Adds all properties of another.
    pub(crate) fn append(&mut self, mut more: Self) {
        self.0.append(&mut more.0);
    }

    /// Adds properties whose names and values are known to be legal.
    pub(crate) fn extend<'a>(&mut self, properties: impl IntoIterator<Item = (&'a str, Bytes)>) {
        self.0.extend(
            properties
                .into_iter()
                .map(|(name, value)| (name.into(), value)),
        );
    }

    /// Reads properties until the end of `input`.
    ///
    /// The grammar's characters are not enforced on what a peer sends: libzmq
    /// lets its applications use any.
    ///
    /// # Errors
    ///
    /// [`ProtocolError::MalformedMetadata`] if a name is empty or no text, or a
    /// length points beyond the end.
    pub fn decode(input: &[u8]) -> Result<Self, ProtocolError> {
        let mut metadata = Self::new();
        let mut rest = input;
        while !rest.is_empty() {
            let (name, value) = take_property(&mut rest).ok_or(ProtocolError::MalformedMetadata)?;
            metadata.0.push((name, Bytes::copy_from_slice(value)));
        }
        Ok(metadata)
    }

    /// Writes all properties.
    pub fn encode(&self, output: &mut BytesMut) {
        for (name, value) in &self.0 {
            // Both lengths were checked by `push` or read from fields so wide.
            output.put_u8(name.len() as u8);
            output.put_slice(name.as_bytes());
            output.put_u32(value.len() as u32);
            output.put_slice(value);
        }
    }
}

/// `name value` of the grammar: the lengths are one and four octets.
fn take_property<'a>(input: &mut &'a [u8]) -> Option<(String, &'a [u8])> {
    let length = usize::from(input.try_get_u8().ok()?);
    let (name, rest) = input.split_at_checked(length)?;
    *input = rest;
    let length = usize::try_from(input.try_get_u32().ok()?).ok()?;
    let (value, rest) = input.split_at_checked(length)?;
    *input = rest;
    let name = core::str::from_utf8(name)
        .ok()
        .filter(|name| !name.is_empty())?;
    Some((name.into(), value))
}

fn is_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.+".contains(&byte);
    (1..=255).contains(&name.len()) && name.bytes().all(allowed)
}

/// The name or the value is not one that a property may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidProperty;

impl fmt::Display for InvalidProperty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a name or value that a property may have")
    }
}

impl core::error::Error for InvalidProperty {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_survive_the_wire_in_order() {
        let mut metadata = Metadata::new();
        metadata.push(SOCKET_TYPE, "DEALER").expect("a legal name");
        metadata.push(IDENTITY, "").expect("a legal name");
        let mut wire = BytesMut::new();
        metadata.encode(&mut wire);
        assert_eq!(
            &wire[..],
            b"\x0bSocket-Type\0\0\0\x06DEALER\x08Identity\0\0\0\0"
        );
        assert_eq!(Metadata::decode(&wire), Ok(metadata));
    }

    #[test]
    fn names_are_found_in_any_case_and_the_first_counts() {
        let metadata = Metadata::decode(b"\x01a\0\0\0\x011\x01A\0\0\0\x012").expect("well formed");
        assert_eq!(metadata.get("A").map(|value| &value[..]), Some(&b"1"[..]));
        assert_eq!(metadata.get("b"), None);
    }

    #[test]
    fn odd_names_are_read_but_not_written() {
        assert!(Metadata::decode(b"\x03X !\0\0\0\0").is_ok());
        for name in ["", "X !", "ä", &"n".repeat(256)] {
            assert_eq!(Metadata::new().push(name, ""), Err(InvalidProperty));
        }
    }

    #[test]
    fn every_lie_about_a_length_is_malformed() {
        let honest = b"\x0bSocket-Type\0\0\0\x04PULL";
        for cut in 1..honest.len() {
            assert_eq!(
                Metadata::decode(&honest[..cut]),
                Err(ProtocolError::MalformedMetadata)
            );
        }
        for bad in [
            &b"\0\0\0\0\0"[..],
            b"\x01\xff\0\0\0\0",
            b"\x01a\xff\xff\xff\xff",
        ] {
            assert_eq!(Metadata::decode(bad), Err(ProtocolError::MalformedMetadata));
        }
    }
}
