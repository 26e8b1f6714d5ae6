//! The roster: who a socket's peers are, how far each has come, and who has left.

mod entry;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use entry::Stage;
pub(crate) use entry::{Entry, Pipes};
use ferromq_core::{Endpoint, Mutex, PeerId, PeerInfo, WaitList};
use tokio::time::Instant;

use crate::end::End;
use crate::error::WaitError;
use crate::monitor::EventKind;
use crate::stats::Traffic;
use crate::status::{Departure, PeerStatus};

/// So many departures are remembered.
const REMEMBERED: usize = 16;

/// The peers of a socket. Tasks and calls tell it what happens, at most a few times per
/// connection; nothing is told per message: what pipes carry they count themselves.
#[derive(Debug, Default)]
pub(crate) struct Roster {
    table: Mutex<Table>,
    /// Who waits for something to happen.
    line: WaitList,
}

#[derive(Debug, Default)]
struct Table {
    present: BTreeMap<PeerId, Entry>,
    /// Pipes of peers that have left, while an end of them is held.
    leaving: Vec<Pipes>,
    /// How many of those there may be before somebody looks.
    patience: usize,
    /// What those have carried that are gone.
    gone: Traffic,
    departures: VecDeque<Departure>,
}

impl Roster {
    /// A peer that is to come, at this endpoint; or that is there, with `info`.
    pub(crate) fn enter(&self, peer: PeerId, mut entry: Entry, info: Option<&Arc<PeerInfo>>) {
        if let Some(info) = info {
            entry.meet(info);
        }
        let mut table = self.table.lock();
        table.present.insert(peer, entry);
        table.sweep_if_many();
        drop(table);
        self.line.wake_all();
    }

    /// What has happened to a peer's connection.
    pub(crate) fn note(&self, peer: PeerId, address: Option<&str>, kind: &EventKind) {
        self.change(peer, |entry, departures| {
            if let Some(address) = address.filter(|_| entry.address.is_none()) {
                entry.address = Some(address.into());
            }
            match kind {
                EventKind::ConnectDelayed => entry.stage = Stage::Connecting,
                EventKind::Connected => {
                    entry.address = address.map(Into::into);
                    entry.stage = Stage::Handshaking;
                }
                EventKind::HandshakeSucceeded(info) => entry.meet(info),
                EventKind::ConnectFailed(end) => entry.last_end = Some(end.clone()),
                EventKind::ConnectRetried(wait) => {
                    entry.stage = Stage::Waiting(Instant::now() + *wait);
                }
                EventKind::Disconnected(end) => {
                    note_departure(departures, entry.departure(peer, end));
                    entry.last_end = Some(end.clone());
                    entry.stage = Stage::Connecting;
                }
                _ => {}
            }
        });
    }

    /// A peer's pipes, of one that had none so far.
    pub(crate) fn equip(&self, peer: PeerId, pipes: Pipes) {
        self.change(peer, |entry, _| entry.pipes = Some(pipes));
    }

    /// A peer in this process is there.
    pub(crate) fn meet(&self, peer: PeerId, info: &Arc<PeerInfo>) {
        self.change(peer, |entry, _| entry.meet(info));
    }

    /// A link without handshakes can be used.
    pub(crate) fn open(&self, peer: PeerId) {
        self.change(peer, |entry, _| entry.stage = Stage::Ready);
    }

    /// The socket lets a peer go; what is queued may still leave.
    pub(crate) fn release(&self, peer: PeerId) {
        self.change(peer, |entry, _| entry.released = true);
    }

    /// A peer is gone, and does not come back by this name.
    pub(crate) fn leave(&self, peer: PeerId) {
        self.table.lock().remove(peer);
        self.line.wake_all();
    }

    /// Nobody tries to reach a peer any more, though the socket has not let it go.
    pub(crate) fn give_up(&self, peer: PeerId, end: &End) {
        self.change(peer, |entry, _| {
            entry.stage = Stage::GaveUp;
            entry.last_end = Some(end.clone());
        });
    }

