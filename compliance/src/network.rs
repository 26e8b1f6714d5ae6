//! A network in memory, which a test holds in its hands.
//!
//! With tokio's clock paused, whole stories of connections that break, peers that
//! are silent and attempts that fail run in no time and always the same way.

use std::collections::{HashMap, VecDeque};
use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use ferromq_core::{
    Connection, Endpoint, LinkOptions, Listener, Mutex, Reader, Stream, Transport, TransportError,
    Writer,
};
use tokio::io::{AsyncRead, ReadBuf};

/// How many bytes are under way in one direction at the most, as in a socket's buffers.
const CAPACITY: usize = 64 << 10;

/// The transport `sim://name`. Clones are the same network.
#[derive(Clone, Default)]
pub struct Network(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    listeners: HashMap<Box<str>, Arc<Backlog>>,
    wires: Vec<Arc<Wire>>,
    attempts: usize,
}

#[derive(Default)]
struct Backlog(Mutex<(VecDeque<Stream>, Option<Waker>)>);

/// One direction of a connection.
#[derive(Default)]
struct Wire(Mutex<Flow>);

#[derive(Default)]
struct Flow {
    bytes: VecDeque<u8>,
    /// The writer has no more to say.
    ended: bool,
    /// The connection is gone.
    cut: bool,
    /// Nothing passes, and nobody is told.
    stalled: bool,
    wakers: Vec<Waker>,
}

struct Bound {
    network: Network,
    backlog: Arc<Backlog>,
    endpoint: Endpoint,
}

struct WireWriter(Arc<Wire>);

struct WireReader(Arc<Wire>);

impl Network {
    /// A network without names.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Cuts all connections: both ends see that they are reset.
    pub fn cut(&self) {
        let wires = std::mem::take(&mut self.0.lock().wires);
        wires
            .iter()
            .for_each(|wire| wire.change(|flow| flow.cut = true));
    }

    /// Lets nothing pass any more on the connections there are; nobody is told.
    pub fn stall(&self) {
        let wires = self.0.lock().wires.clone();
        wires
            .iter()
            .for_each(|wire| wire.change(|flow| flow.stalled = true));
    }

    /// How many attempts to connect there were.
    #[must_use]
    pub fn attempts(&self) -> usize {
        self.0.lock().attempts
    }

    /// Connects without an engine: what the test writes is what the peer hears.
    ///
    /// # Errors
    ///
    /// [`TransportError::Refused`] if nobody is bound to the name.
    pub fn dial(&self, name: &str) -> Result<Stream, TransportError> {
        let endpoint = Endpoint::new("sim", name);
        let mut state = self.0.lock();
        state.attempts += 1;
        let Some(backlog) = state.listeners.get(name).cloned() else {
            return Err(TransportError::Refused(endpoint));
        };
        let (there, back) = (Arc::<Wire>::default(), Arc::<Wire>::default());
        state.wires.retain(|wire| Arc::strong_count(wire) > 1);
        state.wires.extend([Arc::clone(&there), Arc::clone(&back)]);
        drop(state);
        let near = stream(Arc::clone(&back), Arc::clone(&there));
        backlog.push(stream(there, back));
        Ok(near)
    }
}

fn stream(reader: Arc<Wire>, writer: Arc<Wire>) -> Stream {
    Stream {
        reader: Box::new(WireReader(reader)),
        writer: Arc::new(WireWriter(writer)),
        peer_address: "memory".into(),
    }
}

