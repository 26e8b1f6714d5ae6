//! The dialer: keeps one endpoint that the socket connects to connected.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use ferromq_core::{
    Connection, Datagrams, Endpoint, PeerId, PeerInfo, PipeReader, PipeWriter, Transport,
};

use crate::backoff::{Backoff, random};
use crate::courier::Courier;
use crate::driver::Driver;
use crate::end::End;
use crate::handshake::{Ready, handshake};
use crate::hub::{Hub, NewPeer};
use crate::leash::Leash;
use crate::monitor::EventKind;
use crate::roster::{Entry, Pipes};
use crate::stop::Stop;

/// One endpoint that a socket connects to.
pub(crate) struct Dialer {
    pub(crate) hub: Arc<Hub>,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) endpoint: Endpoint,
    pub(crate) stop: Arc<Stop>,
    /// The peer as the pattern knows it now.
    pub(crate) peer: Arc<AtomicU32>,
    /// The routing id that the application has given the peer.
    pub(crate) assigned_id: Option<Bytes>,
}

/// The peer's pipes, and the pattern's ends while the pattern does not have them.
struct Lease {
    leash: Leash,
    ends: Option<(PipeWriter, PipeReader)>,
}

/// A connection that messages can go over.
enum Way {
    Wire(Box<Ready>),
    Datagrams(Box<dyn Datagrams>),
}

/// How far a connection came, and how it ended there.
struct Failure(Stage, End);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Connecting,
    Handshake,
    Traffic,
}

impl Dialer {
    /// Connects, and connects again, until this side wants no more.
    ///
    /// The pattern has the peer from the beginning, with a queue that survives
    /// reconnection; with `ZMQ_IMMEDIATE` it gets a new peer with each connection, if
    /// there are connections.
    pub(crate) fn start(self) {
        let mut lease = self.new_lease();
        if !self.hub.options().immediate || self.transport.is_connectionless() {
            self.attach(&mut lease, None);
        }
        let hub = Arc::clone(&self.hub);
        hub.spawn(async move {
            let end = self.run(&mut lease).await;
            let peer = self.peer();
            self.hub.peers.leave(peer);
            match end.is_unwanted() && !self.stop.is_stopped() {
                true => self.hub.roster.give_up(peer, &end),
                false => self.hub.roster.leave(peer),
            }
        });
    }

    /// Says why it connects no more.
    async fn run(&self, lease: &mut Lease) -> End {
        let mut backoff = Backoff::new();
        lease.leash.tie(&self.stop).await;
        loop {
            let failure = match self.connect(&mut lease.leash).await {
                Ok(Way::Datagrams(link)) => {
                    let end = self.carry(lease, link).await;
                    Failure(Stage::Traffic, end)
                }
                Ok(Way::Wire(ready)) => {
                    backoff.reset();
                    let end = self.drive(lease, ready).await;
                    if self.hub.options().immediate {
                        self.hub.peers.leave(self.peer());
                        self.hub.roster.leave(self.peer());
                        *lease = self.new_lease();
                        lease.leash.tie(&self.stop).await;
                    }
                    Failure(Stage::Traffic, end)
                }
                Err(failure) => failure,
            };
            let Some(wait) = self.next_wait(&failure, &mut backoff) else {
                return failure.1;
            };
            self.emit(None, EventKind::ConnectRetried(wait));
            let pause = pin!(self.pause(wait));
            match lease.leash.race(&self.hub, pause).await {
                Ok(true) => {}
                Ok(false) | Err(_) => return End::Closed,
            }
        }
    }

    /// How long to wait before connecting again, if that is to be.
    fn next_wait(&self, failure: &Failure, backoff: &mut Backoff) -> Option<Duration> {
        let Failure(stage, end) = failure;
        let options = self.hub.options().reconnect;
        let stop = options.stop;
        if !end.is_temporary()
            || self.stop.is_for_good()
            || (stop.handshake_failed && *stage == Stage::Handshake)
        {
            return None;
        }
        let wait = backoff
            .next(&options, random())
            .filter(|_| !(stop.refused && end.is_refused()));
        if wait.is_none() {
            // As in libzmq, the endpoint can be connected to again then. After a
            // breach of the protocol it stays until it is disconnected.
            self.hub.give_up(&self.stop);
        }
        wait
    }

    /// Waits; says whether another attempt is still wanted.
    async fn pause(&self, wait: Duration) -> bool {
        let mut timer = pin!(tokio::time::sleep(wait));
        poll_fn(|cx| match self.stop.is_for_good() {
            true => Poll::Ready(false),
            false => timer.as_mut().poll(cx).map(|()| true),
        })
        .await
    }

