//! Models of the pipe: every interleaving of two threads at its two ends.
#![cfg(loom)]

use std::future::poll_fn;
use std::task::Poll;

use ferromq_core::{
    Conflate, IntoMessage, Mark, Message, PipeConfig, PipeReader, PipeWriter, PopError, PushError,
    Wakes, pipe,
};
use loom::future::block_on;
use loom::thread;

fn config(high_water: usize) -> PipeConfig {
    PipeConfig {
        send_mark: Some(Mark::messages(high_water)),
        receive_mark: None,
        share_from: 4096,
        conflate: Conflate::No,
    }
}

/// Pushes, waiting for room; says whether the reader is still there.
fn push(writer: &mut PipeWriter, body: &str) -> bool {
    block_on(poll_fn(|cx| {
        writer.set_waker(cx.waker());
        match writer.push(&[], &Message::from(body), 0, &mut Wakes::new()) {
            Ok(()) => Poll::Ready(true),
            Err(PushError::Closed) => Poll::Ready(false),
            Err(PushError::Full) => Poll::Pending,
        }
    }))
}

/// Pops, waiting for a message; `None` when the writer is gone.
fn pop(reader: &mut PipeReader) -> Option<Message> {
    block_on(poll_fn(|cx| {
        reader.set_waker(cx.waker());
        let mut message = Message::new();
        match reader.pop(&mut message, &mut Wakes::new()) {
            Ok(()) => Poll::Ready(Some(message)),
            Err(PopError::Closed) => Poll::Ready(None),
            Err(PopError::Empty) => Poll::Pending,
        }
    }))
}

#[test]
fn a_sleeping_reader_is_woken_by_a_push_and_by_the_writers_end() {
    loom::model(|| {
        let (mut writer, mut reader) = pipe(config(10));
        let producer = thread::spawn(move || {
            assert!(push(&mut writer, "1"));
            assert!(push(&mut writer, "2"));
        });
        assert_eq!(pop(&mut reader), Some(Message::from("1")));
        assert_eq!(pop(&mut reader), Some(Message::from("2")));
        assert_eq!(pop(&mut reader), None);
        producer.join().expect("the producer ends");
    });
}

#[test]
fn a_full_writer_is_woken_by_credit() {
    loom::model(|| {
        let (mut writer, mut reader) = pipe(config(1));
        let producer = thread::spawn(move || {
            assert!(push(&mut writer, "1"));
            assert!(push(&mut writer, "2"));
        });
        assert_eq!(pop(&mut reader), Some(Message::from("1")));
        assert_eq!(pop(&mut reader), Some(Message::from("2")));
        producer.join().expect("the producer ends");
    });
}

#[test]
fn a_row_that_is_longer_than_the_room_arrives_whole_in_batches() {
    loom::model(|| {
        let (mut writer, mut reader) = pipe(config(2));
        let producer = thread::spawn(move || {
            let mut row = ["1", "2", "3"].iter().map(IntoMessage::lend);
            block_on(poll_fn(|cx| {
                writer.set_waker(cx.waker());
                while row.len() > 0 {
                    match writer.push_many(&mut row, usize::MAX, &mut Wakes::new()) {
                        Ok(_) => {}
                        Err(PushError::Full) => return Poll::Pending,
                        Err(PushError::Closed) => break,
                    }
                }
                Poll::Ready(())
            }));
            assert_eq!(row.len(), 0);
        });
        let mut messages = Vec::new();
        while messages.len() < 3 {
            block_on(poll_fn(|cx| {
                reader.set_waker(cx.waker());
                match reader.pop_many(&mut messages, 2, &mut Wakes::new()) {
                    Err(PopError::Empty) => Poll::Pending,
                    _ => Poll::Ready(()),
                }
            }));
        }
        producer.join().expect("the producer ends");
        let expected = ["1", "2", "3"].map(Message::from);
        assert_eq!(messages, expected);
    });
}

#[test]
fn a_full_writer_is_woken_by_the_readers_end() {
    loom::model(|| {
        let (mut writer, reader) = pipe(config(1));
        let producer = thread::spawn(move || {
            push(&mut writer, "1");
            assert!(
                !push(&mut writer, "2"),
                "there was no room for a second message"
            );
        });
        drop(reader);
        producer.join().expect("the producer ends");
    });
}

