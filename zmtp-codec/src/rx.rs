//! The receiving half of a connection that is ready.

mod opener;

use core::fmt;
use core::time::Duration;

use alloc::boxed::Box;

use bytes::{Buf, Bytes, BytesMut};

use crate::command::Command;
use crate::command::heartbeat::{PING, Ping};
use crate::command::subscription::{Dialect, Subscription};
use crate::error::ProtocolError;
use crate::frame::{Decoded, Frame};
use crate::limits::Limits;
use crate::mechanism::Open;
use crate::records::Records;
use crate::scan::{Found, Scan};
use opener::Opener;

/// What a buffer for receiving is taken to hold at least.
const BACKING: usize = 64 << 10;

/// Parses what the peer sends after the handshake.
///
/// The owner appends received bytes to a buffer and asks with
/// [`poll_event`](Self::poll_event) what they amount to, until there is nothing
/// more. Whole messages are taken off the buffer's front, a few bytes as a copy,
/// more as they are; what is not whole stays there.
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
    /// frame: an octet, 1 to subscribe and 0 to cancel, and the topic. So does a
    /// RADIO: 1 to join and 0 to leave, and the group.
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
    pub(crate) fn new(limits: Limits, hears: Option<Dialect>, open: Option<Box<dyn Open>>) -> Self {
        Self {
            plain: Plain {
                scan: Scan::new(limits),
                held: BytesMut::new(),
                limit: limits.frame,
                hears,
            },
            opener: open.map(|open| Opener::new(open, limits)),
        }
    }

    /// Puts frames before those that the peer will send.
    pub(crate) fn precede(&mut self, frame: Frame<'_>) {
        if let Some(opener) = &mut self.opener {
            opener.precede(frame);
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

    /// Whether `input` holds nothing that [`poll_event`](Self::poll_event) has not seen:
    /// only more bytes can make something whole. May say no where it is so.
    #[must_use]
    #[inline]
    pub fn is_exhausted(&self, input: &[u8]) -> bool {
        self.opener.is_none() && input.len() <= self.plain.scan.scanned
    }

    /// How many bytes at the end of `input` are of the next frame, which is not whole.
    #[must_use]
    pub fn begun(&self, input: &[u8]) -> usize {
        match &self.opener {
            None => input.len().saturating_sub(self.plain.scan.scanned),
            Some(_) => input.len(),
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
            return opener.needed();
        }
        let rest = input.get(self.plain.scan.scanned..).unwrap_or(&[]);
        match Frame::decode(rest) {
            Decoded::Complete { .. } => 0,
            Decoded::Incomplete { needed } => needed,
        }
    }
}

impl fmt::Debug for Rx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rx")
            .field("scan", &self.plain.scan)
            .field("held", &self.plain.held.len())
            .field("opens", &self.opener.is_some())
            .finish_non_exhaustive()
    }
}

