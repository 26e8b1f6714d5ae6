//! How old the messages of a queue are.

use std::collections::VecDeque;
use std::time::Duration;

/// So often within the time that a message may wait its queue is looked at.
const LOOKS: u32 = 8;

/// Knows well enough how old messages are to name those that have waited too long,
/// without a note of each: it looks now and then how many were pushed by then. A
/// message is at least as old as the first look that saw it.
///
/// Time is an argument, and who pushes pays nothing.
#[derive(Debug)]
pub(crate) struct Ages {
    limit: Duration,
    /// When how many messages had been pushed since the beginning, oldest first.
    looks: VecDeque<(Duration, u64)>,
    /// How many messages are too old, counted from the beginning.
    old: u64,
}

impl Ages {
    /// For messages that may wait so long.
    pub(crate) fn new(limit: Duration) -> Self {
        Self {
            limit,
            looks: VecDeque::new(),
            old: 0,
        }
    }

    /// How often to look while there are messages: so a message that is too old is
    /// noticed at the latest after a quarter of the limit more.
    pub(crate) fn period(&self) -> Duration {
        (self.limit / LOOKS).max(Duration::from_millis(1))
    }

    /// By `now`, so many messages were pushed since the beginning. Says how many of
    /// them have waited longer than they may, or have left.
    pub(crate) fn look(&mut self, now: Duration, pushed: u64) -> u64 {
        while let Some((seen, count)) = self.looks.front() {
            if now.saturating_sub(*seen) < self.limit {
                break;
            }
            self.old = *count;
            self.looks.pop_front();
        }
        let known = self.looks.back().map_or(self.old, |(_, count)| *count);
        if pushed > known {
            self.looks.push_back((now, pushed));
        }
        self.old
    }
}

#[cfg(test)]
mod tests {
    use ferromq_core::{Conflate, Mark, Message, PipeConfig, PipeReader, PipeWriter, Wakes, pipe};
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    const LIMIT: u64 = 80;

    #[derive(Debug, Clone, Copy)]
    enum Step {
        Push(u8),
        Take,
        /// So many milliseconds pass.
        Wait(u8),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            6 => (1_u8..4).prop_map(Step::Push),
            1 => Just(Step::Take),
            4 => (0_u8..60).prop_map(Step::Wait),
        ]
    }

    fn queue() -> (PipeWriter, PipeReader) {
        pipe(PipeConfig {
            send_mark: Some(Mark::NONE),
            receive_mark: None,
            share_from: 64,
            conflate: Conflate::No,
        })
    }

    fn ms(time: u64) -> Duration {
        Duration::from_millis(time)
    }

    /// A message of some frames that knows when it was pushed.
    fn message(now: u64, frames: u8) -> Message {
        let body = |index| match index {
            0 => now.to_be_bytes().to_vec(),
            index => vec![index; 100],
        };
        Message::from_frames((0..frames).map(body))
    }

    fn born(message: &Message) -> u64 {
        let head = message.head().try_into();
        u64::from_be_bytes(head.expect("eight bytes"))
    }

    proptest! {
        /// Whoever looks every period finds nothing older than a limit and a quarter, and
        /// nothing that was younger than the limit is missing.
        #[test]
        fn what_is_too_old_goes_and_nothing_else(steps in vec(step(), 0..120)) {
            let (mut writer, mut reader) = queue();
            let mut ages = Ages::new(ms(LIMIT));
            let period = ages.period().as_millis() as u64;
            let mut wakes = Wakes::new();
            let mut due = VecDeque::new();
            let (mut now, mut next_look) = (0, period);
            for step in steps {
                match step {
                    Step::Push(frames) => {
                        let pushed = writer.push(&[], &message(now, frames), 0, &mut wakes);
                        prop_assert!(pushed.is_ok());
                        due.push_back((now, frames));
                    }
                    Step::Wait(time) => {
                        let until = now + u64::from(time);
                        while next_look <= until {
                            now = next_look;
                            next_look += period;
                            let pushed = reader.released() + reader.waiting() as u64;
                            let old = ages.look(ms(now), pushed);
                            let old = old.saturating_sub(reader.released()) as usize;
                            prop_assert_eq!(reader.discard(old, &mut wakes), old);
                            for (pushed, _) in due.drain(..old) {
                                prop_assert!(now - pushed >= LIMIT);
                            }
                            if let Some((oldest, _)) = due.front() {
                                prop_assert!(now - oldest < LIMIT + 2 * period);
                            }
                        }
                        now = until;
                    }
                    Step::Take => {
                        let Ok(mut records) = reader.take() else {
                            prop_assert!(due.is_empty());
                            continue;
                        };
                        let (count, bytes) = (records.messages(), records.wire_len());
                        while let Some(message) = records.pop() {
                            let expected = due.pop_front().expect("it was pushed");
                            let got = (born(&message), message.len() as u8);
                            prop_assert_eq!(got, expected);
                        }
                        reader.release(count, bytes, &mut wakes);
                        reader.recycle(records);
                    }
                }
            }
            prop_assert_eq!(reader.waiting(), due.len());
            prop_assert!(ages.looks.len() <= LOOKS as usize + 1);
        }
    }
}