#[test]
fn a_piece_that_was_taken_counts_until_it_is_released() {
    loom::model(|| {
        let (mut writer, mut reader) = pipe(config(2));
        let producer = thread::spawn(move || {
            for body in ["1", "2", "3"] {
                assert!(push(&mut writer, body));
                assert!(writer.queued() <= 2, "the mark is exact");
            }
        });
        let mut read = 0;
        while read < 3 {
            let taken = block_on(poll_fn(|cx| {
                reader.set_waker(cx.waker());
                match reader.take() {
                    Ok(records) => Poll::Ready(records),
                    Err(_) => Poll::Pending,
                }
            }));
            read += taken.messages();
            reader.release(taken.messages(), taken.wire_len(), &mut Wakes::new());
        }
        producer.join().expect("the producer ends");
    });
}

#[test]
fn a_reserved_slot_whose_peer_leaves_commits_into_nothing() {
    loom::model(|| {
        let (mut writer, reader) = pipe(config(1));
        assert_eq!(writer.reserve(&mut Wakes::new()), Ok(()));
        let peer = thread::spawn(move || drop(reader));
        let message = Message::from("late");
        match writer.push_reserved(&[], &message, 0, &mut Wakes::new()) {
            Ok(()) | Err(PushError::Closed) => {}
            Err(PushError::Full) => panic!("a reserved slot is there for certain"),
        }
        peer.join().expect("the peer ends");
        assert!(writer.is_closed());
    });
}

#[test]
fn a_full_writer_is_woken_by_a_raised_mark() {
    loom::model(|| {
        let (mut writer, mut reader) = pipe(config(1));
        let gauge = writer.gauge();
        let producer = thread::spawn(move || {
            assert!(push(&mut writer, "1"));
            assert!(push(&mut writer, "2"));
        });
        gauge.set_mark(Mark::messages(2), &mut Wakes::new());
        producer.join().expect("room without a reader");
        assert_eq!(gauge.depth().messages, 2);
        assert_eq!(pop(&mut reader), Some(Message::from("1")));
        assert_eq!(pop(&mut reader), Some(Message::from("2")));
        assert_eq!(pop(&mut reader), None);
    });
}

#[test]
fn a_mark_that_is_lowered_meanwhile_leaves_nobody_waiting() {
    loom::model(|| {
        let (mut writer, mut reader) = pipe(config(4));
        let producer = thread::spawn(move || {
            assert!(push(&mut writer, "1"));
            let gauge = writer.gauge();
            gauge.set_mark(Mark::messages(1), &mut Wakes::new());
            assert!(push(&mut writer, "2"));
        });
        for body in ["1", "2"] {
            assert_eq!(pop(&mut reader), Some(Message::from(body)));
        }
        assert_eq!(pop(&mut reader), None);
        producer.join().expect("the producer ends");
    });
}

#[test]
fn a_lowered_mark_is_exact_at_once() {
    loom::model(|| {
        let (mut writer, mut reader) = pipe(config(4));
        assert!(push(&mut writer, "1"));
        let consumer = thread::spawn(move || {
            assert_eq!(pop(&mut reader), Some(Message::from("1")));
            reader
        });
        let gauge = writer.gauge();
        gauge.set_mark(Mark::messages(2), &mut Wakes::new());
        let mut room = 0;
        while writer.room(&mut Wakes::new()).is_ok() {
            assert!(push(&mut writer, "more"));
            assert!(gauge.depth().messages <= 2, "the mark is exact");
            room += 1;
        }
        assert!((1..=2).contains(&room), "{room} messages");
        drop(consumer.join().expect("the consumer ends"));
    });
}

#[test]
fn a_writer_at_its_mark_in_bytes_is_woken_by_credit() {
    loom::model(|| {
        let (mut writer, mut reader) = pipe(PipeConfig {
            send_mark: Some(Mark::messages(10).bytes(1)),
            ..config(10)
        });
        let producer = thread::spawn(move || {
            assert!(push(&mut writer, "1"));
            assert!(push(&mut writer, "2"));
            assert!(writer.queued() <= 2, "what was read may not be told yet");
        });
        assert_eq!(pop(&mut reader), Some(Message::from("1")));
        assert_eq!(pop(&mut reader), Some(Message::from("2")));
        producer.join().expect("the producer ends");
    });
}

#[test]
fn a_mark_in_bytes_that_comes_meanwhile_leaves_nobody_waiting() {
    loom::model(|| {
        let (mut writer, mut reader) = pipe(config(4));
        let producer = thread::spawn(move || {
            assert!(push(&mut writer, "1"));
            let gauge = writer.gauge();
            gauge.set_mark(Mark::messages(4).bytes(1), &mut Wakes::new());
            assert!(push(&mut writer, "2"));
        });
        assert_eq!(pop(&mut reader), Some(Message::from("1")));
        assert_eq!(pop(&mut reader), Some(Message::from("2")));
        assert_eq!(pop(&mut reader), None);
        producer.join().expect("the producer ends");
    });
}