    /// One attempt, up to the end of the handshake if there is one.
    async fn connect(&self, leash: &mut Leash) -> Result<Way, Failure> {
        self.emit(None, EventKind::ConnectDelayed);
        let connecting = |end| Failure(Stage::Connecting, end);
        let opened = leash.race(&self.hub, pin!(self.open())).await;
        let opened = opened.map_err(connecting)?.map_err(|end| {
            self.emit(None, EventKind::ConnectFailed(end.clone()));
            connecting(end)
        })?;
        let stream = match opened {
            Connection::Stream(stream) => stream,
            Connection::Datagrams(link) => {
                self.emit(None, EventKind::Connected);
                return Ok(Way::Datagrams(link));
            }
            // Links to other sockets of the process are not dialed.
            Connection::Pipe(_) => return Err(connecting(End::Closed)),
        };
        let address = stream.peer_address.clone();
        self.emit(Some(&address), EventKind::Connected);
        let handshake = Box::pin(handshake(&self.hub, stream));
        let shaken = leash.race(&self.hub, handshake).await;
        if let Ok(Err(end)) = &shaken {
            self.emit(Some(&address), EventKind::HandshakeFailed(end.clone()));
        }
        let ready = shaken.and_then(|shaken| shaken).map_err(|end| {
            self.emit(Some(&address), EventKind::Disconnected(end.clone()));
            Failure(Stage::Handshake, end)
        })?;
        Ok(Way::Wire(ready))
    }

    /// Opens the connection, within the socket's timeout.
    async fn open(&self) -> Result<Connection, End> {
        let options = self.hub.options();
        let link = self.hub.link_options();
        let connect = self.transport.connect(&self.endpoint, &link);
        let connected = match options.connect_timeout {
            None => connect.await,
            Some(timeout) => tokio::time::timeout(timeout, connect)
                .await
                .map_err(|_| End::ConnectTimeout)?,
        };
        connected.map_err(|error| End::Transport(Arc::new(error)))
    }

    /// Moves messages as datagrams until this side ends that.
    async fn carry(&self, lease: &mut Lease, link: Box<dyn Datagrams>) -> End {
        self.hub.roster.open(self.peer());
        let end = Courier::run(&self.hub, &self.endpoint, &mut lease.leash, link).await;
        self.emit(None, EventKind::Disconnected(end.clone()));
        end
    }

    /// Moves messages until the connection ends.
    async fn drive(&self, lease: &mut Lease, ready: Box<Ready>) -> End {
        let info = Arc::clone(&ready.info);
        let address = info.address.as_deref();
        let succeeded = EventKind::HandshakeSucceeded(Arc::clone(&info));
        self.attach(lease, Some(&info));
        let peer = self.peer();
        // As in libzmq, who waits for it can use it now.
        self.hub.emit(&self.endpoint, address, succeeded.clone());
        self.hub.roster.note(peer, address, &succeeded);
        let end = Driver::run(&self.hub, &mut lease.leash, ready).await;
        if end.is_unwanted() {
            lease.leash.say(self.hub.options().messages.hiccup());
        }
        self.hub.lost(peer);
        self.emit(address, EventKind::Disconnected(end.clone()));
        end
    }

    fn new_lease(&self) -> Lease {
        let id = self.hub.next_peer();
        self.peer.store(id.get(), Ordering::Release);
        let (leash, writer, reader) = Leash::new(&self.hub.link_options());
        let entry = Entry::dialed(&self.endpoint, Pipes::of(&writer, &reader));
        self.hub.roster.enter(id, entry, None);
        Lease {
            leash,
            ends: Some((writer, reader)),
        }
    }

    /// Gives the pattern its ends, or tells it that the peer it has is ready.
    fn attach(&self, lease: &mut Lease, info: Option<&Arc<PeerInfo>>) {
        let id = self.peer();
        match (lease.ends.take(), info) {
            (Some((writer, reader)), info) => self.hub.attach(NewPeer {
                id,
                endpoint: self.endpoint.clone(),
                writer,
                reader,
                info: info.cloned(),
                direct: false,
                takes_all: self.transport.is_connectionless(),
                assigned_id: self.assigned_id.clone(),
            }),
            (None, Some(info)) => self.hub.ready(id, info),
            (None, None) => {}
        }
    }

    /// The peer as the pattern knows it now.
    fn peer(&self) -> PeerId {
        PeerId::new(self.peer.load(Ordering::Acquire))
    }

    fn emit(&self, peer_address: Option<&str>, kind: EventKind) {
        self.hub.roster.note(self.peer(), peer_address, &kind);
        self.hub.emit(&self.endpoint, peer_address, kind);
    }
}
