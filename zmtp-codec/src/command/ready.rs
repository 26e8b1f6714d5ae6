//! READY: the last command of a NULL handshake, with the sender's metadata.
//!
//! ```text
//! ready = command-size %d5 "READY" metadata
//! ```
//!
//! See [RFC 37, The NULL Security
//! Mechanism](https://rfc.zeromq.org/spec/37/#the-null-security-mechanism).

use bytes::{Bytes, BytesMut};

use super::Command;
use crate::metadata::Metadata;

/// The command's name.
pub(crate) const NAME: &[u8] = b"READY";

/// Writes the command's body.
pub(crate) fn encode(metadata: &Metadata) -> Bytes {
    let mut body = BytesMut::new();
    Command {
        name: NAME,
        data: &[],
    }
    .encode(&mut body);
    metadata.encode(&mut body);
    body.freeze()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::SOCKET_TYPE;

    #[test]
    fn ready_is_its_name_and_the_metadata() {
        let mut metadata = Metadata::new();
        metadata.push(SOCKET_TYPE, "ROUTER").expect("a legal name");
        let body = encode(&metadata);
        assert_eq!(&body[..], b"\x05READY\x0bSocket-Type\0\0\0\x06ROUTER");
        let command = Command::decode(&body).expect("well formed");
        assert_eq!(command.name, NAME);
        assert_eq!(Metadata::decode(command.data), Ok(metadata));
    }
}
