//! A peer in the roster.

use std::sync::Arc;
use std::time::SystemTime;

use ferromq_core::{DropReason, Endpoint, PeerId, PeerInfo, PipeGauge, PipeReader, PipeWriter};
use tokio::time::Instant;

use crate::end::End;
use crate::stats::Traffic;
use crate::status::{Departure, PeerState, PeerStatus};

/// A peer, and what is told of it.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(super) endpoint: Endpoint,
    pub(super) dialed: bool,
    /// Whether no task would tell that it has left.
    pub(super) direct: bool,
    pub(super) address: Option<Box<str>>,
    pub(super) pipes: Option<Pipes>,
    pub(super) stage: Stage,
    pub(super) info: Option<Arc<PeerInfo>>,
    pub(super) handshakes: u64,
    pub(super) last_end: Option<End>,
    /// Whether the socket has let it go, and only waits for the queue to leave.
    pub(super) released: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Connecting,
    Handshaking,
    Ready,
    Waiting(Instant),
    GaveUp,
}

/// A look at both pipes of a peer.
#[derive(Debug)]
pub(crate) struct Pipes {
    there: PipeGauge,
    back: PipeGauge,
}

impl Entry {
    /// One that a task connects to.
    pub(crate) fn dialed(endpoint: &Endpoint, pipes: Pipes) -> Self {
        Self {
            dialed: true,
            pipes: Some(pipes),
            ..Self::new(endpoint)
        }
    }

    /// One in this process.
    pub(crate) fn direct(endpoint: &Endpoint, dialed: bool, pipes: Pipes) -> Self {
        Self {
            dialed,
            direct: true,
            pipes: Some(pipes),
            ..Self::new(endpoint)
        }
    }

    /// One of which nobody can tell whether it is there: a link of datagrams.
    pub(crate) fn link(endpoint: &Endpoint, pipes: Pipes) -> Self {
        Self {
            stage: Stage::Ready,
            pipes: Some(pipes),
            ..Self::new(endpoint)
        }
    }

    fn new(endpoint: &Endpoint) -> Self {
        Self {
            endpoint: endpoint.clone(),
            dialed: false,
            direct: false,
            address: None,
            pipes: None,
            stage: Stage::Connecting,
            info: None,
            handshakes: 0,
            last_end: None,
            released: false,
        }
    }

    /// One whose connection was accepted, from that address.
    pub(crate) fn accepted(endpoint: &Endpoint, address: &str) -> Self {
        Self {
            address: Some(address.into()),
            stage: Stage::Handshaking,
            ..Self::new(endpoint)
        }
    }

    pub(super) fn meet(&mut self, info: &Arc<PeerInfo>) {
        self.info = Some(Arc::clone(info));
        self.stage = Stage::Ready;
        self.handshakes += 1;
    }

    pub(super) fn status(&self, peer: PeerId) -> PeerStatus {
        PeerStatus {
            number: peer.get(),
            endpoint: self.endpoint.clone(),
            dialed: self.dialed,
            state: match self.stage {
                Stage::Connecting => PeerState::Connecting,
                Stage::Handshaking => PeerState::Handshaking,
                Stage::Ready => PeerState::Ready,
                Stage::Waiting(until) => PeerState::Waiting {
                    left: until.saturating_duration_since(Instant::now()),
                },
                Stage::GaveUp => PeerState::GaveUp,
            },
            address: self.address.clone(),
            info: self.info.clone(),
            handshakes: self.handshakes,
            last_end: self.last_end.clone(),
        }
    }

    pub(super) fn departure(&self, peer: PeerId, end: &End) -> Departure {
        Departure {
            number: peer.get(),
            endpoint: self.endpoint.clone(),
            address: self.address.clone(),
            info: self.info.clone(),
            was_ready: self.stage == Stage::Ready,
            end: end.clone(),
            at: SystemTime::now(),
        }
    }
}

impl Pipes {
    /// Those that the pattern has these ends of.
    pub(crate) fn of(writer: &PipeWriter, reader: &PipeReader) -> Self {
        Self {
            there: writer.gauge(),
            back: reader.gauge(),
        }
    }

    pub(super) fn traffic(&self) -> Traffic {
        let mut traffic = Traffic {
            outbound: self.there.depth(),
            inbound: self.back.depth(),
            ..Traffic::default()
        };
        let (there, back) = (self.there.totals(), self.back.totals());
        traffic.sent.add(there.messages, there.bytes);
        traffic.received.add(back.messages, back.bytes);
        let Traffic { dropped, .. } = &mut traffic;
        dropped.add(DropReason::Replaced, there.replaced + back.replaced);
        dropped.add(DropReason::Expired, there.expired);
        dropped.add(DropReason::Undelivered, there.lost);
        dropped.add(DropReason::Unread, back.lost);
        traffic
    }

    /// Whether nothing can go through either of them any more.
    pub(super) fn are_cut(&self) -> bool {
        self.there.is_cut() && self.back.is_cut()
    }

    pub(super) fn are_over(&self) -> bool {
        self.there.is_over() && self.back.is_over()
    }
}
