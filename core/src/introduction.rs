//! How a peer of the same process becomes known.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use crate::peer::PeerInfo;
use crate::sync::Mutex;

/// What one socket learns of another over a transport without handshakes: at
/// once, or later, when the other has bound.
#[derive(Clone, Default)]
pub struct Introduction(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    peer: Option<Arc<PeerInfo>>,
    waiting: Option<Callback>,
}

type Callback = Box<dyn FnOnce(Arc<PeerInfo>) + Send>;

impl Introduction {
    /// Nobody is known yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes the peer known by its routing id, which may be empty.
    pub fn introduce(&self, identity: Bytes) {
        let peer = Arc::new(PeerInfo {
            identity,
            ..PeerInfo::default()
        });
        let mut state = self.0.lock();
        state.peer = Some(Arc::clone(&peer));
        let waiting = state.waiting.take();
        drop(state);
        if let Some(callback) = waiting {
            callback(peer);
        }
    }

    /// The peer, if it is known.
    #[must_use]
    pub fn peer(&self) -> Option<Arc<PeerInfo>> {
        self.0.lock().peer.clone()
    }

    /// Calls back once the peer is known, which may be at once.
    pub fn when_known(&self, callback: impl FnOnce(Arc<PeerInfo>) + Send + 'static) {
        let mut state = self.0.lock();
        match state.peer.clone() {
            Some(peer) => {
                drop(state);
                callback(peer);
            }
            None => state.waiting = Some(Box::new(callback)),
        }
    }
}

impl fmt::Debug for Introduction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Introduction").field(&self.peer()).finish()
    }
}
