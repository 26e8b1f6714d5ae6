//! Monitors: what happens to a socket's connections, as events.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use ferromq_core::{Endpoint, Loss, Mutex, PeerInfo, QueueDepth, TransportError};

use crate::end::End;
use crate::fork::Home;

/// A monitor keeps so many events that were not taken; then it drops new ones
/// and counts them.
const CAPACITY: usize = 1000;

/// Something that happened to a connection of a socket.
#[derive(Debug, Clone)]
pub struct Event {
    /// The endpoint that the socket was told to bind or connect to, as resolved
    /// for a bind.
    pub endpoint: Endpoint,
    /// The peer's address, once there is a connection.
    pub peer_address: Option<Box<str>>,
    /// What happened.
    pub kind: EventKind,
}

/// What can happen, with libzmq's name for it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum EventKind {
    /// The socket listens (`ZMQ_EVENT_LISTENING`).
    Listening,
    /// A bind failed, at the endpoint as it was given (`ZMQ_EVENT_BIND_FAILED`). The
    /// call has the same error.
    BindFailed(Arc<TransportError>),
    /// A peer has connected (`ZMQ_EVENT_ACCEPTED`).
    Accepted,
    /// A peer could not connect (`ZMQ_EVENT_ACCEPT_FAILED`).
    AcceptFailed(Arc<TransportError>),
    /// Too many connections are in their handshake: this one was closed.
    AcceptRefused,
    /// An attempt to connect has begun (`ZMQ_EVENT_CONNECT_DELAYED`).
    ConnectDelayed,
    /// The socket has connected (`ZMQ_EVENT_CONNECTED`).
    Connected,
    /// An attempt to connect failed (`ZMQ_EVENT_CLOSED`).
    ConnectFailed(End),
    /// The socket will connect again after a while (`ZMQ_EVENT_CONNECT_RETRIED`).
    ConnectRetried(Duration),
    /// Peer and socket understand each other (`ZMQ_EVENT_HANDSHAKE_SUCCEEDED`).
    HandshakeSucceeded(Arc<PeerInfo>),
    /// They do not (`ZMQ_EVENT_HANDSHAKE_FAILED_*`). The connection ends, as the next
    /// event tells.
    HandshakeFailed(End),
    /// A message was lost over a link of datagrams, for a reason for which so many are
    /// now. Only told when that number is a power of two.
    Lost {
        /// The reason.
        loss: Loss,
        /// How many messages of this [socket](crate::Socket::losses) were.
        count: u64,
    },
    /// A connection has ended (`ZMQ_EVENT_DISCONNECTED`).
    Disconnected(End),
    /// The socket does not listen there any more (`ZMQ_EVENT_CLOSED`).
    Closed,
    /// So much waits for a peer, and from it, as the application has
    /// [asked](crate::Socket::report_queues) (`ZMQ_EVENT_PIPES_STATS`).
    Queues {
        /// For the peer: until the system has taken it, or over `inproc://` the peer.
        outbound: QueueDepth,
        /// From the peer: until the application has received it.
        inbound: QueueDepth,
    },
}

/// Receives the events of one socket, from its creation on.
///
/// A monitor never holds the socket up: if it is not read it drops events
/// beyond 1000 and [counts](Self::missed) them.
#[derive(Debug)]
pub struct Monitor {
    queue: Arc<Queue>,
    home: Home,
}

#[derive(Debug, Default)]
struct Queue {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    events: VecDeque<Event>,
    missed: u64,
    ended: bool,
    waker: Option<Waker>,
}

/// The monitors of one socket.
#[derive(Debug, Default)]
pub(crate) struct Monitors {
    any: AtomicBool,
    queues: Mutex<Vec<Weak<Queue>>>,
}

impl Monitors {
    pub(crate) fn add(&self, home: &Home) -> Monitor {
        let queue = Arc::<Queue>::default();
        if !home.is_foreign() {
            self.queues.lock().push(Arc::downgrade(&queue));
            self.any.store(true, Ordering::Release);
        }
        let home = home.clone();
        Monitor { queue, home }
    }

    /// Tells all monitors, if there are any.
    pub(crate) fn emit(&self, event: impl FnOnce() -> Event) {
        if !self.any.load(Ordering::Acquire) {
            return;
        }
        let event = event();
        self.queues.lock().retain(|queue| match queue.upgrade() {
            Some(queue) => {
                queue.push(event.clone());
                true
            }
            None => false,
        });
    }
}

impl Drop for Monitors {
    fn drop(&mut self) {
        for queue in self
            .queues
            .lock()
            .drain(..)
            .filter_map(|queue| queue.upgrade())
        {
            queue.change(|state| state.ended = true);
        }
    }
}

impl Queue {
    fn push(&self, event: Event) {
        self.change(|state| match state.events.len() {
            CAPACITY => state.missed += 1,
            _ => state.events.push_back(event),
        });
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.state.lock();
        change(&mut state);
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl Monitor {
    /// Waits for the next event; `None` once the socket and all its connections
    /// have ended and every event was taken, and in a child of the process that made it.
    ///
    /// # Cancel safety
    ///
    /// No event is lost.
    pub async fn recv(&mut self) -> Option<Event> {
        poll_fn(|cx| self.poll_recv(cx)).await
    }

    /// Takes the next event, if there is one.
    pub fn try_recv(&mut self) -> Option<Event> {
        if self.home.is_foreign() {
            return None;
        }
        self.queue.state.lock().events.pop_front()
    }

    /// As [`recv`](Self::recv), for hand-written futures.
    pub fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Option<Event>> {
        if self.home.is_foreign() {
            return Poll::Ready(None);
        }
        let mut state = self.queue.state.lock();
        match state.events.pop_front() {
            Some(event) => Poll::Ready(Some(event)),
            None if state.ended => Poll::Ready(None),
            None => {
                state.waker = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }

    /// How many events were dropped because nobody took them.
    #[must_use]
    pub fn missed(&self) -> u64 {
        self.queue.state.lock().missed
    }
}
