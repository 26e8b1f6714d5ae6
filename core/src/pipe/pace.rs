//! How soon the consumer looks again.

use zmtp_codec::Records;

use crate::caller::Caller;

/// Two busy ends that meet at the lock for each message pass its cache line to and fro,
/// and that takes longer than the message. So a consumer that has found little some times
/// in a row, and never nothing, lets the producer go ahead before it looks again. If both
/// are one thread, the producer does not go ahead while it waits.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// Looks in a row that found little.
    lean: u32,
}

impl Pace {
    /// Fewer messages are little, if they also have fewer bytes.
    const MESSAGES: usize = 8;
    const BYTES: usize = 2 << 10;

    /// After so many lean looks the next one waits.
    const PATIENCE: u32 = 4;

    /// About a microsecond: the time of ten small messages.
    const SPINS: u32 = 20;

    /// Before a look.
    #[inline]
    pub(super) fn wait(&self) {
        if self.is_hasty() {
            (0..Self::SPINS).for_each(|_| std::hint::spin_loop());
        }
    }

    /// After a look that found something, which a thread has pushed.
    #[inline]
    pub(super) fn note(&mut self, found: &Records, producer: Caller) {
        let little = found.messages() < Self::MESSAGES && found.wire_len() < Self::BYTES;
        self.lean = match little && producer.is_another() {
            true => self.lean.saturating_add(1),
            false => 0,
        };
    }

    /// After a look that found nothing: who sleeps is not in haste.
    #[inline]
    pub(super) fn note_nothing(&mut self) {
        self.lean = 0;
    }

    fn is_hasty(&self) -> bool {
        self.lean >= Self::PATIENCE
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    /// A thread that is not this one.
    fn elsewhere() -> Caller {
        let thread = std::thread::spawn(|| std::hint::black_box(Caller::this()));
        let caller = thread.join().expect("it tells");
        assert!(caller.is_another());
        caller
    }

    fn records(messages: usize, bytes: usize) -> Records {
        let mut records = Records::default();
        for _ in 0..messages {
            records.push_frame(&[], &vec![0; bytes]);
        }
        records
    }

    #[test]
    fn little_some_times_in_a_row_makes_it_wait_until_there_is_much_or_nothing() {
        let (mut pace, there) = (Pace::default(), elsewhere());
        for _ in 0..Pace::PATIENCE {
            assert!(!pace.is_hasty());
            pace.note(&records(1, 16), there);
        }
        assert!(pace.is_hasty());
        pace.note(&records(100, 16), there);
        assert!(!pace.is_hasty());
        (0..9).for_each(|_| pace.note(&records(2, 16), there));
        pace.note_nothing();
        assert!(!pace.is_hasty());
    }

    #[test]
    fn who_pushes_itself_is_not_waited_for() {
        let (mut pace, there) = (Pace::default(), elsewhere());
        (0..9).for_each(|_| pace.note(&records(1, 16), Caller::this()));
        assert!(!pace.is_hasty());
        (0..9).for_each(|_| pace.note(&records(1, 16), there));
        assert!(pace.is_hasty());
        pace.note(&records(1, 16), Caller::this());
        assert!(!pace.is_hasty());
    }

    #[test]
    fn a_large_message_is_not_little() {
        let mut pace = Pace::default();
        let there = elsewhere();
        (0..9).for_each(|_| pace.note(&records(1, 64 << 10), there));
        assert!(!pace.is_hasty());
    }
}
