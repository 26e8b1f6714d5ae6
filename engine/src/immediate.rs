//! Connections that need no task: pipes between sockets of one process.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use bytes::Bytes;
use ferromq_core::{
    Connection, Endpoint, Link, Listener, Mutex, PeerId, Transport, TransportError, Wakes,
};

use crate::hub::{Hub, NewPeer};
use crate::roster::{Entry, Pipes};

/// Connects, and attaches the peer at once.
pub(crate) fn connect(
    hub: &Arc<Hub>,
    transport: &dyn Transport,
    endpoint: &Endpoint,
    assigned_id: Option<Bytes>,
) -> Result<PeerId, TransportError> {
    let options = hub.link_options();
    match now(transport.connect(endpoint, &options), Waker::noop()) {
        Some(Ok(Connection::Pipe(link))) => Ok(attach(hub, endpoint, link, true, assigned_id)),
        Some(Err(error)) => Err(error),
        _ => Err(broken_promise(endpoint)),
    }
}

/// Binds; peers are attached from within their own `connect`.
pub(crate) fn bind(
    hub: &Arc<Hub>,
    transport: &dyn Transport,
    endpoint: &Endpoint,
) -> Result<Arc<Doorway>, TransportError> {
    let options = hub.link_options();
    let listener = match now(transport.bind(endpoint, &options), Waker::noop()) {
        Some(listener) => listener?,
        None => return Err(broken_promise(endpoint)),
    };
    let doorway = Arc::new(Doorway {
        hub: Arc::clone(hub),
        endpoint: listener.local_endpoint().clone(),
        listener: Mutex::new(Some(listener)),
        calls: AtomicUsize::new(0),
    });
    doorway.let_in();
    Ok(doorway)
}

/// A bound endpoint without a task: whoever connects wakes it, and does its work.
pub(crate) struct Doorway {
    hub: Arc<Hub>,
    endpoint: Endpoint,
    listener: Mutex<Option<Box<dyn Listener>>>,
    /// Calls to let peers in that were not answered yet.
    calls: AtomicUsize,
}

impl Doorway {
    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Stops listening. Peers that are there stay.
    pub(crate) fn close(&self) {
        let listener = self.listener.lock().take();
        drop(listener);
    }

    /// Attaches whoever has connected. Only one caller does it at a time; the
    /// others leave their call to it.
    fn let_in(self: &Arc<Self>) {
        if self.calls.fetch_add(1, Ordering::AcqRel) > 0 {
            return;
        }
        let mut answered = 0;
        while self.calls.load(Ordering::Acquire) > answered {
            answered = self.calls.load(Ordering::Acquire);
            while let Some(mut link) = self.accept() {
                if let Some(farewell) = self.hub.options().messages.disconnect() {
                    link.reader.set_farewell(farewell);
                }
                attach(&self.hub, &self.endpoint, link, false, None);
            }
            if self
                .calls
                .compare_exchange(answered, 0, Ordering::AcqRel, Ordering::Acquire)
                .is_ok()
            {
                return;
            }
        }
    }

    fn accept(self: &Arc<Self>) -> Option<Link> {
        let listener = self.listener.lock();
        let accepted = now(listener.as_ref()?.accept(), &Waker::from(Arc::clone(self)));
        match accepted {
            Some(Ok(Connection::Pipe(link))) => Some(link),
            _ => None,
        }
    }
}

impl Wake for Doorway {
    fn wake(self: Arc<Self>) {
        self.let_in();
    }
}

/// Gives a link's pipes to the pattern, and the peer's identity now or later.
fn attach(
    hub: &Arc<Hub>,
    endpoint: &Endpoint,
    link: Link,
    dialed: bool,
    assigned_id: Option<Bytes>,
) -> PeerId {
    let Link {
        mut writer,
        reader,
        introduction,
    } = link;
    let options = hub.options();
    if let Some(hello) = options.messages.hello() {
        writer.push_beyond(&hello, &mut Wakes::new());
    }
    let id = hub.next_peer();
    let info = introduction.peer();
    let known = info.is_some();
    let entry = Entry::direct(endpoint, dialed, Pipes::of(&writer, &reader));
    hub.roster.enter(id, entry, info.as_ref());
    hub.attach(NewPeer {
        id,
        endpoint: endpoint.clone(),
        writer,
        reader,
        info,
        direct: true,
        takes_all: false,
        assigned_id,
    });
    if !known {
        let hub = Arc::downgrade(hub);
        introduction.when_known(move |info| {
            if let Some(hub) = hub.upgrade() {
                hub.roster.meet(id, &info);
                hub.ready(id, &info);
            }
        });
    }
    id
}

/// Polls a future once.
fn now<T>(future: impl Future<Output = T>, waker: &Waker) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(waker)) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}

/// A transport said that it needs no runtime, and then waited.
fn broken_promise(endpoint: &Endpoint) -> TransportError {
    TransportError::Unsupported(
        endpoint.clone(),
        "its transport cannot wait outside of a task",
    )
}
