//! The receiving half of a connection that is ready.

use core::time::Duration;

use alloc::boxed::Box;

use bytes::{Buf, Bytes, BytesMut};

use crate::command::Command;
use crate::command::heartbeat::{PING, Ping};
use crate::command::subscription::Subscription;
use crate::error::ProtocolError;
use crate::frame::{Decoded, Frame};
use crate::limits::Limits;
use crate::mechanism::Open;
use crate::records::Records;
use crate::scan::{Found, Scan};

/// Parses what the peer sends after the handshake.
///
/// The owner appends received bytes to a buffer and asks with
/// [`poll_event`](Self::poll_event) what they amount to, until there is nothing
/// more. Whole messages are taken off the buffer's front as they are, without
/// copying; what is not whole stays there.
///
/// Nothing is ever reserved for what a peer declares: memory is for bytes that
/// have arrived.
pub struct Rx {
    plain: Plain,
    /// Between the input and `plain`, where messages do not travel as plain frames.
    opener: Option<Opener>,
}

/// What the peer's bytes amount to.
#[derive(Debug)]
pub enum Received {
    /// Whole messages, never none.
    ///
    /// A publisher finds subscriptions among them, always as messages of one
    /// frame: an octet, 1 to subscribe and 0 to cancel, and the topic.
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

impl Rx {
    pub(crate) fn new(limits: Limits, publishes: bool, open: Option<Box<dyn Open>>) -> Self {
        Self {
            plain: Plain {
                scan: Scan::new(limits),
                held: BytesMut::new(),
                limit: limits.frame,
                publishes,
            },
            opener: open.map(|open| Opener {
                open,
                limit: limits.addressable().frame,
                plain: BytesMut::new(),
                needed: 0,
            }),
        }
    }

    /// Puts frames before those that the peer will send.
    pub(crate) fn precede(&mut self, frame: Frame<'_>) {
        if let Some(opener) = &mut self.opener {
            frame.encode(&mut opener.plain);
        }
    }

    /// Takes what comes next off the front of `input`, up to `room` messages.
    ///
    /// `None` means that `input` holds nothing whole, or that `room` is zero;
    /// [`needed`](Self::needed) tells how much is missing.
    ///
    /// # Errors
    ///
    /// What the peer did wrong; the connection must end. The messages before the
    /// fault have come out by then.
    #[inline]
    pub fn poll_event(
        &mut self,
        input: &mut BytesMut,
        room: usize,
    ) -> Result<Option<Received>, ProtocolError> {
        match &mut self.opener {
            None => self.plain.poll(input, room),
            Some(opener) => opener.poll(&mut self.plain, input, room),
        }
    }

    /// How many bytes are missing at the end of `input` until its next frame is
    /// whole; 0 when it is.
    ///
    /// The peer declares this number, within the limits: it is a hint how much to
    /// read, not how much to reserve.
    #[must_use]
    pub fn needed(&self, input: &[u8]) -> usize {
        if let Some(opener) = &self.opener {
            return opener.needed;
        }
        let rest = input.get(self.plain.scan.scanned..).unwrap_or(&[]);
        match Frame::decode(rest) {
            Decoded::Complete { .. } => 0,
            Decoded::Incomplete { needed } => needed,
        }
    }
}

/// Takes messages and commands off plain frames.
struct Plain {
    scan: Scan,
    /// The frames of a message that stood before a command in its middle.
    held: BytesMut,
    /// The largest frame.
    limit: u64,
    /// Whether subscriptions are of interest.
    publishes: bool,
}

impl Plain {
    #[inline]
    fn poll(
        &mut self,
        input: &mut BytesMut,
        room: usize,
    ) -> Result<Option<Received>, ProtocolError> {
        match self.scan.next(input, room)? {
            Found::Nothing => Ok(None),
            Found::Messages { count, length } => Ok(Some(Received::Messages(
                self.take_messages(input, count, length),
            ))),
            Found::Command { header, length } => {
                self.hold(input);
                if let Some(subscriptions) = self.take_subscriptions(input, room) {
                    return Ok(Some(Received::Messages(subscriptions)));
                }
                let frame = input.split_to(length);
                handle_command(frame.get(header..).unwrap_or(&[])).map(Some)
            }
        }
    }

