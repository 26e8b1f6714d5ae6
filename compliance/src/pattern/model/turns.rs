//! Who has had its turn.

use std::collections::HashMap;

/// Peers that take turns: nobody has two while somebody who could have one waits.
#[derive(Debug, Default)]
pub struct Turns {
    now: u64,
    /// Since when each peer could have its turn, without a break.
    able: HashMap<u32, u64>,
    /// When each peer last had its turn.
    served: HashMap<u32, u64>,
}

impl Turns {
    /// Notes whether a peer could have its turn now.
    pub fn note(&mut self, peer: u32, able: bool) {
        match able {
            true => {
                self.able.entry(peer).or_insert(self.now);
            }
            false => {
                self.able.remove(&peer);
            }
        }
    }

    /// A peer has its turn.
    ///
    /// # Panics
    ///
    /// If somebody else has waited since before its last one.
    pub fn serve(&mut self, peer: u32) {
        self.now += 1;
        let Some(last) = self.served.insert(peer, self.now) else {
            return;
        };
        for (other, since) in &self.able {
            let served = self.served.get(other).copied().unwrap_or_default();
            let fair = *other == peer || *since >= last || served > last;
            assert!(fair, "peer {peer} had two turns, and {other} none");
        }
    }
}
