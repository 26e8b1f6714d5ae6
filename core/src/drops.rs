//! Messages that were dropped: why, and how many.

use std::fmt;

use crate::peer::{PeerId, PeerMap};

/// So many peers are told apart; of those that came before, only the sum is kept.
const TOLD_APART: usize = 1000;

/// Why a socket has dropped a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DropReason {
    /// The queue to the peer was at its high-water mark: a PUB, XPUB, XSUB, RADIO or REP,
    /// and a ROUTER that is not mandatory, drop what it does not take.
    HighWater,
    /// Nobody, or nobody any more, is who it was for: a ROUTER that is not mandatory,
    /// a REP whose client has left.
    Unroutable,
    /// A newer message took its place (`ZMQ_CONFLATE`, `conflate_by_topic`).
    Replaced,
    /// It had waited longer to be sent than it may (`time_to_live`).
    Expired,
    /// It was queued when its receiver left for good, or the linger period ended.
    Undelivered,
    /// It had arrived, and nobody had received it when the socket let its sender go.
    Unread,
    /// A SUB or DISH got what it has not subscribed to, or not any more.
    Unwanted,
    /// It lacks frames that the pattern needs: a request without its envelope, a
    /// message to a ROUTER's peer without a body.
    Malformed,
    /// A REQ got a reply that it does not wait for, or not any more.
    Late,
}

/// How many messages were dropped, by reason.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Dropped([u64; DropReason::ALL.len()]);

/// What a half has dropped. It counts where a message is dropped and nowhere else.
#[derive(Debug, Default)]
pub struct Drops {
    of: PeerMap<Dropped>,
    others: Dropped,
}

impl DropReason {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::HighWater,
        Self::Unroutable,
        Self::Replaced,
        Self::Expired,
        Self::Undelivered,
        Self::Unread,
        Self::Unwanted,
        Self::Malformed,
        Self::Late,
    ];
}

impl Dropped {
    /// How many were, for any reason.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    /// How many were for this reason.
    #[must_use]
    pub fn of(&self, reason: DropReason) -> u64 {
        self.0.get(reason as usize).copied().unwrap_or_default()
    }

    /// The reasons for which some were, and how many.
    pub fn iter(&self) -> impl Iterator<Item = (DropReason, u64)> + '_ {
        let reasons = DropReason::ALL.into_iter();
        let counts = reasons.map(|reason| (reason, self.of(reason)));
        counts.filter(|(_, count)| *count > 0)
    }

    /// Counts more.
    pub fn add(&mut self, reason: DropReason, count: u64) {
        if let Some(counted) = self.0.get_mut(reason as usize) {
            *counted += count;
        }
    }

    /// Counts those too.
    pub fn add_all(&mut self, more: &Self) {
        more.iter()
            .for_each(|(reason, count)| self.add(reason, count));
    }
}

impl Drops {
    /// A message of this peer, or for it, was dropped; or of nobody in particular.
    #[cold]
    pub fn count(&mut self, peer: Option<PeerId>, reason: DropReason) {
        let Some(peer) = peer else {
            return self.others.add(reason, 1);
        };
        if self.of.len() >= TOLD_APART && !self.of.contains_key(&peer) {
            let oldest = self.of.keys().min().copied();
            oldest.into_iter().for_each(|oldest| self.forget(oldest));
        }
        self.of.entry(peer).or_default().add(reason, 1);
    }

    /// The peer is gone: what it has missed is kept, and no longer that it was this one.
    pub fn forget(&mut self, peer: PeerId) {
        if let Some(dropped) = self.of.remove(&peer) {
            self.others.add_all(&dropped);
        }
    }

    /// Tells all of it.
    pub fn tell(&self, tell: &mut dyn FnMut(Option<PeerId>, &Dropped)) {
        self.of
            .iter()
            .for_each(|(peer, dropped)| tell(Some(*peer), dropped));
        tell(None, &self.others);
    }
}

impl fmt::Display for DropReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::HighWater => "the queue was at its high-water mark",
            Self::Unroutable => "nobody was who it was for",
            Self::Replaced => "a newer message took its place",
            Self::Expired => "it had waited too long to be sent",
            Self::Undelivered => "it was still queued when its receiver left",
            Self::Unread => "it was not received when its sender was let go",
            Self::Unwanted => "it was not subscribed to",
            Self::Malformed => "it lacked frames",
            Self::Late => "nobody waited for it",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_has_its_place_and_its_words() {
        let mut dropped = Dropped::default();
        for (count, reason) in (1..).zip(DropReason::ALL) {
            dropped.add(reason, count);
        }
        let counts: Vec<_> = dropped.iter().collect();
        assert_eq!(counts.len(), DropReason::ALL.len());
        for (count, (reason, counted)) in (1..).zip(counts) {
            assert_eq!((counted, dropped.of(reason)), (count, count));
            let alike = |other: &DropReason| other.to_string() == reason.to_string();
            assert_eq!(DropReason::ALL.into_iter().filter(alike).count(), 1);
        }
        assert_eq!(dropped.total(), 45);
    }

    #[test]
    fn nothing_is_lost_of_peers_that_are_not_told_apart_any_more() {
        let mut drops = Drops::default();
        for peer in 1..=2000 {
            drops.count(Some(PeerId::new(peer)), DropReason::Unwanted);
        }
        drops.forget(PeerId::new(2000));
        let (mut peers, mut total) = (0, 0);
        drops.tell(&mut |peer, dropped| {
            peers += usize::from(peer.is_some_and(|peer| peer.get() > 1000));
            total += dropped.total();
        });
        assert_eq!((peers, total), (999, 2000));
    }
}
