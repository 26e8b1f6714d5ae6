//! The greeting: 64 octets from which both sides learn how to go on.
//!
//! ```text
//!  signature             major  minor  mechanism   as-server  filler
//! +----+---------+----+ +----+ +----+ +---------+ +---------+ +-------+
//! | ff | padding | 7f | | 03 | | 01 | | 20 byte | |    0    | | 31 × 0|
//! +----+---------+----+ +----+ +----+ +---------+ +---------+ +-------+
//!   0      1-8     9      10     11      12-31        32        33-63
//! ```
//!
//! It leaves in three steps, each after the peer's answer to the one before, so
//! that peers of every version can be told apart ([RFC 37, Detecting ZMTP 1.0
//! and 2.0 Peers](https://rfc.zeromq.org/spec/37/#detecting-zmtp-10-and-20-peers)).
//! The RFC sends the major version with the signature; libzmq sends it after
//! the peer's signature, because to a ZMTP 1.0 peer the signature is the header
//! of a routing id, and this follows libzmq.

use crate::error::ProtocolError;
use crate::frame::Decoded;
use crate::version::Version;

/// The second step: the major version.
pub(crate) const MAJOR: u8 = 3;
const MINOR: u8 = 1;

/// How many octets the signature has.
pub(crate) const SIGNATURE: usize = 10;
/// How many octets follow the major version.
pub(crate) const REST: usize = 53;

const MECHANISM: usize = 20;

/// The first step: the signature, with what a ZMTP 1.0 peer takes for the length
/// of a routing id in its padding.
pub(crate) fn signature(identity: usize) -> [u8; SIGNATURE] {
    let mut signature = [0; SIGNATURE];
    signature[0] = 0xff;
    signature[9] = 0x7f;
    if let Some(padding) = signature.get_mut(1..9) {
        // The flags octet of ZMTP 1.0 is counted.
        padding.copy_from_slice(&(identity as u64 + 1).to_be_bytes());
    }
    signature
}

/// The third step: everything behind the major version.
///
/// as-server is 0 even for servers: libzmq sends nothing else and looks at
/// nothing there.
pub(crate) fn rest(mechanism: &str) -> [u8; REST] {
    let mut rest = [0; REST];
    rest[0] = MINOR;
    let name = rest.iter_mut().skip(1).take(MECHANISM);
    name.zip(mechanism.bytes())
        .for_each(|(octet, letter)| *octet = letter);
    rest
}

/// What the first octets of a peer tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Opening {
    /// A signature: the version follows.
    Versioned,
    /// ZMTP 1.0 without a version: this is a routing id already.
    Unversioned,
}

impl Opening {
    /// Looks at a peer's first octets; takes none if they are a routing id.
    ///
    /// The padding and seven bits of the last octet mean nothing: RFC 37 forbids
    /// to interpret the one, libzmq does not look at the others.
    pub(crate) fn decode(input: &[u8]) -> Decoded<Self> {
        match input {
            [0xff, rest @ ..] => match rest.get(8) {
                None => Decoded::Incomplete {
                    needed: SIGNATURE - input.len(),
                },
                Some(last) if last & 1 == 0 => Decoded::Complete {
                    value: Self::Unversioned,
                    consumed: 0,
                },
                Some(_) => Decoded::Complete {
                    value: Self::Versioned,
                    consumed: SIGNATURE,
                },
            },
            [_, ..] => Decoded::Complete {
                value: Self::Unversioned,
                consumed: 0,
            },
            [] => Decoded::Incomplete { needed: 1 },
        }
    }
}

/// What the major version of a peer tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Major {
    /// An older protocol: a socket type and a routing id follow.
    Legacy(Version),
    /// The rest of this greeting follows.
    Current,
}

impl Major {
    /// Reads the octet behind the signature.
    ///
    /// Of 2 RFC 37 says that it is ZMTP 2.0, as 1 is; libzmq takes it for 3.1,
    /// and nobody sends it. Higher ones than 3 must be accepted.
    pub(crate) fn from_octet(octet: u8) -> Self {
        match octet {
            0 => Self::Legacy(Version::V1_0),
            1 | 2 => Self::Legacy(Version::V2_0),
            _ => Self::Current,
        }
    }
}

/// Reads everything behind the major version, and checks that the peer requires
/// the same mechanism.
pub(crate) fn decode_rest(
    major: u8,
    input: &[u8; REST],
    mechanism: &str,
) -> Result<Version, ProtocolError> {
    let [minor, octets @ ..] = input;
    // RFC 37: if the two do not match exactly, the connection must be closed.
    let expected = rest(mechanism);
    if octets
        .iter()
        .zip(expected.iter().skip(1))
        .take(MECHANISM)
        .any(|(a, b)| a != b)
    {
        return Err(ProtocolError::MechanismMismatch);
    }
    // A peer of a later major version speaks to this one in this one's.
    Ok(if major > MAJOR || *minor > 0 {
        Version::V3_1
    } else {
        Version::V3_0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_counts_the_routing_id_and_its_flags() {
        assert_eq!(signature(0), [0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f]);
        assert_eq!(signature(255), [0xff, 0, 0, 0, 0, 0, 0, 1, 0, 0x7f]);
    }

    #[test]
    fn the_rest_names_the_mechanism() {
        let rest = rest("NULL");
        assert_eq!(rest[..5], *b"\x01NULL");
        assert!(rest[5..].iter().all(|octet| *octet == 0));
    }

    #[test]
    fn versioned_and_unversioned_peers_are_told_apart_as_early_as_possible() {
        let unversioned = Decoded::Complete {
            value: Opening::Unversioned,
            consumed: 0,
        };
        let versioned = Decoded::Complete {
            value: Opening::Versioned,
            consumed: 10,
        };
        assert_eq!(Opening::decode(&[]), Decoded::Incomplete { needed: 1 });
        assert_eq!(Opening::decode(&[1]), unversioned);
        assert_eq!(
            Opening::decode(&[0xff; 9]),
            Decoded::Incomplete { needed: 1 }
        );
        assert_eq!(Opening::decode(&signature(7)), versioned);
        assert_eq!(
            Opening::decode(&[0xff, 0, 0, 0, 0, 0, 0, 1, 0, 0]),
            unversioned
        );
    }

    #[test]
    fn the_minor_version_decides_between_3_0_and_3_1() {
        let with_minor = |minor| {
            let mut octets = rest("NULL");
            octets[0] = minor;
            octets
        };
        assert_eq!(decode_rest(3, &with_minor(0), "NULL"), Ok(Version::V3_0));
        assert_eq!(decode_rest(3, &with_minor(9), "NULL"), Ok(Version::V3_1));
        assert_eq!(decode_rest(4, &with_minor(0), "NULL"), Ok(Version::V3_1));
    }

    #[test]
    fn the_mechanism_must_match_to_the_last_octet() {
        for (theirs, ours) in [
            ("NULL", "CURVE"),
            ("NULLX", "NULL"),
            ("NUL", "NULL"),
            ("null", "NULL"),
        ] {
            let error = decode_rest(3, &rest(theirs), ours);
            assert_eq!(
                error,
                Err(ProtocolError::MechanismMismatch),
                "{theirs} and {ours}"
            );
        }
        let mut padded = rest("NULL");
        padded[20] = b'!';
        assert_eq!(
            decode_rest(3, &padded, "NULL"),
            Err(ProtocolError::MechanismMismatch)
        );
        padded[20] = 0;
        padded[21] = 1; // as-server
        padded[52] = 1; // filler
        assert_eq!(decode_rest(3, &padded, "NULL"), Ok(Version::V3_1));
    }
}
