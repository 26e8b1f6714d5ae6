//! The sending half of a connection that is ready.

use core::fmt;
use core::time::Duration;

use alloc::boxed::Box;

use bytes::{Bytes, BytesMut};

use crate::batch::{Batch, Reframed};
use crate::command::heartbeat::{Ping, encode_pong};
use crate::command::subscription::{Dialect, Subscription};
use crate::frame::{self, Frame};
use crate::mechanism::Seal;
use crate::records::Records;
use crate::version::Version;

/// Gives messages and commands the form in which the peer reads them.
///
/// What [`encode`](Self::encode) and [`take_control`](Self::take_control) return
/// goes onto the wire in the order of the calls, because a sealed frame opens only
/// in its turn. Only where nothing is [sealed](Batch::is_sealed) may control frames
/// overtake messages.
pub struct Tx {
    version: Version,
    /// As which commands messages that are subscriptions travel, if as commands.
    commands: Option<Dialect>,
    seal: Option<Box<dyn Seal>>,
    /// Frames that wait for [`take_control`](Self::take_control), not yet sealed.
    control: BytesMut,
    /// How many of them are PING or PONG.
    heartbeats: usize,
}

/// How many PINGs and PONGs may wait; more are not sent.
///
/// A peer that reads gets an answer to each PING. One that does not read, but
/// sends PINGs, must not fill the memory.
const HEARTBEATS: usize = 32;

impl Tx {
    pub(crate) fn new(
        version: Version,
        asks: Option<Dialect>,
        seal: Option<Box<dyn Seal>>,
    ) -> Self {
        Self {
            version,
            commands: asks.filter(|dialect| dialect.is_known_to(version)),
            seal,
            control: BytesMut::new(),
            heartbeats: 0,
        }
    }

    /// Gives messages their form on the wire.
    ///
    /// Plain frames, by far the most, have it already. A subscriber's messages of
    /// one frame that begin with 1 or 0 become SUBSCRIBE and CANCEL, a DISH's JOIN and
    /// LEAVE, where the peer knows these. (libzmq does so for SUB, but passes on as messages what
    /// an application writes to XSUB; publishers must take both.)
    #[inline]
    pub fn encode(&mut self, records: Records) -> Batch {
        if self.seal.is_none() && self.commands.is_none() {
            return Batch::plain(records);
        }
        self.reframe(records)
    }

    fn reframe(&mut self, records: Records) -> Batch {
        let mut reframed = Reframed::new(self.seal.is_some());
        let (mut first, mut start) = (true, 0);
        for frame in records.frames() {
            self.put(frame, first, reframed.wire());
            first = !frame.more;
            if first {
                let end = reframed.wire().len();
                reframed.end_message(end - start);
                start = end;
            }
        }
        Batch::reframed(records, reframed)
    }

    fn put(&mut self, frame: Frame<'_>, first: bool, output: &mut BytesMut) {
        let dialect = self.commands.filter(|_| first);
        let subscription = dialect
            .and_then(|dialect| Subscription::from_frame(frame).map(|asked| (asked, dialect)));
        match (subscription, &mut self.seal) {
            (None, None) => frame.encode(output),
            (None, Some(seal)) => seal.seal(frame, output),
            (Some((subscription, dialect)), None) => subscription.encode_command(dialect, output),
            (Some((subscription, dialect)), Some(seal)) => {
                let mut command = BytesMut::new();
                subscription.encode_command(dialect, &mut command);
                frame::frames(&command).for_each(|frame| seal.seal(frame, output));
            }
        }
    }

    /// Queues a PING; nothing if the peer's version has none.
    ///
    /// `ttl` is rounded down to tenths of a second and capped at 6553.5 s, and
    /// the context cut after 16 bytes.
    pub fn ping(&mut self, ttl: Duration, context: &[u8]) {
        if self.admits_heartbeat() {
            Ping { ttl, context }.encode(&mut self.control);
        }
    }

    /// Queues the answer to a PING, with the PING's context.
    pub fn pong(&mut self, context: &[u8]) {
        if self.admits_heartbeat() {
            encode_pong(context, &mut self.control);
        }
    }

    fn admits_heartbeat(&mut self) -> bool {
        let admits = self.version.has_commands() && self.heartbeats < HEARTBEATS;
        self.heartbeats += usize::from(admits);
        admits
    }

    /// Queues a subscription, or a group to join, in the form that the peer's version
    /// knows.
    pub fn subscribe(&mut self, topic: &[u8]) {
        self.queue(Subscription::Subscribe(topic));
    }

    /// Queues the end of a subscription, or a group to leave.
    pub fn cancel(&mut self, topic: &[u8]) {
        self.queue(Subscription::Cancel(topic));
    }

    fn queue(&mut self, subscription: Subscription<'_>) {
        match self.commands {
            Some(dialect) => subscription.encode_command(dialect, &mut self.control),
            None => subscription.encode_message(&mut self.control),
        }
    }

    /// Whether [`take_control`](Self::take_control) has something.
    #[must_use]
    #[inline]
    pub fn has_control(&self) -> bool {
        !self.control.is_empty()
    }

    /// The frames queued since the last call, for the wire: before the next batch,
    /// or between two messages of one that is not [sealed](Batch::is_sealed).
    #[must_use]
    pub fn take_control(&mut self) -> Bytes {
        self.heartbeats = 0;
        let control = self.control.split();
        let Some(seal) = &mut self.seal else {
            return control.freeze();
        };
        let mut sealed = BytesMut::new();
        frame::frames(&control).for_each(|frame| seal.seal(frame, &mut sealed));
        sealed.freeze()
    }
}

