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

/// What [`FairQueue::look`] came upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// A message of this peer: [`FairQueue::pop`] takes it.
    Message(PeerId),
    /// This peer has sent nothing more so far. There may be others: look again.
    Idle(PeerId),
    /// This peer has left, nothing of it is left to take, and it is forgotten.
    /// There may be others: look again.
    Left(PeerId),
    /// Nobody has anything.
    Nothing,
}

impl FairQueue {
    /// No peers.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a peer.
    pub fn attach(&mut self, peer: PeerId, mut reader: PipeReader) {
        reader.set_origin(peer.get());
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

    /// Takes messages as [`pop`](Self::pop) does, up to `limit`, and puts them behind
    /// those in `into`; says how many there were.
    pub fn pop_many(&mut self, into: &mut Vec<Message>, limit: usize, wakes: &mut Wakes) -> usize {
        let mut popped = 0;
        while popped < limit {
            let others = self.active.len() > 1;
            let Some(source) = self.active.front_mut() else {
                break;
            };
            let share = if others { 1 } else { limit - popped };
            match source.reader.pop_many(into, share, wakes) {
                Ok(more) => {
                    popped += more;
                    if others {
                        self.active.rotate_left(1);
                    }
                }
                Err(error) => self.rest(error),
            }
        }
        popped
    }

    /// Whether [`pop`](Self::pop) would find a message.
    pub fn is_readable(&mut self) -> bool {
        loop {
            match self.look() {
                Look::Message(_) => return true,
                Look::Nothing => return false,
                Look::Idle(_) | Look::Left(_) => {}
            }
        }
    }

    /// Looks at the peer whose turn it is, for those who keep something for each
    /// peer and have to know what [`pop`](Self::pop) would pass over.
    #[inline]
    pub fn look(&mut self) -> Look {
        let Some(source) = self.active.front_mut() else {
            return Look::Nothing;
        };
        let peer = source.peer;
        match source.reader.readable() {
            Ok(()) => Look::Message(peer),
            Err(error) => {
                self.rest(error);
                match error {
                    PopError::Empty => Look::Idle(peer),
                    PopError::Closed => Look::Left(peer),
                }
            }
        }
    }

    /// Whether this peer has left; messages of it may still be there.
    pub fn has_left(&self, peer: PeerId) -> bool {
        let mut sources = self.active.iter().chain(self.idle.get(&peer));
        sources
            .find(|source| source.peer == peer)
            .is_some_and(|source| source.reader.is_closed())
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
