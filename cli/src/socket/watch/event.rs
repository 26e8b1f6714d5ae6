//! Events as lines of text.

use std::fmt;

use ferromq::{Event, EventKind};

use crate::duration::Show;

/// An event, as people read it.
pub(super) struct Line<'a>(pub(super) &'a Event);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Event {
            endpoint,
            peer_address,
            kind,
        } = self.0;
        write!(f, "{endpoint}: ")?;
        match kind {
            EventKind::Listening => f.write_str("listening"),
            EventKind::BindFailed(error) => write!(f, "cannot listen: {error}"),
            EventKind::Accepted => f.write_str("a peer has connected"),
            EventKind::AcceptFailed(error) => write!(f, "a peer could not connect: {error}"),
            EventKind::AcceptRefused => f.write_str("too many connections in their handshake"),
            EventKind::ConnectDelayed => f.write_str("connecting"),
            EventKind::Connected => f.write_str("connected"),
            EventKind::ConnectFailed(end) => write!(f, "cannot connect: {end}"),
            EventKind::ConnectRetried(wait) => write!(f, "trying again in {}", Show(*wait)),
            EventKind::HandshakeSucceeded(peer) => match peer.socket_type {
                Some(kind) => write!(f, "talking to a {kind}"),
                None => f.write_str("talking to a peer"),
            },
            EventKind::HandshakeFailed(end) => write!(f, "handshake failed: {end}"),
            EventKind::Disconnected(end) => write!(f, "disconnected: {end}"),
            EventKind::Closed => f.write_str("not listening any more"),
            EventKind::Lost { loss, count } => write!(f, "{loss} (so far {count})"),
            EventKind::Queues { outbound, inbound } => {
                let (out, back) = (outbound.messages, inbound.messages);
                write!(f, "{out} messages wait for the peer, {back} from it")
            }
            other => write!(f, "{other:?}"),
        }?;
        match peer_address {
            Some(address) => write!(f, " ({address})"),
            None => Ok(()),
        }
    }
}
