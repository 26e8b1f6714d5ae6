//! The endpoints that a socket is bound or connected to.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use ferromq_core::{Endpoint, PeerId};

use crate::stop::Stop;

/// One endpoint, as the application has named it.
pub(crate) struct Entry {
    pub(crate) endpoint: Endpoint,
    pub(crate) stop: Arc<Stop>,
    /// The peer, where the socket connects.
    pub(crate) peer: Option<Arc<AtomicU32>>,
}

/// The endpoints of a socket, in the order they came.
#[derive(Default)]
pub(crate) struct Endpoints {
    entries: Vec<Entry>,
    last: Option<Endpoint>,
}

impl Entry {
    /// The peer as the pattern knows it now.
    pub(crate) fn peer(&self) -> Option<PeerId> {
        self.peer
            .as_ref()
            .map(|peer| PeerId::new(peer.load(Ordering::Acquire)))
    }
}

impl Endpoints {
    pub(crate) fn add(&mut self, entry: Entry) {
        self.last = Some(entry.endpoint.clone());
        self.entries.push(entry);
    }

    /// Takes out all entries of that name; endpoints are matched as they were
    /// registered.
    pub(crate) fn remove(&mut self, endpoint: &Endpoint) -> Vec<Entry> {
        let (removed, kept) = std::mem::take(&mut self.entries)
            .into_iter()
            .partition(|entry| entry.endpoint == *endpoint);
        self.entries = kept;
        removed
    }

    pub(crate) fn take_all(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.entries)
    }

    /// The endpoint that was bound or connected last (`ZMQ_LAST_ENDPOINT`).
    pub(crate) fn last(&self) -> Option<Endpoint> {
        self.last.clone()
    }
}
