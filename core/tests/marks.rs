//! High-water marks that are moved while the pipe is in use, and what a gauge shows.
#![cfg(not(loom))]

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Wake, Waker};

use ferromq_core::{
    Conflate, Mark, Message, PipeConfig, PipeReader, PipeWriter, PopError, PushError, QueueDepth,
    Wakes, pipe,
};
use proptest::prelude::*;

fn marked(send: Option<usize>, receive: Option<usize>) -> (PipeWriter, PipeReader) {
    pipe(PipeConfig {
        send_mark: send.map(Mark::messages),
        receive_mark: receive.map(Mark::messages),
        share_from: 4096,
        conflate: Conflate::No,
    })
}

fn push(writer: &mut PipeWriter, body: &[u8]) -> Result<(), PushError> {
    writer.push(&[], &Message::from(body), 0, &mut Wakes::new())
}

fn pop(reader: &mut PipeReader) -> Result<Message, PopError> {
    let mut message = Message::new();
    reader.pop(&mut message, &mut Wakes::new())?;
    Ok(message)
}

/// Pushes until there is no room, and says how many had it.
fn fill(writer: &mut PipeWriter) -> usize {
    (0..10_000)
        .take_while(|_| push(writer, b"message").is_ok())
        .count()
}

#[test]
fn the_marks_of_both_sides_add_up_and_none_is_none() {
    let cases = [
        (Some(2), Some(3), 5),
        (Some(2), None, 2),
        (None, Some(3), 3),
        (Some(0), Some(3), 10_000),
        (Some(2), Some(0), 10_000),
        (None, None, 10_000),
    ];
    for (send, receive, room) in cases {
        let (mut writer, _reader) = marked(send, receive);
        assert_eq!(fill(&mut writer), room, "{send:?} and {receive:?}");
    }
}

#[test]
fn a_raised_mark_makes_room_and_a_lowered_one_takes_it() {
    let (mut writer, mut reader) = marked(Some(1), Some(1));
    writer
        .gauge()
        .set_mark(Mark::messages(5), &mut Wakes::new());
    assert_eq!(fill(&mut writer), 6);
    reader
        .gauge()
        .set_mark(Mark::messages(3), &mut Wakes::new());
    assert_eq!(fill(&mut writer), 2);
    for side in [writer.gauge(), reader.gauge()] {
        side.set_mark(Mark::messages(1), &mut Wakes::new());
    }
    assert_eq!(fill(&mut writer), 0);
    let read = std::iter::from_fn(|| pop(&mut reader).ok()).count();
    assert_eq!(read, 8, "nothing is lost");
    assert_eq!(fill(&mut writer), 2);
    writer.gauge().set_mark(Mark::NONE, &mut Wakes::new());
    assert_eq!(fill(&mut writer), 10_000);
}

#[test]
fn a_mark_that_is_moved_gives_back_what_was_read() {
    let (mut writer, mut reader) = marked(Some(1000), None);
    for _ in 0..300 {
        assert_eq!(push(&mut writer, b"message"), Ok(()));
    }
    while pop(&mut reader).is_ok() {}
    writer
        .gauge()
        .set_mark(Mark::messages(10), &mut Wakes::new());
    assert_eq!(fill(&mut writer), 10, "all of them were read");
}

#[test]
fn a_promised_slot_is_there_whatever_becomes_of_the_mark() {
    let (mut writer, mut reader) = marked(Some(2), None);
    assert_eq!(push(&mut writer, b"first"), Ok(()));
    assert_eq!(writer.reserve(&mut Wakes::new()), Ok(()));
    writer
        .gauge()
        .set_mark(Mark::messages(1), &mut Wakes::new());
    let promised = writer.push_reserved(&[], &Message::from("second"), 0, &mut Wakes::new());
    assert_eq!(promised, Ok(()));
    assert_eq!(pop(&mut reader), Ok(Message::from("first")));
    assert_eq!(pop(&mut reader), Ok(Message::from("second")));
}

#[test]
fn a_gauge_shows_what_waits_and_what_was_taken_but_not_done_with() {
    let (mut writer, mut reader) = marked(Some(100), None);
    let gauge = writer.gauge();
    assert_eq!(gauge.depth(), QueueDepth::default());
    for body in [&[1; 8][..], &[2; 98], &[3; 5000]] {
        assert_eq!(push(&mut writer, body), Ok(()));
    }
    // Two bytes of header, or nine where the body is longer than 255.
    let all = QueueDepth {
        messages: 3,
        bytes: 10 + 100 + 5009,
    };
    assert_eq!(gauge.depth(), all);
    let taken = reader.take().expect("messages");
    assert_eq!(gauge.depth(), all, "nothing of it is done with");
    reader.release(taken.messages(), taken.wire_len(), &mut Wakes::new());
    assert_eq!(gauge.depth(), QueueDepth::default());
    assert!(!gauge.is_over());
    drop((writer, reader));
    assert!(gauge.is_over());
}

