//! The state in which the mechanism has the word.

use alloc::boxed::Box;

use bytes::BytesMut;

use super::event::{Event, Peer};
use super::handshake::{Context, State, Step};
use crate::command::Command;
use crate::error::ProtocolError;
use crate::frame::{Decoded, Frame, FrameHeader};
use crate::mechanism::{AuthReply, Mechanism};
use crate::metadata::USER_ID;
use crate::version::Version;

/// Greetings are exchanged; the mechanism's commands follow.
pub(super) struct ExpectCommands {
    version: Version,
    mechanism: Box<dyn Mechanism>,
    /// Whether the authenticator owes an answer.
    asked: bool,
}

impl ExpectCommands {
    pub(super) fn new(version: Version, mechanism: Box<dyn Mechanism>) -> Self {
        Self {
            version,
            mechanism,
            asked: false,
        }
    }

    pub(super) fn handle_input(mut self, cx: &mut Context) -> Result<Step, ProtocolError> {
        self.speak(cx);
        while !self.mechanism.is_ready() {
            let Some((body, length)) = next_command(cx)? else {
                return Ok(Step::Wait(State::Commands(self)));
            };
            let command = Command::decode(body)?;
            let result = self.mechanism.handle_command(command);
            cx.consume(length)?;
            self.speak(cx);
            result?;
        }
        self.finish(cx)
    }

    /// Takes the authenticator's answer; whatever it is, the mechanism may have
    /// something to say.
    pub(super) fn handle_auth(
        &mut self,
        reply: AuthReply,
        cx: &mut Context,
    ) -> Result<(), ProtocolError> {
        if !core::mem::take(&mut self.asked) {
            return Ok(());
        }
        let result = self.mechanism.handle_auth(&reply);
        self.speak(cx);
        result?;
        let user_id = (!reply.user_id.is_empty()).then_some((USER_ID, reply.user_id));
        cx.known.extend(user_id);
        cx.known.append(reply.metadata);
        Ok(())
    }

    /// Sends what the mechanism has to say, each command a chunk of its own.
    fn speak(&mut self, cx: &mut Context) {
        while let Some(body) = self.mechanism.poll_command(&cx.local.metadata) {
            let mut frame = BytesMut::with_capacity(9 + body.len());
            Frame::command(&body).encode(&mut frame);
            cx.output.push_back(frame.freeze());
        }
        if let Some(request) = self.mechanism.poll_auth() {
            self.asked = true;
            cx.events.push_back(Event::Auth(request));
        }
    }

    fn finish(self, cx: &mut Context) -> Result<Step, ProtocolError> {
        let outcome = self.mechanism.finish();
        let own = cx.local.socket_type;
        let peer = Peer::from_metadata(self.version, outcome.metadata, own)?;
        let peer = peer.authenticated(core::mem::take(&mut cx.known));
        Ok(Step::Next(State::Traffic(Box::new(
            cx.ready(peer, outcome.cipher),
        ))))
    }
}

/// The body of the command at the front of the input, if it is whole, and how many
/// bytes its frame takes.
///
/// The peer's declared size counts at once: nothing is kept for a frame that will
/// be too large.
fn next_command(cx: &Context) -> Result<Option<(&[u8], usize)>, ProtocolError> {
    let Decoded::Complete {
        value: header,
        consumed,
    } = FrameHeader::decode(&cx.input)
    else {
        return Ok(None);
    };
    // libzmq would take READY in a message frame as well; nobody sends it so.
    if !header.command {
        return Err(ProtocolError::UnexpectedCommand);
    }
    let size = usize::try_from(header.size).unwrap_or(usize::MAX);
    let length = consumed.saturating_add(size);
    cx.check(length)?;
    Ok(cx.input.get(consumed..length).map(|body| (body, length)))
}