    #[inline]
    fn take_messages(&mut self, input: &mut BytesMut, count: usize, length: usize) -> Records {
        let backing = input.capacity();
        let mut wire = input.split_to(length);
        if !self.held.is_empty() {
            let mut whole = core::mem::take(&mut self.held);
            whole.unsplit(wire);
            wire = whole;
        }
        Records::from_wire(wire, count, backing)
    }

    /// Puts the frames of an unfinished message aside, so that the command behind
    /// them stands at the front.
    ///
    /// RFC 37 keeps the frames of a message together; libzmq sends PING and PONG
    /// between them.
    fn hold(&mut self, input: &mut BytesMut) {
        let scanned = core::mem::take(&mut self.scan.scanned);
        if scanned > 0 {
            self.held.unsplit(input.split_to(scanned));
        }
    }

    /// Takes the subscriptions at the front, as messages, if a publisher finds some.
    ///
    /// A subscriber that comes back sends all of its own in a row, so a row is
    /// one event.
    fn take_subscriptions(&mut self, input: &mut BytesMut, room: usize) -> Option<Records> {
        if !self.publishes {
            return None;
        }
        let (mut wire, mut count) = (BytesMut::new(), 0);
        while count < room {
            let Decoded::Complete {
                value: frame,
                consumed,
            } = Frame::decode(input)
            else {
                break;
            };
            if !frame.command || frame.body.len() as u64 > self.limit {
                break;
            }
            let command = Command::decode(frame.body).ok();
            let Some(subscription) = command.and_then(Subscription::from_command) else {
                break;
            };
            subscription.encode_message(&mut wire);
            input.advance(consumed);
            count += 1;
        }
        let backing = wire.capacity();
        (count > 0).then(|| Records::from_wire(wire, count, backing))
    }
}

/// Makes sense of a command that is no subscription.
///
/// One without meaning here is ignored: RFC 37 does not forbid it, and libzmq
/// drops it.
fn handle_command(body: &[u8]) -> Result<Received, ProtocolError> {
    let command = Command::decode(body)?;
    if command.name != PING {
        return Ok(Received::Alive);
    }
    let Ping { ttl, context } = Ping::decode(command.data)?;
    Ok(Received::Ping {
        ttl,
        context: Bytes::copy_from_slice(context),
    })
}

/// Turns what travels into plain frames, a bounded stretch at a time.
struct Opener {
    open: Box<dyn Open>,
    /// The largest frame.
    limit: u64,
    /// Frames opened but not yet taken.
    plain: BytesMut,
    /// How many bytes the input lacked when a frame was last asked of it.
    needed: usize,
}

/// How many bytes of frames are opened at once.
const STRETCH: usize = 64 << 10;

impl Opener {
    fn poll(
        &mut self,
        plain: &mut Plain,
        input: &mut BytesMut,
        room: usize,
    ) -> Result<Option<Received>, ProtocolError> {
        loop {
            let received = plain.poll(&mut self.plain, room)?;
            if received.is_some() || room == 0 || !self.advance(input)? {
                return Ok(received);
            }
        }
    }

    /// Opens a stretch of frames; says whether there was one.
    fn advance(&mut self, input: &mut BytesMut) -> Result<bool, ProtocolError> {
        let before = self.plain.len();
        self.needed = 0;
        while self.plain.len() - before < STRETCH {
            match self.open.open(input, self.limit, &mut self.plain) {
                Ok(Decoded::Complete { consumed, .. }) => input.advance(consumed.min(input.len())),
                Ok(Decoded::Incomplete { needed }) => {
                    self.needed = needed;
                    break;
                }
                // What came before the fault goes out first.
                Err(_) if self.plain.len() > before => break,
                Err(error) => return Err(error),
            }
        }
        Ok(self.plain.len() > before)
    }
}