#[test]
fn of_messages_that_replace_each_other_one_waits() {
    let (mut writer, mut reader) = pipe(PipeConfig {
        send_mark: Some(Mark::messages(1)),
        receive_mark: None,
        share_from: 4096,
        conflate: Conflate::All,
    });
    for _ in 0..10 {
        assert_eq!(push(&mut writer, b"12345678"), Ok(()));
        let expected = QueueDepth {
            messages: 1,
            bytes: 10,
        };
        assert_eq!(reader.gauge().depth(), expected);
    }
    assert!(pop(&mut reader).is_ok());
    assert_eq!(reader.gauge().depth(), QueueDepth::default());
}

fn limited(bytes: usize) -> (PipeWriter, PipeReader) {
    pipe(PipeConfig {
        send_mark: Some(Mark::messages(100).bytes(bytes)),
        receive_mark: None,
        share_from: 4096,
        conflate: Conflate::No,
    })
}

#[test]
fn whichever_mark_is_reached_first_counts() {
    // A body of 98 bytes takes 100.
    let (mut writer, _reader) = limited(1000);
    let pushed = (0..1000).take_while(|_| push(&mut writer, &[0; 98]).is_ok());
    assert_eq!(pushed.count(), 10);
    assert_eq!(writer.room(&mut Wakes::new()), Err(PushError::Full));
    let (mut writer, _reader) = limited(1000);
    let pushed = (0..1000).take_while(|_| push(&mut writer, &[0; 3]).is_ok());
    assert_eq!(pushed.count(), 100);
}

#[test]
fn one_message_of_any_size_has_room_and_no_other_behind_it() {
    let (mut writer, mut reader) = limited(10);
    for size in [5000, 300, 9] {
        assert_eq!(push(&mut writer, &vec![0; size]), Ok(()));
        assert_eq!(push(&mut writer, b""), Err(PushError::Full));
        assert_eq!(pop(&mut reader), Ok(Message::from(vec![0; size])));
    }
}

#[test]
fn room_for_bytes_comes_back_by_halves() {
    let (mut writer, mut reader) = limited(1000);
    while push(&mut writer, &[0; 98]).is_ok() {}
    for _ in 0..4 {
        assert!(pop(&mut reader).is_ok());
        assert_eq!(push(&mut writer, b""), Err(PushError::Full));
    }
    assert!(pop(&mut reader).is_ok());
    let pushed = (0..1000).take_while(|_| push(&mut writer, &[0; 98]).is_ok());
    assert_eq!(pushed.count(), 5);
}

#[test]
fn bytes_that_were_taken_count_until_they_are_released() {
    let (mut writer, mut reader) = limited(1000);
    while push(&mut writer, &[0; 98]).is_ok() {}
    let mut taken = reader.take().expect("messages");
    assert_eq!(push(&mut writer, b""), Err(PushError::Full));
    taken.discard_messages(4);
    reader.release(4, 400, &mut Wakes::new());
    assert_eq!(push(&mut writer, b""), Err(PushError::Full));
    taken.discard_messages(1);
    reader.release(1, 100, &mut Wakes::new());
    assert_eq!(push(&mut writer, &[0; 98]), Ok(()));
}

#[test]
fn a_mark_in_bytes_can_come_and_go_while_messages_wait() {
    let (mut writer, mut reader) = limited(0);
    let gauge = writer.gauge();
    for _ in 0..20 {
        assert_eq!(push(&mut writer, &[0; 98]), Ok(()));
    }
    for _ in 0..10 {
        assert!(pop(&mut reader).is_ok());
    }
    gauge.set_mark(Mark::messages(100).bytes(500), &mut Wakes::new());
    assert_eq!(push(&mut writer, b""), Err(PushError::Full));
    while pop(&mut reader).is_ok() {}
    let pushed = (0..1000).take_while(|_| push(&mut writer, &[0; 98]).is_ok());
    assert_eq!(pushed.count(), 5);
    gauge.set_mark(Mark::messages(100), &mut Wakes::new());
    assert_eq!(fill(&mut writer), 95);
}

