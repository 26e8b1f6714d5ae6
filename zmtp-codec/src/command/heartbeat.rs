//! PING and PONG: a sign of life on request.
//!
//! ```text
//! ping = command-size %d4 "PING" ping-ttl ping-context
//! pong = command-size %d4 "PONG" ping-context
//! ping-ttl = 2OCTET
//! ping-context = 0*16OCTET
//! ```
//!
//! See [RFC 37, Connection
//! Heartbeating](https://rfc.zeromq.org/spec/37/#connection-heartbeating).

use core::time::Duration;

use bytes::BytesMut;

use super::Command;
use crate::error::ProtocolError;

/// The request's name.
pub(crate) const PING: &[u8] = b"PING";
/// The answer's name.
pub(crate) const PONG: &[u8] = b"PONG";

/// The longest context that a PONG sends back.
const CONTEXT: usize = 16;

/// A PING's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ping<'a> {
    /// How long the sender may be silent from now on; zero is for ever.
    pub(crate) ttl: Duration,
    /// What the PONG is to say.
    pub(crate) context: &'a [u8],
}

impl<'a> Ping<'a> {
    /// Reads a PING's data.
    ///
    /// RFC 37 allows no context longer than 16 octets; libzmq cuts it and
    /// answers, and so does this.
    pub(crate) fn decode(data: &'a [u8]) -> Result<Self, ProtocolError> {
        let (ttl, context) = data
            .split_first_chunk()
            .ok_or(ProtocolError::MalformedCommand)?;
        let ttl = Duration::from_millis(u64::from(u16::from_be_bytes(*ttl)) * 100);
        Ok(Self {
            ttl,
            context: cut(context),
        })
    }

    /// Writes a PING's frame.
    pub(crate) fn encode(&self, output: &mut BytesMut) {
        let mut data = BytesMut::with_capacity(2 + CONTEXT);
        data.extend_from_slice(&tenths(self.ttl).to_be_bytes());
        data.extend_from_slice(cut(self.context));
        Command {
            name: PING,
            data: &data,
        }
        .encode_frame(output);
    }
}

/// Writes a PONG's frame.
pub(crate) fn encode_pong(context: &[u8], output: &mut BytesMut) {
    Command {
        name: PONG,
        data: cut(context),
    }
    .encode_frame(output);
}

/// Whole tenths of a second, up to what the field can say: 6553.5 s.
fn tenths(ttl: Duration) -> u16 {
    u16::try_from(ttl.as_millis() / 100).unwrap_or(u16::MAX)
}

fn cut(context: &[u8]) -> &[u8] {
    context.get(..CONTEXT).unwrap_or(context)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ping_survives_the_wire() {
        let ping = Ping {
            ttl: Duration::from_millis(300),
            context: b"ctx",
        };
        let mut frame = BytesMut::new();
        ping.encode(&mut frame);
        assert_eq!(&frame[..], b"\x04\x0a\x04PING\0\x03ctx");
        assert_eq!(Ping::decode(b"\0\x03ctx"), Ok(ping));
    }

    #[test]
    fn a_ping_without_a_whole_ttl_is_malformed() {
        assert_eq!(Ping::decode(b""), Err(ProtocolError::MalformedCommand));
        assert_eq!(Ping::decode(b"\0"), Err(ProtocolError::MalformedCommand));
    }

    #[test]
    fn long_contexts_are_cut_both_ways() {
        let long = [b'z'; 20];
        let data = [&[0, 0], &long[..]].concat();
        assert_eq!(Ping::decode(&data).map(|ping| ping.context.len()), Ok(16));
        let mut frame = BytesMut::new();
        encode_pong(&long, &mut frame);
        assert_eq!(frame.len(), 2 + 5 + 16);
    }

    #[test]
    fn the_largest_ttl_is_not_a_small_one() {
        // libzmq multiplies by 100 in 16 bits: from 65.6 s on its timer is wrong.
        let ping = Ping::decode(&[0xff, 0xff]).expect("well formed");
        assert_eq!(ping.ttl, Duration::from_millis(6_553_500));
        assert_eq!(tenths(Duration::MAX), u16::MAX);
        assert_eq!(tenths(Duration::from_millis(199)), 1);
    }
}
