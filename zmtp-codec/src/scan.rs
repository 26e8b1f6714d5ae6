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
