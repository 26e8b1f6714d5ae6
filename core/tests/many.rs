//! Many messages at once, to and from peers in turn.
#![cfg(not(loom))]

use ferromq_core::routing::{FairQueue, LoadBalance};
use ferromq_core::{
    Conflate, IntoMessage, Mark, Message, PeerId, PipeConfig, PipeReader, PipeWriter, PushError,
    Wakes, pipe,
};

fn with_mark(high_water: usize) -> (PipeWriter, PipeReader) {
    pipe(PipeConfig {
        send_mark: Some(Mark::messages(high_water)),
        receive_mark: None,
        share_from: 4096,
        conflate: Conflate::No,
    })
}

fn push(writer: &mut PipeWriter, bodies: &[&str]) -> Result<usize, PushError> {
    let mut row = bodies.iter().map(IntoMessage::lend);
    writer.push_many(&mut row, usize::MAX, &mut Wakes::new())
}

/// What is there, as text.
fn pop(reader: &mut PipeReader) -> Vec<String> {
    let mut messages = Vec::new();
    reader.set_origin(7);
    let _ = reader.pop_many(&mut messages, usize::MAX, &mut Wakes::new());
    assert!(messages.iter().all(|message| message.origin() == 7));
    texts(&messages)
}

fn texts(messages: &[Message]) -> Vec<String> {
    let text = |message: &Message| message.as_str().expect("text").to_owned();
    messages.iter().map(text).collect()
}

#[test]
fn a_row_is_pushed_as_far_as_there_is_room() {
    let (mut writer, mut reader) = with_mark(3);
    assert_eq!(push(&mut writer, &["1", "2", "3", "4"]), Ok(3));
    assert_eq!(push(&mut writer, &["4"]), Err(PushError::Full));
    assert_eq!(pop(&mut reader), ["1", "2", "3"]);
    assert_eq!(push(&mut writer, &["4", "5"]), Ok(2));
    assert_eq!(pop(&mut reader), ["4", "5"]);
    drop(reader);
    assert_eq!(push(&mut writer, &["6"]), Err(PushError::Closed));
}

#[test]
fn a_row_of_any_sizes_keeps_its_order_through_all_chunks() {
    let (mut writer, mut reader) = with_mark(0);
    let bodies: Vec<_> = (0..2000)
        .map(|n: usize| format!("{n} ").repeat(1 + n % 97 * (n % 13)))
        .collect();
    for row in bodies.chunks(333) {
        let row: Vec<_> = row.iter().map(String::as_str).collect();
        assert_eq!(push(&mut writer, &row), Ok(row.len()));
    }
    let mut popped = Vec::new();
    while popped.len() < bodies.len() {
        let mut messages = Vec::new();
        let most = reader.pop_many(&mut messages, 100, &mut Wakes::new());
        assert_eq!(most, Ok(messages.len()));
        popped.extend(texts(&messages));
    }
    assert_eq!(popped, bodies);
}

#[test]
fn of_a_row_the_last_is_left_where_it_replaces_the_others() {
    let (mut writer, mut reader) = pipe(PipeConfig {
        send_mark: Some(Mark::messages(1)),
        receive_mark: None,
        share_from: 4096,
        conflate: Conflate::All,
    });
    assert_eq!(push(&mut writer, &["1", "2", "3"]), Ok(3));
    assert_eq!(pop(&mut reader), ["3"]);
}

#[test]
fn peers_get_a_row_in_turn_and_the_last_with_room_gets_the_rest() {
    let mut balance = LoadBalance::new();
    let mut readers = Vec::new();
    for (number, mark) in [(1, 2), (2, 0)] {
        let (writer, reader) = with_mark(mark);
        balance.attach(PeerId::new(number), writer);
        readers.push(reader);
    }
    let bodies = ["1", "2", "3", "4", "5", "6", "7"];
    let mut row = bodies.iter().map(IntoMessage::lend);
    assert_eq!(balance.push_many(&mut row, &mut Wakes::new()), 7);
    assert_eq!(pop(&mut readers[0]), ["1", "3"]);
    assert_eq!(pop(&mut readers[1]), ["2", "4", "5", "6", "7"]);
}

#[test]
fn a_row_for_nobody_is_not_touched() {
    let mut row = ["1"].iter().map(IntoMessage::lend);
    assert_eq!(LoadBalance::new().push_many(&mut row, &mut Wakes::new()), 0);
    assert_eq!(row.len(), 1);
}

#[test]
fn peers_are_heard_in_turn_up_to_the_limit() {
    let mut queue = FairQueue::new();
    let mut writers = Vec::new();
    for number in [1, 2] {
        let (writer, reader) = with_mark(0);
        queue.attach(PeerId::new(number), reader);
        writers.push(writer);
    }
    assert_eq!(push(&mut writers[0], &["1", "2", "3", "4"]), Ok(4));
    assert_eq!(push(&mut writers[1], &["a"]), Ok(1));
    let mut messages = Vec::new();
    let mut wakes = Wakes::new();
    assert_eq!(queue.pop_many(&mut messages, 3, &mut wakes), 3);
    assert_eq!(texts(&messages), ["1", "a", "2"]);
    let origins: Vec<_> = messages.iter().map(Message::origin).collect();
    assert_eq!(origins, [1, 2, 1]);
    assert_eq!(queue.pop_many(&mut messages, 9, &mut wakes), 2);
    assert_eq!(texts(&messages), ["1", "a", "2", "3", "4"]);
    assert_eq!(queue.pop_many(&mut messages, 9, &mut wakes), 0);
}
