//! What holds for any messages, any versions, any fragments and any bytes.

use proptest::collection::vec;
use proptest::prelude::*;

use zmtp_codec::bytes::BytesMut;
use zmtp_codec::{Config, Limits, Message, Records, Session, SocketType};

use crate::support::{Actor, SIGNATURE, Said, cases, command, frame, greeting, ready};

/// What a peer of some version sends for a handshake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Handshake {
    V3_1,
    V3_0,
    V2_0,
    V1_0,
    Unversioned,
}

impl Handshake {
    const ALL: [Self; 5] = [
        Self::V3_1,
        Self::V3_0,
        Self::V2_0,
        Self::V1_0,
        Self::Unversioned,
    ];

    fn bytes(self, kind: SocketType) -> Vec<u8> {
        let versioned = |revision| [SIGNATURE, &[revision, kind.number()]].concat();
        match self {
            Self::V3_1 => [greeting(1), ready(kind)].concat(),
            Self::V3_0 => [greeting(0), ready(kind)].concat(),
            Self::V2_0 => [&versioned(1)[..], b"\0\x02me"].concat(),
            Self::V1_0 => [&versioned(0)[..], b"\x03\0me"].concat(),
            Self::Unversioned => b"\x03\0me".to_vec(),
        }
    }

    /// A session whose peer has introduced itself like this.
    fn meet(self, kind: SocketType, peer: SocketType) -> Actor {
        self.meet_with(Config::new(kind), peer)
    }

    fn meet_with(self, config: Config, peer: SocketType) -> Actor {
        let mut actor = Actor::new(config);
        actor.hear(&self.bytes(peer));
        assert_eq!(actor.error, None);
        actor.take_sent();
        actor
    }

    fn frame(self, more: bool, body: &[u8]) -> Vec<u8> {
        match self {
            Self::V1_0 | Self::Unversioned => {
                let length = body.len() as u64 + 1;
                let size = match u8::try_from(length) {
                    Ok(length) if length < 255 => vec![length],
                    _ => [&[255], &length.to_be_bytes()[..]].concat(),
                };
                [&size[..], &[u8::from(more)], body].concat()
            }
            _ => frame(u8::from(more), body),
        }
    }
}

fn handshake() -> impl Strategy<Value = Handshake> {
    proptest::sample::select(&Handshake::ALL[..])
}

/// Bodies of all sizes, most of them small or at a boundary.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let size = prop_oneof![
        8 => 0..80usize,
        4 => 250..260usize,
        2 => 250..600usize,
        1 => 65_000..66_000usize,
    ];
    (size, any::<u8>(), any::<u8>()).prop_map(|(size, first, rest)| {
        let mut body = vec![rest; size];
        body.iter_mut().take(1).for_each(|byte| *byte = first % 4);
        body
    })
}

fn message() -> impl Strategy<Value = Vec<Vec<u8>>> {
    prop_oneof![3 => vec(body(), 1), 1 => vec(body(), 1..6)]
}

/// Cuts `bytes` at these distances, again and again.
fn cut<'a>(mut bytes: &'a [u8], distances: &[usize]) -> Vec<&'a [u8]> {
    let mut distances = distances.iter().cycle();
    let mut pieces = Vec::new();
    while !bytes.is_empty() {
        let (piece, rest) = bytes.split_at(bytes.len().min(*distances.next().expect("a cycle")));
        pieces.push(piece);
        bytes = rest;
    }
    pieces
}

fn distances() -> impl Strategy<Value = Vec<usize>> {
    prop_oneof![
        vec(1..4usize, 1..4),
        vec(1..300usize, 1..10),
        vec(1..100_000usize, 1..10)
    ]
}

