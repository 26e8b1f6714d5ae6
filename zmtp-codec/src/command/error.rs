//! ERROR: ends a handshake for good, with a reason to log.
//!
//! ```text
//! error = command-size %d5 "ERROR" error-reason
//! error-reason = short-size 0*255VCHAR
//! ```
//!
//! See [RFC 37, Error Handling](https://rfc.zeromq.org/spec/37/#error-handling).

use alloc::string::String;

use bytes::{BufMut, Bytes, BytesMut};

use super::Command;
use crate::error::ProtocolError;

/// The command's name.
pub(crate) const NAME: &[u8] = b"ERROR";

/// Reads the reason; what is not text in it is replaced.
///
/// Octets behind the reason are ignored, as libzmq ignores them.
pub(crate) fn decode(data: &[u8]) -> Result<String, ProtocolError> {
    let reason = data
        .split_first()
        .and_then(|(length, rest)| rest.get(..usize::from(*length)));
    let reason = reason.ok_or(ProtocolError::MalformedCommand)?;
    Ok(String::from_utf8_lossy(reason).into_owned())
}

/// Writes the command's body, with as much of the reason as it may carry.
pub(crate) fn encode(reason: &str) -> Bytes {
    let reason = reason.as_bytes();
    let reason = reason.get(..255).unwrap_or(reason);
    let mut body = BytesMut::new();
    Command {
        name: NAME,
        data: &[],
    }
    .encode(&mut body);
    body.put_u8(reason.len() as u8);
    body.put_slice(reason);
    body.freeze()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn a_reason_survives_the_wire() {
        let body = encode("400");
        assert_eq!(&body[..], b"\x05ERROR\x03400");
        let command = Command::decode(&body).expect("well formed");
        assert_eq!(decode(command.data), Ok("400".to_string()));
    }

    #[test]
    fn a_reason_beyond_the_frame_is_malformed() {
        for data in [&b""[..], b"\x01", b"\x04400"] {
            assert_eq!(decode(data), Err(ProtocolError::MalformedCommand));
        }
        assert_eq!(decode(b"\x02\xff!"), Ok("\u{fffd}!".to_string()));
    }

    #[test]
    fn a_long_reason_is_cut() {
        assert_eq!(encode(&"x".repeat(300)).len(), 6 + 1 + 255);
    }
}
