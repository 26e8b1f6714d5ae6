//! A pipe in which a new message replaces the one of its topic.
#![cfg(not(loom))]

use bytes::Bytes;
use ferromq_core::{
    Conflate, Mark, Message, PipeConfig, PipeReader, PipeWriter, PopError, PushError, Wakes, pipe,
};
use proptest::collection::vec;
use proptest::prelude::*;
use zmtp_codec::Records;

fn ends(conflate: Conflate, mark: Mark) -> (PipeWriter, PipeReader) {
    pipe(PipeConfig {
        send_mark: Some(mark),
        receive_mark: None,
        share_from: 100,
        conflate,
    })
}

fn by_topic(mark: usize) -> (PipeWriter, PipeReader) {
    ends(Conflate::ByTopic, Mark::messages(mark))
}

fn push(writer: &mut PipeWriter, message: &Message) -> Result<(), PushError> {
    writer.push(&[], message, 0, &mut Wakes::new())
}

fn pop(reader: &mut PipeReader) -> Result<Message, PopError> {
    let mut message = Message::new();
    reader.pop(&mut message, &mut Wakes::new())?;
    Ok(message)
}

#[test]
fn the_newest_of_each_topic_is_left_whole_and_in_order() {
    let (mut writer, mut reader) = by_topic(0);
    let texts = [["a", "1"], ["b", "1"], ["a", "2"], ["c", "1"], ["b", "2"]];
    for frames in texts {
        assert_eq!(push(&mut writer, &Message::from_frames(frames)), Ok(()));
    }
    for frames in [["a", "2"], ["c", "1"], ["b", "2"]] {
        assert_eq!(pop(&mut reader), Ok(Message::from_frames(frames)));
    }
    assert_eq!(pop(&mut reader), Err(PopError::Empty));
    let totals = reader.gauge().totals();
    assert_eq!((totals.messages, totals.replaced), (5, 2));
}

#[test]
fn a_full_pipe_has_room_for_topics_that_wait() {
    let (mut writer, mut reader) = by_topic(2);
    for topic in ["a", "b"] {
        assert_eq!(
            push(&mut writer, &Message::from_frames([topic, "1"])),
            Ok(())
        );
    }
    let other = Message::from_frames(["c", "1"]);
    for _ in 0..3 {
        assert_eq!(push(&mut writer, &other), Err(PushError::Full));
        assert_eq!(push(&mut writer, &Message::from_frames(["a", "2"])), Ok(()));
    }
    assert_eq!(pop(&mut reader), Ok(Message::from_frames(["b", "1"])));
    assert_eq!(push(&mut writer, &other), Ok(()));
    assert_eq!(pop(&mut reader), Ok(Message::from_frames(["a", "2"])));
    assert_eq!(pop(&mut reader), Ok(other));
}

#[test]
fn bytes_of_what_was_replaced_count_no_more() {
    let mark = Mark::NONE.bytes(1000);
    let (mut writer, mut reader) = ends(Conflate::ByTopic, mark);
    for number in 0..100 {
        let frames = [Bytes::from_static(b"a"), vec![number; 600].into()];
        assert_eq!(push(&mut writer, &Message::from_frames(frames)), Ok(()));
    }
    let other = Message::from(vec![0; 600]);
    assert_eq!(push(&mut writer, &other), Ok(()));
    assert_eq!(push(&mut writer, &Message::from("b")), Err(PushError::Full));
    assert_eq!(pop(&mut reader).map(|message| message.body()[0]), Ok(99));
    assert_eq!(push(&mut writer, &Message::from("b")), Ok(()));
    assert_eq!(pop(&mut reader), Ok(other));
}

#[test]
fn what_waits_is_sorted_when_the_other_side_wants_it() {
    let (mut writer, mut reader) = ends(Conflate::No, Mark::messages(4));
    for frames in [["a", "1"], ["b", "1"], ["a", "2"], ["a", "3"]] {
        assert_eq!(push(&mut writer, &Message::from_frames(frames)), Ok(()));
    }
    let more = Message::from_frames(["c", "1"]);
    assert_eq!(push(&mut writer, &more), Err(PushError::Full));
    reader.gauge().conflate_by_topic(&mut Wakes::new());
    assert_eq!(push(&mut writer, &more), Ok(()));
    for frames in [["b", "1"], ["a", "3"], ["c", "1"]] {
        assert_eq!(pop(&mut reader), Ok(Message::from_frames(frames)));
    }
    assert_eq!(pop(&mut reader), Err(PopError::Empty));
    assert_eq!(reader.gauge().totals().replaced, 2);
}

#[test]
fn a_topic_that_nobody_renews_does_not_let_the_row_grow() {
    let (mut writer, mut reader) = by_topic(0);
    let other = Message::from("seldom");
    assert_eq!(push(&mut writer, &other), Ok(()));
    for number in 0..100_000 {
        let frames = ["often".to_owned(), number.to_string()];
        assert_eq!(push(&mut writer, &Message::from_frames(frames)), Ok(()));
    }
    assert_eq!(reader.waiting(), 2);
    assert_eq!(pop(&mut reader), Ok(other));
    let last = Message::from_frames(["often", "99999"]);
    assert_eq!(pop(&mut reader), Ok(last));
}