#[test]
fn a_writer_that_sleeps_is_woken_by_the_mark_as_it_is_now() {
    let flag = Arc::new(Flag::default());
    let (mut writer, mut reader) = limited(1 << 20);
    writer.set_waker(&Waker::from(Arc::clone(&flag)));
    for _ in 0..60 {
        assert_eq!(push(&mut writer, &[0; 98]), Ok(()));
    }
    // The rest of the piece is in the reader's hands, with steps of 50 messages.
    assert!(pop(&mut reader).is_ok());
    for mark in [Mark::messages(10), Mark::messages(10).bytes(1000)] {
        writer.gauge().set_mark(mark, &mut Wakes::new());
        assert_eq!(push(&mut writer, b""), Err(PushError::Full));
        flag.0.store(false, Ordering::Relaxed);
        for _ in 0..5 {
            assert!(pop(&mut reader).is_ok());
        }
        let returned = 60 - writer.queued();
        assert!(returned >= 5, "{returned} messages were given back");
    }
    for _ in 0..49 {
        assert!(pop(&mut reader).is_ok());
    }
    assert!(flag.0.load(Ordering::Relaxed), "there is room");
    assert_eq!(push(&mut writer, &[0; 98]), Ok(()));
}

/// Whether the writer was woken.
#[derive(Default)]
struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Bodies of which the large ones are shared.
const SIZES: [usize; 4] = [0, 8, 300, 5000];

#[derive(Debug, Clone)]
enum Step {
    Push(usize),
    Pop,
    PopAll,
    Move {
        sending: bool,
        messages: usize,
        bytes: usize,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let mark = (
        any::<bool>(),
        0..8usize,
        prop::sample::select(&[0, 10, 400, 6000][..]),
    );
    prop_oneof![
        6 => prop::sample::select(&SIZES[..]).prop_map(Step::Push),
        5 => Just(Step::Pop),
        1 => Just(Step::PopAll),
        1 => mark.prop_map(|(sending, messages, bytes)| Step::Move { sending, messages, bytes }),
    ]
}

/// What a message with that body takes.
fn length(body: usize) -> usize {
    body + if body > 255 { 9 } else { 2 }
}

/// What two sides let wait together.
fn together(one: usize, other: usize) -> usize {
    match (one, other) {
        (0, _) | (_, 0) => usize::MAX,
        _ => one + other,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn whatever_becomes_of_the_marks_messages_stay_and_there_is_no_more_than_their_room(
        steps in prop::collection::vec(step(), 1..200)
    ) {
        let (mut writer, mut reader) = marked(Some(3), Some(2));
        let mut marks = [(3, 0), (2, 0)];
        let mut waiting = VecDeque::new();
        for step in steps {
            let [one, other] = marks;
            let bytes = waiting.iter().copied().map(length).sum::<usize>();
            match step {
                Step::Push(size) => match push(&mut writer, &vec![1; size]) {
                    Ok(()) => {
                        prop_assert!(waiting.len() < together(one.0, other.0));
                        prop_assert!(bytes < together(one.1, other.1));
                        waiting.push_back(size);
                    }
                    Err(error) => {
                        prop_assert_eq!(error, PushError::Full);
                        // Of bytes nobody knows that they were read before the reader looks.
                        if waiting.is_empty() {
                            prop_assert_eq!(pop(&mut reader), Err(PopError::Empty));
                            prop_assert_eq!(push(&mut writer, &vec![1; size]), Ok(()));
                            waiting.push_back(size);
                        }
                    }
                },
                Step::Pop => match waiting.pop_front() {
                    Some(first) => {
                        prop_assert_eq!(pop(&mut reader), Ok(Message::from(vec![1; first])));
                    }
                    None => prop_assert_eq!(pop(&mut reader), Err(PopError::Empty)),
                },
                Step::PopAll => {
                    while reader.readable().is_ok() && !waiting.is_empty() {
                        let first = waiting.pop_front().unwrap_or_default();
                        prop_assert_eq!(pop(&mut reader), Ok(Message::from(vec![1; first])));
                    }
                }
                Step::Move { sending, messages, bytes } => {
                    let gauge = if sending { writer.gauge() } else { reader.gauge() };
                    let mark = Mark::messages(messages).bytes(bytes);
                    gauge.set_mark(mark, &mut Wakes::new());
                    marks[usize::from(!sending)] = (messages, bytes);
                }
            }
            prop_assert_eq!(writer.gauge().depth().messages, waiting.len());
        }
    }
}
