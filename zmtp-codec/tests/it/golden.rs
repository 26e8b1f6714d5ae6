//! Conversations with libzmq, replayed: given what libzmq's peer sent, a session
//! must send what libzmq sent, byte for byte, and understand the same.
//!
//! `golden/capture.py` recorded them and says what the lines mean.

use core::time::Duration;
use std::path::Path;

use crate::support::{Actor, Said};
use zmtp_codec::{
    AuthStatus, Config, HeartbeatConfig, Null, Peer, ProtocolError, SocketType, Version,
};

/// Every conversation of a file: as each of libzmq's sockets in it, with bytes that
/// arrive all together, one by one, and in between.
fn replay(file: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(file);
    let text = std::fs::read_to_string(&path).expect("the file is there");
    let conversations = text
        .split("\nconversation ")
        .skip(1)
        .map(Conversation::parse);
    let mut replayed = 0;
    for conversation in conversations {
        for role in ["a", "b"]
            .into_iter()
            .filter(|role| conversation.has_socket(role))
        {
            for piece in [usize::MAX, 1, 7] {
                eprintln!("{} as {role} in pieces of {piece}", conversation.name);
                conversation.replay_as(role, piece);
                replayed += 1;
            }
        }
    }
    assert!(replayed > 0);
}

#[test]
fn each_pair_of_socket_types() {
    replay("pair.txt");
}

#[test]
fn properties_of_the_application() {
    replay("metadata.txt");
}

#[test]
fn subscriptions_in_both_forms() {
    replay("subscriptions.txt");
}

#[test]
fn peers_of_zmtp_3_0() {
    replay("3.0.txt");
}

#[test]
fn peers_of_zmtp_2_0() {
    replay("2.0.txt");
}

#[test]
fn peers_of_zmtp_1_0() {
    replay("1.0.txt");
}

#[test]
fn peers_of_zmtp_1_0_that_say_so() {
    replay("1.0-versioned.txt");
}

#[test]
fn heartbeats() {
    replay("heartbeat.txt");
}

#[test]
fn refusals_by_the_authenticator() {
    replay("refusal.txt");
}

#[test]
fn odd_peers() {
    replay("odd.txt");
}

/// How libzmq closes a connection is not on the wire; these are our names for it.
fn fault(conversation: &str) -> ProtocolError {
    match conversation {
        "greeting-curve"
        | "greeting-plain"
        | "greeting-lower-case"
        | "greeting-mechanism-padded" => ProtocolError::MechanismMismatch,
        "error" => ProtocolError::Refused("400".into()),
        "error-without-reason" | "error-beyond-the-frame" | "command-without-name" => {
            ProtocolError::MalformedCommand
        }
        "type-incompatible" => ProtocolError::IncompatibleSocketType(SocketType::Push),
        "type-unknown" => ProtocolError::UnknownSocketType,
        "property-short" | "property-cut" => ProtocolError::MalformedMetadata,
        "hello" | "ping-early" | "subscribe-early" | "message-early" => {
            ProtocolError::UnexpectedCommand
        }
        "size-beyond-all" => ProtocolError::FrameTooLarge,
        "length-zero" | "length-zero-long" => ProtocolError::MalformedFrame,
        "300" | "400" | "500" => ProtocolError::NotAuthenticated,
        other => panic!("libzmq closes {other}, and there is no name for that"),
    }
}

struct Conversation {
    name: String,
    lockstep: bool,
    lines: Vec<Line>,
}

struct Line {
    /// Who does something, where anyone does.
    name: String,
    what: What,
}

enum What {
    Socket {
        kind: Option<SocketType>,
        options: Vec<(String, String)>,
    },
    Say(Said),
    Refuse(AuthStatus),
    Time(Duration),
    Wire(Vec<u8>),
    Closed(bool),
}

impl Conversation {
    fn parse(text: &str) -> Self {
        let mut lines = text.lines().filter(|line| !line.is_empty()).peekable();
        let name = lines.next().expect("a name").to_owned();
        let lockstep = lines.next_if_eq(&"lockstep").is_some();
        Self {
            name,
            lockstep,
            lines: lines.map(Line::parse).collect(),
        }
    }

    fn has_socket(&self, role: &str) -> bool {
        let is_socket = |line: &Line| matches!(line.what, What::Socket { .. });
        self.lines
            .iter()
            .any(|line| line.name == role && is_socket(line))
    }

    fn replay_as(&self, role: &str, piece: usize) {
        let mut actor = Actor::new(self.config(role));
        let (mut expected, mut heard) = (Vec::new(), Vec::new());
        for line in &self.lines {
            let mine = line.name == role;
            match &line.what {
                What::Socket { .. } => {}
                What::Say(said) if mine => actor.say(said),
                What::Say(said) => heard.push(said.clone()),
                What::Refuse(status) => actor.answer = *status,
                What::Time(time) => actor.pass_time(*time),
                What::Wire(bytes) if mine => {
                    expected.extend_from_slice(bytes);
                    if self.lockstep {
                        assert_bytes(actor.sent(), &expected);
                    }
                }
                What::Wire(bytes) => {
                    pieces(bytes, piece).for_each(|piece| actor.hear(piece));
                }
                What::Closed(false) => assert_eq!(actor.error, None),
                What::Closed(true) => assert_eq!(actor.error, Some(fault(&self.name))),
            }
        }
        assert_bytes(actor.sent(), &expected);
        if actor.error.is_none() {
            assert_eq!(actor.heard, heard);
            self.check_peer(role, &actor.peer.expect("the handshake is complete"));
        }
    }