/// PING, PONG, and a command that nobody knows.
fn aside() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(command("PING", b"\0\0hello")),
        Just(command("PONG", b"")),
        Just(command("NOISE", &[b'!'; 300])),
    ]
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn any_messages_arrive_in_any_version_and_any_fragments(
        version in handshake(),
        messages in vec(message(), 0..12),
        distances in distances(),
    ) {
        let mut push = version.meet(SocketType::Push, SocketType::Pull);
        let mut pull = version.meet(SocketType::Pull, SocketType::Push);
        let messages: Vec<_> = messages.into_iter().map(Said::Message).collect();
        messages.iter().for_each(|message| push.say(message));
        cut(push.sent(), &distances).into_iter().for_each(|piece| pull.hear(piece));
        prop_assert_eq!(pull.error, None);
        prop_assert!(pull.heard == messages);
    }

    #[test]
    fn subscriptions_and_messages_keep_their_order_in_any_version(
        version in handshake(),
        said in vec((0..3, message()), 0..12),
        distances in distances(),
    ) {
        let mut subscriber = version.meet(SocketType::XSub, SocketType::XPub);
        let mut publisher = version.meet(SocketType::XPub, SocketType::XSub);
        let said: Vec<_> = said.into_iter().map(|(what, mut frames)| match what {
            0 => Said::Subscribe(frames.swap_remove(0)),
            1 => Said::Cancel(frames.swap_remove(0)),
            // A message of one frame that begins with 0 or 1 would be one of these.
            _ => Said::Message([vec![b"data".to_vec()], frames].concat()),
        }).collect();
        said.iter().for_each(|said| subscriber.say(said));
        cut(subscriber.sent(), &distances).into_iter().for_each(|piece| publisher.hear(piece));
        prop_assert_eq!(publisher.error, None);
        let phantom = (version == Handshake::Unversioned).then(|| Said::Subscribe(Vec::new()));
        let expected: Vec<_> = phantom.into_iter().chain(said).collect();
        prop_assert!(publisher.heard == expected);
    }

    #[test]
    fn commands_between_any_frames_change_no_message(
        messages in vec(message(), 1..6),
        asides in vec(aside(), 0..12),
        distances in distances(),
    ) {
        let mut pull = Handshake::V3_1.meet(SocketType::Pull, SocketType::Push);
        let mut asides = asides.into_iter();
        let mut wire = Vec::new();
        for frames in &messages {
            for (index, body) in frames.iter().enumerate() {
                wire.extend(asides.next().unwrap_or_default());
                wire.extend(frame(u8::from(index + 1 < frames.len()), body));
            }
        }
        cut(&wire, &distances).into_iter().for_each(|piece| pull.hear(piece));
        prop_assert_eq!(pull.error, None);
        let expected: Vec<_> = messages.into_iter().map(Said::Message).collect();
        prop_assert!(pull.heard == expected);
    }

    #[test]
    fn a_writer_may_stop_at_any_byte_and_the_rest_is_known(
        version in handshake(),
        kind in proptest::sample::select(&[SocketType::XSub, SocketType::Pair][..]),
        messages in vec(message(), 1..10),
        writes in distances(),
        share_from in 0..1000usize,
        stop in any::<prop::sample::Index>(),
    ) {
        let messages: Vec<_> = messages.into_iter().map(Message::from_frames).collect();
        let records = || {
            let mut records = Records::sharing_from(share_from);
            messages.iter().for_each(|message| records.push(&[], message, 0));
            records
        };
        let mut tx = split(version, kind).tx;
        let whole: Vec<u8> = tx.encode(records()).pieces(0).flatten().copied().collect();
        let mut batch = tx.encode(records());
        prop_assert_eq!(batch.wire_len(), whole.len());
        let stop = stop.index(whole.len() + 1);
        let (mut total, mut finished, mut offset) = (0, 0, 0);
        for write in cut(&whole[..stop], &writes) {
            total += write.len();
            let (count, length) = batch.discard_written(offset + write.len());
            offset = offset + write.len() - length;
            finished += count;
            prop_assert_eq!(batch.messages(), messages.len() - finished);
            prop_assert_eq!(batch.wire_len(), whole.len() - total + offset);
        }
        let left: Vec<u8> = batch.pieces(offset).flatten().copied().collect();
        prop_assert!(left == whole[stop..]);
        let mut rest = batch.into_records();
        let rest: Vec<_> = core::iter::from_fn(|| rest.pop()).collect();
        prop_assert!(rest == messages[finished..]);
    }

    #[test]
    fn limits_hold_at_the_byte(
        version in handshake(),
        sizes in vec(0..400usize, 1..6),
        distances in distances(),
    ) {
        let wire: Vec<u8> = sizes.iter().enumerate().flat_map(|(index, size)| {
            version.frame(index + 1 < sizes.len(), &vec![b'x'; *size])
        }).collect();
        let frame = sizes.iter().copied().max().unwrap_or(0) as u64;
        let message = sizes.iter().sum::<usize>() as u64;
        let limits = Limits::new().frame(frame).message(message).frames(sizes.len());
        let heard = |limits| {
            let config = Config::new(SocketType::Pull).limits(limits);
            let mut pull = version.meet_with(config, SocketType::Push);
            cut(&wire, &distances).into_iter().for_each(|piece| pull.hear(piece));
            (pull.heard.len(), pull.error.is_some())
        };
        prop_assert_eq!(heard(limits), (1, false));
        let fewer = limits.frames(sizes.len() - 1);
        let tighter = [
            frame.checked_sub(1).map(|frame| limits.frame(frame)),
            message.checked_sub(1).map(|message| limits.message(message)),
            Some(fewer),
        ];
        for limits in tighter.into_iter().flatten() {
            prop_assert_eq!(heard(limits), (0, true));
        }
    }
}

/// The halves of a connection to such a peer.
fn split(version: Handshake, kind: SocketType) -> zmtp_codec::Parts {
    let peer = match kind {
        SocketType::XSub => SocketType::XPub,
        other => other,
    };
    let mut session = Session::new(Config::new(kind), core::time::Duration::ZERO);
    let mut input = BytesMut::from(&version.bytes(peer)[..]);
    session
        .handle_input(core::time::Duration::ZERO, &mut input)
        .expect("a good handshake");
    while session.poll_transmit().is_some() {}
    session.split().expect("ready")
}