#[derive(Debug, Clone)]
enum Step {
    Push(Sample),
    /// What one read has brought.
    PushRecords(Vec<Sample>),
    Look,
    Pop,
    PopMany(usize),
    /// Takes a piece out, or is done with the one it has.
    Take,
    Discard(usize),
    SetMark(usize),
}

#[derive(Debug, Clone)]
struct Sample {
    topic: usize,
    /// The sizes of the frames behind the topic and a number.
    bodies: Vec<usize>,
}

impl Sample {
    fn message(&self, number: u64) -> Message {
        // One is empty, one is longer than what is copied.
        let topic = vec![self.topic as u8; self.topic * self.topic * 12];
        let number = number.to_be_bytes().to_vec();
        let bodies = self.bodies.iter().map(|size| vec![b'x'; *size]);
        Message::from_frames([topic, number].into_iter().chain(bodies))
    }
}

fn sample() -> impl Strategy<Value = Sample> {
    let body = prop_oneof![8 => 0..50_usize, 2 => 90..400_usize, 1 => 3000..20_000_usize];
    (0..6_usize, vec(body, 0..3)).prop_map(|(topic, bodies)| Sample { topic, bodies })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => sample().prop_map(Step::Push),
        3 => vec(sample(), 1..8).prop_map(Step::PushRecords),
        2 => Just(Step::Look),
        3 => Just(Step::Pop),
        1 => (1..4_usize).prop_map(Step::PopMany),
        2 => Just(Step::Take),
        1 => (0..3_usize).prop_map(Step::Discard),
        1 => (1..8_usize).prop_map(Step::SetMark),
    ]
}

/// A list, searched from end to end.
#[derive(Default)]
struct Model {
    waiting: Vec<Message>,
    /// What was taken out and counts still.
    held: usize,
    pushed: u64,
    replaced: u64,
}

impl Model {
    fn has_topic(&self, message: &Message) -> bool {
        let mut waiting = self.waiting.iter();
        waiting.any(|older| older.head() == message.head())
    }

    fn push(&mut self, message: Message) {
        let before = self.waiting.len();
        self.waiting.retain(|older| older.head() != message.head());
        self.replaced += (before - self.waiting.len()) as u64;
        self.pushed += 1;
        self.waiting.push(message);
    }

    fn left(&self) -> usize {
        self.waiting.len() + self.held
    }
}

proptest! {
    #[test]
    fn a_pipe_keeps_what_a_list_would_keep(steps in vec(step(), 0..300)) {
        let mut mark = 4;
        let (mut writer, mut reader) = by_topic(mark);
        let gauge = writer.gauge();
        let mut model = Model::default();
        let mut held = None;
        let mut wakes = Wakes::new();
        for (number, step) in (0..).zip(steps) {
            match step {
                Step::Push(sample) => {
                    let message = sample.message(number);
                    let known = model.has_topic(&message);
                    match push(&mut writer, &message) {
                        Ok(()) => {
                            prop_assert!(known || model.left() < mark);
                            model.push(message);
                        }
                        Err(error) => {
                            prop_assert_eq!(error, PushError::Full);
                            prop_assert!(!known && model.left() > mark / 2);
                        }
                    }
                }
                Step::PushRecords(samples) => {
                    let mut records = Records::sharing_from(100);
                    let room = writer.room(&mut wakes).unwrap_or_default();
                    for sample in samples.iter().take(room) {
                        let message = sample.message(number);
                        records.push(&[], &message, 0);
                        model.push(message);
                    }
                    prop_assert_eq!(writer.push_records(records, &mut wakes), Ok(()));
                }
                Step::Look => {
                    prop_assert_eq!(reader.readable().is_ok(), !model.waiting.is_empty());
                }
                Step::Pop => match pop(&mut reader) {
                    Ok(message) => prop_assert_eq!(message, model.waiting.remove(0)),
                    Err(_) => prop_assert!(model.waiting.is_empty()),
                },
                Step::PopMany(limit) => {
                    let mut popped = Vec::new();
                    let count = reader.pop_many(&mut popped, limit, &mut wakes).unwrap_or(0);
                    prop_assert_eq!(count > 0, !model.waiting.is_empty());
                    prop_assert_eq!(popped, model.waiting.drain(..count).collect::<Vec<_>>());
                }
                Step::Take => {
                    if let Some((messages, bytes)) = held.take() {
                        reader.release(messages, bytes, &mut wakes);
                        reader.recycle(Records::default());
                        model.held = 0;
                    } else if let Ok(mut records) = reader.take() {
                        model.held = records.messages();
                        held = Some((records.messages(), records.wire_len()));
                        prop_assert!(model.held > 0);
                        for message in model.waiting.drain(..model.held) {
                            prop_assert_eq!(records.pop(), Some(message));
                        }
                    } else {
                        prop_assert!(model.waiting.is_empty());
                    }
                }
                Step::Discard(count) => {
                    let discarded = reader.discard(count, &mut wakes);
                    prop_assert_eq!(discarded, count.min(model.waiting.len()));
                    model.waiting.drain(..discarded);
                }
                Step::SetMark(messages) => {
                    mark = messages;
                    gauge.set_mark(Mark::messages(mark), &mut wakes);
                }
            }
            prop_assert_eq!(reader.waiting(), model.waiting.len());
            prop_assert_eq!(gauge.depth().messages, model.left());
            let totals = gauge.totals();
            prop_assert_eq!(totals.messages, model.pushed);
            prop_assert_eq!(totals.replaced, model.replaced);
        }
    }
}
