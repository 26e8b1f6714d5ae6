//! One connection, from its first byte on.

mod commands;
mod config;
mod event;
mod handshake;
mod legacy;
mod traffic;

use core::fmt;
use core::time::Duration;

use alloc::boxed::Box;

use bytes::{Bytes, BytesMut};

pub use config::{Config, InvalidConfig};
pub use event::{Event, Peer};

use crate::error::ProtocolError;
use crate::heartbeat::Heartbeat;
use crate::limits::Limits;
use crate::mechanism::{AuthReply, Open, Seal};
use crate::message::Message;
use crate::raw::Bare;
use crate::records::Records;
use crate::rx::Rx;
use crate::socket_type::SocketType;
use crate::tx::Tx;
use handshake::{Context, ExpectSignature, State, Step};
use traffic::Traffic;

/// One connection to a peer: greeting, security, framing, heartbeats.
///
/// It hides the wire's version: peers of ZMTP 1.0, 2.0, 3.0 and 3.1 look the same
/// from above. It does no I/O and reads no clock: all times are durations since
/// one fixed start of the caller's choice.
///
/// - In, what happens outside: [`handle_input`](Self::handle_input),
///   [`handle_timeout`](Self::handle_timeout), [`handle_auth`](Self::handle_auth).
/// - Verbs, what the application wants: [`send`](Self::send),
///   [`subscribe`](Self::subscribe), [`cancel`](Self::cancel). What is said before
///   the handshake is complete waits.
/// - Out, to be asked after each of those until there is nothing more:
///   [`poll_transmit`](Self::poll_transmit), [`poll_event`](Self::poll_event),
///   [`poll_timeout`](Self::poll_timeout).
///
/// An error means that the peer broke the protocol and the connection must end.
/// What [`poll_event`](Self::poll_event) still has came before the fault; what
/// [`poll_transmit`](Self::poll_transmit) still has may tell the peer why.
///
/// Once [`Event::Ready`] is out, [`split`](Self::split) gives the two halves, for
/// those who send and receive in different places, or count every nanosecond.
pub struct Session {
    state: State,
    cx: Context,
    /// By when the handshake must be complete.
    deadline: Option<Duration>,
    /// What the peer did wrong.
    error: Option<ProtocolError>,
    /// Messages that wait to be sent.
    outgoing: Records,
}

/// A session taken apart, from [`Session::split`].
#[derive(Debug)]
pub struct Parts {
    /// The sending half.
    pub tx: Tx,
    /// The receiving half.
    pub rx: Rx,
    /// The timers.
    pub heartbeat: Heartbeat,
    /// What the peer has sent behind its handshake: the beginning of what the
    /// receiving half is to parse.
    pub input: BytesMut,
}

impl Session {
    /// Begins a handshake; the greeting's first bytes are ready to be sent.
    #[must_use]
    pub fn new(config: Config, now: Duration) -> Self {
        let (local, mechanism, timeout) = config.into_parts();
        let mut cx = Context::new(local, now);
        let state = State::Signature(ExpectSignature::new(mechanism, &mut cx));
        let deadline = timeout.map(|timeout| now.saturating_add(timeout));
        Self {
            state,
            cx,
            deadline,
            error: None,
            outgoing: Records::default(),
        }
    }

    /// A connection without protocol, for STREAM sockets, ready at once.
    ///
    /// What is handed in together becomes one message of one frame, at most as
    /// large as a frame may be; of a message that is sent the frames' bodies go out.
    #[must_use]
    pub fn raw(limits: Limits) -> Self {
        let (local, _, _) = Config::new(SocketType::Stream).limits(limits).into_parts();
        let mut cx = Context::new(local, Duration::ZERO);
        let (seal, open): (Box<dyn Seal>, Box<dyn Open>) = (Box::new(Bare), Box::new(Bare));
        let traffic = cx.ready(Peer::raw(), Some((seal, open)));
        let state = State::Traffic(Box::new(traffic));
        Self {
            state,
            cx,
            deadline: None,
            error: None,
            outgoing: Records::default(),
        }
    }

