//! A pipe's account in bytes, which is kept only where there is a mark for them.

use super::chunks::Chunks;
use super::mark::half;

/// What was sent and given back, in bytes as they are on a wire.
#[derive(Debug, Clone, Copy)]
pub(super) struct ByteAccount {
    mark: u64,
    sent: u64,
    returned: u64,
}

impl ByteAccount {
    /// The account of a pipe that may be in use: of what the consumer has in hand, all
    /// counts until it says more than that it has read so much.
    pub(super) fn new(mark: u64, chunks: &Chunks, read: u64) -> Self {
        Self {
            mark,
            sent: chunks.taken() + chunks.waiting().bytes as u64,
            returned: read,
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.sent.saturating_sub(self.returned) >= self.mark
    }

    pub(super) fn returned(&self) -> u64 {
        self.returned
    }

    /// Room is given back so much at a time.
    pub(super) fn batch(&self) -> u64 {
        half(self.mark)
    }

    pub(super) fn send(&mut self, bytes: usize) {
        self.sent += bytes as u64;
    }

    /// Counts bytes no more that are not for the consumer any more.
    pub(super) fn withdraw(&mut self, bytes: usize) {
        self.sent = self.sent.saturating_sub(bytes as u64);
    }

    /// Gives room back once it is enough; says whether it was.
    pub(super) fn give_back(&mut self, read: u64) -> bool {
        let due = read.saturating_sub(self.returned) >= self.batch();
        if due {
            self.returned = read;
        }
        due
    }
}
