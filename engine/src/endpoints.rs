//! The endpoints that a socket is bound or connected to.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use bytes::Bytes;
use ferromq_core::{
    Connection, Datagrams, Endpoint, LinkOptions, Listener, OptionError, PeerId, SocketType,
    Transport, TransportError,
};

use crate::accept::Acceptor;
use crate::dial::Dialer;
use crate::error::LinkError;
use crate::hub::Hub;
use crate::immediate::{self, Doorway};
use crate::monitor::EventKind;
use crate::stop::Stop;

/// The endpoints of a socket, in the order they came.
#[derive(Default)]
pub(crate) struct Endpoints {
    entries: Vec<Entry>,
    /// Routing ids of peers that are being connected to.
    reserved: Vec<Bytes>,
    last: Option<Endpoint>,
}

/// One endpoint, as it is registered: bound ones resolved, connected ones as given.
struct Entry {
    endpoint: Endpoint,
    hold: Hold,
    /// The routing id that the application has given the peer.
    assigned_id: Option<Bytes>,
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

/// A routing id that is kept until its peer is registered, or is not to be.
pub(crate) struct Reservation<'a> {
    hub: &'a Hub,
    id: &'a Bytes,
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        let mut endpoints = self.hub.endpoints.lock();
        endpoints.reserved.retain(|id| id != self.id);
    }
}

impl Endpoints {
    fn add(&mut self, entry: Entry) {
        self.last = Some(entry.endpoint.clone());
        self.entries.push(entry);
    }

