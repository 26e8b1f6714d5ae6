//! The frame of ZMTP 2.0 and later: a flags octet, a size, a body.
//!
//! ```text
//!  flags      size          body
//! +--------+------------+----------------- - -
//! | 1 byte | 1 or 8     | 0 to 2^63-1 bytes
//! +--------+------------+----------------- - -
//!     |
//!     +-- bit 0 MORE, bit 1 LONG, bit 2 COMMAND
//! ```

use bytes::{BufMut, BytesMut};

/// More frames of the same message follow.
pub(crate) const MORE: u8 = 0b001;
/// The size is eight octets, not one.
pub(crate) const LONG: u8 = 0b010;
/// The frame carries a command, not a part of a message.
pub(crate) const COMMAND: u8 = 0b100;

/// What a decoder makes of a prefix of the byte stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decoded<T> {
    /// The prefix holds a whole item.
    Complete {
        /// The item.
        value: T,
        /// How many bytes of the input it took.
        consumed: usize,
    },
    /// The prefix ends too early.
    Incomplete {
        /// How many bytes are missing at least.
        needed: usize,
    },
}

/// The flags and the size in front of a frame's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameHeader {
    /// Whether more frames of the same message follow.
    pub more: bool,
    /// Whether the body is a command.
    pub command: bool,
    /// The body's length in bytes, as the peer declares it: check it against a
    /// limit before believing it.
    pub size: u64,
}

/// One frame, its body borrowed from the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Whether more frames of the same message follow.
    pub more: bool,
    /// Whether the body is a command.
    pub command: bool,
    /// The body.
    pub body: &'a [u8],
}

impl FrameHeader {
    /// Reads a header from the front of `input`.
    ///
    /// Never fails: the five reserved flag bits are ignored, as libzmq ignores them.
    #[inline]
    pub fn decode(input: &[u8]) -> Decoded<Self> {
        let [flags, rest @ ..] = input else {
            return Decoded::Incomplete { needed: 2 };
        };
        let (size, consumed) = if flags & LONG == 0 {
            match rest {
                [size, ..] => (u64::from(*size), 2),
                [] => return Decoded::Incomplete { needed: 1 },
            }
        } else {
            match rest.first_chunk::<8>() {
                Some(size) => (u64::from_be_bytes(*size), 9),
                None => {
                    return Decoded::Incomplete {
                        needed: 8 - rest.len(),
                    };
                }
            }
        };
        let value = Self {
            more: flags & MORE != 0,
            command: flags & COMMAND != 0,
            size,
        };
        Decoded::Complete { value, consumed }
    }

    /// Writes the header, with the short form of the size where it fits.
    #[inline]
    pub fn encode(&self, output: &mut BytesMut) {
        let mut flags = 0;
        if self.more {
            flags |= MORE;
        }
        if self.command {
            flags |= COMMAND;
        }
        match u8::try_from(self.size) {
            Ok(size) => output.put_slice(&[flags, size]),
            Err(_) => {
                output.put_u8(flags | LONG);
                output.put_u64(self.size);
            }
        }
    }
}

impl<'a> Frame<'a> {
    /// The only frame of a message, or its last.
    #[must_use]
    pub const fn last(body: &'a [u8]) -> Self {
        Self {
            more: false,
            command: false,
            body,
        }
    }

    /// The frame of a command.
    #[must_use]
    pub const fn command(body: &'a [u8]) -> Self {
        Self {
            more: false,
            command: true,
            body,
        }
    }

    /// Reads a whole frame from the front of `input`.
    ///
    /// A frame that declares more than `usize` can count is never complete.
    #[inline]
    pub fn decode(input: &'a [u8]) -> Decoded<Self> {
        match FrameHeader::decode(input) {
            Decoded::Incomplete { needed } => Decoded::Incomplete { needed },
            Decoded::Complete {
                value: header,
                consumed,
            } => {
                let size = usize::try_from(header.size).unwrap_or(usize::MAX);
                let end = consumed.saturating_add(size);
                match input.get(consumed..end) {
                    Some(body) => Decoded::Complete {
                        value: Frame {
                            more: header.more,
                            command: header.command,
                            body,
                        },
                        consumed: end,
                    },
                    None => Decoded::Incomplete {
                        needed: end - input.len(),
                    },
                }
            }
        }
    }

    /// What stands in front of its body.
    #[must_use]
    #[inline]
    pub const fn header(&self) -> FrameHeader {
        FrameHeader {
            more: self.more,
            command: self.command,
            size: self.body.len() as u64,
        }
    }

    /// Writes the whole frame.
    #[inline]
    pub fn encode(&self, output: &mut BytesMut) {
        self.header().encode(output);
        output.put_slice(self.body);
    }
}

/// The whole frames at the front of `wire`.
pub(crate) fn frames(mut wire: &[u8]) -> impl Iterator<Item = Frame<'_>> {
    core::iter::from_fn(move || match Frame::decode(wire) {
        Decoded::Complete { value, consumed } => {
            wire = wire.get(consumed..)?;
            Some(value)
        }
        Decoded::Incomplete { .. } => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn a_header_takes_the_short_form_up_to_255_bytes() {
        for (size, length) in [(0, 2), (255, 2), (256, 9), (u64::MAX, 9)] {
            let header = FrameHeader {
                more: true,
                command: false,
                size,
            };
            let mut bytes = BytesMut::new();
            header.encode(&mut bytes);
            let expected = Decoded::Complete {
                value: header,
                consumed: length,
            };
            assert_eq!(bytes.len(), length);
            assert_eq!(FrameHeader::decode(&bytes), expected);
        }
    }

    #[test]
    fn an_incomplete_frame_says_how_much_is_missing() {
        let mut bytes = BytesMut::new();
        Frame {
            more: false,
            command: true,
            body: &vec![7; 300],
        }
        .encode(&mut bytes);
        assert_eq!(Frame::decode(&[]), Decoded::Incomplete { needed: 2 });
        assert_eq!(
            Frame::decode(&bytes[..1]),
            Decoded::Incomplete { needed: 8 }
        );
        assert_eq!(
            Frame::decode(&bytes[..9]),
            Decoded::Incomplete { needed: 300 }
        );
        assert!(matches!(
            Frame::decode(&bytes),
            Decoded::Complete { consumed: 309, .. }
        ));
    }

    #[test]
    fn a_length_beyond_the_address_space_is_never_complete() {
        let lie = [LONG, 255, 255, 255, 255, 255, 255, 255, 255, 1, 2, 3];
        assert!(matches!(Frame::decode(&lie), Decoded::Incomplete { .. }));
    }

    #[test]
    fn reserved_flag_bits_are_ignored() {
        let Decoded::Complete { value, .. } = Frame::decode(&[0b1111_1000, 1, 42]) else {
            panic!("three bytes are a whole frame");
        };
        assert_eq!(
            value,
            Frame {
                more: false,
                command: false,
                body: &[42]
            }
        );
    }
}
