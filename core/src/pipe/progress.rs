//! What the consumer notes with each message, without the lock.

use crate::sync::{AtomicU64, Ordering};

/// How far the consumer is, and how much room it gives back at a time. It is on a cache
/// line of its own: the producer, who is busy with the lock's, seldom needs it.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct Progress {
    /// How many messages the consumer is done with.
    read: AtomicU64,
    /// Their bytes, where these count; otherwise as of the last time it gave room back.
    bytes: AtomicU64,
    /// After how many messages it has to look at more than this: those of a batch, or
    /// where bytes count none.
    step: AtomicU64,
    batch: AtomicU64,
    byte_batch: AtomicU64,
}

/// How much room is given back at a time: so many messages, or, if there is a mark for
/// them, so many bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Batches {
    pub(super) messages: u64,
    pub(super) bytes: Option<u64>,
}

impl Progress {
    pub(super) fn new(batches: Batches) -> Self {
        let none = || AtomicU64::new(0);
        let progress = Self {
            read: none(),
            bytes: none(),
            step: none(),
            batch: none(),
            byte_batch: none(),
        };
        progress.set_batches(batches);
        progress
    }

    #[inline]
    pub(super) fn note(&self, read: u64) {
        self.read.store(read, Ordering::Relaxed);
    }

    pub(super) fn read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    pub(super) fn note_bytes(&self, bytes: u64) {
        self.bytes.store(bytes, Ordering::Relaxed);
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    #[inline]
    pub(super) fn step(&self) -> u64 {
        self.step.load(Ordering::Relaxed)
    }

    pub(super) fn batches(&self) -> Batches {
        Batches {
            messages: self.batch.load(Ordering::Relaxed),
            bytes: (self.step() == 0).then(|| self.byte_batch.load(Ordering::Relaxed)),
        }
    }

    /// A mark was moved.
    pub(super) fn set_batches(&self, batches: Batches) {
        let Batches { messages, bytes } = batches;
        let step = if bytes.is_some() { 0 } else { messages };
        let byte_batch = bytes.unwrap_or_default();
        self.byte_batch.store(byte_batch, Ordering::Relaxed);
        self.batch.store(messages, Ordering::Relaxed);
        self.step.store(step, Ordering::Relaxed);
    }
}
