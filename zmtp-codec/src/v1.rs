//! The frame of ZMTP 1.0: a length, flags, a body.
//!
//! ```text
//!  length          flags    body
//! +--------------+--------+--------------- - -
//! | 1 or 9 bytes | 1 byte | length - 1 bytes
//! +--------------+--------+--------------- - -
//! ```
//!
//! The length counts the flags octet. Up to 254 it is one octet; otherwise that
//! octet is 255 and eight octets follow. There are no commands. See [RFC 13, The
//! Framing Layer](https://rfc.zeromq.org/spec/13/#the-framing-layer).

use bytes::{BufMut, BytesMut};

use crate::error::ProtocolError;
use crate::frame::{Decoded, Frame, MORE};
use crate::mechanism::{Open, Seal};

/// The octet that says that the length takes eight more.
const LONG: u8 = 0xff;

/// Reads a frame from the front of `input`; its body may have up to `limit` bytes.
///
/// Of the flags only MORE means anything. The RFC wants frames of length zero
/// discarded, libzmq ends the connection, and this follows libzmq.
pub(crate) fn decode(input: &[u8], limit: u64) -> Result<Decoded<Frame<'_>>, ProtocolError> {
    let (length, rest) = match input {
        [] => return Ok(Decoded::Incomplete { needed: 2 }),
        [LONG, rest @ ..] => match rest.split_first_chunk() {
            Some((length, rest)) => (u64::from_be_bytes(*length), rest),
            None => {
                return Ok(Decoded::Incomplete {
                    needed: 9 - rest.len(),
                });
            }
        },
        [length, rest @ ..] => (u64::from(*length), rest),
    };
    let size = length.checked_sub(1).ok_or(ProtocolError::MalformedFrame)?;
    if size > limit {
        return Err(ProtocolError::FrameTooLarge);
    }
    let size = usize::try_from(size).map_err(|_| ProtocolError::FrameTooLarge)?;
    let whole = rest
        .split_first()
        .and_then(|(flags, rest)| Some((flags, rest.get(..size)?)));
    let Some((flags, body)) = whole else {
        return Ok(Decoded::Incomplete {
            needed: (size - rest.len()).saturating_add(1),
        });
    };
    let consumed = input.len() - rest.len() + 1 + size;
    let value = Frame {
        more: flags & MORE != 0,
        command: false,
        body,
    };
    Ok(Decoded::Complete { value, consumed })
}

/// Writes the frame of a message.
pub(crate) fn encode(frame: Frame<'_>, output: &mut BytesMut) {
    let length = frame.body.len() as u64 + 1;
    match u8::try_from(length) {
        Ok(length) if length != LONG => output.put_u8(length),
        _ => {
            output.put_u8(LONG);
            output.put_u64(length);
        }
    }
    output.put_u8(if frame.more { MORE } else { 0 });
    output.put_slice(frame.body);
}

/// ZMTP 1.0 as a form in which frames travel.
#[derive(Debug)]
pub(crate) struct Framing;

impl Seal for Framing {
    fn seal(&mut self, frame: Frame<'_>, output: &mut BytesMut) {
        // The version has no commands; nobody asks for one.
        if !frame.command {
            encode(frame, output);
        }
    }
}

impl Open for Framing {
    fn open(
        &mut self,
        input: &[u8],
        limit: u64,
        output: &mut BytesMut,
    ) -> Result<Decoded<()>, ProtocolError> {
        Ok(match decode(input, limit)? {
            Decoded::Incomplete { needed } => Decoded::Incomplete { needed },
            Decoded::Complete { value, consumed } => {
                value.encode(output);
                Decoded::Complete {
                    value: (),
                    consumed,
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn frames_of_every_size_survive_the_wire() {
        for size in [0, 1, 252, 253, 254, 255, 256, 70_000] {
            for more in [false, true] {
                let body = vec![b'x'; size];
                let frame = Frame {
                    more,
                    command: false,
                    body: &body,
                };
                let mut wire = BytesMut::new();
                encode(frame, &mut wire);
                assert_eq!(wire.len(), size + if size < 254 { 2 } else { 10 });
                let whole = Decoded::Complete {
                    value: frame,
                    consumed: wire.len(),
                };
                assert_eq!(decode(&wire, size as u64), Ok(whole));
                for cut in 0..wire.len().min(20) {
                    let Ok(Decoded::Incomplete { needed }) = decode(&wire[..cut], u64::MAX) else {
                        panic!("a frame of {cut} bytes out of {} is not whole", wire.len());
                    };
                    assert!(
                        (1..=wire.len() - cut).contains(&needed),
                        "{needed} after {cut}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_short_body_may_have_a_long_length() {
        let wire = [255, 0, 0, 0, 0, 0, 0, 0, 2, 1, b'x'];
        let frame = Frame {
            more: true,
            command: false,
            body: b"x",
        };
        assert_eq!(
            decode(&wire, 1),
            Ok(Decoded::Complete {
                value: frame,
                consumed: 11
            })
        );
    }

    #[test]
    fn a_length_of_zero_is_malformed() {
        assert_eq!(decode(&[0], 9), Err(ProtocolError::MalformedFrame));
        assert_eq!(
            decode(&[255, 0, 0, 0, 0, 0, 0, 0, 0], 9),
            Err(ProtocolError::MalformedFrame)
        );
    }

    #[test]
    fn the_limit_holds_at_the_byte_and_before_the_body() {
        assert_eq!(decode(&[11], 9), Err(ProtocolError::FrameTooLarge));
        assert!(decode(&[10], 9).is_ok());
        assert_eq!(
            decode(&[255; 9], u64::MAX - 2),
            Err(ProtocolError::FrameTooLarge)
        );
        assert!(decode(&[255; 9], u64::MAX).is_ok());
    }
}
