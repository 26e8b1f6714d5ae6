//! Notices of peers that come and go.

use std::collections::VecDeque;

use bytes::Bytes;
use ferromq_core::{Message, PeerId, PeerMap};

/// Tells the application, by an empty message from it, that a peer is there or gone
/// (`ZMQ_ROUTER_NOTIFY`, `ZMQ_STREAM_NOTIFY`).
///
/// ```text
///            up                 down                    dry
///  (down) ───────▶ up: notice ────────▶ ended, data left ───▶ (down): notice
/// ```
///
/// A notice stands where it belongs among the peer's messages: that it is there
/// before the first, that it is gone behind the last. Where one pipe carries the
/// messages of several connections, one after the other, "behind the last" is
/// when the pipe is empty, even if the next connection is there by then.
#[derive(Debug)]
pub(crate) struct Notices {
    pub(crate) of_connect: bool,
    pub(crate) of_disconnect: bool,
    lines: PeerMap<Line>,
    due: VecDeque<(PeerId, Bytes)>,
}

#[derive(Debug)]
struct Line {
    id: Bytes,
    up: bool,
    /// A connection before has ended, and messages of it may still be there.
    ended: bool,
}

impl Notices {
    pub(crate) fn new(of_connect: bool, of_disconnect: bool) -> Self {
        Self {
            of_connect,
            of_disconnect,
            lines: PeerMap::default(),
            due: VecDeque::new(),
        }
    }

    /// A connection to the peer of that id is there.
    pub(crate) fn handle_up(&mut self, peer: PeerId, id: &Bytes) {
        let line = self.lines.entry(peer).or_insert_with(|| Line {
            id: id.clone(),
            up: false,
            ended: false,
        });
        let news = !std::mem::replace(&mut line.up, true) && !line.ended;
        if news && self.of_connect {
            self.due.push_back((peer, id.clone()));
        }
    }

    /// The connection to the peer is gone.
    pub(crate) fn handle_down(&mut self, peer: PeerId) {
        if let Some(line) = self.lines.get_mut(&peer) {
            line.ended |= std::mem::take(&mut line.up);
        }
    }

    /// The application has taken everything that the peer has sent.
    pub(crate) fn handle_dry(&mut self, peer: PeerId) {
        let Some(line) = self.lines.get_mut(&peer).filter(|line| line.ended) else {
            return;
        };
        line.ended = false;
        if self.of_disconnect {
            self.due.push_back((peer, line.id.clone()));
        }
        if line.up && self.of_connect {
            self.due.push_back((peer, line.id.clone()));
        }
    }

    /// The peer has left, and the application has taken everything that it has sent.
    pub(crate) fn handle_left(&mut self, peer: PeerId) {
        self.handle_dry(peer);
        self.handle_down(peer);
        self.handle_dry(peer);
        self.lines.remove(&peer);
    }

    /// Nothing is to be heard of the peer any more.
    pub(crate) fn forget(&mut self, peer: PeerId) {
        self.lines.remove(&peer);
        self.due.retain(|(of, _)| *of != peer);
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::new(self.of_connect, self.of_disconnect);
    }

    /// Whether a notice is due.
    #[inline]
    pub(crate) fn are_due(&self) -> bool {
        !self.due.is_empty()
    }

    /// Takes the next notice, into the place of a message.
    pub(crate) fn pop(&mut self, into: &mut Message) -> bool {
        let Some((peer, id)) = self.due.pop_front() else {
            return false;
        };
        *into = Message::from_frames([id, Bytes::new()]);
        into.set_origin(peer.get());
        true
    }
}
