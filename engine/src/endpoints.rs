//! The endpoints that a socket is bound or connected to.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use ferromq_core::{Endpoint, PeerId, SocketType, Transport};

use crate::accept::Acceptor;
use crate::dial::Dialer;
use crate::error::LinkError;
use crate::hub::Hub;
use crate::immediate::{self, Doorway};
use crate::stop::Stop;

/// The endpoints of a socket, in the order they came.
#[derive(Default)]
pub(crate) struct Endpoints {
    entries: Vec<Entry>,
    last: Option<Endpoint>,
}

/// One endpoint, as it is registered: bound ones resolved, connected ones as given.
struct Entry {
    endpoint: Endpoint,
    hold: Hold,
}

/// What keeps an endpoint going.
enum Hold {
    /// A task that accepts.
    Acceptor(Arc<Stop>),
    /// A task that connects, and the peer as the pattern knows it now.
    Dialer(Arc<Stop>, Arc<AtomicU32>),
    /// A bound name without a task.
    Doorway(Arc<Doorway>),
    /// A peer without a task.
    Peer(PeerId),
}

impl Endpoints {
    fn add(&mut self, endpoint: Endpoint, hold: Hold) {
        self.last = Some(endpoint.clone());
        self.entries.push(Entry { endpoint, hold });
    }

    /// Whether a task keeps that endpoint connected.
    fn connects_to(&self, endpoint: &Endpoint) -> bool {
        self.entries
            .iter()
            .any(|entry| matches!(entry.hold, Hold::Dialer(..)) && entry.endpoint == *endpoint)
    }

    /// Takes out the entry that keeps this peer connected.
    fn remove_peer(&mut self, peer: PeerId) -> Option<Entry> {
        let place = self
            .entries
            .iter()
            .position(|entry| entry.peer() == Some(peer))?;
        Some(self.entries.remove(place))
    }

    /// Takes out all entries of that name.
    fn remove(&mut self, endpoint: &Endpoint) -> Vec<Entry> {
        let all = std::mem::take(&mut self.entries);
        let (removed, kept) = all
            .into_iter()
            .partition(|entry| entry.endpoint == *endpoint);
        self.entries = kept;
        removed
    }
}

impl Entry {
    fn peer(&self) -> Option<PeerId> {
        match &self.hold {
            Hold::Dialer(_, peer) => Some(PeerId::new(peer.load(Ordering::Acquire))),
            Hold::Peer(peer) => Some(*peer),
            Hold::Acceptor(_) | Hold::Doorway(_) => None,
        }
    }

    fn end(&self, hub: &Hub) {
        match &self.hold {
            Hold::Acceptor(stop) => stop.stop(),
            Hold::Dialer(stop, peer) => {
                stop.stop();
                hub.detach(PeerId::new(peer.load(Ordering::Acquire)));
            }
            Hold::Doorway(doorway) => doorway.close(),
            Hold::Peer(peer) => hub.detach(*peer),
        }
    }
}

impl Hub {
    /// Listens at an endpoint, and returns it resolved.
    pub(crate) async fn bind(self: &Arc<Self>, endpoint: &str) -> Result<Endpoint, LinkError> {
        let endpoint: Endpoint = endpoint.parse()?;
        let transport = self.transport(&endpoint)?;
        if transport.is_immediate() {
            let doorway = immediate::bind(self, &*transport, &endpoint)?;
            let endpoint = doorway.endpoint().clone();
            self.register(endpoint.clone(), Hold::Doorway(doorway))?;
            return Ok(endpoint);
        }
        let link = self.link_options();
        let runtime = self.runtime()?;
        let bind = async move { transport.bind(&endpoint, &link).await };
        let listener = runtime.spawn(bind).await.map_err(|_| LinkError::Closed)??;
        let endpoint = listener.local_endpoint().clone();
        let stop = Stop::new();
        self.register(endpoint.clone(), Hold::Acceptor(Arc::clone(&stop)))?;
        Acceptor {
            hub: Arc::clone(self),
            listener,
            stop,
        }
        .start();
        Ok(endpoint)
    }

