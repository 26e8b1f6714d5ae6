//! STREAM: bytes to and from peers that speak anything but ZMTP.

use std::sync::Arc;

use bytes::Bytes;
use ferromq_core::routing::{FairQueue, Look};
use ferromq_core::{
    Attend, CanReceive, CanRoute, CanSend, Inbound, Joint, Message, OptionError, Outbound, Pattern,
    PatternOption, Peer, PeerId, PeerInfo, PeerMap, PushError, Sent, Slot, SocketType,
    TryRecvError, TrySendError, Wakes,
};

use crate::ids::Ids;
use crate::notices::Notices;
use crate::routes::{Route, Routes};

/// A socket for bare connections: bytes to and from peers that do not speak ZMTP.
///
/// Each message is a routing id and the bytes: on the way in, whatever arrived
/// together, in one frame; on the way out, all frames behind the id, one after
/// the other.
///
/// A message without bytes tells of connections. On the way in it says that this
/// one is there now, or gone, in its place among what it sent (unless
/// [`ZMQ_STREAM_NOTIFY`](PatternOption::StreamNotify) is off). On the way out it
/// ends the connection: what was sent before still leaves, what was received is
/// discarded.
///
/// Each connection has an id of its own, made up of a zero octet and a number,
/// unless the application has assigned one. A connection that this side makes
/// again keeps it. To send to an id that nobody has is `Unroutable`; to a
/// connection that takes no more, `Full`.
///
/// Both halves are one here, because to end a connection takes both.
#[derive(Debug)]
pub struct Stream {
    ids: Ids,
    routes: Routes<()>,
    peers: FairQueue,
    /// The ids of those in the queue.
    names: PeerMap<Bytes>,
    notices: Notices,
    newest_id: Option<Bytes>,
}

impl Pattern for Stream {
    const SOCKET_TYPE: SocketType = SocketType::Stream;
    type Halves = Joint<Self>;

    fn halves() -> Self::Halves {
        Joint::new(Self::default())
    }
}

impl CanSend for Stream {}
impl CanReceive for Stream {}
impl CanRoute for Stream {}

impl Default for Stream {
    fn default() -> Self {
        Self {
            ids: Ids::default(),
            routes: Routes::default(),
            peers: FairQueue::new(),
            names: PeerMap::default(),
            notices: Notices::new(true, true),
            newest_id: None,
        }
    }
}

impl Stream {
    fn handle_up(&mut self, peer: PeerId) {
        if let Some(id) = self.names.get(&peer) {
            self.notices.handle_up(peer, id);
        }
    }

    /// Whose message is next; `None` if a notice is, or nothing.
    fn next(&mut self) -> Option<PeerId> {
        while !self.notices.are_due() {
            match self.peers.look() {
                Look::Message(peer) => return Some(peer),
                Look::Idle(peer) => self.notices.handle_dry(peer),
                Look::Left(peer) => {
                    self.notices.handle_left(peer);
                    self.names.remove(&peer);
                }
                Look::Nothing => return None,
            }
        }
        None
    }
}

impl Attend for Stream {
    fn attach(&mut self, peer: Peer, _wakes: &mut Wakes) {
        let (Some(writer), Some(reader)) = (peer.writer, peer.reader) else {
            return;
        };
        let assigned = peer.assigned_id.filter(|id| !id.is_empty());
        let id = assigned.unwrap_or_else(|| self.ids.next(|id| self.routes.has(id)));
        if self.routes.has(&id) {
            // The application has given one id twice: the first keeps it.
            return;
        }
        let route = Route {
            peer: peer.id,
            writer,
            seat: (),
        };
        self.routes.insert(id.clone(), route);
        self.peers.attach(peer.id, reader);
        self.names.insert(peer.id, id.clone());
        self.newest_id = Some(id);
        if peer.info.is_some() {
            self.handle_up(peer.id);
        }
    }

    fn handle_ready(&mut self, peer: PeerId, _info: &Arc<PeerInfo>, _wakes: &mut Wakes) {
        self.handle_up(peer);
    }

    fn handle_lost(&mut self, peer: PeerId, _wakes: &mut Wakes) {
        self.notices.handle_down(peer);
        // So that it is looked at, even if it has nothing.
        self.peers.handle_readable(peer);
    }

