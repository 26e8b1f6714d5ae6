//! What a way out holds: the pipe, the wire, and what is between them.

use std::io;
use std::time::{Duration, Instant};

use ferromq_core::{Message, PipeReader, Wakes};
use zmtp_codec::Records;

use crate::ages::Ages;
use crate::wire::Wire;

/// What is behind the lock of an [`Egress`](super::Egress).
pub(super) struct State {
    pub(super) source: PipeReader,
    /// What a broken connection did not finish.
    pub(super) unfinished: Option<Records>,
    pub(super) wire: Option<Wire>,
    /// Without wires: the message that could not be passed on yet.
    pub(super) held: Option<Box<Message>>,
    /// Why there is no wire any more, until the driver takes it.
    pub(super) broken: Option<io::Error>,
    /// When a write last happened.
    pub(super) written_at: Option<Instant>,
}

impl State {
    /// Takes the wire out of use, and keeps what it did not finish.
    pub(super) fn disconnect(&mut self) {
        if let Some(wire) = self.wire.take() {
            self.unfinished = wire.into_unfinished();
        }
    }

    /// Drops messages that are too old by now, but for those that a write has begun with.
    pub(super) fn expire(&mut self, ages: &mut Ages, now: Duration, wakes: &mut Wakes) {
        let written = self.wire.as_ref().map_or(0, Wire::messages);
        let taken = written + usize::from(self.held.is_some());
        let waiting = self.unfinished.as_ref().map_or(0, Records::messages);
        let in_all = taken + waiting + self.source.waiting();
        let left = self.source.released();
        let old = ages.look(now, left + in_all as u64).saturating_sub(left);
        let old = usize::try_from(old).unwrap_or(usize::MAX);
        let mut excess = old.saturating_sub(taken);
        if let Some(mut records) = self.unfinished.take() {
            let some = excess.min(records.messages());
            let before = records.wire_len();
            records.discard_messages(some);
            self.source.note_expired(some);
            self.source
                .release(some, before - records.wire_len(), wakes);
            self.unfinished = (!records.is_empty()).then_some(records);
            excess -= some;
        }
        self.source.discard(excess, wakes);
    }

    /// Takes out all that waits, and drops the requests among it.
    pub(super) fn without_requests(&mut self, wakes: &mut Wakes) -> Option<Records> {
        let mut kept = Records::default();
        let (mut dropped, mut bytes) = (0, 0);
        let mut unfinished = self.unfinished.take();
        while let Some(mut records) = unfinished.take().or_else(|| self.source.take().ok()) {
            let mut left = records.wire_len();
            while let Some(message) = records.pop() {
                let length = left - records.wire_len();
                left = records.wire_len();
                match is_request(&message) {
                    true => (dropped, bytes) = (dropped + 1, bytes + length),
                    false => kept.push(&[], &message, 0),
                }
            }
        }
        self.source.release(dropped, bytes, wakes);
        (!kept.is_empty()).then_some(kept)
    }
}

/// Whether a message is what a prologue consists of: a subscription, or the end of one.
fn is_request(message: &Message) -> bool {
    message.len() == 1 && matches!(message.head(), [0 | 1, ..])
}
