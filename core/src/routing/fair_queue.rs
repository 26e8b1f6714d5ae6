//! Fair queueing: one message from each peer in turn.

use std::collections::VecDeque;

use zmtp_codec::Message;

use crate::peer::{PeerId, PeerMap};
use crate::pipe::{PipeReader, PopError};
use crate::wakes::Wakes;

/// Takes messages from all peers in turn, one from each that has any
/// ([RFC 30](https://rfc.zeromq.org/spec/30/), PULL).
#[derive(Debug, Default)]
pub struct FairQueue {
    /// Peers that have messages, or may have; the front is next.
    active: VecDeque<Box<Source>>,
    /// Peers whose pipe is empty and will call.
    idle: PeerMap<Box<Source>>,
}

#[derive(Debug)]
struct Source {
    peer: PeerId,
    reader: PipeReader,
}

impl FairQueue {
    /// No peers.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a peer.
    pub fn attach(&mut self, peer: PeerId, reader: PipeReader) {
        self.active.push_back(Box::new(Source { peer, reader }));
    }

    /// A peer's pipe has called.
    pub fn handle_readable(&mut self, peer: PeerId) {
        if let Some(source) = self.idle.remove(&peer) {
            self.active.push_back(source);
        }
    }

    /// Removes a peer and what it sent.
    pub fn detach(&mut self, peer: PeerId) {
        self.idle.remove(&peer);
        self.active.retain(|source| source.peer != peer);
    }

    /// Removes all peers.
    pub fn detach_all(&mut self) {
        *self = Self::default();
    }

    /// Takes the next message, into the place of another; its
    /// [origin](Message::origin) is the peer's number. Says whether there was one.
    #[inline]
    pub fn pop(&mut self, into: &mut Message, wakes: &mut Wakes) -> bool {
        while let Some(source) = self.active.front_mut() {
            match source.reader.pop(into, wakes) {
                Ok(()) => {
                    into.set_origin(source.peer.get());
                    if self.active.len() > 1 {
                        self.active.rotate_left(1);
                    }
                    return true;
                }
                Err(error) => self.rest(error),
            }
        }
        false
    }

    /// Whether [`pop`](Self::pop) would find a message.
    pub fn is_readable(&mut self) -> bool {
        while let Some(source) = self.active.front_mut() {
            match source.reader.readable() {
                Ok(()) => return true,
                Err(error) => self.rest(error),
            }
        }
        false
    }

    /// Sets the front peer aside: it has nothing, or has left.
    fn rest(&mut self, error: PopError) {
        if let Some(source) = self.active.pop_front() {
            if error == PopError::Empty {
                self.idle.insert(source.peer, source);
            }
        }
    }
}
