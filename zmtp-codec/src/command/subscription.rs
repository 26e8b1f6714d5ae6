//! SUBSCRIBE and CANCEL: what a SUB or XSUB peer wants from a publisher. JOIN and
//! LEAVE: what a DISH wants from a RADIO.
//!
//! ```text
//! subscribe = command-size %d9 "SUBSCRIBE" subscription
//! cancel = command-size %d6 "CANCEL" subscription
//! subscription = *OCTET
//! join = command-size %d4 "JOIN" group
//! leave = command-size %d5 "LEAVE" group
//! group = 0*255%d1-255
//! ```
//!
//! Before ZMTP 3.1 the first two were messages: one frame of an octet, 1 or 0, and
//! the topic. That is also how all look above the wire, whatever the version. See
//! [RFC 37, The Publish-Subscribe
//! Pattern](https://rfc.zeromq.org/spec/37/#the-publish-subscribe-pattern) and
//! [RFC 15, Publish-Subscribe](https://rfc.zeromq.org/spec/15/#publish-subscribe),
//! and [RFC 48](https://rfc.zeromq.org/spec/48/).

use bytes::{BufMut, BytesMut};

use super::Command;
use crate::frame::{Frame, FrameHeader};
use crate::version::Version;

const SUBSCRIBE: &[u8] = b"SUBSCRIBE";
const CANCEL: &[u8] = b"CANCEL";
const JOIN: &[u8] = b"JOIN";
const LEAVE: &[u8] = b"LEAVE";

/// The longest name of a group (RFC 48).
const MAX_GROUP: usize = 255;

/// How subscriptions are called on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// SUBSCRIBE and CANCEL.
    Topics,
    /// JOIN and LEAVE.
    Groups,
}

impl Dialect {
    /// Whether a peer of that version knows these commands. libzmq sends JOIN
    /// wherever there are commands, and SUBSCRIBE only from ZMTP 3.1 on.
    pub(crate) fn is_known_to(self, version: Version) -> bool {
        match self {
            Self::Topics => version.has_subscription_commands(),
            Self::Groups => version.has_commands(),
        }
    }
}

/// A topic that is wanted, or wanted no longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subscription<'a> {
    Subscribe(&'a [u8]),
    Cancel(&'a [u8]),
}

impl<'a> Subscription<'a> {
    /// What a command says, if it is one of these.
    #[inline]
    pub(crate) fn from_command(command: Command<'a>, dialect: Dialect) -> Option<Self> {
        let Command { name, data } = command;
        match (dialect, name) {
            (Dialect::Topics, SUBSCRIBE) => Some(Self::Subscribe(data)),
            (Dialect::Topics, CANCEL) => Some(Self::Cancel(data)),
            // No message can be for a group with a longer name.
            (Dialect::Groups, _) if data.len() > MAX_GROUP => None,
            (Dialect::Groups, JOIN) => Some(Self::Subscribe(data)),
            (Dialect::Groups, LEAVE) => Some(Self::Cancel(data)),
            _ => None,
        }
    }

    /// What a message of one frame says, if it is one of these.
    #[inline]
    pub(crate) fn from_body(body: &'a [u8]) -> Option<Self> {
        match body {
            [1, topic @ ..] => Some(Self::Subscribe(topic)),
            [0, topic @ ..] => Some(Self::Cancel(topic)),
            _ => None,
        }
    }

    /// What a frame says that stands on its own, if it is one of these.
    pub(crate) fn from_frame(frame: Frame<'a>) -> Option<Self> {
        match frame {
            Frame {
                command: false,
                more: false,
                body,
            } => Self::from_body(body),
            _ => None,
        }
    }

    /// Writes the frame of a command.
    pub(crate) fn encode_command(self, dialect: Dialect, output: &mut BytesMut) {
        let (name, data) = match (dialect, self) {
            (Dialect::Topics, Self::Subscribe(topic)) => (SUBSCRIBE, topic),
            (Dialect::Topics, Self::Cancel(topic)) => (CANCEL, topic),
            (Dialect::Groups, Self::Subscribe(group)) => (JOIN, group),
            (Dialect::Groups, Self::Cancel(group)) => (LEAVE, group),
        };
        Command { name, data }.encode_frame(output);
    }

    /// Writes the frame of a message.
    pub(crate) fn encode_message(self, output: &mut BytesMut) {
        let (first, topic) = match self {
            Self::Subscribe(topic) => (1, topic),
            Self::Cancel(topic) => (0, topic),
        };
        // libzmq counts the first octet after it has chosen the flags, so
        // that its topic of 255 octets breaks the stream; this one does not.
        let size = 1 + topic.len() as u64;
        FrameHeader {
            more: false,
            command: false,
            size,
        }
        .encode(output);
        output.put_u8(first);
        output.put_slice(topic);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Decoded;
    use alloc::vec;

    #[test]
    fn both_forms_carry_topics_of_every_size() {
        for size in [0, 1, 244, 245, 246, 248, 249, 253, 254, 255, 256, 70_000] {
            let topic = vec![b't'; size];
            for subscription in [
                Subscription::Subscribe(&topic),
                Subscription::Cancel(&topic),
            ] {
                let mut wire = BytesMut::new();
                for (dialect, other, limit) in [
                    (Dialect::Topics, Dialect::Groups, usize::MAX),
                    (Dialect::Groups, Dialect::Topics, MAX_GROUP),
                ] {
                    wire.clear();
                    subscription.encode_command(dialect, &mut wire);
                    let command = Command::decode(body(&wire)).expect("well formed");
                    let decoded = Subscription::from_command(command, dialect);
                    assert_eq!(decoded, (size <= limit).then_some(subscription));
                    assert_eq!(Subscription::from_command(command, other), None);
                }
                wire.clear();
                subscription.encode_message(&mut wire);
                assert_eq!(Subscription::from_body(body(&wire)), Some(subscription));
            }
        }
    }

    fn body(wire: &[u8]) -> &[u8] {
        match Frame::decode(wire) {
            Decoded::Complete { value, consumed } if consumed == wire.len() => value.body,
            other => panic!("not one whole frame: {other:?}"),
        }
    }

    #[test]
    fn other_commands_and_messages_are_none() {
        for dialect in [Dialect::Topics, Dialect::Groups] {
            let command = Command {
                name: b"WHATEVER",
                data: b"x",
            };
            assert_eq!(Subscription::from_command(command, dialect), None);
        }
        assert_eq!(Subscription::from_body(b""), None);
        assert_eq!(Subscription::from_body(b"\x02x"), None);
        let part = Frame {
            more: true,
            command: false,
            body: b"\x01x",
        };
        assert_eq!(Subscription::from_frame(part), None);
    }
}
