use super::*;
use crate::message::Message;
use alloc::vec;
use alloc::vec::Vec;

const SHARE_FROM: usize = 100;

fn samples() -> Vec<Message> {
    let large = || Bytes::from(vec![b'L'; 300]);
    let middle = || Bytes::from(vec![b'M'; 90]);
    vec![
        Message::from("small"),
        Message::from(middle()),
        Message::from(large()),
        Message::from_frames([Bytes::from_static(b"id"), large(), Bytes::new()]),
        Message::from_frames(["", "a", "b"]),
        Message::from_frames([large(), large()]),
        Message::from_frames([middle(), Bytes::from_static(b"tail")]),
        Message::new(),
    ]
}

fn filled() -> Records {
    let mut records = Records::sharing_from(SHARE_FROM);
    for message in &samples() {
        records.push(&[], message, 0);
    }
    records
}

fn wire(records: &Records, skip: usize) -> Vec<u8> {
    records.pieces(skip).flatten().copied().collect()
}

#[test]
fn messages_come_out_as_they_went_in() {
    let mut records = filled();
    for message in samples() {
        assert_eq!(records.pop(), Some(message));
    }
    assert_eq!(records.pop(), None);
    assert!(records.is_empty());
    assert_eq!(records.wire_len(), 0);
}

#[test]
fn what_the_wire_brings_reads_back_shared_or_copied() {
    let bytes = wire(&filled(), 0);
    for backing in [1, 1 << 20] {
        let mut records = Records::from_wire(BytesMut::from(&bytes[..]), 8, backing);
        for message in samples() {
            assert_eq!(records.pop(), Some(message));
        }
        assert_eq!(records.pop(), None);
    }
}

#[test]
fn the_same_frame_in_long_form_is_the_same_message() {
    let wire = BytesMut::from(&[2, 0, 0, 0, 0, 0, 0, 0, 1, b'x', 0, 1, b'y'][..]);
    let mut records = Records::from_wire(wire, 2, 16);
    assert_eq!(records.pop(), Some(Message::from("x")));
    assert_eq!(records.pop(), Some(Message::from("y")));
}

#[test]
fn appended_records_keep_their_shared_bodies_in_place() {
    let (mut all, mut more) = (filled(), filled());
    assert_eq!(more.pop(), Some(Message::from("small")));
    all.append(more);
    for message in samples().into_iter().chain(samples().split_off(1)) {
        assert_eq!(all.pop(), Some(message));
    }
    assert!(all.is_empty());
}

#[test]
fn any_partial_write_can_be_accounted_for() {
    let whole = wire(&filled(), 0);
    let ends: Vec<usize> = {
        let mut records = filled();
        let lengths = (0..samples().len()).map(|_| {
            let before = records.wire_len();
            records.pop();
            before - records.wire_len()
        });
        lengths
            .scan(0, |end, length| {
                *end += length;
                Some(*end)
            })
            .collect()
    };
    assert_eq!(whole.len(), *ends.last().expect("some messages"));
    for written in 0..=whole.len() {
        let mut records = filled();
        assert_eq!(wire(&records, written), whole[written..]);
        assert_eq!(records.only_piece(written), None, "bodies are shared");
        let (messages, length) = records.discard_written(written);
        assert_eq!(messages, ends.iter().filter(|end| **end <= written).count());
        assert_eq!(length, ends[..messages].last().copied().unwrap_or(0));
        assert_eq!(wire(&records, written - length), whole[written..]);
        assert_eq!(records.messages(), samples().len() - messages);
    }
}

#[test]
fn where_no_body_is_shared_there_is_one_piece() {
    let whole = wire(&filled(), 0);
    let records = Records::from_wire(BytesMut::from(&whole[..]), 8, 1);
    for skip in 0..whole.len() {
        assert_eq!(records.only_piece(skip), Some(&whole[skip..]));
    }
    assert_eq!(records.only_piece(whole.len()), None);
    assert_eq!(records.only_piece(whole.len() + 1), None);
}

#[test]
fn a_prefix_goes_first_and_skipped_frames_are_left_out() {
    let mut records = Records::sharing_from(SHARE_FROM);
    records.push(&[1, 0], &Message::from_frames(["id", "body"]), 1);
    assert_eq!(records.pop(), Some(Message::from_frames(["", "body"])));
}

#[test]
fn no_body_is_shared_that_fits_inside_a_message() {
    // A frame behind one that is skipped is no packed message, however short it is.
    let body = vec![b'a'; packed::CAPACITY - 2];
    let (mut fresh, mut recycled) = (Records::sharing_from(1), Records::sharing_from(1));
    recycled.recycle(1, 0);
    for records in [&mut fresh, &mut recycled] {
        let routed = Message::from_frames([b"id".to_vec(), body.clone()]);
        records.push(&[], &routed, 1);
        // What stands behind it is long enough to be taken for it.
        let behind = Message::from(vec![b'b'; body.len()]);
        records.push(&[], &behind, 0);
        assert_eq!(records.pop(), Some(Message::from(body.clone())));
        assert_eq!(records.pop(), Some(behind));
    }
}

#[test]
fn messages_can_be_moved_one_by_one_wherever_they_came_from() {
    let bytes = wire(&filled(), 0);
    let received = |backing| Records::from_wire(BytesMut::from(&bytes[..]), 8, backing);
    for mut from in [filled(), received(1), received(2000), received(1 << 20)] {
        let (mut one, mut all) = (Records::default(), Records::default());
        for message in samples() {
            let length = from.wire_len();
            assert_eq!(from.first_frame(), message.head());
            assert!(from.move_first(&mut one));
            assert_eq!(from.wire_len() + one.wire_len(), length);
            assert_eq!(one.first_frame(), message.head());
            all.append(one);
            one = Records::default();
        }
        assert!(!from.move_first(&mut one) && from.first_frame().is_empty());
        assert_eq!(wire(&all, 0), bytes);
        for message in samples() {
            assert_eq!(all.pop(), Some(message));
        }
    }
}

#[test]
fn a_message_that_was_moved_can_be_followed_by_others() {
    let mut from = filled();
    let mut into = Records::sharing_from(SHARE_FROM);
    into.push(&[], &Message::from("before"), 0);
    while from.move_first(&mut into) {}
    into.push(&[], &Message::from(vec![b'L'; 300]), 0);
    assert_eq!(into.pop(), Some(Message::from("before")));
    for message in samples() {
        assert_eq!(into.pop(), Some(message));
    }
    assert_eq!(into.pop(), Some(Message::from(vec![b'L'; 300])));
    assert!(into.is_empty());
}
