//! NULL: the mechanism that protects nothing.
//!
//! Either side sends READY, or ERROR instead, and waits for the other's. See
//! [RFC 37, The NULL Security
//! Mechanism](https://rfc.zeromq.org/spec/37/#the-null-security-mechanism).

use alloc::boxed::Box;
use alloc::vec::Vec;

use bytes::Bytes;

use crate::command::{Command, error, ready};
use crate::error::ProtocolError;
use crate::mechanism::{AuthReply, AuthRequest, AuthStatus, Mechanism, Outcome};
use crate::metadata::Metadata;

const NAME: &str = "NULL";

/// The NULL mechanism.
///
/// The RFC lets the connecting side speak first; libzmq has both sides send READY
/// at once, and so does this.
#[derive(Debug)]
pub struct Null {
    asks: bool,
    sending: Sending,
    /// What the peer's READY said.
    peer: Option<Metadata>,
}

/// What this side has to do before it has done its part.
///
/// ```text
///  Ask ──▶ Wait ──200──▶ Ready ──▶ Done
///            └────else──▶ Refuse ───▲
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sending {
    /// Ask the authenticator.
    Ask,
    /// Wait for its answer.
    Wait,
    /// Send READY.
    Ready,
    /// Send ERROR with this reason.
    Refuse(&'static str),
    /// Nothing.
    Done,
}

impl Null {
    /// Lets everyone in.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            asks: false,
            sending: Sending::Ready,
            peer: None,
        }
    }

    /// Asks the authenticator before READY is sent.
    #[must_use]
    pub const fn asking() -> Self {
        Self {
            asks: true,
            sending: Sending::Ask,
            peer: None,
        }
    }
}

impl Default for Null {
    fn default() -> Self {
        Self::new()
    }
}

impl Mechanism for Null {
    fn name(&self) -> &str {
        NAME
    }

    fn accepts_legacy(&self) -> bool {
        !self.asks
    }

    fn handle_command(&mut self, command: Command<'_>) -> Result<(), ProtocolError> {
        match command.name {
            ready::NAME if self.peer.is_none() => {
                self.peer = Some(Metadata::decode(command.data)?);
                Ok(())
            }
            error::NAME => Err(ProtocolError::Refused(error::decode(command.data)?)),
            _ => Err(ProtocolError::UnexpectedCommand),
        }
    }

    fn handle_auth(&mut self, reply: &AuthReply) -> Result<(), ProtocolError> {
        if self.sending != Sending::Wait {
            return Ok(());
        }
        self.sending = match (reply.status, reply.status.reason()) {
            (AuthStatus::Success, _) => Sending::Ready,
            (_, Some(reason)) => Sending::Refuse(reason),
            (_, None) => Sending::Done,
        };
        match reply.status {
            AuthStatus::Success => Ok(()),
            _ => Err(ProtocolError::NotAuthenticated),
        }
    }

    fn poll_command(&mut self, local: &Metadata) -> Option<Bytes> {
        let body = match self.sending {
            Sending::Ready => ready::encode(local),
            Sending::Refuse(reason) => error::encode(reason),
            Sending::Ask | Sending::Wait | Sending::Done => return None,
        };
        self.sending = Sending::Done;
        Some(body)
    }

    fn poll_auth(&mut self) -> Option<AuthRequest> {
        if self.sending != Sending::Ask {
            return None;
        }
        self.sending = Sending::Wait;
        Some(AuthRequest {
            mechanism: NAME,
            credentials: Vec::new(),
        })
    }

    fn is_ready(&self) -> bool {
        self.sending == Sending::Done && self.peer.is_some()
    }

    fn finish(self: Box<Self>) -> Outcome {
        Outcome {
            metadata: self.peer.unwrap_or_default(),
            cipher: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    const READY: Command<'_> = Command {
        name: b"READY",
        data: b"\x01a\0\0\0\x01b",
    };

    fn reply(status: AuthStatus) -> AuthReply {
        AuthReply {
            status,
            user_id: Bytes::new(),
            metadata: Metadata::new(),
        }
    }

    #[test]
    fn ready_is_sent_at_once_and_complete_with_the_peers() {
        let mut null = Null::new();
        assert_eq!(null.poll_auth(), None);
        assert_eq!(
            null.poll_command(&Metadata::new()).as_deref(),
            Some(&b"\x05READY"[..])
        );
        assert_eq!(null.poll_command(&Metadata::new()), None);
        assert!(!null.is_ready());
        assert_eq!(null.handle_command(READY), Ok(()));
        assert!(null.is_ready());
        assert_eq!(
            Box::new(null).finish().metadata.get("a"),
            Some(&Bytes::from_static(b"b"))
        );
    }

    #[test]
    fn a_second_ready_and_other_commands_are_out_of_place() {
        let mut null = Null::new();
        assert_eq!(null.handle_command(READY), Ok(()));
        for name in [&b"READY"[..], b"HELLO", b"PING", b"ready"] {
            let command = Command { name, data: b"" };
            assert_eq!(
                null.handle_command(command),
                Err(ProtocolError::UnexpectedCommand)
            );
        }
    }

    #[test]
    fn error_ends_the_handshake_with_its_reason() {
        let refusal = Command {
            name: b"ERROR",
            data: b"\x03500",
        };
        let error = Null::new().handle_command(refusal);
        assert_eq!(error, Err(ProtocolError::Refused("500".to_string())));
    }

    #[test]
    fn nothing_is_said_before_the_authenticator_answers() {
        let mut null = Null::asking();
        assert!(null.poll_auth().is_some());
        assert_eq!(null.poll_auth(), None);
        assert_eq!(null.handle_command(READY), Ok(()));
        assert_eq!(null.poll_command(&Metadata::new()), None);
        assert!(!null.is_ready());
        assert_eq!(null.handle_auth(&reply(AuthStatus::Success)), Ok(()));
        assert!(null.poll_command(&Metadata::new()).is_some());
        assert!(null.is_ready());
    }

    #[test]
    fn a_refused_peer_is_told_unless_it_may_come_back() {
        for (status, told) in [
            (AuthStatus::TemporaryError, None),
            (
                AuthStatus::AuthenticationFailure,
                Some(&b"\x05ERROR\x03400"[..]),
            ),
            (AuthStatus::InternalError, Some(&b"\x05ERROR\x03500"[..])),
        ] {
            let mut null = Null::asking();
            assert!(null.poll_auth().is_some());
            assert_eq!(
                null.handle_auth(&reply(status)),
                Err(ProtocolError::NotAuthenticated)
            );
            assert_eq!(null.poll_command(&Metadata::new()).as_deref(), told);
        }
    }
}
