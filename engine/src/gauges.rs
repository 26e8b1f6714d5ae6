//! The gauges on the pipes of a socket's peers.

use std::sync::Arc;

use ferromq_core::{Endpoint, Mutex, PeerId, PeerMap, PipeGauge, Wakes};

use crate::options::Options;

/// So few peers are not worth looking for those that are gone.
const FEW: usize = 16;

/// Where the marks of all peers can be moved, whoever has the ends of their pipes.
#[derive(Debug, Default)]
pub(crate) struct Gauges(Mutex<Table>);

#[derive(Debug, Default)]
struct Table {
    peers: PeerMap<PeerGauges>,
    /// How many were left when those that are gone were looked for last.
    left: usize,
}

/// The gauges of one peer.
#[derive(Debug, Clone)]
pub(crate) struct PeerGauges {
    pub(crate) endpoint: Endpoint,
    /// On what the socket sends.
    pub(crate) outbound: PipeGauge,
    /// On what the peer sends.
    pub(crate) inbound: PipeGauge,
}

impl Gauges {
    /// Adds a peer, whose marks are from now on those of the options.
    pub(crate) fn add(
        &self,
        peer: PeerId,
        gauges: PeerGauges,
        options: impl FnOnce() -> Arc<Options>,
    ) {
        let mut wakes = Wakes::new();
        let mut table = self.0.lock();
        table.sweep();
        // Read under the lock, so that no change of them is missed.
        gauges.set_marks(&options(), &mut wakes);
        table.peers.insert(peer, gauges);
        drop(table);
    }

    /// The peers that are there, in the order in which they came.
    pub(crate) fn present(&self) -> Vec<(PeerId, PeerGauges)> {
        let table = self.0.lock();
        let peers = table.peers.iter().filter(|(_, gauges)| !gauges.is_over());
        let mut present: Vec<_> = peers.map(|(id, gauges)| (*id, gauges.clone())).collect();
        drop(table);
        present.sort_unstable_by_key(|(id, _)| *id);
        present
    }

    /// Changes the options, and the marks of all peers with them.
    pub(crate) fn change(&self, options: &Options, change: impl FnOnce()) {
        let mut wakes = Wakes::new();
        let table = self.0.lock();
        change();
        for gauges in table.peers.values() {
            gauges.set_marks(options, &mut wakes);
        }
        drop(table);
    }
}

impl Table {
    /// Forgets those that are gone, once there may be as many as others.
    fn sweep(&mut self) {
        if self.peers.len() > 2 * self.left.max(FEW) {
            self.peers.retain(|_, gauges| !gauges.is_over());
            self.left = self.peers.len();
        }
    }
}

impl PeerGauges {
    fn set_marks(&self, options: &Options, wakes: &mut Wakes) {
        self.outbound.set_mark(options.send_mark(), wakes);
        self.inbound.set_mark(options.receive_mark(), wakes);
    }

    fn is_over(&self) -> bool {
        self.outbound.is_over() && self.inbound.is_over()
    }
}
