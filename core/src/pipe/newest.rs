//! Pushing where a message replaces the one of its topic.

use zmtp_codec::Records;

use super::gauge::QueueDepth;
use super::state::State;
use super::{Conflate, PushError};
use crate::wakes::Wakes;

impl State {
    /// Adds a message at the end.
    pub(super) fn add_newest(&mut self, wakes: &mut Wakes, add: impl FnOnce(&mut Records)) {
        let mut chunk = self.chunks.blank();
        add(&mut chunk);
        self.push_newest(chunk, wakes);
    }

    /// Adds a message for which there is no room, if it makes some itself.
    #[cold]
    pub(super) fn renew(
        &mut self,
        full: PushError,
        wakes: &mut Wakes,
        add: impl FnOnce(&mut Records),
    ) -> Result<(), PushError> {
        if self.conflate != Conflate::ByTopic {
            return Err(full);
        }
        let mut chunk = self.chunks.blank();
        add(&mut chunk);
        if !self.chunks.has_topic_of(&chunk) {
            self.chunks.keep_blank(chunk);
            return Err(full);
        }
        self.push_newest(chunk, wakes);
        Ok(())
    }

    /// Adds messages one by one.
    #[cold]
    pub(super) fn add_each_newest(&mut self, mut records: Records, wakes: &mut Wakes) {
        let (messages, bytes) = (records.messages(), records.wire_len());
        let replaced = self.chunks.push_each_newest(&mut records);
        self.sent += messages as u64;
        self.reader.wake(wakes);
        self.account_for(replaced, bytes);
    }

    /// Has messages that wait replace each other.
    pub(super) fn sort_by_topic(&mut self) {
        self.conflate = Conflate::ByTopic;
        let replaced = self.chunks.sort_by_topic();
        self.account_for(replaced, 0);
    }

    fn push_newest(&mut self, chunk: Records, wakes: &mut Wakes) {
        let bytes = chunk.wire_len();
        let replaced = self.chunks.push_newest(chunk);
        self.sent += 1;
        self.reader.wake(wakes);
        self.account_for(replaced, bytes);
    }

    /// Counts what was replaced, and the bytes of what was added.
    fn account_for(&mut self, replaced: QueueDepth, added: usize) {
        self.sent -= replaced.messages as u64;
        self.replaced += replaced.messages as u64;
        if let Some(bytes) = &mut self.bytes {
            bytes.withdraw(replaced.bytes);
        }
        self.count(added);
    }
}