impl fmt::Debug for Tx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tx")
            .field("version", &self.version)
            .field("sealed", &self.seal.is_some())
            .field("control", &self.control.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Message;
    use crate::v1;
    use alloc::vec::Vec;

    fn records(messages: &[Message]) -> Records {
        let mut records = Records::default();
        for message in messages {
            records.push(&[], message, 0);
        }
        records
    }

    fn wire(batch: &Batch) -> Vec<u8> {
        batch.pieces(0).flatten().copied().collect()
    }

    /// Upper case for open, with a count that shows the order.
    struct Counting(u8);

    impl Seal for Counting {
        fn seal(&mut self, frame: Frame<'_>, output: &mut BytesMut) {
            self.0 += 1;
            output.extend_from_slice(&[b'0' + self.0]);
            output.extend_from_slice(&frame.body.to_ascii_uppercase());
        }
    }

    #[test]
    fn plain_messages_go_out_as_they_are_stored() {
        let mut tx = Tx::new(Version::V3_1, None, None);
        let records = records(&["\x01a".into(), Message::from_frames(["b", "c"])]);
        let start = records.pieces(0).next().map(<[u8]>::as_ptr);
        let batch = tx.encode(records);
        assert_eq!(wire(&batch), b"\0\x02\x01a\x01\x01b\0\x01c");
        assert_eq!(batch.pieces(0).next().map(<[u8]>::as_ptr), start);
    }

    #[test]
    fn a_subscribers_messages_become_commands_where_the_peer_knows_them() {
        let messages = [
            Message::from("\x01a"),
            Message::from("\0a"),
            Message::from_frames(["\x01a", "part"]),
            Message::from("\x02a"),
            Message::new(),
        ];
        let rest = b"\x01\x02\x01a\0\x04part\0\x02\x02a\0\0";
        for (version, first) in [
            (
                Version::V3_1,
                &b"\x04\x0b\x09SUBSCRIBEa\x04\x08\x06CANCELa"[..],
            ),
            (Version::V3_0, b"\0\x02\x01a\0\x02\0a"),
            (Version::V2_0, b"\0\x02\x01a\0\x02\0a"),
        ] {
            let mut tx = Tx::new(version, Some(Dialect::Topics), None);
            let batch = tx.encode(records(&messages));
            assert_eq!(wire(&batch), [first, rest].concat(), "{version}");
        }
    }

    #[test]
    fn a_dish_joins_and_leaves_wherever_there_are_commands() {
        let commands = b"\x04\x06\x04JOINa\x04\x07\x05LEAVEa";
        for (version, expected) in [
            (Version::V3_1, &commands[..]),
            (Version::V3_0, commands),
            (Version::V2_0, b"\0\x02\x01a\0\x02\0a"),
        ] {
            let mut tx = Tx::new(version, Some(Dialect::Groups), None);
            let batch = tx.encode(records(&["\x01a".into(), "\0a".into()]));
            assert_eq!(wire(&batch), expected, "{version}");
            tx.subscribe(b"a");
            tx.cancel(b"a");
            assert_eq!(&tx.take_control()[..], expected, "{version}");
        }
    }

    #[test]
    fn control_frames_have_the_form_of_the_version() {
        let control = |version, seal| {
            let mut tx = Tx::new(version, Some(Dialect::Topics), seal);
            assert!(!tx.has_control());
            tx.ping(Duration::from_secs(1), b"c");
            tx.pong(b"c");
            tx.subscribe(b"a");
            tx.cancel(b"a");
            assert!(tx.has_control());
            let control = tx.take_control();
            assert!(!tx.has_control());
            assert_eq!(tx.take_control(), Bytes::new());
            control.to_vec()
        };
        let heartbeats = b"\x04\x08\x04PING\0\x0ac\x04\x06\x04PONGc";
        let commands = b"\x04\x0b\x09SUBSCRIBEa\x04\x08\x06CANCELa";
        let messages = b"\0\x02\x01a\0\x02\0a";
        assert_eq!(
            control(Version::V3_1, None),
            [&heartbeats[..], commands].concat()
        );
        assert_eq!(
            control(Version::V3_0, None),
            [&heartbeats[..], messages].concat()
        );
        assert_eq!(control(Version::V2_0, None), messages);
        let framing: Box<dyn Seal> = Box::new(v1::Framing);
        assert_eq!(
            control(Version::V1_0, Some(framing)),
            b"\x03\0\x01a\x03\0\0a"
        );
    }

    #[test]
    fn frames_are_sealed_in_the_order_in_which_they_are_taken() {
        let mut tx = Tx::new(
            Version::V3_1,
            Some(Dialect::Topics),
            Some(Box::new(Counting(0))),
        );
        tx.pong(b"x");
        let first = tx.encode(records(&[Message::from_frames(["a", "b"]), "\x01t".into()]));
        assert_eq!(wire(&first), b"1A2B3\x09SUBSCRIBET");
        assert_eq!(&tx.take_control()[..], b"4\x04PONGX");
        let mut second = tx.encode(records(&["c".into(), "d".into()]));
        assert_eq!(wire(&second), b"5C6D");
        assert_eq!(second.discard_written(3), (1, 2));
        assert_eq!(second.into_records().pop(), Some("d".into()));
    }

    #[test]
    fn pings_to_a_peer_that_does_not_read_stop_at_a_bound() {
        let mut tx = Tx::new(Version::V3_1, None, None);
        for _ in 0..1000 {
            tx.pong(&[b'x'; 16]);
        }
        assert_eq!(tx.take_control().len(), HEARTBEATS * 23);
        tx.pong(b"");
        assert_eq!(&tx.take_control()[..], b"\x04\x05\x04PONG");
    }
}
