//! The hub of a socket: what its connections share, whatever its pattern.

use std::future::Future;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use ferromq_core::{
    Endpoint, Lane, Layout, LinkOptions, Mutex, Peer, PeerId, PeerInfo, PipeReader, PipeWriter,
    Prologue, Signal, SocketType,
};
use tokio::runtime::Handle;
use tokio::time::Instant;

use crate::context::Context;
use crate::endpoints::Endpoints;
use crate::error::LinkError;
use crate::fork::Home;
use crate::gauges::{Gauges, PeerGauges};
use crate::losses::Losses;
use crate::monitor::{Event, EventKind, Monitors};
use crate::options::Options;
use crate::patience::Patience;
use crate::peers::Peers;
use crate::roster::Roster;
use crate::tasks::Tasks;
use crate::timeout::Timeout;
use crate::turns::Turns;

/// Everything about a socket that its tasks need. Tasks hold the hub, not the
/// socket: a socket ends when the application lets it go, its hub when the last
/// connection has lingered.
pub(crate) struct Hub {
    pub(crate) socket_type: SocketType,
    pub(crate) context: Context,
    /// The process that the socket belongs to.
    pub(crate) home: Home,
    pub(crate) turns: Turns,
    pub(crate) patience: Patience,
    /// Whose request is under way.
    pub(crate) requests: tokio::sync::Mutex<()>,
    pub(crate) endpoints: Mutex<Endpoints>,
    closed: AtomicBool,
    /// How many sockets the context may have, if this is one too many.
    exceeded: OnceLock<usize>,
    /// Whether that is the application's runtime.
    embedded: bool,
    /// Where the socket's tasks run, once that is decided.
    runtime: OnceLock<Handle>,
    pub(crate) monitors: Monitors,
    pub(crate) tasks: Tasks,
    pub(crate) peers: Peers,
    gauges: Gauges,
    pub(crate) losses: Losses,
    pub(crate) roster: Roster,
    /// What each connection sends first.
    pub(crate) prologue: Option<Arc<dyn Prologue>>,
    options: Mutex<Arc<Options>>,
    pub(crate) send_timeout: Timeout,
    pub(crate) receive_timeout: Timeout,
    layout: Layout,
    outbound: Arc<Lane>,
    inbound: Arc<Lane>,
    next_peer: AtomicU32,
    /// What the codec's clock counts from.
    start: Instant,
}

/// The lanes of a socket and what they are for.
pub(crate) struct Lanes {
    pub(crate) layout: Layout,
    pub(crate) outbound: Arc<Lane>,
    pub(crate) inbound: Arc<Lane>,
}

/// A peer for the pattern.
pub(crate) struct NewPeer {
    pub(crate) id: PeerId,
    /// Where the socket has bound or connected for it.
    pub(crate) endpoint: Endpoint,
    pub(crate) writer: PipeWriter,
    pub(crate) reader: PipeReader,
    pub(crate) info: Option<Arc<PeerInfo>>,
    pub(crate) direct: bool,
    pub(crate) takes_all: bool,
    pub(crate) assigned_id: Option<Bytes>,
}

impl Hub {
    pub(crate) fn new(
        socket_type: SocketType,
        context: Context,
        runtime: Option<Handle>,
        options: Options,
        lanes: Lanes,
        prologue: Option<Arc<dyn Prologue>>,
    ) -> Self {
        let Lanes {
            layout,
            outbound,
            inbound,
        } = lanes;
        Self {
            socket_type,
            embedded: runtime.is_some(),
            runtime: runtime.map(OnceLock::from).unwrap_or_default(),
            home: context.home().clone(),
            context,
            turns: Turns::default(),
            patience: Patience::default(),
            requests: tokio::sync::Mutex::default(),
            endpoints: Mutex::default(),
            closed: AtomicBool::new(false),
            exceeded: OnceLock::new(),
            monitors: Monitors::default(),
            tasks: Tasks::default(),
            peers: Peers::default(),
            gauges: Gauges::default(),
            losses: Losses::default(),
            roster: Roster::default(),
            prologue,
            send_timeout: Timeout::new(options.send_timeout),
            receive_timeout: Timeout::new(options.receive_timeout),
            options: Mutex::new(Arc::new(options)),
            layout,
            outbound,
            inbound,
            next_peer: AtomicU32::new(1),
            start: Instant::now(),
        }
    }

    #[inline]
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Waits until no task runs any more.
    pub(crate) async fn finished(&self) {
        // In a child none does.
        if !self.home.is_foreign() {
            self.tasks.finished().await;
        }
    }

    /// Whether the socket's tasks run in the application's runtime.
    pub(crate) fn is_embedded(&self) -> bool {
        self.embedded
    }

    /// This is a socket too many.
    pub(crate) fn exceed(&self, limit: usize) {
        let _ = self.exceeded.set(limit);
    }

    /// The limit of sockets that this one has exceeded.
    pub(crate) fn exceeded(&self) -> Option<usize> {
        self.exceeded.get().copied()
    }

    /// Lets all endpoints go and takes no more; says whether this is the first call.
    pub(crate) fn close(&self) -> bool {
        let first = !self.closed.swap(true, Ordering::AcqRel);
        self.end_all();
        self.roster.line().wake_all();
        first
    }

