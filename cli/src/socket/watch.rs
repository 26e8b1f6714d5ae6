//! What happens to a socket's connections, told to people and to the command.

mod event;

use std::collections::HashMap;
use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ferromq::{AnySocket, End, Endpoint, EventKind, Monitor, TransportError};
use tokio::sync::watch;

use crate::failure::Failure;
use crate::note;

/// How long a peer may be absent before people are told.
pub(super) const PATIENCE: Duration = Duration::from_secs(1);

/// So many peers that cannot talk to the socket are told of.
const COMPLAINTS: u32 = 5;

/// Watches a socket's connections.
#[derive(Clone)]
pub(crate) struct Watch {
    state: watch::Receiver<State>,
}

/// What is known of the connections.
#[derive(Debug, Default)]
struct State {
    /// Whether there ever was a peer.
    met: bool,
    /// Why the endpoints that have no connection have none.
    troubles: HashMap<Endpoint, End>,
    /// Why there will never be one.
    failure: Option<Failure>,
}

/// The task that watches.
struct Watcher {
    monitor: Monitor,
    state: watch::Sender<State>,
    /// Whether every event is told.
    tells: bool,
    /// The endpoints that the socket connects to.
    connects: Vec<String>,
    /// Since when an endpoint has been without its peer; nothing once that was told.
    absent: HashMap<Endpoint, Option<Instant>>,
    complaints: u32,
}

impl Watch {
    /// Watches a socket from now on, which is going to connect to `connects`.
    pub(crate) fn new(socket: &AnySocket, connects: &[String], tells: bool) -> Self {
        let (sender, state) = watch::channel(State::default());
        let watcher = Watcher {
            monitor: socket.monitor(),
            state: sender,
            tells,
            connects: connects.to_vec(),
            absent: HashMap::new(),
            complaints: 0,
        };
        tokio::spawn(watcher.run());
        Self { state }
    }

    /// Waits until it is clear that the socket can never do its work.
    pub(crate) async fn failure(&self) -> Failure {
        let mut state = self.state.clone();
        let failed = state.wait_for(|state| state.failure.is_some()).await;
        match failed.ok().and_then(|state| state.failure.clone()) {
            Some(failure) => failure,
            // The socket has ended.
            None => std::future::pending().await,
        }
    }

    /// Waits until the socket has had a peer.
    pub(crate) async fn met(&self) {
        let mut state = self.state.clone();
        // An error means that the socket has ended.
        let _ = state.wait_for(|state| state.met).await;
    }

    /// Why a peer is not there, if one is not.
    pub(crate) fn trouble(&self) -> Option<String> {
        let state = self.state.borrow();
        state.troubles.values().next().map(End::to_string)
    }
}

impl Watcher {
    async fn run(mut self) {
        while let Some(event) = self.monitor.recv().await {
            // What is lost is told in any case: only here can people learn of it.
            if self.tells || matches!(event.kind, EventKind::Lost { .. }) {
                note(&event::Line(&event));
            }
            match &event.kind {
                EventKind::ConnectFailed(end) => self.absent(&event.endpoint, end),
                EventKind::HandshakeFailed(end) => self.refused(&event.endpoint, end),
                EventKind::HandshakeSucceeded(_) => self.present(&event.endpoint),
                _ => {}
            }
        }
    }

    fn present(&mut self, endpoint: &Endpoint) {
        self.absent.remove(endpoint);
        self.state.send_modify(|state| {
            state.met = true;
            state.troubles.remove(endpoint);
        });
    }

    fn absent(&mut self, endpoint: &Endpoint, end: &End) {
        let failure = match end {
            End::Transport(error) if is_final(error) => {
                Some(Failure::Unreachable(Arc::clone(error)))
            }
            _ => None,
        };
        self.state.send_modify(|state| {
            // What the peer said when it was there tells more.
            state
                .troubles
                .entry(endpoint.clone())
                .or_insert(end.clone());
            state.failure = state.failure.take().or(failure);
        });
        let since = self.absent.entry(endpoint.clone());
        let since = since.or_insert_with(|| Some(Instant::now()));
        if since.is_some_and(|since| since.elapsed() >= PATIENCE) {
            *since = None;
            if io::stderr().is_terminal() && !self.tells {
                note(&format_args!("{end}; waiting for it"));
            }
        }
    }

    /// A peer that cannot talk to this socket: final where this side connects to
    /// it, somebody else's mistake where it does.
    fn refused(&mut self, endpoint: &Endpoint, end: &End) {
        let is_protocol = matches!(end, End::Protocol(_));
        let connects = self.connects.iter().any(|one| one == endpoint.as_str());
        self.state.send_modify(|state| {
            state.troubles.insert(endpoint.clone(), end.clone());
            if is_protocol && connects {
                state.failure = Some(Failure::NoPeer(endpoint.to_string(), end.clone()));
            }
        });
        if is_protocol && !connects && !self.tells && self.complaints < COMPLAINTS {
            self.complaints += 1;
            note(&format_args!(
                "a peer at {endpoint} cannot talk to this socket: {end}"
            ));
        }
    }
}

/// Whether trying again can hardly help.
fn is_final(error: &TransportError) -> bool {
    matches!(
        error,
        TransportError::Endpoint(_)
            | TransportError::NotResolved(..)
            | TransportError::PermissionDenied(_)
            | TransportError::PathTooLong(_)
            | TransportError::NoSuchInterface(_)
            | TransportError::Incompatible(..)
            | TransportError::Unsupported(..)
    )
}