    /// Whether the application has given that routing id to a peer already, which
    /// the pattern need not know yet, or is about to.
    fn have_assigned(&self, id: &Bytes) -> bool {
        let mut entries = self.entries.iter();
        entries.any(|entry| entry.assigned_id.as_ref() == Some(id)) || self.reserved.contains(id)
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
                let peer = PeerId::new(peer.load(Ordering::Acquire));
                hub.roster.release(peer);
                hub.detach(peer);
            }
            Hold::Doorway(doorway) => doorway.close(),
            Hold::Peer(peer) => {
                hub.roster.leave(*peer);
                hub.detach(*peer);
            }
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
            self.register(endpoint.clone(), Hold::Doorway(doorway), None)?;
            return Ok(endpoint);
        }
        let link = self.link_options();
        let runtime = self.runtime()?;
        let hub = Arc::clone(self);
        let bind = async move {
            let bound = listen(&*transport, &endpoint, &link).await;
            bound.inspect_err(|error| {
                let error = Arc::new(error.clone());
                hub.emit(&endpoint, None, EventKind::BindFailed(error));
            })
        };
        let (listener, link) = runtime.spawn(bind).await.map_err(|_| LinkError::Closed)??;
        let endpoint = listener.local_endpoint().clone();
        let stop = Stop::new();
        self.register(endpoint.clone(), Hold::Acceptor(Arc::clone(&stop)), None)?;
        let acceptor = Acceptor {
            hub: Arc::clone(self),
            listener,
            stop,
        };
        match link {
            None => acceptor.start(),
            Some(link) => acceptor.carry(link),
        }
        Ok(endpoint)
    }

    /// Connects to an endpoint, in the background and for good, to a peer that is
    /// known by `assigned_id` if there is one.
    pub(crate) fn connect(
        self: &Arc<Self>,
        endpoint: &str,
        assigned_id: Option<Bytes>,
    ) -> Result<(), LinkError> {
        let endpoint: Endpoint = endpoint.parse()?;
        let transport = self.transport(&endpoint)?;
        transport.check(&endpoint, &self.link_options())?;
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
        self.dial(transport, endpoint, assigned_id).map(drop)
    }

    /// Connects to an endpoint, and says which peer will be there.
    pub(crate) fn connect_peer(self: &Arc<Self>, endpoint: &str) -> Result<PeerId, LinkError> {
        let endpoint: Endpoint = endpoint.parse()?;
        let transport = self.transport(&endpoint)?;
        transport.check(&endpoint, &self.link_options())?;
        self.dial(transport, endpoint, None)
    }

    fn dial(
        self: &Arc<Self>,
        transport: Arc<dyn Transport>,
        endpoint: Endpoint,
        assigned_id: Option<Bytes>,
    ) -> Result<PeerId, LinkError> {
        self.roster.dismiss(&endpoint);
        if transport.is_immediate() {
            let peer = immediate::connect(self, &*transport, &endpoint, assigned_id.clone())?;
            let registered = self.register(endpoint, Hold::Peer(peer), assigned_id);
            return registered.map(|()| peer);
        }
        self.runtime()?;
        let hub = Arc::clone(self);
        let (stop, peer) = (Stop::new(), Arc::new(AtomicU32::new(0)));
        let hold = Hold::Dialer(Arc::clone(&stop), Arc::clone(&peer));
        self.register(endpoint.clone(), hold, assigned_id.clone())?;
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
        let Some(entry) = entry else {
            return;
        };
        let Entry {
            endpoint,
            hold,
            assigned_id,
        } = entry;
        if let Hold::Dialer(stop, _) = &hold {
            stop.stop_at_once();
        }
        if let Ok(transport) = self.transport(&endpoint) {
            // It has connected there before; only a socket that closes cannot again.
            let _ = self.dial(transport, endpoint, assigned_id);
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
        if self.home.is_foreign() {
            return Err(LinkError::Forked);
        }
        let endpoint: Endpoint = endpoint.parse()?;
        self.roster.dismiss(&endpoint);
        let entries = self.endpoints.lock().remove(&endpoint);
        if entries.is_empty() {
            return Err(LinkError::NotFound(endpoint));
        }
        let for_good = self.options().reconnect.stop.after_disconnect;
        for entry in &entries {
            if let (Hold::Dialer(stop, _), true) = (&entry.hold, for_good) {
                stop.stop_for_good();
            }
            entry.end(self);
        }
        Ok(())
    }

    /// Forgets an endpoint that its task has given up, so that the socket can connect
    /// to it again.
    pub(crate) fn give_up(&self, dialer: &Arc<Stop>) {
        self.endpoints.lock().entries.retain(
            |entry| !matches!(&entry.hold, Hold::Dialer(stop, _) if Arc::ptr_eq(stop, dialer)),
        );
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

    /// Keeps a routing id for a peer that is about to be connected to, unless the
    /// application has given it to another one.
    pub(crate) fn reserve_id<'a>(&'a self, id: &'a Bytes) -> Option<Reservation<'a>> {
        let mut endpoints = self.endpoints.lock();
        if endpoints.have_assigned(id) {
            return None;
        }
        endpoints.reserved.push(id.clone());
        Some(Reservation { hub: self, id })
    }

    /// Keeps an endpoint, unless the socket has closed meanwhile.
    fn register(
        &self,
        endpoint: Endpoint,
        hold: Hold,
        assigned_id: Option<Bytes>,
    ) -> Result<(), LinkError> {
        let entry = Entry {
            endpoint,
            hold,
            assigned_id,
        };
        let mut endpoints = self.endpoints.lock();
        if self.is_closed() {
            entry.end(self);
            return Err(LinkError::Closed);
        }
        endpoints.add(entry);
        Ok(())
    }

    fn transport(&self, endpoint: &Endpoint) -> Result<Arc<dyn Transport>, LinkError> {
        if self.home.is_foreign() {
            return Err(LinkError::Forked);
        }
        if self.is_closed() {
            return Err(LinkError::Closed);
        }
        if let Some(limit) = self.exceeded() {
            return Err(LinkError::TooManySockets(limit));
        }
        if self.is_embedded() && self.options().affinity != 0 {
            return Err(LinkError::Option(OptionError::Unsupported("ZMQ_AFFINITY")));
        }
        self.options()
            .check(self.socket_type)
            .map_err(LinkError::Option)?;
        let transport = self.context.transport(endpoint.scheme()).map(Arc::clone);
        let transport = transport.ok_or_else(|| LinkError::UnknownScheme {
            endpoint: endpoint.clone(),
            known: self.context.schemes().collect(),
        })?;
        if self.socket_type == SocketType::Dgram && !transport.is_connectionless() {
            let reason = "a DGRAM sends datagrams, not over connections";
            return Err(TransportError::Incompatible(endpoint.clone(), reason).into());
        }
        Ok(transport)
    }
}

/// Listens, and takes the one link where there is only one.
async fn listen(
    transport: &dyn Transport,
    endpoint: &Endpoint,
    options: &LinkOptions,
) -> Result<(Box<dyn Listener>, Option<Box<dyn Datagrams>>), TransportError> {
    let listener = transport.bind(endpoint, options).await?;
    if !transport.is_connectionless() {
        return Ok((listener, None));
    }
    match listener.accept().await? {
        Connection::Datagrams(link) => Ok((listener, Some(link))),
        _ => Err(TransportError::Unsupported(
            endpoint.clone(),
            "its transport has connections, and says that it has none",
        )),
    }
}
