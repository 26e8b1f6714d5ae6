//! The acceptor: lets peers in at one endpoint that the socket is bound to.

use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use ferromq_core::{Connection, Datagrams, Endpoint, Listener, Mutex, PeerId, Stream};

use crate::courier::Courier;
use crate::driver::Driver;
use crate::end::End;
use crate::handshake::{Ready, handshake};
use crate::hub::{Hub, NewPeer};
use crate::leash::Leash;
use crate::monitor::EventKind;
use crate::roster::{Entry, Pipes};
use crate::stop::Stop;

/// How long accepting rests when the process is out of descriptors, or the
/// listener is broken.
const REST: Duration = Duration::from_millis(100);

/// So many failures in a row are not those of single connections.
const FAILURES: u32 = 16;

/// One endpoint that a socket is bound to.
pub(crate) struct Acceptor {
    pub(crate) hub: Arc<Hub>,
    pub(crate) listener: Box<dyn Listener>,
    pub(crate) stop: Arc<Stop>,
}

/// What the peers of one endpoint share.
struct Door {
    hub: Arc<Hub>,
    endpoint: Endpoint,
    stop: Arc<Stop>,
    half_open: Mutex<HalfOpen>,
}

/// Connections in their handshake.
#[derive(Default)]
struct HalfOpen {
    in_all: usize,
    by_address: HashMap<Box<str>, usize>,
}

impl Acceptor {
    /// Lets peers in until the endpoint is stopped.
    pub(crate) fn start(self) {
        let Self {
            hub,
            listener,
            stop,
        } = self;
        let endpoint = listener.local_endpoint().clone();
        hub.emit(&endpoint, None, EventKind::Listening);
        let door = Arc::new(Door {
            hub,
            endpoint,
            stop,
            half_open: Mutex::default(),
        });
        let running = Arc::clone(&door);
        door.hub.spawn(async move {
            running.run(&*listener).await;
            drop(listener);
            running.emit(None, EventKind::Closed);
        });
    }
}

impl Acceptor {
    /// Lets in the one link that there is, and carries its messages until the endpoint
    /// is stopped. The pattern has the peer at once.
    pub(crate) fn carry(self, link: Box<dyn Datagrams>) {
        let Self {
            hub,
            listener,
            stop,
        } = self;
        let endpoint = listener.local_endpoint().clone();
        hub.emit(&endpoint, None, EventKind::Listening);
        let (mut leash, writer, reader) = Leash::new(&hub.link_options());
        let id = hub.next_peer();
        let entry = Entry::link(&endpoint, Pipes::of(&writer, &reader));
        hub.roster.enter(id, entry, None);
        hub.attach(NewPeer {
            id,
            endpoint: endpoint.clone(),
            writer,
            reader,
            info: None,
            direct: false,
            takes_all: true,
            assigned_id: None,
        });
        let serving = Arc::clone(&hub);
        hub.spawn(async move {
            leash.tie(&stop).await;
            Courier::run(&serving, &endpoint, &mut leash, link).await;
            drop(listener);
            serving.roster.leave(id);
            serving.emit(&endpoint, None, EventKind::Closed);
        });
    }
}

impl Door {
    async fn run(self: &Arc<Self>, listener: &dyn Listener) {
        let mut failures = 0;
        while let Some(accepted) = self.unless_stopped(listener.accept()).await {
            match accepted {
                Ok(Connection::Stream(stream)) => {
                    failures = 0;
                    self.let_in(stream);
                }
                // Others are not accepted here.
                Ok(Connection::Pipe(_) | Connection::Datagrams(_)) => {}
                Err(error) => {
                    failures += 1;
                    let rest = error.is_exhaustion() || failures > FAILURES;
                    self.emit(None, EventKind::AcceptFailed(Arc::new(error)));
                    if rest
                        && self
                            .unless_stopped(pin!(tokio::time::sleep(REST)))
                            .await
                            .is_none()
                    {
                        return;
                    }
                }
            }
        }
    }