    fn handle_readable(&mut self, peer: PeerId, _wakes: &mut Wakes) {
        self.peers.handle_readable(peer);
    }

    fn handle_writable(&mut self, peer: PeerId, _wakes: &mut Wakes) {
        self.routes.handle_writable(peer);
    }

    fn detach(&mut self, peer: PeerId) {
        self.routes.remove(peer);
        self.peers.detach(peer);
        self.names.remove(&peer);
        self.notices.forget(peer);
    }

    fn detach_all(&mut self) {
        self.routes.clear();
        self.peers.detach_all();
        self.names.clear();
        self.notices.clear();
    }

    fn set_option(&mut self, option: &PatternOption) -> Result<(), OptionError> {
        match option {
            PatternOption::StreamNotify(notify) => {
                self.notices.of_connect = *notify;
                self.notices.of_disconnect = *notify;
                Ok(())
            }
            _ => Err(OptionError::Unsupported(option.name())),
        }
    }
}

impl Outbound for Stream {
    fn try_send(&mut self, message: &Message, wakes: &mut Wakes) -> Result<Sent, TrySendError> {
        if message.frame(1).is_none() {
            return Err(TrySendError::Malformed);
        }
        let route = self.routes.get_mut(message.head(), message.origin());
        let route = route.ok_or(TrySendError::Unroutable)?;
        if ends_connection(message) {
            let peer = route.peer;
            self.detach(peer);
            return Ok(Sent::Queued);
        }
        match route.writer.push(&[], message, 1, wakes) {
            Ok(()) => Ok(Sent::Queued),
            Err(PushError::Full) => Err(TrySendError::Full),
            Err(PushError::Closed) => Err(TrySendError::Unroutable),
        }
    }

    fn reserve(&mut self, head: &[u8], wakes: &mut Wakes) -> Result<Slot, TrySendError> {
        let route = self.routes.get_mut(head, 0);
        let route = route.ok_or(TrySendError::Unroutable)?;
        match route.writer.reserve(wakes) {
            Ok(()) => Ok(Slot::Peer(route.peer)),
            Err(PushError::Full) => Err(TrySendError::Full),
            Err(PushError::Closed) => Err(TrySendError::Unroutable),
        }
    }

    fn commit(&mut self, slot: Slot, message: &Message, wakes: &mut Wakes) {
        let Slot::Peer(peer) = slot else { return };
        let Some(route) = self.routes.of_peer(peer) else {
            return;
        };
        if message.frame(1).is_none() {
            route.writer.release();
        } else if ends_connection(message) {
            self.detach(peer);
        } else {
            // A connection that has ended gets nothing more.
            let _ = route.writer.push_reserved(&[], message, 1, wakes);
        }
    }

    fn release(&mut self, slot: Slot) {
        let Slot::Peer(peer) = slot else { return };
        if let Some(route) = self.routes.of_peer(peer) {
            route.writer.release();
        }
    }

    /// Always: whether a message can be sent depends on whom it is for.
    fn is_writable(&mut self, _wakes: &mut Wakes) -> bool {
        true
    }

    fn is_writable_to(&mut self, id: &[u8], wakes: &mut Wakes) -> Result<bool, TrySendError> {
        self.routes.has_room(id, wakes)
    }

    /// So the side that connects learns whom it can send to (`ZMQ_ROUTING_ID`).
    fn newest_id(&self) -> Option<Bytes> {
        self.newest_id.clone()
    }
}

impl Inbound for Stream {
    fn try_recv(&mut self, into: &mut Message, wakes: &mut Wakes) -> Result<(), TryRecvError> {
        let Some(peer) = self.next() else {
            return match self.notices.pop(into) {
                true => Ok(()),
                false => Err(TryRecvError::Empty),
            };
        };
        self.peers.pop(into, wakes);
        if let Some(id) = self.names.get(&peer) {
            into.push_front(id.clone());
        }
        Ok(())
    }

    fn is_readable(&mut self, _wakes: &mut Wakes) -> bool {
        self.next().is_some() || self.notices.are_due()
    }
}

/// Whether there are no bytes behind the id.
fn ends_connection(message: &Message) -> bool {
    message.frames().skip(1).all(<[u8]>::is_empty)
}
