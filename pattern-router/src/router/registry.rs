//! Who has which routing id.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use ferromq_core::{Mutex, Peer, PeerId, PeerMap};

use crate::ids::Ids;

/// Decides once for each peer by which id it is known, so that both halves of a
/// ROUTER say the same although they hear of peers separately.
///
/// Each half has a [`Seat`] for each of its peers. The first half that knows which
/// id a peer wants has it decided; the other is told the same. An id is free again
/// when the first of the two seats is given up, because then the peer has left; the
/// other half may still have messages of it. What was decided is forgotten with
/// the second.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    book: Mutex<Book>,
}

#[derive(Debug, Default)]
struct Book {
    holders: HashMap<Bytes, PeerId>,
    entries: PeerMap<Entry>,
    ids: Ids,
    handover: bool,
}

#[derive(Debug, Default)]
struct Entry {
    standing: Standing,
    /// Whether one of the halves has given its seat up.
    left: bool,
}

/// What was decided about a peer.
#[derive(Debug, Clone, Default)]
pub(crate) enum Standing {
    /// Nothing yet.
    #[default]
    Open,
    /// It is known by this id.
    Named {
        /// The id.
        id: Bytes,
        /// Who had it before and has to go, one after the other.
        displaced: Vec<PeerId>,
    },
    /// Somebody else has its id: it is neither heard nor addressed.
    Ignored,
    /// Somebody else has taken its id over: it has to go.
    Displaced,
}

/// A half's share in a peer, given up when it is dropped.
#[derive(Debug)]
pub(crate) struct Seat {
    peer: PeerId,
    registry: Arc<Registry>,
}

impl Registry {
    pub(crate) fn set_handover(&self, handover: bool) {
        self.book.lock().handover = handover;
    }

    /// A seat for a peer that has joined; both halves take one.
    pub(crate) fn seat(self: &Arc<Self>, peer: PeerId) -> Seat {
        self.book.lock().entries.entry(peer).or_default();
        Seat {
            peer,
            registry: Arc::clone(self),
        }
    }
}

impl Seat {
    /// Has it decided how the peer is known. It wants `wanted`, which is empty if it
    /// does not mind. `has_left` is asked about the peer that has that id, if there
    /// is one: the half may know already that it is gone.
    pub(crate) fn claim(&self, wanted: Bytes, has_left: impl FnOnce(PeerId) -> bool) -> Standing {
        self.registry.book.lock().claim(self.peer, wanted, has_left)
    }

    /// Who has to go because of this peer, if the other half has had that decided.
    pub(crate) fn displaced(&self) -> Vec<PeerId> {
        let book = self.registry.book.lock();
        match book.entries.get(&self.peer).map(|entry| &entry.standing) {
            Some(Standing::Named { displaced, .. }) => displaced.clone(),
            _ => Vec::new(),
        }
    }

    /// Whether the peer is the one that has this id now.
    pub(crate) fn holds(&self, id: &Bytes) -> bool {
        self.registry.book.lock().holders.get(id) == Some(&self.peer)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.registry.book.lock().give_up(self.peer);
    }
}

impl Book {
    fn claim(
        &mut self,
        peer: PeerId,
        wanted: Bytes,
        has_left: impl FnOnce(PeerId) -> bool,
    ) -> Standing {
        let entry = self.entries.get(&peer);
        let left = entry.is_some_and(|entry| entry.left);
        match entry.map(|entry| &entry.standing) {
            Some(Standing::Open) | None => {}
            Some(decided) => return decided.clone(),
        }
        let id = match wanted.is_empty() {
            true => self.ids.next(|id| self.holders.contains_key(id)),
            false => wanted,
        };
        let holder = self.holders.get(&id).copied();
        let holder = holder.filter(|holder| !left && !has_left(*holder));
        let standing = match holder {
            Some(_) if !self.handover => Standing::Ignored,
            holder => {
                let displaced = holder.map(|holder| self.displace(holder));
                if !left {
                    self.holders.insert(id.clone(), peer);
                }
                Standing::Named {
                    id,
                    displaced: displaced.unwrap_or_default(),
                }
            }
        };
        self.entry(peer).standing = standing.clone();
        standing
    }

