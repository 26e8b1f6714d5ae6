//! What was lost over links of datagrams.

use ferromq_core::{Endpoint, Loss, Mutex, Pattern};

use crate::any::AnySocket;
use crate::hub::Hub;
use crate::monitor::EventKind;
use crate::ops::Ops;
use crate::socket::Socket;

/// How often each thing has gone wrong with a message of a socket. There is an entry for
/// each that has, so a few dozen at the most.
#[derive(Debug, Default)]
pub(crate) struct Losses(Mutex<Vec<(Loss, u64)>>);

impl Losses {
    /// Counts one more, and says how many it are now.
    fn add(&self, loss: Loss) -> u64 {
        let mut losses = self.0.lock();
        match losses.iter_mut().find(|(known, _)| *known == loss) {
            Some((_, count)) => {
                *count += 1;
                *count
            }
            None => {
                losses.push((loss, 1));
                1
            }
        }
    }
}

impl Hub {
    /// Counts a loss. Monitors hear of the first, the second, the fourth and so on, so
    /// that nobody can flood them.
    pub(crate) fn lose(&self, endpoint: &Endpoint, loss: Loss) {
        let count = self.losses.add(loss);
        if count.is_power_of_two() {
            self.emit(endpoint, None, EventKind::Lost { loss, count });
        }
    }
}

impl<P: Pattern, D> Socket<P, D> {
    /// What was lost over links of datagrams (`udp://`), and how often, for reasons that
    /// are known here: what others sent that is no message, and messages that could not
    /// be sent. What is lost on the way, or for want of room, nobody can tell.
    #[must_use]
    pub fn losses(&self) -> Vec<(Loss, u64)> {
        self.inner().hub().losses.0.lock().clone()
    }
}

impl AnySocket {
    /// As [`Socket::losses`].
    #[must_use]
    pub fn losses(&self) -> Vec<(Loss, u64)> {
        self.ops().hub().losses.0.lock().clone()
    }
}

#[cfg(feature = "blocking")]
impl<P: Pattern, D> crate::blocking::Socket<P, D> {
    /// As [`Socket::losses`].
    #[must_use]
    pub fn losses(&self) -> Vec<(Loss, u64)> {
        self.as_async().losses()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_are_counted_by_their_reasons() {
        let losses = Losses::default();
        assert_eq!(losses.add(Loss::NoGroup), 1);
        assert_eq!(losses.add(Loss::GroupCut), 1);
        assert_eq!(losses.add(Loss::NoGroup), 2);
        let seen = losses.0.lock().clone();
        assert_eq!(seen, [(Loss::NoGroup, 2), (Loss::GroupCut, 1)]);
    }
}