#[async_trait]
impl Transport for Network {
    fn scheme(&self) -> &'static str {
        "sim"
    }

    fn check(&self, _endpoint: &Endpoint, _options: &LinkOptions) -> Result<(), TransportError> {
        Ok(())
    }

    async fn connect(
        &self,
        endpoint: &Endpoint,
        _options: &LinkOptions,
    ) -> Result<Connection, TransportError> {
        self.dial(endpoint.address()).map(Connection::Stream)
    }

    async fn bind(
        &self,
        endpoint: &Endpoint,
        _options: &LinkOptions,
    ) -> Result<Box<dyn Listener>, TransportError> {
        let backlog = Arc::<Backlog>::default();
        let mut state = self.0.lock();
        if state.listeners.contains_key(endpoint.address()) {
            return Err(TransportError::AddressInUse(endpoint.clone()));
        }
        state
            .listeners
            .insert(endpoint.address().into(), Arc::clone(&backlog));
        drop(state);
        Ok(Box::new(Bound {
            network: self.clone(),
            backlog,
            endpoint: endpoint.clone(),
        }))
    }
}

#[async_trait]
impl Listener for Bound {
    fn local_endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    async fn accept(&self) -> Result<Connection, TransportError> {
        let stream = poll_fn(|cx| self.backlog.poll_pop(cx)).await;
        Ok(Connection::Stream(stream))
    }
}

impl Drop for Bound {
    fn drop(&mut self) {
        self.network
            .0
            .lock()
            .listeners
            .remove(self.endpoint.address());
    }
}

impl Backlog {
    fn push(&self, stream: Stream) {
        let mut backlog = self.0.lock();
        backlog.0.push_back(stream);
        let waker = backlog.1.take();
        drop(backlog);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn poll_pop(&self, cx: &mut Context<'_>) -> Poll<Stream> {
        let mut backlog = self.0.lock();
        match backlog.0.pop_front() {
            Some(stream) => Poll::Ready(stream),
            None => {
                backlog.1 = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl Wire {
    fn change<T>(&self, change: impl FnOnce(&mut Flow) -> T) -> T {
        let mut flow = self.0.lock();
        let result = change(&mut flow);
        let wakers = std::mem::take(&mut flow.wakers);
        drop(flow);
        wakers.into_iter().for_each(Waker::wake);
        result
    }
}

impl Writer for WireWriter {
    fn try_write_vectored(&self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        let is_full = |flow: &Flow| !flow.cut && flow.bytes.len() == CAPACITY;
        // Nobody has anything from it then, and who waits would try for ever.
        if is_full(&self.0.0.lock()) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        self.0.change(|flow| {
            if flow.cut {
                return Err(io::ErrorKind::ConnectionReset.into());
            }
            let room = CAPACITY - flow.bytes.len();
            let bytes = pieces.iter().flat_map(|piece| piece.iter().copied());
            let before = flow.bytes.len();
            flow.bytes.extend(bytes.take(room));
            match flow.bytes.len() - before {
                0 if room == 0 => Err(io::ErrorKind::WouldBlock.into()),
                written => Ok(written),
            }
        })
    }

    fn poll_write_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut flow = self.0.0.lock();
        if flow.cut || flow.bytes.len() < CAPACITY {
            return Poll::Ready(Ok(()));
        }
        flow.wakers.push(cx.waker().clone());
        Poll::Pending
    }

    fn poll_shutdown(&self, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.change(|flow| flow.ended = true);
        Poll::Ready(Ok(()))
    }
}

impl Drop for WireWriter {
    fn drop(&mut self) {
        self.0.change(|flow| flow.ended = true);
    }
}

impl AsyncRead for WireReader {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut flow = self.0.0.lock();
        if flow.cut {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        if flow.stalled || (flow.bytes.is_empty() && !flow.ended) {
            flow.wakers.push(cx.waker().clone());
            return Poll::Pending;
        }
        let count = flow.bytes.len().min(buffer.remaining());
        let bytes: Vec<u8> = flow.bytes.drain(..count).collect();
        buffer.put_slice(&bytes);
        let wakers = std::mem::take(&mut flow.wakers);
        drop(flow);
        wakers.into_iter().for_each(Waker::wake);
        Poll::Ready(Ok(()))
    }
}

impl Reader for WireReader {}

impl Drop for WireReader {
    fn drop(&mut self) {
        self.0.change(|flow| flow.cut = true);
    }
}
