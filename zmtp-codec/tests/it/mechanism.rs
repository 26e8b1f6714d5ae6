//! A mechanism of our own: what one written elsewhere can rely on.
//!
//! It protects nothing. But it has two rounds, a secret that the authenticator is
//! asked about, and frames that travel sealed and open only in their order.

use core::time::Duration;

use zmtp_codec::bytes::{Bytes, BytesMut};
use zmtp_codec::{
    AuthReply, AuthRequest, AuthStatus, Command, Config, Decoded, Frame, HeartbeatConfig, Limits,
    Mechanism, Message, Metadata, Open, Outcome, ProtocolError, Records, Seal, Session, SocketType,
};

use crate::support::{Actor, SIGNATURE, Said, connect, frame, greeting};

/// HELLO with a secret, and WELCOME or ERROR; then READY both ways.
struct Toy {
    server: bool,
    turn: Turn,
    peer: Option<Metadata>,
}

#[derive(Debug, PartialEq)]
enum Turn {
    SayHello,
    AwaitHello,
    Ask(Bytes),
    AwaitAnswer,
    Welcome,
    AwaitWelcome,
    Refuse,
    Ready,
    Done,
}

impl Toy {
    fn client() -> Box<dyn Mechanism> {
        let (server, turn, peer) = (false, Turn::SayHello, None);
        Box::new(Self { server, turn, peer })
    }

    fn server() -> Box<dyn Mechanism> {
        let (server, turn, peer) = (true, Turn::AwaitHello, None);
        Box::new(Self { server, turn, peer })
    }
}

impl Mechanism for Toy {
    fn name(&self) -> &str {
        "TOY"
    }

    fn handle_command(&mut self, command: Command<'_>) -> Result<(), ProtocolError> {
        match (command.name, &self.turn) {
            (b"HELLO", Turn::AwaitHello) => {
                self.turn = Turn::Ask(Bytes::copy_from_slice(command.data));
            }
            (b"WELCOME", Turn::AwaitWelcome) => self.turn = Turn::Ready,
            (b"ERROR", _) => return Err(ProtocolError::Refused("no".into())),
            (b"READY", Turn::Ready | Turn::Done) => {
                self.peer = Some(Metadata::decode(command.data)?);
            }
            _ => return Err(ProtocolError::UnexpectedCommand),
        }
        Ok(())
    }

    fn handle_auth(&mut self, reply: &AuthReply) -> Result<(), ProtocolError> {
        assert_eq!(self.turn, Turn::AwaitAnswer);
        if reply.status == AuthStatus::Success {
            self.turn = Turn::Welcome;
            return Ok(());
        }
        self.turn = Turn::Refuse;
        Err(ProtocolError::NotAuthenticated)
    }

    fn poll_command(&mut self, local: &Metadata) -> Option<Bytes> {
        let mut metadata = BytesMut::new();
        let (name, data, next): (&[u8], &[u8], _) = match self.turn {
            Turn::SayHello => (b"HELLO", b"secret", Turn::AwaitWelcome),
            Turn::Welcome => (b"WELCOME", b"", Turn::Ready),
            Turn::Refuse => (b"ERROR", b"\x02no", Turn::Done),
            Turn::Ready => {
                local.encode(&mut metadata);
                (b"READY", &metadata, Turn::Done)
            }
            _ => return None,
        };
        self.turn = next;
        let mut body = BytesMut::new();
        Command { name, data }.encode(&mut body);
        Some(body.freeze())
    }

    fn poll_auth(&mut self) -> Option<AuthRequest> {
        let Turn::Ask(secret) = &self.turn else {
            return None;
        };
        let credentials = vec![secret.clone()];
        self.turn = Turn::AwaitAnswer;
        Some(AuthRequest {
            mechanism: "TOY",
            credentials,
        })
    }

    fn is_ready(&self) -> bool {
        self.turn == Turn::Done && self.peer.is_some()
    }

    fn finish(self: Box<Self>) -> Outcome {
        // Each direction has a key of its own.
        let keys = if self.server { (1, 2) } else { (2, 1) };
        let seal = Counter {
            key: keys.0,
            count: 0,
        };
        let open = Counter {
            key: keys.1,
            count: 0,
        };
        Outcome {
            metadata: self.peer.unwrap_or_default(),
            cipher: Some((Box::new(seal), Box::new(open))),
        }
    }
}

/// A message frame of ZMTP 2.0 with a count, the inner flags and the scrambled body.
struct Counter {
    key: u8,
    count: u8,
}

const OVERHEAD: u64 = 2;

impl Seal for Counter {
    fn seal(&mut self, frame: Frame<'_>, output: &mut BytesMut) {
        self.count += 1;
        let flags = u8::from(frame.more) | u8::from(frame.command) << 2;
        let mut sealed = vec![self.count, flags];
        sealed.extend(frame.body.iter().map(|byte| byte ^ self.key));
        Frame::last(&sealed).encode(output);
    }
}