/// Takes messages and commands off plain frames.
struct Plain {
    scan: Scan,
    /// The frames of a message that stood before a command in its middle.
    held: BytesMut,
    /// The largest frame.
    limit: u64,
    /// Which subscriptions are of interest.
    hears: Option<Dialect>,
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
        let backing = input.capacity().max(BACKING);
        // Little of a large buffer must not keep it alive.
        let mut wire = if length < backing / 16 {
            let copy = BytesMut::from(input.get(..length).unwrap_or(&[]));
            input.advance(length);
            copy
        } else {
            input.split_to(length)
        };
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
        let dialect = self.hears?;
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
            let subscription =
                command.and_then(|command| Subscription::from_command(command, dialect));
            let Some(subscription) = subscription else {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Message;
    use alloc::vec::Vec;

    fn rx() -> Rx {
        Rx::new(Limits::default(), None, None)
    }

    fn publisher() -> Rx {
        Rx::new(Limits::default(), Some(Dialect::Topics), None)
    }

    /// What comes out until there is nothing more.
    fn drain(rx: &mut Rx, input: &mut BytesMut) -> Vec<Received> {
        core::iter::from_fn(|| rx.poll_event(input, 100).expect("no fault")).collect()
    }

    fn messages(received: Received) -> Vec<Message> {
        match received {
            Received::Messages(mut records) => core::iter::from_fn(|| records.pop()).collect(),
            other => panic!("{other:?} is no messages"),
        }
    }

    fn all_messages(received: Vec<Received>) -> Vec<Message> {
        received.into_iter().flat_map(messages).collect()
    }

    #[test]
    fn many_bytes_leave_the_input_as_they_are_and_few_as_a_copy() {
        for (body, stays) in [(BACKING / 2, true), (BACKING / 32, false)] {
            let mut message = BytesMut::new();
            let body = alloc::vec![b'x'; body];
            Frame {
                more: false,
                command: false,
                body: &body,
            }
            .encode(&mut message);
            let mut input = BytesMut::from(&[&message[..], b"\x01\x01b"].concat()[..]);
            let start = input.as_ptr();
            let Ok(Some(Received::Messages(records))) = rx().poll_event(&mut input, 9) else {
                panic!("a message is whole");
            };
            assert_eq!(records.messages(), 1);
            let pieces: Vec<_> = records.pieces(0).map(<[u8]>::as_ptr).collect();
            assert_eq!(pieces == [start], stays);
            assert_eq!(&input[..], b"\x01\x01b");
        }
    }

    #[test]
    fn a_command_may_stand_between_the_parts_of_a_message() {
        let mut rx = rx();
        let mut input = BytesMut::from(
            &b"\x01\x01a\x04\x08\x04PING\0\x05c\x01\x01b\x04\x05\x04PONG\0\x01c\0\x01d"[..],
        );
        let mut received = drain(&mut rx, &mut input).into_iter();
        let Some(Received::Ping { ttl, context }) = received.next() else {
            panic!("the PING comes first");
        };
        assert_eq!((ttl.as_millis(), &context[..]), (500, &b"c"[..]));
        assert!(matches!(received.next(), Some(Received::Alive)));
        let expected = [
            Message::from_frames(["a", "b", "c"]),
            Message::from_frames(["d"]),
        ];
        assert_eq!(all_messages(received.collect()), expected);
        assert!(input.is_empty());
    }

    #[test]
    fn a_publisher_finds_subscriptions_as_messages_in_their_order() {
        let wire = b"\x04\x0b\x09SUBSCRIBEa\x04\x08\x06CANCELa\x04\x08\x07CANCELx\0\x02\x01b\
            \x04\x0a\x09SUBSCRIBE\x01\x01p\x04\x0b\x09SUBSCRIBEc\0\x01q";
        let mut input = BytesMut::from(&wire[..]);
        let mut rx = publisher();
        let received = drain(&mut rx, &mut input);
        assert_eq!(received.len(), 6, "a row of subscriptions is one event");
        let received = received
            .into_iter()
            .filter(|event| matches!(event, Received::Messages(_)))
            .collect();
        let expected = [
            Message::from("\x01a"),
            Message::from("\0a"),
            Message::from("\x01b"),
            Message::from("\x01"),
            Message::from("\x01c"),
            Message::from_frames(["p", "q"]),
        ];
        assert_eq!(all_messages(received), expected);
    }

    #[test]
    fn a_radio_finds_groups_and_no_topics() {
        let wire = b"\x04\x06\x04JOINa\x04\x0b\x09SUBSCRIBEb\x04\x07\x05LEAVEa";
        let mut rx = Rx::new(Limits::default(), Some(Dialect::Groups), None);
        let received = drain(&mut rx, &mut BytesMut::from(&wire[..]));
        assert!(matches!(received[1], Received::Alive));
        let received = received
            .into_iter()
            .filter(|event| matches!(event, Received::Messages(_)))
            .collect();
        let expected = [Message::from("\x01a"), Message::from("\0a")];
        assert_eq!(all_messages(received), expected);
    }

    #[test]
    fn subscriptions_take_room_as_messages_do() {
        let mut input = BytesMut::from(&b"\x04\x0b\x09SUBSCRIBEa".repeat(5)[..]);
        let mut rx = publisher();
        for expected in [2, 2, 1] {
            let received = rx.poll_event(&mut input, 2).expect("no fault");
            assert_eq!(messages(received.expect("some are left")).len(), expected);
        }
    }

    #[test]
    fn to_others_subscriptions_and_unknown_commands_are_signs_of_life() {
        // libzmq hands SUBSCRIBE to the application of a ROUTER or PULL, as a
        // message with the command's body. This is not copied.
        for name in ["SUBSCRIBE", "CANCEL", "JOIN", "LEAVE", "READY", "WHATEVER"] {
            let mut input = BytesMut::new();
            Command {
                name: name.as_bytes(),
                data: b"data",
            }
            .encode_frame(&mut input);
            let received = drain(&mut rx(), &mut input);
            assert!(matches!(received[..], [Received::Alive]), "{name}");
        }
    }

    #[test]
    fn commands_that_do_not_follow_their_grammar_are_malformed() {
        for wire in [
            &b"\x04\0"[..],
            b"\x04\x01\0",
            b"\x04\x03\x05PI",
            b"\x04\x05\x04PING",
            b"\x04\x06\x04PING\0",
        ] {
            let fault = rx().poll_event(&mut BytesMut::from(wire), 9);
            assert_eq!(fault.err(), Some(ProtocolError::MalformedCommand));
        }
    }

    #[test]
    fn what_is_missing_is_known_from_the_header_on() {
        let mut rx = rx();
        let mut input = BytesMut::new();
        for (bytes, needed) in [
            (&b"\x01\x02"[..], 2),
            (b"ab", 2),
            (b"\x02", 8),
            (b"\0\0\0\0\0\0\x01\0", 256),
            (b"xyz", 253),
            (&[b'z'; 253], 0),
        ] {
            input.extend_from_slice(bytes);
            let room = usize::from(needed > 0);
            assert!(rx.poll_event(&mut input, room).expect("no fault").is_none());
            assert_eq!(rx.needed(&input), needed);
            assert_eq!(rx.is_exhausted(&input), input.len() == 4);
        }
        assert_eq!(all_messages(drain(&mut rx, &mut input)).len(), 1);
        assert_eq!(rx.needed(&input), 2);
    }
}
