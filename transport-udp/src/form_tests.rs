use std::net::Ipv4Addr;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

const ANYBODY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 7);

fn bytes_of(outgoing: &Outgoing<'_>) -> Vec<u8> {
    let pieces = outgoing.pieces();
    pieces.iter().flat_map(|piece| piece.to_vec()).collect()
}

fn frames(message: &Message) -> Vec<&[u8]> {
    message.frames().collect()
}

fn lost<T>(outcome: Result<T, Loss>) -> Option<Loss> {
    outcome.err()
}

#[test]
fn a_group_stands_in_front_of_the_body_with_its_length() {
    for (group, body, datagram) in [
        ("tv", "news", &b"\x02tvnews"[..]),
        ("tv", "", b"\x02tv"),
        ("", "news", b"\x00news"),
        ("", "", b"\x00"),
    ] {
        let message = Message::from_frames([group, body]);
        let outgoing = Form::Group.write(&message, 8192).expect("a datagram");
        assert_eq!(
            (bytes_of(&outgoing).as_slice(), outgoing.to),
            (datagram, None)
        );
        assert_eq!(Form::Group.read(datagram, ANYBODY), Ok(message));
    }
}

/// An octet from 128 on is a length like any other: libzmq has taken it for a negative
/// one (its commit e357cd32).
#[test]
fn a_group_may_have_every_length_of_an_octet() {
    for length in 0..=255_u8 {
        let group = vec![b'g'; usize::from(length)];
        let mut datagram = vec![length];
        datagram.extend(&group);
        let message = Form::Group.read(&datagram, ANYBODY).expect("a message");
        assert_eq!(frames(&message), [&group[..], b""]);
        if length > 0 {
            datagram.pop();
            assert_eq!(
                lost(Form::Group.read(&datagram, ANYBODY)),
                Some(Loss::GroupCut)
            );
        }
    }
    assert_eq!(lost(Form::Group.read(&[], ANYBODY)), Some(Loss::NoGroup));
}

/// libzmq has copied what was longer over the end of its buffer (its commit af11df08).
#[test]
fn a_datagram_is_as_long_as_the_limit_and_no_longer() {
    let fits = |form: Form, head: &'static str, length: usize| {
        let message = Message::from_frames([head.into(), vec![0; length]]);
        lost(form.write(&message, 8192))
    };
    assert_eq!(fits(Form::Group, "group", 8186), None);
    assert_eq!(fits(Form::Group, "group", 8187), Some(Loss::TooLongToSend));
    assert_eq!(fits(Form::Address, "127.0.0.1:5", 8192), None);
    assert_eq!(
        fits(Form::Address, "127.0.0.1:5", 8193),
        Some(Loss::TooLongToSend)
    );
}

#[test]
fn messages_have_two_frames() {
    for form in [Form::Group, Form::Address] {
        let one = Message::from("127.0.0.1:5");
        let three = Message::from_frames(["127.0.0.1:5", "b", "c"]);
        assert_eq!(lost(form.write(&one, 8192)), Some(Loss::Malformed));
        assert_eq!(lost(form.write(&three, 8192)), Some(Loss::Malformed));
    }
    let group = Message::from_frames([vec![b'g'; 256], vec![]]);
    assert_eq!(lost(Form::Group.write(&group, 8192)), Some(Loss::Malformed));
}

#[test]
fn addresses_are_text() {
    for (text, address) in [
        ("127.0.0.1:5555", "127.0.0.1:5555"),
        ("127.0.0.1:5555\0", "127.0.0.1:5555"),
        ("[::1]:5555", "[::1]:5555"),
    ] {
        let message = Message::from_frames([text, "body"]);
        let outgoing = Form::Address.write(&message, 8192).expect("a datagram");
        assert_eq!(outgoing.to, address.parse().ok(), "{text}");
        assert_eq!(bytes_of(&outgoing), b"body");
    }
    for text in [
        "",
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:0",
        "127.0.0.1:65536",
        "127.0.0.1:5555 ",
        "localhost:5555",
        ":5555",
        "\0",
        "127.0.0.1:5555\0\0",
    ] {
        let message = Message::from_frames([text, "body"]);
        assert_eq!(
            lost(Form::Address.write(&message, 8192)),
            Some(Loss::NoAddress),
            "{text:?}"
        );
    }
    for (from, text) in [
        ("127.0.0.1:80", "127.0.0.1:80"),
        ("[::ffff:127.0.0.1]:80", "127.0.0.1:80"),
        ("[::1]:80", "[::1]:80"),
    ] {
        let message = Form::Address
            .read(b"", from.parse().expect(from))
            .expect("a message");
        assert_eq!(frames(&message), [text.as_bytes(), b""]);
    }
}

/// Any bytes, and zeros behind them up to any length of a datagram.
fn datagrams() -> impl Strategy<Value = Vec<u8>> {
    (vec(any::<u8>(), 0..300), 0_usize..65_536).prop_map(|(mut datagram, length)| {
        datagram.resize(length.max(datagram.len()), 0);
        datagram
    })
}

proptest! {
    /// Whatever comes is a message or a loss with a name, and what is a message was
    /// written like that.
    #[test]
    fn any_bytes_are_read(datagram in prop_oneof![vec(any::<u8>(), 0..300), datagrams()]) {
        match Form::Group.read(&datagram, ANYBODY) {
            Ok(message) => {
                let outgoing = Form::Group.write(&message, usize::MAX).expect("a datagram");
                prop_assert_eq!(&bytes_of(&outgoing), &datagram);
            }
            Err(loss) => prop_assert!(matches!(loss, Loss::NoGroup | Loss::GroupCut)),
        }
        let message = Form::Address.read(&datagram, ANYBODY).expect("anything is a body");
        let outgoing = Form::Address.write(&message, usize::MAX).expect("a datagram");
        prop_assert_eq!(outgoing.to, Some(ANYBODY));
        prop_assert_eq!(&bytes_of(&outgoing), &datagram);
    }

    #[test]
    fn any_message_is_written_or_lost(frames in vec(vec(any::<u8>(), 0..300), 1..4), limit in 0_usize..600) {
        let message = Message::from_frames(frames.clone());
        for form in [Form::Group, Form::Address] {
            if let Ok(outgoing) = form.write(&message, limit) {
                prop_assert!(bytes_of(&outgoing).len() <= limit);
            }
        }
    }

    #[test]
    fn addresses_come_back(ip in any::<std::net::IpAddr>(), port in 1_u16..) {
        let from = SocketAddr::new(ip.to_canonical(), port);
        let message = Form::Address.read(b"body", from).expect("a message");
        let outgoing = Form::Address.write(&message, 8192).expect("a datagram");
        prop_assert_eq!(outgoing.to, Some(from));
    }
}