    /// The options as they are now.
    pub(crate) fn options(&self) -> Arc<Options> {
        Arc::clone(&self.options.lock())
    }

    /// What a new connection has to know.
    pub(crate) fn link_options(&self) -> LinkOptions {
        self.options().link(self.socket_type)
    }

    pub(crate) fn set_options(&self, options: Options) {
        self.send_timeout.set(options.send_timeout);
        self.receive_timeout.set(options.receive_timeout);
        let options = Arc::new(options);
        self.gauges.change(&options, || {
            *self.options.lock() = Arc::clone(&options);
        });
    }

    /// Where the socket's tasks run. Decides it, if the socket was made outside of
    /// a runtime.
    ///
    /// # Errors
    ///
    /// [`LinkError::System`] if the context cannot start its threads,
    /// [`LinkError::NoThread`] if the socket may use none of them.
    pub(crate) fn runtime(&self) -> Result<&Handle, LinkError> {
        if let Some(runtime) = self.runtime.get() {
            return Ok(runtime);
        }
        let affinity = self.options().affinity;
        let thread = self
            .context
            .io_thread(affinity)
            .map_err(LinkError::System)?;
        let runtime = thread.ok_or(LinkError::NoThread)?;
        Ok(self.runtime.get_or_init(|| runtime))
    }

    /// The codec's time.
    pub(crate) fn now(&self) -> Duration {
        self.start.elapsed()
    }

    /// The system's time for the codec's.
    pub(crate) fn instant(&self, time: Duration) -> Instant {
        self.start + time
    }

    pub(crate) fn next_peer(&self) -> PeerId {
        PeerId::new(self.next_peer.fetch_add(1, Ordering::Relaxed))
    }

    /// Gives a peer's pipes to the halves.
    pub(crate) fn attach(&self, peer: NewPeer) {
        let NewPeer {
            id,
            endpoint,
            mut writer,
            mut reader,
            info,
            direct,
            takes_all,
            assigned_id,
        } = peer;
        // Over a direct pipe there was no handshake to tell of.
        if let Some(info) = info.as_ref().filter(|_| !direct) {
            self.peers.note(id, info);
        }
        let (outbound, inbound) = match self.layout {
            Layout::Split | Layout::Joint => (&self.outbound, &self.inbound),
            Layout::SendOnly => (&self.outbound, &self.outbound),
            Layout::ReceiveOnly => (&self.inbound, &self.inbound),
        };
        writer.set_waker(&outbound.writable_waker(id));
        reader.set_waker(&inbound.readable_waker(id));
        let gauges = PeerGauges {
            endpoint,
            outbound: writer.gauge(),
            inbound: reader.gauge(),
        };
        self.gauges.add(id, gauges, || self.options());
        let peer = |writer, reader| {
            let (info, assigned_id) = (info.clone(), assigned_id.clone());
            Signal::Attach(Box::new(Peer {
                id,
                writer,
                reader,
                info,
                direct,
                takes_all,
                assigned_id,
            }))
        };
        if self.layout == Layout::Split {
            // The way out first: who has received from a peer can answer it.
            outbound.send(peer(Some(writer), None));
            inbound.send(peer(None, Some(reader)));
        } else {
            outbound.send(peer(Some(writer), Some(reader)));
        }
    }

    /// Tells the halves that a peer's handshake has ended well.
    pub(crate) fn ready(&self, id: PeerId, info: &Arc<PeerInfo>) {
        if info.address.is_some() {
            self.peers.note(id, info);
        }
        self.signal(|| Signal::Ready(id, Arc::clone(info)));
    }

    /// Tells the halves that a peer's connection has ended, and will be made again.
    pub(crate) fn lost(&self, id: PeerId) {
        self.signal(|| Signal::Lost(id));
    }

    /// Tells the halves to forget a peer.
    pub(crate) fn detach(&self, id: PeerId) {
        self.signal(|| Signal::Detach(id));
    }

    fn signal(&self, signal: impl Fn() -> Signal) {
        if self.layout != Layout::ReceiveOnly {
            self.outbound.send(signal());
        }
        if matches!(self.layout, Layout::Split | Layout::ReceiveOnly) {
            self.inbound.send(signal());
        }
    }

    /// Tells the monitors how much waits in the pipes of each peer; says how many
    /// peers there are.
    pub(crate) fn report_queues(&self) -> usize {
        let present = self.gauges.present();
        for (id, gauges) in &present {
            let info = self.peers.info(*id);
            let address = info.as_ref().and_then(|info| info.address.as_deref());
            let (outbound, inbound) = (gauges.outbound.depth(), gauges.inbound.depth());
            let kind = EventKind::Queues { outbound, inbound };
            self.emit(&gauges.endpoint, address, kind);
        }
        present.len()
    }

    /// Tells the monitors.
    pub(crate) fn emit(&self, endpoint: &Endpoint, peer_address: Option<&str>, kind: EventKind) {
        self.monitors.emit(|| Event {
            endpoint: endpoint.clone(),
            peer_address: peer_address.map(Into::into),
            kind,
        });
    }

    /// Starts a task that the socket's end waits for.
    pub(crate) fn spawn(self: &Arc<Self>, task: impl Future<Output = ()> + Send + 'static) {
        let running = self.tasks.enter();
        if let Ok(runtime) = self.runtime() {
            runtime.spawn(running.through(task));
        }
    }
}
