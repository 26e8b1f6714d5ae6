//! The receiving half of a connection that is ready.

use core::time::Duration;

use alloc::boxed::Box;

use bytes::{Bytes, BytesMut};

use crate::command::Command;
use crate::error::ProtocolError;
use crate::frame::{COMMAND, Decoded, FrameHeader};
use crate::limits::Limits;
use crate::mechanism::Open;
use crate::records::Records;

/// Parses what the peer sends after the handshake.
///
/// The owner appends received bytes to a buffer and asks for what they amount
/// to until there is nothing more; the parser takes whole messages and commands
/// off the buffer's front and remembers how far it has looked, so that no byte
/// is parsed twice.
pub struct Rx {
    limits: Limits,
    /// The message that has begun but not ended.
    partial: Partial,
    open: Option<Box<dyn Open>>,
}

/// What the peer's bytes amount to.
#[derive(Debug)]
pub enum Received {
    /// Whole messages, never none.
    Messages(Records),
    /// The peer asks for a PONG with this context, and wants the connection
    /// closed when it is silent for `ttl` (zero: never).
    Ping {
        /// Zero to 6553.5 seconds.
        ttl: Duration,
        /// Up to 16 bytes, to be sent back.
        context: Bytes,
    },
    /// The peer answered a PING, or sent a command without meaning here: a sign of life.
    Alive,
}

#[derive(Default)]
struct Partial {
    /// Its frames that stood before a command, taken off the input.
    held: BytesMut,
    /// Bytes of its whole frames at the front of the input.
    scanned: usize,
    frames: usize,
    size: u64,
}

impl Rx {
    pub(crate) fn new(limits: Limits, open: Option<Box<dyn Open>>) -> Self {
        Self { limits, partial: Partial::default(), open }
    }

    /// Takes what comes next off the front of `input`, up to `room` messages.
    ///
    /// `None` means that `input` holds nothing whole, or no room is left for
    /// what it holds; [`needed`](Self::needed) tells how much is missing.
    /// `backing` is the size of the buffer that `input` keeps alive.
    ///
    /// # Errors
    ///
    /// What the peer did wrong; the connection must end.
    pub fn poll_event(
        &mut self,
        input: &mut BytesMut,
        room: usize,
    ) -> Result<Option<Received>, ProtocolError> {
        let run = self.scan(input, room)?;
        if run.messages > 0 {
            let backing = input.capacity();
            let mut wire = input.split_to(run.length);
            if !self.partial.held.is_empty() {
                self.partial.held.unsplit(wire);
                wire = core::mem::take(&mut self.partial.held);
            }
            return Ok(Some(Received::Messages(Records::from_wire(wire, run.messages, backing))));
        }
        if run.command > 0 {
            let behind = input.split_off(self.partial.scanned);
            let before = core::mem::replace(input, behind);
            self.partial.held.unsplit(before);
            self.partial.scanned = 0;
            let frame = input.split_to(run.command).freeze();
            return self.handle_command(&frame).map(Some);
        }
        Ok(None)
    }

    /// How many bytes are missing at the end of `input` until its next frame is
    /// whole; 0 when it is.
    #[must_use]
    pub fn needed(&self, input: &[u8]) -> usize {
        let rest = input.get(self.partial.scanned..).unwrap_or(&[]);
        match crate::frame::Frame::decode(rest) {
            Decoded::Complete { .. } => 0,
            Decoded::Incomplete { needed } => needed,
        }
    }

    /// Looks for whole messages, up to `room`, or else for one command.
    #[inline]
    fn scan(&mut self, input: &[u8], room: usize) -> Result<Run, ProtocolError> {
        let mut run = Run::default();
        let mut at = self.partial.scanned;
        while run.messages < room {
            let Some(rest) = input.get(at..) else { break };
            let Decoded::Complete { value: header, consumed } = FrameHeader::decode(rest) else {
                break;
            };
            self.check(&header)?;
            // The limits are far below what `usize` can count.
            let Ok(size) = usize::try_from(header.size) else {
                return Err(ProtocolError::FrameTooLarge);
            };
            let length = consumed.saturating_add(size);
            if rest.len() < length {
                break;
            }
            if header.command {
                // What stands before a command goes first.
                if run.messages == 0 {
                    run.command = length;
                }
                break;
            }
            at += length;
            if header.more {
                self.partial.frames += 1;
                self.partial.size += header.size;
            } else {
                self.partial.frames = 0;
                self.partial.size = 0;
                run.messages += 1;
                run.length = at;
            }
        }
        self.partial.scanned = at - run.length;
        Ok(run)
    }
}
