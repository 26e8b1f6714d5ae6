//! The sending half of a connection that is ready.

use core::time::Duration;

use alloc::boxed::Box;

use bytes::{Bytes, BytesMut};

use crate::batch::{Batch, Reframed};
use crate::command::heartbeat::{Ping, encode_pong};
use crate::command::subscription::Subscription;
use crate::frame::{self, Frame};
use crate::mechanism::Seal;
use crate::records::Records;
use crate::version::Version;

/// Gives messages and commands the form in which the peer reads them.
///
/// What [`encode`](Self::encode) and [`take_control`](Self::take_control) return
/// goes onto the wire whole and in the order of the calls: a sealed frame opens
/// only in its turn. So control frames go out between two batches.
pub struct Tx {
    version: Version,
    /// Whether messages that are subscriptions travel as commands.
    commands: bool,
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
    pub(crate) fn new(version: Version, subscribes: bool, seal: Option<Box<dyn Seal>>) -> Self {
        let commands = subscribes && version.has_subscription_commands();
        Self {
            version,
            commands,
            seal,
            control: BytesMut::new(),
            heartbeats: 0,
        }
    }

    /// Gives messages their form on the wire.
    ///
    /// Plain frames, by far the most, have it already. A subscriber's messages of
    /// one frame that begin with 1 or 0 become SUBSCRIBE and CANCEL, where the
    /// peer knows these. (libzmq does so for SUB, but passes on as messages what
    /// an application writes to XSUB; publishers must take both.)
    #[inline]
    pub fn encode(&mut self, records: Records) -> Batch {
        if self.seal.is_none() && !self.commands {
            return Batch::plain(records);
        }
        self.reframe(records)
    }

    fn reframe(&mut self, records: Records) -> Batch {
        let mut reframed = Reframed::default();
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
        let subscription = if self.commands && first {
            Subscription::from_frame(frame)
        } else {
            None
        };
        match (subscription, &mut self.seal) {
            (None, None) => frame.encode(output),
            (None, Some(seal)) => seal.seal(frame, output),
            (Some(subscription), None) => subscription.encode_command(output),
            (Some(subscription), Some(seal)) => {
                let mut command = BytesMut::new();
                subscription.encode_command(&mut command);
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

    /// Queues a subscription, in the form that the peer's version knows.
    pub fn subscribe(&mut self, topic: &[u8]) {
        self.queue(Subscription::Subscribe(topic));
    }

    /// Queues the end of a subscription.
    pub fn cancel(&mut self, topic: &[u8]) {
        self.queue(Subscription::Cancel(topic));
    }

    fn queue(&mut self, subscription: Subscription<'_>) {
        if self.version.has_subscription_commands() {
            subscription.encode_command(&mut self.control);
        } else {
            subscription.encode_message(&mut self.control);
        }
    }

    /// Whether [`take_control`](Self::take_control) has something.
    #[must_use]
    #[inline]
    pub fn has_control(&self) -> bool {
        !self.control.is_empty()
    }

    /// The frames queued since the last call, for the wire, before the next batch.
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
