//! A handshake's states, each named for what it expects.
//!
//! ```text
//!  Signature ──ff … 7f──▶ Major ──3 or more──▶ Rest ──53 octets──▶ Commands ──ready──▶ Traffic
//!      │                    └──0, 1, 2──▶ SocketType ──octet──▶ RoutingId ──frame──▶ Traffic
//!      └──anything else──▶ Unversioned ──resembles ZMTP 1.0──▶ RoutingId
//! ```
//!
//! A state takes what it expects off the input and becomes the next one, or
//! waits. Whatever else arrives is an error, and then there is no next state.

use core::time::Duration;

use alloc::boxed::Box;
use alloc::collections::VecDeque;

use bytes::{Buf, Bytes, BytesMut};

use super::commands::ExpectCommands;
use super::config::Local;
use super::event::{Event, Peer};
use super::legacy::{ExpectRoutingId, ExpectSocketType, ExpectUnversioned};
use super::traffic::Traffic;
use crate::error::ProtocolError;
use crate::frame::Decoded;
use crate::greeting::{self, MAJOR, Major, Opening, REST};
use crate::mechanism::{Mechanism, Open, Seal};
use crate::metadata::Metadata;

/// What all states of a session share.
pub(super) struct Context {
    pub(super) local: Local,
    /// What has arrived and is not yet understood.
    pub(super) input: BytesMut,
    /// What is to be sent, a chunk for each thing said.
    pub(super) output: VecDeque<Bytes>,
    pub(super) events: VecDeque<Event>,
    /// What the authenticator knows about the peer.
    pub(super) known: Metadata,
    /// How many bytes the peer's handshake may still take.
    allowance: usize,
    /// When the session was last told the time.
    pub(super) now: Duration,
}

impl Context {
    pub(super) fn new(local: Local, now: Duration) -> Self {
        Self {
            allowance: local.limits.handshake,
            local,
            input: BytesMut::new(),
            output: VecDeque::new(),
            events: VecDeque::new(),
            known: Metadata::new(),
            now,
        }
    }

    /// Takes what was understood off the input.
    pub(super) fn consume(&mut self, length: usize) -> Result<(), ProtocolError> {
        self.check(length)?;
        self.allowance -= length;
        self.input.advance(length.min(self.input.len()));
        Ok(())
    }

    /// Whether the peer may send so many more bytes before the handshake ends.
    pub(super) fn check(&self, length: usize) -> Result<(), ProtocolError> {
        if length > self.allowance {
            Err(ProtocolError::HandshakeTooLarge)
        } else {
            Ok(())
        }
    }

    /// Ends the handshake.
    pub(super) fn ready(
        &mut self,
        peer: Peer,
        cipher: Option<(Box<dyn Seal>, Box<dyn Open>)>,
    ) -> Traffic {
        let traffic = Traffic::new(&self.local, peer.version(), cipher, self.now);
        self.events.push_back(Event::Ready(peer));
        traffic
    }
}

/// Where a session is.
pub(super) enum State {
    Signature(ExpectSignature),
    Major(ExpectMajor),
    Rest(ExpectRest),
    Commands(ExpectCommands),
    Unversioned(ExpectUnversioned),
    SocketType(ExpectSocketType),
    RoutingId(ExpectRoutingId),
    Traffic(Box<Traffic>),
    /// The peer broke the protocol before the handshake ended.
    Failed,
}

/// What a state has become.
pub(super) enum Step {
    /// Another state, which may find more in the input.
    Next(State),
    /// The same state; it needs more input, or another event.
    Wait(State),
}

impl State {
    /// Goes on with what the input holds.
    pub(super) fn handle_input(self, cx: &mut Context) -> Result<Step, ProtocolError> {
        match self {
            Self::Signature(state) => state.handle_input(cx),
            Self::Major(state) => state.handle_input(cx),
            Self::Rest(state) => state.handle_input(cx),
            Self::Commands(state) => state.handle_input(cx),
            Self::Unversioned(state) => state.handle_input(cx),
            Self::SocketType(state) => state.handle_input(cx),
            Self::RoutingId(state) => state.handle_input(cx),
            Self::Traffic(_) | Self::Failed => Ok(Step::Wait(self)),
        }
    }
}

/// Our signature is on its way; the peer's tells whether it knows versions.
pub(super) struct ExpectSignature {
    mechanism: Box<dyn Mechanism>,
}

impl ExpectSignature {
    /// Begins the handshake.
    pub(super) fn new(mechanism: Box<dyn Mechanism>, cx: &mut Context) -> Self {
        let signature = greeting::signature(cx.local.identity.len());
        cx.output.push_back(Bytes::copy_from_slice(&signature));
        Self { mechanism }
    }

    fn handle_input(self, cx: &mut Context) -> Result<Step, ProtocolError> {
        let Decoded::Complete { value, consumed } = Opening::decode(&cx.input) else {
            return Ok(Step::Wait(State::Signature(self)));
        };
        cx.consume(consumed)?;
        Ok(Step::Next(match value {
            Opening::Versioned => {
                cx.output.push_back(Bytes::from_static(&[MAJOR]));
                State::Major(ExpectMajor {
                    mechanism: self.mechanism,
                })
            }
            Opening::Unversioned => State::Unversioned(ExpectUnversioned::new(self.mechanism)),
        }))
    }
}

/// Our major version is on its way; the peer's decides on the protocol.
pub(super) struct ExpectMajor {
    mechanism: Box<dyn Mechanism>,
}

impl ExpectMajor {
    fn handle_input(self, cx: &mut Context) -> Result<Step, ProtocolError> {
        let Some(major) = cx.input.first().copied() else {
            return Ok(Step::Wait(State::Major(self)));
        };
        cx.consume(1)?;
        Ok(Step::Next(match Major::from_octet(major) {
            Major::Legacy(version) => {
                State::SocketType(ExpectSocketType::new(version, &*self.mechanism, cx)?)
            }
            Major::Current => {
                let rest = greeting::rest(self.mechanism.name());
                cx.output.push_back(Bytes::copy_from_slice(&rest));
                State::Rest(ExpectRest {
                    major,
                    mechanism: self.mechanism,
                })
            }
        }))
    }
}

/// Our greeting is complete; the rest of the peer's must name the same mechanism.
pub(super) struct ExpectRest {
    major: u8,
    mechanism: Box<dyn Mechanism>,
}

impl ExpectRest {
    fn handle_input(self, cx: &mut Context) -> Result<Step, ProtocolError> {
        let Some(rest) = cx.input.first_chunk::<REST>() else {
            return Ok(Step::Wait(State::Rest(self)));
        };
        let version = greeting::decode_rest(self.major, rest, self.mechanism.name())?;
        cx.consume(REST)?;
        Ok(Step::Next(State::Commands(ExpectCommands::new(
            version,
            self.mechanism,
        ))))
    }
}
