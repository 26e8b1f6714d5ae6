//! Statistics: what a socket has sent and received, and what it has dropped.

use ferromq_core::{Dropped, Pattern, PeerId, PeerMap, QueueDepth};

use crate::any::AnySocket;
use crate::ops::Ops;
use crate::socket::Socket;
use crate::status::PeerStatus;

/// What a socket has done since it was made.
///
/// Counting costs nothing per message: pipes count whole chunks as they hand them over,
/// drops are counted where they happen, and all of it is summed up when somebody asks.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Stats {
    /// Messages queued for peers, those included that are gone.
    pub sent: Volume,
    /// Messages that have come from peers, whether received yet or not.
    pub received: Volume,
    /// Messages that nobody gets, for all reasons.
    pub dropped: Dropped,
    /// The same for each peer that is there.
    pub peers: Vec<PeerStats>,
}

/// What has gone to a peer and come from it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PeerStats {
    /// Who it is.
    pub peer: PeerStatus,
    /// Messages queued for it. Of these some may wait still, and others may have been
    /// [replaced](ferromq_core::DropReason::Replaced).
    pub sent: Volume,
    /// Messages that have come from it, whether received yet or not; from a subscriber,
    /// its subscriptions.
    pub received: Volume,
    /// What waits for it, until the system has taken it, or over `inproc://` the peer.
    pub outbound: QueueDepth,
    /// What waits from it, until the application has received it.
    pub inbound: QueueDepth,
    /// Messages to it that it does not get, and messages of its that nobody received.
    pub dropped: Dropped,
}

/// So many messages, and so many bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Volume {
    /// Messages, of one frame or more.
    pub messages: u64,
    /// Their bytes as on the wire, the header of each frame included; what
    /// was replaced does not count.
    pub bytes: u64,
}

/// What was carried, and what was lost on the way.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Traffic {
    pub(crate) sent: Volume,
    pub(crate) received: Volume,
    pub(crate) dropped: Dropped,
    /// What waits there, and back; of one peer.
    pub(crate) outbound: QueueDepth,
    pub(crate) inbound: QueueDepth,
}

impl Volume {
    pub(crate) fn add(&mut self, messages: u64, bytes: u64) {
        self.messages += messages;
        self.bytes += bytes;
    }
}

impl Traffic {
    pub(crate) fn add(&mut self, more: &Self) {
        let Self { sent, received, .. } = more;
        self.sent.add(sent.messages, sent.bytes);
        self.received.add(received.messages, received.bytes);
        self.dropped.add_all(&more.dropped);
    }
}

/// Sums up what the pipes and the pattern of a socket tell.
fn stats<S: Ops + ?Sized>(socket: &S) -> Stats {
    if socket.hub().home.is_foreign() {
        return Stats::default();
    }
    let (peers, mut all) = socket.hub().roster.traffic();
    let mut drops = PeerMap::<Dropped>::default();
    socket.tell_drops(&mut |peer, dropped| match peer {
        Some(peer) => drops.entry(peer).or_default().add_all(dropped),
        None => all.dropped.add_all(dropped),
    });
    let peers = peers.into_iter().map(|(peer, mut traffic)| {
        if let Some(dropped) = drops.remove(&PeerId::new(peer.number)) {
            traffic.dropped.add_all(&dropped);
        }
        all.add(&traffic);
        let Traffic {
            sent,
            received,
            dropped,
            outbound,
            inbound,
        } = traffic;
        PeerStats {
            peer,
            sent,
            received,
            outbound,
            inbound,
            dropped,
        }
    });
    let peers = peers.collect();
    // The pattern may not have noticed yet that some have left.
    drops.values().for_each(|rest| all.dropped.add_all(rest));
    Stats {
        sent: all.sent,
        received: all.received,
        dropped: all.dropped,
        peers,
    }
}

impl<P: Pattern, D> Socket<P, D> {
    /// What the socket has sent, received and dropped since it was made: in all, and for
    /// each peer that is there.
    ///
    /// ```no_run
    /// # fn example<P: ferromq_core::Pattern>(publisher: ferromq_engine::Socket<P>) {
    /// for slow in publisher.stats().peers {
    ///     if slow.dropped.total() > 0 {
    ///         println!("{} has missed {:?}", slow.peer, slow.dropped.iter().collect::<Vec<_>>());
    ///     }
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn stats(&self) -> Stats {
        stats(self.inner())
    }
}

impl AnySocket {
    /// As [`Socket::stats`].
    #[must_use]
    pub fn stats(&self) -> Stats {
        stats(self.ops())
    }
}

#[cfg(feature = "blocking")]
impl<P: Pattern, D> crate::blocking::Socket<P, D> {
    /// As [`Socket::stats`].
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.as_async().stats()
    }
}
