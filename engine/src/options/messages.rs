//! Messages and properties that a socket gives its connections.

use bytes::Bytes;
use ferromq_core::{Message, OptionError, SocketType};
use zmtp_codec::Config;

use super::Options;

/// What tells of a connection without the application's doing; empty is nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Messages {
    /// What a peer is sent first.
    hello: Bytes,
    /// What this side receives from an accepted peer that is gone.
    disconnect: Bytes,
    /// What this side receives from a connected peer that is lost.
    hiccup: Bytes,
}

impl Messages {
    pub(crate) fn hello(&self) -> Option<Message> {
        message(&self.hello)
    }

    pub(crate) fn disconnect(&self) -> Option<Message> {
        message(&self.disconnect)
    }

    pub(crate) fn hiccup(&self) -> Option<Message> {
        message(&self.hiccup)
    }

    /// Looks whether sockets of that type can send and receive them. A REQ could only
    /// discard them, and so could a REP what is without an envelope.
    pub(super) fn check(&self, socket_type: SocketType) -> Result<(), OptionError> {
        use SocketType::{Client, Dealer, Peer, Rep, Router, Server};
        let hello = [Dealer, Router, Rep, Client, Server, Peer];
        for (message, types, name) in [
            (&self.hello, &hello[..], "ZMQ_HELLO_MSG"),
            (
                &self.disconnect,
                &[Router, Server, Peer],
                "ZMQ_DISCONNECT_MSG",
            ),
            (&self.hiccup, &[Dealer, Client, Peer], "ZMQ_HICCUP_MSG"),
        ] {
            if !message.is_empty() && !types.contains(&socket_type) {
                return Err(OptionError::Unsupported(name));
            }
        }
        Ok(())
    }
}

impl Options {
    /// Tells peers of ZMTP 3 a property of the application's, whose name begins with
    /// `X-`; instead of one of the same name. A peer takes 8 KiB in all if it is of
    /// ferromq. Default none. A STREAM, which has no handshake, then binds and connects
    /// nowhere. (`ZMQ_METADATA`)
    ///
    /// # Errors
    ///
    /// [`OptionError::OutOfRange`] if the name does not begin with `X-`, is longer than
    /// 255 bytes, or has characters other than letters, digits and `-_.+`.
    pub fn property(mut self, name: &str, value: impl Into<Bytes>) -> Result<Self, OptionError> {
        let value = value.into();
        Config::new(SocketType::Pair)
            .property(name, value.clone())
            .map_err(|_| OptionError::OutOfRange("ZMQ_METADATA"))?;
        self.properties
            .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.properties.push((name.into(), value));
        Ok(self)
    }

    /// A message that each new connection is sent before any other, in either
    /// direction; empty for none. Default none. Only DEALER, ROUTER, REP, CLIENT, SERVER
    /// and PEER sockets have one; others then bind and connect nowhere.
    /// (`ZMQ_HELLO_MSG`)
    #[must_use]
    pub fn hello_message(mut self, message: impl Into<Bytes>) -> Self {
        self.messages.hello = message.into();
        self
    }

    /// A message that this socket receives as the last one of a peer that had
    /// connected to it, when it is gone, full queue or not; empty for none. Default
    /// none. Only ROUTER, SERVER and PEER sockets have one; others then bind and connect nowhere.
    /// (`ZMQ_DISCONNECT_MSG`)
    #[must_use]
    pub fn disconnect_message(mut self, message: impl Into<Bytes>) -> Self {
        self.messages.disconnect = message.into();
        self
    }

    /// A message that this socket receives whenever it has lost a connection that it
    /// had made, unless nobody has read the last such message and the queue is full;
    /// empty for none. Default none. Only DEALER,
    /// CLIENT and PEER sockets have one; others then bind and connect nowhere. (`ZMQ_HICCUP_MSG`)
    #[must_use]
    pub fn hiccup_message(mut self, message: impl Into<Bytes>) -> Self {
        self.messages.hiccup = message.into();
        self
    }
}

fn message(body: &Bytes) -> Option<Message> {
    (!body.is_empty()).then(|| Message::from(body.clone()))
}
