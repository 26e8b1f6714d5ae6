//! A pipe in which a new message replaces the one that waits.
#![cfg(not(loom))]

use ferromq_core::{
    Conflate, Mark, Message, PipeConfig, PipeReader, PipeWriter, PopError, PushError, Wakes, pipe,
};
use zmtp_codec::Records;

fn conflating() -> (PipeWriter, PipeReader) {
    pipe(PipeConfig {
        send_mark: Some(Mark::messages(1)),
        receive_mark: None,
        share_from: 4096,
        conflate: Conflate::All,
    })
}

fn push(writer: &mut PipeWriter, body: &str) -> Result<(), PushError> {
    writer.push(&[], &Message::from(body), 0, &mut Wakes::new())
}

fn pop(reader: &mut PipeReader) -> Result<Message, PopError> {
    let mut message = Message::new();
    reader.pop(&mut message, &mut Wakes::new())?;
    Ok(message)
}

#[test]
fn the_last_of_several_messages_is_left() {
    let (mut writer, mut reader) = conflating();
    for body in ["1", "2", "3"] {
        assert_eq!(push(&mut writer, body), Ok(()));
    }
    assert_eq!(pop(&mut reader), Ok(Message::from("3")));
    assert_eq!(pop(&mut reader), Err(PopError::Empty));
}

#[test]
fn the_last_of_what_one_read_has_brought_is_left() {
    let large = "large".repeat(2000);
    for bodies in [["1", "2", "3"], ["1", &large, "3"], ["1", "2", &large]] {
        let (mut writer, mut reader) = conflating();
        assert_eq!(push(&mut writer, "0"), Ok(()));
        let mut records = Records::sharing_from(4096);
        for body in bodies {
            records.push(&[], &Message::from(body), 0);
        }
        assert_eq!(writer.push_records(records, &mut Wakes::new()), Ok(()));
        assert_eq!(pop(&mut reader), Ok(Message::from(bodies[2])));
        assert_eq!(pop(&mut reader), Err(PopError::Empty));
    }
}

#[test]
fn a_message_that_was_only_looked_at_is_replaced() {
    let (mut writer, mut reader) = conflating();
    assert_eq!(reader.readable(), Err(PopError::Empty));
    assert_eq!(push(&mut writer, "1"), Ok(()));
    assert_eq!(reader.readable(), Ok(()));
    assert_eq!(push(&mut writer, "2"), Ok(()));
    assert_eq!(reader.readable(), Ok(()));
    assert_eq!(pop(&mut reader), Ok(Message::from("2")));
    assert_eq!(reader.readable(), Err(PopError::Empty));
}