    /// Forgets those at an endpoint that were given up.
    pub(crate) fn dismiss(&self, endpoint: &Endpoint) {
        let mut table = self.table.lock();
        let given_up = |entry: &Entry| entry.stage == Stage::GaveUp && entry.endpoint == *endpoint;
        let dismissed: Vec<_> = (table.present.iter())
            .filter(|(_, entry)| given_up(entry))
            .map(|(peer, _)| *peer)
            .collect();
        dismissed.into_iter().for_each(|peer| table.remove(peer));
    }

    /// Those who wait for something to happen.
    pub(crate) fn line(&self) -> &WaitList {
        &self.line
    }

    /// Whether all endpoints that the socket connects to are connected, and any peer is
    /// there; nothing while that may still come to be.
    pub(crate) fn readiness(&self) -> Option<Result<(), WaitError>> {
        let mut table = self.table.lock();
        table.sweep();
        let mut ready = false;
        let mut missing = false;
        for entry in table.present.values().filter(|entry| !entry.released) {
            ready |= entry.stage == Stage::Ready;
            missing |= entry.dialed && entry.stage != Stage::Ready;
            if let (Stage::GaveUp, Some(end)) = (entry.stage, &entry.last_end) {
                return Some(Err(WaitError::GaveUp {
                    endpoint: entry.endpoint.clone(),
                    end: end.clone(),
                }));
            }
        }
        (ready && !missing).then_some(Ok(()))
    }

    /// Those who are there, or are to come, in the order in which they came.
    pub(crate) fn peers(&self) -> Vec<PeerStatus> {
        let mut table = self.table.lock();
        table.sweep();
        let peers = table.present.iter();
        peers.map(|(peer, entry)| entry.status(*peer)).collect()
    }

    /// Those who left last, the first one first.
    pub(crate) fn departures(&self) -> Vec<Departure> {
        let mut table = self.table.lock();
        table.sweep();
        table.departures.iter().cloned().collect()
    }

    /// What each peer has sent and received, and those that are gone together.
    pub(crate) fn traffic(&self) -> (Vec<(PeerStatus, Traffic)>, Traffic) {
        let mut table = self.table.lock();
        table.sweep();
        let mut gone = table.gone;
        table
            .leaving
            .iter()
            .for_each(|pipes| gone.add(&pipes.traffic()));
        let peers = table.present.iter().map(|(peer, entry)| {
            let traffic = entry.pipes.as_ref().map(Pipes::traffic);
            (entry.status(*peer), traffic.unwrap_or_default())
        });
        (peers.collect(), gone)
    }

    fn change(&self, peer: PeerId, change: impl FnOnce(&mut Entry, &mut VecDeque<Departure>)) {
        let mut table = self.table.lock();
        let Table {
            present,
            departures,
            ..
        } = &mut *table;
        if let Some(entry) = present.get_mut(&peer) {
            change(entry, departures);
        }
        drop(table);
        self.line.wake_all();
    }
}

impl Table {
    fn remove(&mut self, peer: PeerId) {
        let entry = self.present.remove(&peer);
        self.leaving.extend(entry.and_then(|entry| entry.pipes));
        self.sweep_if_many();
    }

    /// Looks who has left without a word, and counts what cannot change any more.
    fn sweep(&mut self) {
        let Self {
            present,
            leaving,
            gone,
            departures,
            ..
        } = self;
        present.retain(|peer, entry| {
            let cut = entry.direct && entry.pipes.as_ref().is_some_and(Pipes::are_cut);
            if cut {
                note_departure(departures, entry.departure(*peer, &End::ClosedByPeer));
                leaving.extend(entry.pipes.take());
            }
            !cut
        });
        leaving.retain(|pipes| {
            let over = pipes.are_over();
            if over {
                gone.add(&pipes.traffic());
            }
            !over
        });
        self.patience = 16 + 2 * (self.present.len() + self.leaving.len());
    }

    fn sweep_if_many(&mut self) {
        if self.present.len() + self.leaving.len() > self.patience {
            self.sweep();
        }
    }
}

/// Those that had never been ready are forgotten first: strangers come and go.
fn note_departure(departures: &mut VecDeque<Departure>, departure: Departure) {
    if departures.len() == REMEMBERED {
        let stranger = departures.iter().position(|past| !past.was_ready);
        departures.remove(stranger.unwrap_or(0));
    }
    departures.push_back(departure);
}