    /// Runs `future` until the endpoint is stopped.
    async fn unless_stopped<T>(&self, mut future: impl Future<Output = T> + Unpin) -> Option<T> {
        let mut registered = None;
        poll_fn(|cx| {
            registered.get_or_insert_with(|| self.stop.register(cx.waker()));
            if self.stop.is_stopped() {
                return Poll::Ready(None);
            }
            if self.hub.home.is_foreign() {
                return Poll::Pending;
            }
            Pin::new(&mut future).poll(cx).map(Some)
        })
        .await
    }

    /// Starts a peer's task, unless too many are in their handshake.
    fn let_in(self: &Arc<Self>, stream: Stream) {
        let address = stream.peer_address.clone();
        self.emit(Some(&address), EventKind::Accepted);
        if !self.enter(&address) {
            self.emit(Some(&address), EventKind::AcceptRefused);
            return;
        }
        let id = self.hub.next_peer();
        let entry = Entry::accepted(&self.endpoint, &address);
        self.hub.roster.enter(id, entry, None);
        let door = Arc::clone(self);
        self.hub.spawn(async move {
            let handshake = Box::pin(handshake(&door.hub, stream));
            let shaken = door.unless_stopped(handshake).await;
            door.leave(&address);
            match shaken {
                Some(Ok(ready)) => door.serve(id, ready).await,
                Some(Err(end)) => {
                    door.emit(Some(&address), EventKind::HandshakeFailed(end.clone()));
                    door.tell(id, Some(&address), EventKind::Disconnected(end));
                }
                None => door.tell(id, Some(&address), EventKind::Disconnected(End::Closed)),
            }
            door.hub.roster.leave(id);
        });
    }

    /// Attaches a peer whose handshake has ended well, for as long as it is connected.
    async fn serve(&self, id: PeerId, ready: Box<Ready>) {
        let info = Arc::clone(&ready.info);
        let address = info.address.as_deref();
        let (mut leash, writer, reader) = Leash::new(&self.hub.link_options());
        self.hub.roster.equip(id, Pipes::of(&writer, &reader));
        let succeeded = EventKind::HandshakeSucceeded(Arc::clone(&info));
        leash.tie(&self.stop).await;
        self.hub.attach(NewPeer {
            id,
            endpoint: self.endpoint.clone(),
            writer,
            reader,
            info: Some(Arc::clone(&info)),
            direct: false,
            takes_all: false,
            assigned_id: None,
        });
        // As in libzmq, who waits for it can use it now.
        self.emit(address, succeeded.clone());
        self.hub.roster.note(id, address, &succeeded);
        let end = Driver::run(&self.hub, &mut leash, ready).await;
        if end.is_unwanted() {
            leash.say(self.hub.options().messages.disconnect());
        }
        self.hub.peers.leave(id);
        self.tell(id, address, EventKind::Disconnected(end));
    }

    /// Counts a connection in its handshake, if it may be one more.
    fn enter(&self, address: &str) -> bool {
        let options = self.hub.options();
        let mut half_open = self.half_open.lock();
        let of_address = half_open.by_address.get(address).copied().unwrap_or(0);
        if half_open.in_all >= options.half_open || of_address >= options.half_open_from(address) {
            return false;
        }
        half_open.in_all += 1;
        half_open.by_address.insert(address.into(), of_address + 1);
        true
    }

    fn leave(&self, address: &str) {
        let mut half_open = self.half_open.lock();
        half_open.in_all -= 1;
        match half_open.by_address.get_mut(address) {
            Some(of_address) if *of_address > 1 => *of_address -= 1,
            _ => {
                half_open.by_address.remove(address);
            }
        }
    }

    /// Tells the monitors and the roster.
    fn tell(&self, peer: PeerId, address: Option<&str>, kind: EventKind) {
        self.hub.roster.note(peer, address, &kind);
        self.emit(address, kind);
    }

    fn emit(&self, peer_address: Option<&str>, kind: EventKind) {
        self.hub.emit(&self.endpoint, peer_address, kind);
    }
}
