//! What was sent and received so far.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};

/// Counts messages while they are on their way.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    sent: AtomicU64,
    received: AtomicU64,
    wrong: AtomicU64,
    bytes: AtomicU64,
}

/// What a meter shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Reading {
    /// Messages that were sent.
    pub(crate) sent: u64,
    /// Messages that were received as they were sent, and in order.
    pub(crate) received: u64,
    /// Messages that were received otherwise.
    pub(crate) wrong: u64,
    /// Bytes in the messages that were received.
    pub(crate) bytes: u64,
}

impl Meter {
    pub(crate) fn sent(&self) {
        self.sent.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn received(&self, bytes: usize) {
        self.received.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(crate) fn wrong(&self) {
        self.wrong.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> Reading {
        Reading {
            sent: self.sent.load(Ordering::Relaxed),
            received: self.received.load(Ordering::Relaxed),
            wrong: self.wrong.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
        }
    }

    /// What it shows, for another process.
    pub(crate) fn report(&self) -> Value {
        let reading = self.read();
        json!([reading.sent, reading.received, reading.wrong, reading.bytes])
    }

    /// Adds what another process has counted.
    pub(crate) fn add(&self, report: &Value) {
        let counters = [&self.sent, &self.received, &self.wrong, &self.bytes];
        for (index, counter) in counters.into_iter().enumerate() {
            let number = report.get(index).and_then(Value::as_u64);
            counter.fetch_add(number.unwrap_or(0), Ordering::Relaxed);
        }
    }
}

impl Reading {
    /// Messages that were sent and did not arrive.
    pub(crate) fn lost(&self) -> u64 {
        self.sent.saturating_sub(self.received + self.wrong)
    }

    /// How far a link has come, in messages.
    pub(crate) fn done(&self) -> u64 {
        self.received + self.wrong
    }
}

impl std::ops::AddAssign for Reading {
    fn add_assign(&mut self, other: Self) {
        self.sent += other.sent;
        self.received += other.received;
        self.wrong += other.wrong;
        self.bytes += other.bytes;
    }
}