    fn config(&self, role: &str) -> Config {
        let (kind, options) = self.socket(|name| name == role);
        let number = |name| option(options, name).map(|ms| ms.parse().expect("a number"));
        let mut config = Config::new(kind.expect("libzmq's sockets have types"))
            .identity(option(options, "identity").map(bytes).unwrap_or_default())
            .expect("a legal routing id");
        if let Some(interval) = number("interval").map(Duration::from_millis) {
            let ttl = Duration::from_millis(number("ttl").unwrap_or(0));
            config = config.heartbeat(HeartbeatConfig::new(interval).timeout(None).ttl(ttl));
        }
        if let Some((name, value)) = property(options) {
            config = config
                .property(name, value.to_owned())
                .expect("a legal name");
        }
        if self
            .lines
            .iter()
            .any(|line| matches!(line.what, What::Refuse(_)))
        {
            config = config.mechanism(Box::new(Null::asking()));
        }
        config
    }

    fn check_peer(&self, role: &str, peer: &Peer) {
        let (kind, options) = self.socket(|name| name != role);
        let version = match option(options, "version") {
            None => Version::V3_1,
            Some("3.0") => Version::V3_0,
            Some("2.0") => Version::V2_0,
            Some("1.0") => Version::V1_0,
            Some(other) => panic!("{other} is no version"),
        };
        assert_eq!(peer.version(), version);
        assert_eq!(peer.socket_type(), *kind);
        let identity = option(options, "identity").map(bytes).unwrap_or_default();
        assert_eq!(peer.identity(), &identity);
        if let Some((name, value)) = property(options) {
            let told = peer.metadata().get(name).expect("the property is told");
            assert_eq!(told, value);
        }
    }

    fn socket(&self, named: impl Fn(&str) -> bool) -> (&Option<SocketType>, &[(String, String)]) {
        let socket = self.lines.iter().find_map(|line| match &line.what {
            What::Socket { kind, options } if named(&line.name) => Some((kind, &options[..])),
            _ => None,
        });
        socket.expect("both sockets are introduced")
    }
}

impl Line {
    fn parse(line: &str) -> Self {
        let mut words = line.split(' ');
        let mut word = || words.next().unwrap_or_default();
        let (verb, mut name) = (word(), word());
        let what = match verb {
            "socket" => What::Socket {
                kind: word().parse().ok(),
                options: words
                    .filter_map(|word| word.split_once('='))
                    .map(owned)
                    .collect(),
            },
            "send" => What::Say(Said::Message(word().split(',').map(bytes).collect())),
            "subscribe" => What::Say(Said::Subscribe(bytes(word()))),
            "cancel" => What::Say(Said::Cancel(bytes(word()))),
            "refuse" => What::Refuse(match word() {
                "300" => AuthStatus::TemporaryError,
                "400" => AuthStatus::AuthenticationFailure,
                _ => AuthStatus::InternalError,
            }),
            "time" => {
                let time = core::mem::take(&mut name).parse().expect("milliseconds");
                What::Time(Duration::from_millis(time))
            }
            "wire" => What::Wire(bytes(word())),
            "closed" => What::Closed(true),
            "open" => What::Closed(false),
            other => panic!("{other} is not a verb"),
        };
        Self {
            name: name.to_owned(),
            what,
        }
    }
}

fn owned((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

fn option<'a>(options: &'a [(String, String)], name: &str) -> Option<&'a str> {
    options
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| &value[..])
}

fn property(options: &[(String, String)]) -> Option<(&str, &str)> {
    option(options, "property")?.split_once(':')
}

/// `6162+63*3` is `abccc`, and `-` is nothing.
fn bytes(text: &str) -> Vec<u8> {
    let octet = |digits: &[u8]| {
        let digits = core::str::from_utf8(digits).expect("digits");
        u8::from_str_radix(digits, 16).expect("two hexadecimal digits")
    };
    let pieces = text.split('+').filter(|piece| *piece != "-").map(|piece| {
        let (digits, count) = piece.split_once('*').unwrap_or((piece, "1"));
        let octets: Vec<u8> = digits.as_bytes().chunks(2).map(octet).collect();
        octets.repeat(count.parse().expect("a count"))
    });
    pieces.collect::<Vec<_>>().concat()
}

/// Cuts bytes, but not the middle of a long body, where nothing can happen.
fn pieces(bytes: &[u8], size: usize) -> impl Iterator<Item = &[u8]> {
    const EDGE: usize = 1000;
    let (begin, rest) = bytes.split_at(bytes.len().min(EDGE));
    let (middle, end) = rest.split_at(rest.len().saturating_sub(EDGE));
    let middle = middle.chunks(middle.len().max(1));
    begin.chunks(size).chain(middle).chain(end.chunks(size))
}

fn assert_bytes(sent: &[u8], expected: &[u8]) {
    if sent != expected {
        let same = sent
            .iter()
            .zip(expected)
            .take_while(|(a, b)| a == b)
            .count();
        let (sent, expected) = (&sent[same..], &expected[same..]);
        panic!("after {same} bytes we send {sent:02x?} and libzmq {expected:02x?}");
    }
}
