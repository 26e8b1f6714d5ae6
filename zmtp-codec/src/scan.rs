//! The search for whole messages in a row of plain frames.

use crate::error::ProtocolError;
use crate::frame::{Decoded, FrameHeader};
use crate::limits::Limits;

/// Remembers how far the front of a byte stream has been looked at.
///
/// Only headers are looked at, each once: bodies are stepped over.
#[derive(Debug)]
pub(crate) struct Scan {
    limits: Limits,
    /// Bytes of whole frames at the front of the input that belong to a message
    /// that has not ended.
    pub(crate) scanned: usize,
    /// That message's frames and the size of their bodies, wherever they are.
    frames: usize,
    size: u64,
}

/// What stands at the front of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// Whole messages.
    Messages {
        /// How many they are.
        count: usize,
        /// How many bytes they take.
        length: usize,
    },
    /// A command, behind what was [`scanned`](Scan::scanned).
    Command {
        /// How many bytes its header takes.
        header: usize,
        /// How many bytes the whole frame takes.
        length: usize,
    },
    /// Nothing whole.
    Nothing,
}

impl Scan {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits: limits.addressable(),
            scanned: 0,
            frames: 0,
            size: 0,
        }
    }

    /// Looks for messages, up to `room` of them, or else for one command.
    ///
    /// Whoever calls takes what was found off the input.
    #[inline]
    pub(crate) fn next(&mut self, input: &[u8], room: usize) -> Result<Found, ProtocolError> {
        let (mut count, mut length) = (0, 0);
        let mut at = self.scanned;
        let mut command = Found::Nothing;
        while count < room {
            let Some(rest) = input.get(at..) else { break };
            let Decoded::Complete { value, consumed } = FrameHeader::decode(rest) else {
                break;
            };
            if let Err(error) = self.check(&value) {
                // The messages before the fault are good.
                if count == 0 {
                    return Err(error);
                }
                break;
            }
            // The check has seen that the size fits.
            let end = consumed + value.size as usize;
            if end > rest.len() {
                break;
            }
            if value.command {
                command = Found::Command {
                    header: consumed,
                    length: end,
                };
                break;
            }
            at += end;
            if value.more {
                self.frames += 1;
                self.size += value.size;
            } else {
                (self.frames, self.size) = (0, 0);
                count += 1;
                length = at;
            }
        }
        self.scanned = at - length;
        Ok(if count > 0 {
            Found::Messages { count, length }
        } else {
            command
        })
    }

    /// Whether the limits allow the frame behind the frames seen so far.
    #[inline]
    fn check(&self, header: &FrameHeader) -> Result<(), ProtocolError> {
        if header.size > self.limits.frame {
            return Err(ProtocolError::FrameTooLarge);
        }
        if header.command {
            return Ok(());
        }
        // Both summands are at most half of what the type can hold.
        if self.size + header.size > self.limits.message {
            return Err(ProtocolError::MessageTooLarge);
        }
        if self.frames >= self.limits.frames {
            return Err(ProtocolError::TooManyFrames);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    const LIMITS: Limits = Limits::new().frame(300).message(500).frames(3);

    fn messages(count: usize, length: usize) -> Result<Found, ProtocolError> {
        Ok(Found::Messages { count, length })
    }

    /// The header of a frame without its body.
    fn header(more: bool, size: u64) -> Vec<u8> {
        let mut wire = bytes::BytesMut::new();
        let header = FrameHeader {
            more,
            command: false,
            size,
        };
        header.encode(&mut wire);
        wire.to_vec()
    }

    fn frame(more: bool, size: usize) -> Vec<u8> {
        [header(more, size as u64), alloc::vec![b'x'; size]].concat()
    }

    #[test]
    fn whole_messages_are_found_up_to_the_room() {
        let input = b"\0\x01a\x01\x01b\0\x01c\0\x00\0\x05cut";
        assert_eq!(Scan::new(LIMITS).next(input, 9), messages(3, 11));
        assert_eq!(Scan::new(LIMITS).next(input, 2), messages(2, 9));
        assert_eq!(Scan::new(LIMITS).next(input, 0), Ok(Found::Nothing));
    }

    #[test]
    fn frames_of_an_unfinished_message_are_looked_at_once() {
        let mut scan = Scan::new(LIMITS);
        let mut input = b"\x01\x01a\x01\x01b".to_vec();
        assert_eq!(scan.next(&input, 9), Ok(Found::Nothing));
        assert_eq!(scan.scanned, 6);
        // Whatever stands there now, it is not looked at again.
        input[..6].fill(0xff);
        input.extend_from_slice(b"\0\x01c");
        assert_eq!(scan.next(&input, 9), messages(1, 9));
        assert_eq!(scan.scanned, 0);
    }

    #[test]
    fn a_command_is_found_once_nothing_but_parts_stands_before_it() {
        let mut scan = Scan::new(LIMITS);
        let input = b"\0\x01a\x01\x01b\x04\x02\x01N";
        assert_eq!(scan.next(input, 9), messages(1, 3));
        let command = Found::Command {
            header: 2,
            length: 4,
        };
        assert_eq!(scan.next(&input[3..], 9), Ok(command));
        assert_eq!(scan.scanned, 3);
    }

    #[test]
    fn each_limit_holds_at_the_byte_and_before_the_body() {
        let parts = |sizes: &[usize]| -> Vec<u8> {
            sizes.iter().flat_map(|size| frame(true, *size)).collect()
        };
        for (before, size, error) in [
            (parts(&[]), 300, ProtocolError::FrameTooLarge),
            (parts(&[300, 100]), 100, ProtocolError::MessageTooLarge),
        ] {
            let at_limit = [before.clone(), header(false, size)].concat();
            assert_eq!(Scan::new(LIMITS).next(&at_limit, 9), Ok(Found::Nothing));
            let beyond = [before, header(false, size + 1)].concat();
            assert_eq!(Scan::new(LIMITS).next(&beyond, 9), Err(error));
        }
        let three = [parts(&[1, 1]), frame(false, 1)].concat();
        assert_eq!(Scan::new(LIMITS).next(&three, 9), messages(1, three.len()));
        let four = [parts(&[1, 1, 1]), header(false, 1)].concat();
        let error = Err(ProtocolError::TooManyFrames);
        assert_eq!(Scan::new(LIMITS).next(&four, 9), error);
    }

    #[test]
    fn messages_before_a_fault_are_found_first() {
        let mut scan = Scan::new(LIMITS);
        let input = [&b"\0\x01a\x01\x01b"[..], &header(false, 301)].concat();
        assert_eq!(scan.next(&input, 9), messages(1, 3));
        let fault = scan.next(&input[3..], 9);
        assert_eq!(fault, Err(ProtocolError::FrameTooLarge));
    }

    #[test]
    fn without_limits_sizes_that_no_machine_has_are_too_large() {
        let mut scan = Scan::new(Limits::none());
        assert_eq!(scan.next(&header(false, 1 << 40), 9), Ok(Found::Nothing));
        for size in [1 << 63, u64::MAX] {
            let error = Err(ProtocolError::FrameTooLarge);
            assert_eq!(scan.next(&header(false, size), 9), error);
        }
    }
}