    /// Takes a peer's name away. Returns who has to go: the peer, and those that it
    /// has displaced itself, if one of the halves still has them.
    fn displace(&mut self, peer: PeerId) -> Vec<PeerId> {
        let standing = std::mem::replace(&mut self.entry(peer).standing, Standing::Displaced);
        let mut displaced = match standing {
            Standing::Named { displaced, .. } => displaced,
            _ => Vec::new(),
        };
        displaced.retain(|peer| self.entries.contains_key(peer));
        displaced.push(peer);
        displaced
    }

    fn entry(&mut self, peer: PeerId) -> &mut Entry {
        self.entries.entry(peer).or_default()
    }

    fn give_up(&mut self, peer: PeerId) {
        let Some(entry) = self.entries.get_mut(&peer) else {
            return;
        };
        if let Standing::Named { id, .. } = &entry.standing {
            if self.holders.get(id) == Some(&peer) {
                self.holders.remove(id);
            }
        }
        if std::mem::replace(&mut entry.left, true) {
            self.entries.remove(&peer);
        }
    }
}

/// The id that a new peer wants, or nothing if it is not known yet. What the
/// application has chosen goes before what the peer says.
pub(crate) fn wanted_by(peer: &Peer) -> Option<Bytes> {
    let assigned = peer.assigned_id.clone().filter(|id| !id.is_empty());
    assigned.or_else(|| Some(peer.info.as_ref()?.identity.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(number: u32) -> PeerId {
        PeerId::new(number)
    }

    fn is_empty(registry: &Registry) -> bool {
        let book = registry.book.lock();
        book.holders.is_empty() && book.entries.is_empty()
    }

    fn claim(seat: &Seat, wanted: &'static str) -> Standing {
        seat.claim(Bytes::from(wanted), |_| false)
    }

    #[test]
    fn both_halves_are_told_the_same() {
        let registry = Arc::new(Registry::default());
        for wanted in ["", "name"] {
            let (one, other) = (registry.seat(peer(1)), registry.seat(peer(1)));
            let first = claim(&one, wanted);
            // Whatever the other asks for.
            let second = claim(&other, "something else");
            let (Standing::Named { id, .. }, Standing::Named { id: same, .. }) = (first, second)
            else {
                panic!("nobody else is there");
            };
            assert_eq!(id, same);
            assert!(one.holds(&id) && other.holds(&id));
            drop(one);
            assert!(!other.holds(&id), "who has left has it no longer");
            drop(other);
            assert!(is_empty(&registry));
        }
    }

    #[test]
    fn nothing_is_kept_whatever_became_of_a_peer() {
        for handover in [false, true] {
            let registry = Arc::new(Registry::default());
            registry.set_handover(handover);
            let mut seats = Vec::new();
            for number in 1..4 {
                let two = [registry.seat(peer(number)), registry.seat(peer(number))];
                claim(&two[0], "name");
                seats.extend(two);
            }
            seats.push(registry.seat(peer(4)));
            // In an order in which no peer goes at once.
            while !seats.is_empty() {
                seats.swap_remove(seats.len() / 2);
            }
            assert!(!is_empty(&registry), "one half knows nothing of peer 4");
            drop(registry.seat(peer(4)));
            assert!(is_empty(&registry));
        }
    }

    #[test]
    fn who_was_displaced_unseen_is_passed_on_and_not_for_ever() {
        let registry = Arc::new(Registry::default());
        registry.set_handover(true);
        let displaced_by = |seat: &Seat| match claim(seat, "name") {
            Standing::Named { displaced, .. } => displaced,
            standing => panic!("{standing:?}"),
        };
        let mut unseen = Vec::new();
        for number in 1..4 {
            let seat = registry.seat(peer(number));
            let expected: Vec<_> = (1..number).map(peer).collect();
            assert_eq!(displaced_by(&seat), expected);
            assert_eq!(seat.displaced(), expected);
            unseen.push(registry.seat(peer(number)));
            unseen.push(seat);
        }
        // Both halves have heard of the first two, and let them go.
        unseen.drain(..4);
        let (one, other) = (registry.seat(peer(9)), registry.seat(peer(9)));
        assert_eq!(displaced_by(&one), [peer(3)]);
        drop((one, other, unseen));
        assert!(is_empty(&registry));
    }
}