    /// Whether the handshake is complete.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        matches!(self.state, State::Traffic(_))
    }

    /// Takes all bytes of `input`, which the peer has sent.
    ///
    /// # Errors
    ///
    /// What the peer did wrong, now or before.
    pub fn handle_input(
        &mut self,
        now: Duration,
        input: &mut BytesMut,
    ) -> Result<(), ProtocolError> {
        self.check()?;
        self.cx.now = now;
        let arrived = !input.is_empty();
        self.cx.input.unsplit(input.split());
        let result = match &mut self.state {
            State::Traffic(traffic) => {
                if arrived {
                    traffic.heartbeat.handle_traffic();
                }
                // What came with the handshake's last command may be wanted by
                // whoever splits the session: see `poll_event`.
                if self.cx.events.is_empty() {
                    traffic.handle_input(&mut self.cx)
                } else {
                    Ok(())
                }
            }
            _ => self.advance(),
        };
        self.keep(result)
    }

    /// Looks at the clock.
    ///
    /// # Errors
    ///
    /// [`ProtocolError::HandshakeTimeout`], [`ProtocolError::HeartbeatTimeout`], or
    /// what the peer did wrong before.
    pub fn handle_timeout(&mut self, now: Duration) -> Result<(), ProtocolError> {
        self.check()?;
        self.cx.now = now;
        let result = match &mut self.state {
            State::Traffic(traffic) => traffic.handle_timeout(now),
            _ if self.deadline.is_some_and(|deadline| deadline <= now) => {
                Err(ProtocolError::HandshakeTimeout)
            }
            _ => Ok(()),
        };
        self.keep(result)
    }

    /// Takes the answer to an [`Event::Auth`]. One that nobody asked for is ignored.
    ///
    /// # Errors
    ///
    /// [`ProtocolError::NotAuthenticated`] if the answer is no: the connection must
    /// end, but first [`poll_transmit`](Self::poll_transmit) may have an ERROR
    /// command for the peer.
    pub fn handle_auth(&mut self, reply: AuthReply) -> Result<(), ProtocolError> {
        self.check()?;
        let result = match &mut self.state {
            State::Commands(state) => state.handle_auth(reply, &mut self.cx),
            _ => Ok(()),
        };
        let result = result.and_then(|()| self.advance());
        self.keep(result)
    }

    /// Sends a message.
    pub fn send(&mut self, message: &Message) {
        self.outgoing.push(&[], message, 0);
    }

    /// Asks the peer, a publisher, for messages that begin with `topic`.
    pub fn subscribe(&mut self, topic: &[u8]) {
        self.send(&Message::from([&[1], topic].concat()));
    }

    /// Takes one subscription to `topic` back.
    pub fn cancel(&mut self, topic: &[u8]) {
        self.send(&Message::from([&[0], topic].concat()));
    }

    /// The next bytes for the peer.
    ///
    /// Each step of the greeting and each command of the handshake is a chunk of
    /// its own.
    #[must_use]
    pub fn poll_transmit(&mut self) -> Option<Bytes> {
        let chunk = self.cx.output.pop_front();
        chunk.or_else(|| match &mut self.state {
            State::Traffic(traffic) => traffic.poll_transmit(&mut self.outgoing),
            _ => None,
        })
    }

    /// The next thing that the peer has done.
    #[must_use]
    pub fn poll_event(&mut self) -> Option<Event> {
        if let Some(event) = self.cx.events.pop_front() {
            return Some(event);
        }
        let State::Traffic(traffic) = &mut self.state else {
            return None;
        };
        if !traffic.has_events() && self.error.is_none() {
            // Bytes that came with the handshake's last command are left alone
            // until `Ready` is out. An error in them is due at the next call in.
            self.error = traffic.handle_input(&mut self.cx).err();
        }
        traffic.poll_event()
    }

    /// When to call [`handle_timeout`](Self::handle_timeout), if ever; at once if
    /// there is an error to report.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Duration> {
        match &self.state {
            _ if self.error.is_some() => Some(self.cx.now),
            State::Traffic(traffic) => traffic.heartbeat.poll_timeout(),
            _ => self.deadline,
        }
    }

    /// Takes a session apart whose handshake is complete.
    ///
    /// Do so when [`Event::Ready`] is out: what came behind the handshake is still
    /// in [`Parts::input`] then.
    ///
    /// ```
    /// # use core::time::Duration;
    /// # use zmtp_codec::bytes::BytesMut;
    /// use zmtp_codec::{Batch, Config, Message, Received, Records, Session, SocketType};
    ///
    /// # let mut session = Session::new(Config::new(SocketType::Pair), Duration::ZERO);
    /// # let mut handshake = BytesMut::from(&b"\xff\0\0\0\0\0\0\0\0\x7f\x03\x01NULL"[..]);
    /// # handshake.extend_from_slice(&[0; 48]);
    /// # handshake.extend_from_slice(b"\x04\x1a\x05READY\x0bSocket-Type\0\0\0\x04PAIR\0\x05hello");
    /// # session.handle_input(Duration::ZERO, &mut handshake).unwrap();
    /// # while session.poll_transmit().is_some() {}
    /// let mut parts = session.split().expect("ready, and everything transmitted");
    ///
    /// // The reader appends to `parts.input` what arrives.
    /// match parts.rx.poll_event(&mut parts.input, 1000)? {
    ///     Some(Received::Messages(mut records)) => {
    ///         assert_eq!(records.pop(), Some(Message::from("hello")));
    ///     }
    ///     Some(Received::Ping { context, .. }) => parts.tx.pong(&context),
    ///     Some(Received::Alive) | None => {}
    /// }
    ///
    /// // The writer puts the pieces of a batch on the wire.
    /// let mut records = Records::default();
    /// records.push(&[], &Message::from("hello back"), 0);
    /// let mut batch: Batch = parts.tx.encode(records);
    /// let written = batch.pieces(0).map(<[u8]>::len).sum();
    /// assert_eq!(batch.discard_written(written), (1, 12));
    /// # Ok::<(), zmtp_codec::ProtocolError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The session, while its handshake is not complete, or while it has something
    /// to transmit, or an event but [`Event::Ready`], or an error.
    pub fn split(mut self) -> Result<Parts, Box<Self>> {
        let transmitting = !self.cx.output.is_empty() || !self.outgoing.is_empty();
        match self.state {
            State::Traffic(traffic)
                if !transmitting
                    && !traffic.tx.has_control()
                    && !traffic.has_events()
                    && self.error.is_none() =>
            {
                let Traffic {
                    tx, rx, heartbeat, ..
                } = *traffic;
                Ok(Parts {
                    tx,
                    rx,
                    heartbeat,
                    input: self.cx.input,
                })
            }
            state => {
                self.state = state;
                Err(Box::new(self))
            }
        }
    }

    /// Goes through the states of the handshake as far as the input carries.
    fn advance(&mut self) -> Result<(), ProtocolError> {
        loop {
            let state = core::mem::replace(&mut self.state, State::Failed);
            match state.handle_input(&mut self.cx)? {
                Step::Next(state) => self.state = state,
                Step::Wait(state) => {
                    self.state = state;
                    break;
                }
            }
        }
        // What waits to be understood must fit too.
        if self.is_ready() {
            Ok(())
        } else {
            self.cx.check(self.cx.input.len())
        }
    }

    fn check(&self) -> Result<(), ProtocolError> {
        self.error.clone().map_or(Ok(()), Err)
    }

    fn keep(&mut self, result: Result<(), ProtocolError>) -> Result<(), ProtocolError> {
        self.error = result.clone().err();
        result
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("ready", &self.is_ready())
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}
