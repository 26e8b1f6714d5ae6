//! The ways to peers, by routing id.

use std::collections::HashMap;

use bytes::Bytes;
use ferromq_core::{PeerId, PeerMap, PipeWriter, PushError, TrySendError, Wakes};

/// The ways to peers, by routing id and by peer.
///
/// Peers choose their ids, so the map's hash is one that they cannot aim at. It is slow
/// therefore: an answer finds its way by the number of who has asked.
#[derive(Debug)]
pub(crate) struct Routes<T> {
    by_id: HashMap<Bytes, PeerId>,
    by_peer: PeerMap<(Bytes, Route<T>)>,
}

/// The way to one peer, and its seat, which it has for as long as it is there.
#[derive(Debug)]
pub(crate) struct Route<T> {
    pub(crate) peer: PeerId,
    pub(crate) writer: PipeWriter,
    #[expect(dead_code, reason = "given up when it is dropped")]
    pub(crate) seat: T,
}

impl<T> Default for Routes<T> {
    fn default() -> Self {
        Self {
            by_id: HashMap::new(),
            by_peer: PeerMap::default(),
        }
    }
}

impl<T> Routes<T> {
    /// Adds a peer, and forgets the one that had its id so far.
    pub(crate) fn insert(&mut self, id: Bytes, route: Route<T>) {
        let peer = route.peer;
        if let Some(former) = self.by_id.insert(id.clone(), peer) {
            self.by_peer.remove(&former);
        }
        self.by_peer.insert(peer, (id, route));
    }

    /// The way to the peer of that id, which may be the one of number `guess`.
    #[inline]
    pub(crate) fn get_mut(&mut self, id: &[u8], guess: u32) -> Option<&mut Route<T>> {
        let guess = PeerId::new(guess);
        let peer = match self.by_peer.get(&guess) {
            Some((known, _)) if known == id => guess,
            _ => *self.by_id.get(id)?,
        };
        self.of_peer(peer)
    }

    /// Whether some peer has this id.
    pub(crate) fn has(&self, id: &[u8]) -> bool {
        self.by_id.contains_key(id)
    }

    pub(crate) fn of_peer(&mut self, peer: PeerId) -> Option<&mut Route<T>> {
        self.by_peer.get_mut(&peer).map(|(_, route)| route)
    }

    pub(crate) fn remove(&mut self, peer: PeerId) {
        if let Some((id, _)) = self.by_peer.remove(&peer) {
            self.by_id.remove(&id);
        }
    }

    /// Forgets the peer if it has left.
    pub(crate) fn handle_writable(&mut self, peer: PeerId) {
        if self.has_left(peer) {
            self.remove(peer);
        }
    }

    /// Whether the peer was here and has left.
    pub(crate) fn has_left(&self, peer: PeerId) -> bool {
        let route = self.by_peer.get(&peer);
        route.is_some_and(|(_, route)| route.writer.is_closed())
    }

    /// Whether the peer of that id has room.
    ///
    /// # Errors
    ///
    /// [`TrySendError::Unroutable`] if there is no such peer, or it has left.
    pub(crate) fn has_room(&mut self, id: &[u8], wakes: &mut Wakes) -> Result<bool, TrySendError> {
        let route = self.get_mut(id, 0).ok_or(TrySendError::Unroutable)?;
        match route.writer.room(wakes) {
            Ok(_) => Ok(true),
            Err(PushError::Full) => Ok(false),
            Err(PushError::Closed) => Err(TrySendError::Unroutable),
        }
    }

    /// Whether any peer has room.
    pub(crate) fn have_room(&mut self, wakes: &mut Wakes) -> bool {
        let mut routes = self.by_peer.values_mut();
        routes.any(|(_, route)| route.writer.room(wakes).is_ok())
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}
