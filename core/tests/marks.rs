//! High-water marks that are moved while the pipe is in use, and what a gauge shows.
#![cfg(not(loom))]

use std::collections::VecDeque;

use ferromq_core::{
    Mark, Message, PipeConfig, PipeReader, PipeWriter, PopError, PushError, QueueDepth, Wakes, pipe,
};
use proptest::prelude::*;

fn marked(send: Option<usize>, receive: Option<usize>) -> (PipeWriter, PipeReader) {
    pipe(PipeConfig {
        send_mark: send.map(Mark::messages),
        receive_mark: receive.map(Mark::messages),
        share_from: 4096,
        conflate: false,
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
    reader.release(taken.messages(), &mut Wakes::new());
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
        conflate: true,
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

#[derive(Debug, Clone)]
enum Step {
    Push,
    Pop,
    Move { sending: bool, mark: usize },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => Just(Step::Push),
        5 => Just(Step::Pop),
        1 => (any::<bool>(), 0..8usize).prop_map(|(sending, mark)| Step::Move { sending, mark }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn whatever_becomes_of_the_marks_messages_stay_and_there_is_no_more_than_their_room(
        steps in prop::collection::vec(step(), 1..200)
    ) {
        let (mut writer, mut reader) = marked(Some(3), Some(2));
        let mut marks = [3, 2];
        let (mut waiting, mut next) = (VecDeque::new(), 0u64);
        for step in steps {
            let room = match marks {
                [0, _] | [_, 0] => usize::MAX,
                [one, other] => one + other,
            };
            match step {
                Step::Push => match push(&mut writer, &next.to_be_bytes()) {
                    Ok(()) => {
                        prop_assert!(waiting.len() < room);
                        waiting.push_back(next);
                        next += 1;
                    }
                    Err(error) => {
                        prop_assert_eq!(error, PushError::Full);
                        prop_assert!(!waiting.is_empty(), "an empty pipe has room");
                    }
                },
                Step::Pop => match waiting.pop_front() {
                    Some(first) => prop_assert_eq!(
                        pop(&mut reader),
                        Ok(Message::from(&first.to_be_bytes()[..]))
                    ),
                    None => prop_assert_eq!(pop(&mut reader), Err(PopError::Empty)),
                },
                Step::Move { sending, mark } => {
                    let gauge = if sending { writer.gauge() } else { reader.gauge() };
                    gauge.set_mark(Mark::messages(mark), &mut Wakes::new());
                    marks[usize::from(!sending)] = mark;
                }
            }
            let depth = QueueDepth { messages: waiting.len(), bytes: waiting.len() * 10 };
            prop_assert_eq!(writer.gauge().depth(), depth);
        }
    }
}