impl Open for Counter {
    fn open(
        &mut self,
        input: &[u8],
        limit: u64,
        output: &mut BytesMut,
    ) -> Result<Decoded<()>, ProtocolError> {
        if let Decoded::Complete { value, .. } = zmtp_codec::FrameHeader::decode(input) {
            if value.size > limit + OVERHEAD {
                return Err(ProtocolError::FrameTooLarge);
            }
        }
        let (frame, consumed) = match Frame::decode(input) {
            Decoded::Complete { value, consumed } => (value, consumed),
            Decoded::Incomplete { needed } => return Ok(Decoded::Incomplete { needed }),
        };
        let [count, flags, body @ ..] = frame.body else {
            return Err(ProtocolError::MalformedFrame);
        };
        if *count <= self.count {
            return Err(ProtocolError::MalformedFrame);
        }
        self.count = *count;
        let body: Vec<u8> = body.iter().map(|byte| byte ^ self.key).collect();
        let (more, command) = (flags & 1 != 0, flags & 4 != 0);
        let body = &body;
        Frame {
            more,
            command,
            body,
        }
        .encode(output);
        Ok(Decoded::Complete {
            value: (),
            consumed,
        })
    }
}

fn pair(client: Config, server: Config) -> (Actor, Actor) {
    let client = Actor::new(client.mechanism(Toy::client()));
    let server = Actor::new(server.mechanism(Toy::server()));
    (client, server)
}

fn said(text: &str) -> Said {
    Said::Message(vec![text.into()])
}

#[test]
fn a_conversation_is_sealed_from_the_handshake_on() {
    let (mut client, mut server) = pair(
        Config::new(SocketType::Dealer)
            .identity("me")
            .expect("short"),
        Config::new(SocketType::Router),
    );
    client.say(&said("early"));
    connect(&mut client, &mut server);
    let parts = Said::Message(vec![b"one".to_vec(), Vec::new(), vec![b'x'; 300]]);
    server.say(&parts);
    client.say(&said("late"));
    assert!(!client.sent().windows(4).any(|window| window == b"late"));
    connect(&mut client, &mut server);
    assert_eq!(server.heard, [said("early"), said("late")]);
    assert_eq!(client.heard, [parts]);
    let peer = server.peer.expect("the handshake is complete");
    assert_eq!(peer.identity(), "me");
    assert_eq!(
        peer.metadata().get("User-Id"),
        Some(&Bytes::from("someone"))
    );
}

#[test]
fn subscriptions_and_heartbeats_are_sealed_too() {
    let heartbeat = HeartbeatConfig::new(Duration::from_secs(1));
    let (mut sub, mut xpub) = pair(
        Config::new(SocketType::Sub).heartbeat(heartbeat),
        Config::new(SocketType::XPub),
    );
    sub.say(&Said::Subscribe(b"a".to_vec()));
    connect(&mut sub, &mut xpub);
    sub.say(&Said::Cancel(b"a".to_vec()));
    for second in 1..10 {
        sub.pass_time(Duration::from_secs(second));
        connect(&mut sub, &mut xpub);
    }
    assert_eq!(sub.error, None);
    let expected = [Said::Subscribe(b"a".to_vec()), Said::Cancel(b"a".to_vec())];
    assert_eq!(xpub.heard, expected);
}

#[test]
fn a_secret_that_is_refused_is_answered_with_an_error() {
    let (mut client, mut server) = pair(Config::new(SocketType::Req), Config::new(SocketType::Rep));
    server.answer = AuthStatus::AuthenticationFailure;
    connect(&mut client, &mut server);
    assert_eq!(server.error, Some(ProtocolError::NotAuthenticated));
    assert_eq!(client.error, Some(ProtocolError::Refused("no".into())));
}

#[test]
fn whoever_requires_another_mechanism_or_none_stays_outside() {
    for bytes in [greeting(1), [SIGNATURE, &[1]].concat(), b"\x01\0".to_vec()] {
        let mut server = Actor::new(Config::new(SocketType::Rep).mechanism(Toy::server()));
        server.hear(&bytes);
        let expected = match bytes.len() {
            64 => ProtocolError::MechanismMismatch,
            _ => ProtocolError::VersionTooOld,
        };
        assert_eq!(server.error, Some(expected));
    }
}

#[test]
fn frames_out_of_their_order_or_too_large_end_the_connection() {
    let limits = Limits::new().frame(5);
    let ready = || {
        let config = Config::new(SocketType::Pull).limits(limits);
        let (mut push, mut pull) = pair(Config::new(SocketType::Push), config);
        connect(&mut push, &mut pull);
        pull
    };
    let mut pull = ready();
    pull.hear(&frame(0, b"\x01\0hello"));
    assert_eq!(pull.heard.len(), 1);
    pull.hear(&frame(0, b"\x01\0again"));
    assert_eq!(pull.error, Some(ProtocolError::MalformedFrame));
    let mut pull = ready();
    pull.hear(&[0, 8]);
    assert_eq!(pull.error, Some(ProtocolError::FrameTooLarge));
}

#[test]
fn a_sealed_batch_gives_back_what_it_did_not_send() {
    let (mut push, mut pull) = pair(Config::new(SocketType::Push), Config::new(SocketType::Pull));
    connect(&mut push, &mut pull);
    let mut session = Session::raw(Limits::new());
    core::mem::swap(&mut session, &mut push.session);
    let mut parts = session.split().expect("ready");
    let mut records = Records::default();
    for text in ["one", "two", "three"] {
        records.push(&[], &Message::from(text), 0);
    }
    let mut batch = parts.tx.encode(records);
    assert!(batch.is_sealed());
    assert_eq!(batch.wire_len(), 3 * (2 + 2) + 11);
    assert_eq!(batch.discard_written(10), (1, 7));
    let mut rest = batch.into_records();
    assert_eq!(rest.pop(), Some(Message::from("two")));
    assert_eq!(rest.pop(), Some(Message::from("three")));
    assert_eq!(rest.pop(), None);
}
