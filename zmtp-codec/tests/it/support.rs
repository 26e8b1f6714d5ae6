//! A session, and all that came of it.

use core::time::Duration;

use proptest::test_runner::Config as ProptestConfig;
use zmtp_codec::bytes::BytesMut;
use zmtp_codec::{
    AuthReply, AuthStatus, Config, Event, Message, Metadata, Peer, ProtocolError, Session,
    SocketType,
};

/// What an application says, and the other hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Said {
    Message(Vec<Vec<u8>>),
    Subscribe(Vec<u8>),
    Cancel(Vec<u8>),
}

/// Owns a session as a connection's driver would, and writes everything down.
pub(crate) struct Actor {
    pub(crate) session: Session,
    pub(crate) now: Duration,
    /// What the authenticator says.
    pub(crate) answer: AuthStatus,
    pub(crate) heard: Vec<Said>,
    pub(crate) peer: Option<Peer>,
    pub(crate) error: Option<ProtocolError>,
    sent: Vec<u8>,
}

impl Actor {
    pub(crate) fn new(config: Config) -> Self {
        Self::with(Session::new(config, Duration::ZERO))
    }

    pub(crate) fn with(session: Session) -> Self {
        let mut actor = Self {
            session,
            now: Duration::ZERO,
            answer: AuthStatus::Success,
            heard: Vec::new(),
            peer: None,
            error: None,
            sent: Vec::new(),
        };
        actor.drain();
        actor
    }

    pub(crate) fn of(kind: SocketType) -> Self {
        Self::new(Config::new(kind))
    }

    pub(crate) fn say(&mut self, said: &Said) {
        match said {
            Said::Message(frames) => {
                let message = Message::from_frames(frames.iter().cloned());
                self.session.send(&message);
            }
            Said::Subscribe(topic) => self.session.subscribe(topic),
            Said::Cancel(topic) => self.session.cancel(topic),
        }
        self.drain();
    }

    pub(crate) fn hear(&mut self, bytes: &[u8]) {
        let result = self
            .session
            .handle_input(self.now, &mut BytesMut::from(bytes));
        self.keep(result);
    }

    pub(crate) fn pass_time(&mut self, now: Duration) {
        self.now = now;
        let result = self.session.handle_timeout(now);
        self.keep(result);
    }

    fn keep(&mut self, result: Result<(), ProtocolError>) {
        if let Err(error) = result {
            assert_eq!(*self.error.get_or_insert(error.clone()), error);
        }
        self.drain();
        let timeout = self.session.poll_timeout();
        if self.error.is_none() && timeout.is_some_and(|at| at <= self.now) {
            self.pass_time(self.now);
        }
    }

    fn drain(&mut self) {
        while let Some(event) = self.session.poll_event() {
            match event {
                Event::Ready(peer) => assert_eq!(self.peer.replace(peer), None),
                Event::Message(message) => {
                    let frames = message.frames().map(<[u8]>::to_vec).collect();
                    self.heard.push(Said::Message(frames));
                }
                Event::Subscribe(topic) => self.heard.push(Said::Subscribe(topic.to_vec())),
                Event::Cancel(topic) => self.heard.push(Said::Cancel(topic.to_vec())),
                Event::Auth(request) => {
                    assert_eq!(request.credentials.is_empty(), request.mechanism == "NULL");
                    let mut metadata = Metadata::new();
                    metadata.push("X-Known", "yes").expect("a legal name");
                    let result = self.session.handle_auth(AuthReply {
                        status: self.answer,
                        user_id: "someone".into(),
                        metadata,
                    });
                    self.keep(result);
                }
                other => panic!("{other:?} has no place here"),
            }
        }
        while let Some(chunk) = self.session.poll_transmit() {
            assert!(!chunk.is_empty());
            self.sent.extend_from_slice(&chunk);
        }
    }

    /// Everything that was sent.
    pub(crate) fn sent(&self) -> &[u8] {
        &self.sent
    }

    /// What was sent since this was last asked.
    pub(crate) fn take_sent(&mut self) -> Vec<u8> {
        core::mem::take(&mut self.sent)
    }
}

/// So many tries of a property, unless the environment says otherwise.
pub(crate) fn cases(cases: u32) -> ProptestConfig {
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => ProptestConfig::default(),
        None => ProptestConfig::with_cases(cases),
    }
}

/// Carries bytes both ways until neither side has any.
pub(crate) fn connect(a: &mut Actor, b: &mut Actor) {
    loop {
        let (from_a, from_b) = (a.take_sent(), b.take_sent());
        if from_a.is_empty() && from_b.is_empty() {
            return;
        }
        b.hear(&from_a);
        a.hear(&from_b);
    }
}

pub(crate) const SIGNATURE: &[u8] = b"\xff\0\0\0\0\0\0\0\0\x7f";

/// A greeting of ZMTP 3 that names NULL.
pub(crate) fn greeting(minor: u8) -> Vec<u8> {
    [SIGNATURE, &[3, minor], b"NULL", &[0; 48]].concat()
}

/// The frame of a command.
pub(crate) fn command(name: &str, data: &[u8]) -> Vec<u8> {
    let body = [&[name.len() as u8], name.as_bytes(), data].concat();
    frame(4, &body)
}

/// A frame of ZMTP 2.0 and later; `flags` but for its form.
pub(crate) fn frame(flags: u8, body: &[u8]) -> Vec<u8> {
    match u8::try_from(body.len()) {
        Ok(size) => [&[flags, size], body].concat(),
        Err(_) => [&[flags | 2], &(body.len() as u64).to_be_bytes()[..], body].concat(),
    }
}

/// READY from a socket of this type.
pub(crate) fn ready(kind: SocketType) -> Vec<u8> {
    let name = kind.name().as_bytes();
    let property = [&b"\x0bSocket-Type\0\0\0"[..], &[name.len() as u8], name].concat();
    command("READY", &property)
}