    /// Connects to an endpoint, in the background and for good.
    pub(crate) fn connect(self: &Arc<Self>, endpoint: &str) -> Result<(), LinkError> {
        let endpoint: Endpoint = endpoint.parse()?;
        let transport = self.transport(&endpoint)?;
        transport.check(&endpoint)?;
        // As in libzmq, these sockets connect once to one endpoint.
        let once = [
            SocketType::Dealer,
            SocketType::Sub,
            SocketType::Pub,
            SocketType::Req,
        ];
        if once.contains(&self.socket_type) && self.endpoints.lock().connects_to(&endpoint) {
            return Ok(());
        }
        self.dial(transport, endpoint).map(drop)
    }

    /// Connects to an endpoint, and says which peer will be there.
    pub(crate) fn connect_peer(self: &Arc<Self>, endpoint: &str) -> Result<PeerId, LinkError> {
        let endpoint: Endpoint = endpoint.parse()?;
        let transport = self.transport(&endpoint)?;
        transport.check(&endpoint)?;
        self.dial(transport, endpoint)
    }

    fn dial(
        self: &Arc<Self>,
        transport: Arc<dyn Transport>,
        endpoint: Endpoint,
    ) -> Result<PeerId, LinkError> {
        if transport.is_immediate() {
            let peer = immediate::connect(self, &*transport, &endpoint, None)?;
            return self.register(endpoint, Hold::Peer(peer)).map(|()| peer);
        }
        self.runtime()?;
        let (hub, assigned_id) = (Arc::clone(self), None);
        let (stop, peer) = (Stop::new(), Arc::new(AtomicU32::new(0)));
        let hold = Hold::Dialer(Arc::clone(&stop), Arc::clone(&peer));
        self.register(endpoint.clone(), hold)?;
        Dialer {
            hub,
            transport,
            endpoint,
            stop,
            peer: Arc::clone(&peer),
            assigned_id,
        }
        .start();
        Ok(PeerId::new(peer.load(Ordering::Acquire)))
    }

    /// Ends a peer's connection, drops what is queued for it, and connects anew
    /// where this side had connected: to a new peer, with an empty queue.
    pub(crate) fn renew(self: &Arc<Self>, peer: PeerId) {
        let entry = self.endpoints.lock().remove_peer(peer);
        let Some(Entry { endpoint, hold }) = entry else {
            return;
        };
        if let Hold::Dialer(stop, _) = &hold {
            stop.stop_at_once();
        }
        if let Ok(transport) = self.transport(&endpoint) {
            // It has connected there before; only a socket that closes cannot again.
            let _ = self.dial(transport, endpoint);
        }
    }

    /// Lets a peer go, and connects to it no more.
    pub(crate) fn disconnect_peer(&self, peer: PeerId) {
        let entry = self.endpoints.lock().remove_peer(peer);
        match entry {
            Some(entry) => entry.end(self),
            None => self.detach(peer),
        }
    }

    /// Lets go all endpoints of that name.
    pub(crate) fn disconnect(&self, endpoint: &str) -> Result<(), LinkError> {
        let endpoint: Endpoint = endpoint.parse()?;
        let entries = self.endpoints.lock().remove(&endpoint);
        if entries.is_empty() {
            return Err(LinkError::NotFound(endpoint));
        }
        entries.iter().for_each(|entry| entry.end(self));
        Ok(())
    }

    /// Lets go all endpoints.
    pub(crate) fn end_all(&self) {
        let entries = std::mem::take(&mut self.endpoints.lock().entries);
        entries.iter().for_each(|entry| entry.end(self));
    }

    /// The endpoint bound or connected last.
    pub(crate) fn last_endpoint(&self) -> Option<Endpoint> {
        self.endpoints.lock().last.clone()
    }

    /// Keeps an endpoint, unless the socket has closed meanwhile.
    fn register(&self, endpoint: Endpoint, hold: Hold) -> Result<(), LinkError> {
        let mut endpoints = self.endpoints.lock();
        if self.is_closed() {
            Entry { endpoint, hold }.end(self);
            return Err(LinkError::Closed);
        }
        endpoints.add(endpoint, hold);
        Ok(())
    }

    fn transport(&self, endpoint: &Endpoint) -> Result<Arc<dyn Transport>, LinkError> {
        if self.is_closed() {
            return Err(LinkError::Closed);
        }
        self.options()
            .check(self.socket_type)
            .map_err(LinkError::Option)?;
        let transport = self.context.transport(endpoint.scheme()).map(Arc::clone);
        transport.ok_or_else(|| LinkError::UnknownScheme {
            endpoint: endpoint.clone(),
            known: self.context.schemes().collect(),
        })
    }
}
