use super::*;
use crate::frame::MORE;
use alloc::vec;

/// What every message is checked against: its frames in a vector.
fn check(message: &Message, expected: &[&[u8]]) {
    assert!(
        message.frames().eq(expected.iter().copied()),
        "{message:?} is not {expected:?}"
    );
    assert_eq!(message.len(), expected.len());
    assert_eq!(message.size(), expected.concat().len());
    assert_eq!(message.head(), expected[0]);
    assert_eq!(message.body(), expected[expected.len() - 1]);
    assert_eq!(message.frame(expected.len()), None);
    let frames: Vec<_> = expected
        .iter()
        .map(|frame| Bytes::copy_from_slice(frame))
        .collect();
    assert_eq!(message.clone().into_frames(), frames);
    assert_eq!(*message, Message::from_frames(frames));
}

#[test]
fn a_message_stays_in_two_cache_lines() {
    assert!(size_of::<Message>() <= 80);
    assert_eq!(size_of::<Option<Message>>(), size_of::<Message>());
}

#[test]
fn one_frame_of_any_size_comes_back() {
    for size in 0..600 {
        let body = vec![size as u8; size];
        check(&Message::from(&body[..]), &[&body]);
        check(&Message::from(body.clone()), &[&body]);
    }
}

#[test]
fn frames_can_be_put_on_and_taken_off_at_every_size() {
    for size in 0..140 {
        let body = vec![b'x'; size];
        let mut message = Message::from(&body[..]);
        assert_eq!(message.pop_front(), None);
        message.push_front("id");
        message.push_front("");
        message.push_back("tail");
        check(&message, &[b"", b"id", &body, b"tail"]);
        assert_eq!(message.pop_front().as_deref(), Some(&b""[..]));
        assert_eq!(message.pop_front().as_deref(), Some(&b"id"[..]));
        check(&message, &[&body, b"tail"]);
        assert_eq!(message.pop_front().as_deref(), Some(&body[..]));
        check(&message, &[b"tail"]);
    }
}

#[test]
fn a_message_is_never_without_a_frame() {
    check(&Message::new(), &[b""]);
    check(&Message::from_frames(Vec::<Bytes>::new()), &[b""]);
    assert!(Message::new().is_empty());
    assert!(!Message::from_frames(["", ""]).is_empty());
}

#[test]
fn debug_output_shows_frames_and_cuts_long_ones() {
    let message = Message::from_frames([Bytes::from_static(b"a\0"), vec![b'y'; 40].into()]);
    let shown = alloc::format!("{message:?}");
    assert_eq!(
        shown,
        "Message([b\"a\\x00\", b\"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\"… (40 bytes)])"
    );
}

#[test]
fn packed_frames_carry_more_but_the_last() {
    let mut wire = BytesMut::new();
    Message::from_frames(["a", "", "bc"]).encode(0, 4096, &mut wire, |_, _| {});
    assert_eq!(&wire[..], [MORE, 1, b'a', MORE, 0, 0, 2, b'b', b'c']);
    wire.clear();
    Message::from_frames(["a", "", "bc"]).encode(1, 4096, &mut wire, |_, _| {});
    assert_eq!(&wire[..], [MORE, 0, 0, 2, b'b', b'c']);
}
