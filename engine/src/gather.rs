//! Waiting a little for more to write.

use std::future::Future;
use std::pin::pin;
use std::task::Context;

use ferromq_core::{PipeGauge, QueueDepth};

/// A driver waits so many times in a row, each time until its runtime has looked for
/// events once.
const PASSES: u32 = 4;

/// So many answers, of so many bytes, are enough for a write.
const ANSWERS: usize = 8;
const ANSWER_BYTES: usize = 2 << 10;

/// So many bytes of a stream are.
const STREAM_BYTES: usize = 8 << 10;

/// What leaves together although it does not come together. While little waits, the
/// driver lets others have their turn first:
///
/// - for the answers to several messages that came together, while the application still
///   has some of these to read;
/// - for a stream, while some of it comes in each turn: who sends to many in turn has a
///   few messages for each of them by the time that the drivers run.
///
/// It waits [a few times](PASSES) at the most, whatever the application does: also one
/// that reads no further, or that answers nothing, is not kept from sending.
pub(crate) struct Gather {
    unsent: PipeGauge,
    unread: PipeGauge,
    /// How often it may wait for answers.
    left: u32,
    /// How often it has waited for more of a stream, and how many messages there were.
    waits: u32,
    seen: usize,
    waiting: bool,
}

impl Gather {
    /// For a peer, by the gauges of the pipe to it and of the pipe from it.
    pub(crate) fn new(unsent: PipeGauge, unread: PipeGauge) -> Self {
        Self {
            unsent,
            unread,
            left: 0,
            waits: 0,
            seen: 0,
            waiting: false,
        }
    }

    /// So many messages came together. That does not make a wait longer that has begun.
    #[inline]
    pub(crate) fn note_heard(&mut self, messages: usize) {
        if messages > 1 && !self.waiting {
            self.left = PASSES;
        }
    }

    /// Whether to write what there is later: then the task is polled again.
    #[inline]
    pub(crate) fn waits(&mut self, cx: &mut Context<'_>) -> bool {
        let unsent = self.unsent.growing().unwrap_or_default();
        self.waiting = self.waits_for_answers(unsent) || self.waits_for_more(unsent);
        if self.waiting {
            // Polled once, it leaves the waker to be woken behind the next look.
            let _ = pin!(tokio::task::yield_now()).poll(cx);
        }
        self.waiting
    }

    fn waits_for_answers(&mut self, unsent: QueueDepth) -> bool {
        let little = (1..ANSWERS).contains(&unsent.messages) && unsent.bytes < ANSWER_BYTES;
        let waits = self.left > 0 && little && self.unread.depth().messages > 0;
        self.left -= u32::from(waits);
        waits
    }

    fn waits_for_more(&mut self, unsent: QueueDepth) -> bool {
        // One that has heard several messages may be answering.
        let streams = self.left == 0 && unsent.messages > 1 && unsent.bytes < STREAM_BYTES;
        let waits = self.waits < PASSES && streams && unsent.messages > self.seen;
        (self.waits, self.seen) = match waits {
            true => (self.waits + 1, unsent.messages),
            false => (0, 0),
        };
        waits
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::task::Waker;

    use ferromq_core::{Conflate, Message, PipeConfig, PipeReader, PipeWriter, Wakes, pipe};

    use super::*;

    /// The pipes to a peer and from it.
    struct Pipes {
        to: (PipeWriter, PipeReader),
        from: (PipeWriter, PipeReader),
    }

    impl Pipes {
        fn new() -> (Self, Gather) {
            let config = PipeConfig {
                send_mark: None,
                receive_mark: None,
                share_from: 4096,
                conflate: Conflate::No,
            };
            let pipes = Self {
                to: pipe(config),
                from: pipe(config),
            };
            let gather = Gather::new(pipes.to.0.gauge(), pipes.from.1.gauge());
            (pipes, gather)
        }

        fn hear(&mut self, gather: &mut Gather, messages: usize) {
            (0..messages).for_each(|_| push(&mut self.from.0));
            gather.note_heard(messages);
        }

        fn read(&mut self) {
            pop(&mut self.from.1);
        }
    }

    fn push(writer: &mut PipeWriter) {
        let message = Message::from("message");
        let pushed = writer.push(&[], &message, 0, &mut Wakes::new());
        pushed.expect("room");
    }

    fn pop(reader: &mut PipeReader) {
        let popped = reader.pop(&mut Message::new(), &mut Wakes::new());
        popped.expect("a message");
    }

    fn waits(gather: &mut Gather) -> bool {
        gather.waits(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn it_waits_until_the_last_of_several_is_read() {
        let (mut pipes, mut gather) = Pipes::new();
        pipes.hear(&mut gather, 3);
        assert!(!waits(&mut gather), "nothing is there to be written");
        for _ in 0..2 {
            pipes.read();
            push(&mut pipes.to.0);
            assert!(waits(&mut gather));
        }
        pipes.read();
        push(&mut pipes.to.0);
        assert!(!waits(&mut gather));
    }

    #[test]
    fn it_waits_a_few_times_for_one_that_reads_no_further() {
        let (mut pipes, mut gather) = Pipes::new();
        pipes.hear(&mut gather, 3);
        push(&mut pipes.to.0);
        for _ in 0..PASSES {
            assert!(waits(&mut gather));
            pipes.hear(&mut gather, 3);
        }
        assert!(!waits(&mut gather));
        pipes.hear(&mut gather, 3);
        assert!(waits(&mut gather), "this is for the next write");
    }

    #[test]
    fn it_waits_for_the_answer_to_one_never() {
        let (mut pipes, mut gather) = Pipes::new();
        for _ in 0..3 {
            pipes.hear(&mut gather, 1);
            push(&mut pipes.to.0);
            assert!(!waits(&mut gather));
            pop(&mut pipes.to.1);
        }
    }

    #[test]
    fn it_waits_a_few_times_while_more_of_a_stream_comes() {
        let (mut pipes, mut gather) = Pipes::new();
        push(&mut pipes.to.0);
        assert!(!waits(&mut gather), "one message is no stream");
        for _ in 0..2 {
            for _ in 0..PASSES {
                push(&mut pipes.to.0);
                assert!(waits(&mut gather));
            }
            push(&mut pipes.to.0);
            assert!(!waits(&mut gather));
        }
        push(&mut pipes.to.0);
        assert!(waits(&mut gather));
        assert!(!waits(&mut gather), "no more has come");
        (0..1000).for_each(|_| push(&mut pipes.to.0));
        assert!(!waits(&mut gather), "that is enough");
    }

    #[test]
    fn it_does_not_wait_when_much_is_there_or_nobody_sends_any_more() {
        let (mut pipes, mut gather) = Pipes::new();
        pipes.hear(&mut gather, 20);
        (0..10).for_each(|_| push(&mut pipes.to.0));
        assert!(!waits(&mut gather));

        let (mut pipes, mut gather) = Pipes::new();
        pipes.hear(&mut gather, 20);
        push(&mut pipes.to.0);
        drop(pipes.to.0);
        assert!(!waits(&mut gather));
    }
}
