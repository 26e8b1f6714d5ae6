//! A half and its lock.

use std::sync::Arc;

use crate::lane::{Lane, Signal};
use crate::pattern::{Attend, Inbound, Outbound};
use crate::sync::{Mutex, MutexGuard};
use crate::wakes::Wakes;

/// One half of a socket, or both in one: the pattern's state behind a lock, and
/// the lane that brings it the drivers' signals.
#[derive(Debug)]
pub struct Half<T> {
    state: Mutex<T>,
    lane: Arc<Lane>,
}

impl<T: Attend> Half<T> {
    /// A half without peers.
    #[must_use]
    pub fn new(state: T) -> Self {
        Self {
            state: Mutex::new(state),
            lane: Arc::new(Lane::new()),
        }
    }

    /// The lane in front of it.
    #[must_use]
    pub fn lane(&self) -> &Arc<Lane> {
        &self.lane
    }

    /// Takes the lock and brings the state up to date with the lane.
    ///
    /// Release it before `wakes` is woken.
    #[inline]
    pub fn lock(&self, wakes: &mut Wakes) -> MutexGuard<'_, T> {
        let mut state = self.state.lock();
        if self.lane.is_pending() {
            attend(&mut *state, &self.lane, wakes);
        }
        state
    }
}

#[cold]
fn attend(state: &mut impl Attend, lane: &Lane, wakes: &mut Wakes) {
    for signal in lane.take() {
        match signal {
            Signal::Attach(peer) => state.attach(*peer, wakes),
            Signal::Ready(peer, info) => state.handle_ready(peer, &info, wakes),
            Signal::Readable(peer) => state.handle_readable(peer, wakes),
            Signal::Writable(peer) => state.handle_writable(peer, wakes),
            Signal::Detach(peer) => state.detach(peer),
        }
    }
}

/// How a pattern's halves are locked.
pub trait Halves: Send + Sync + 'static {
    /// The sending half.
    type Outbound: Outbound;
    /// The receiving half.
    type Inbound: Inbound;

    /// The sending half and its lock.
    fn outbound(&self) -> &Half<Self::Outbound>;

    /// The receiving half and its lock, which may be the same.
    fn inbound(&self) -> &Half<Self::Inbound>;

    /// Whether both are one.
    const JOINT: bool;
}

/// Two halves that share no lock.
#[derive(Debug)]
pub struct Split<O, I> {
    outbound: Half<O>,
    inbound: Half<I>,
}

impl<O: Outbound, I: Inbound> Split<O, I> {
    /// Both halves without peers.
    #[must_use]
    pub fn new(outbound: O, inbound: I) -> Self {
        Self {
            outbound: Half::new(outbound),
            inbound: Half::new(inbound),
        }
    }
}

impl<O: Outbound, I: Inbound> Halves for Split<O, I> {
    type Outbound = O;
    type Inbound = I;
    const JOINT: bool = false;

    #[inline]
    fn outbound(&self) -> &Half<O> {
        &self.outbound
    }

    #[inline]
    fn inbound(&self) -> &Half<I> {
        &self.inbound
    }
}

/// Both halves in one, under one lock.
#[derive(Debug)]
pub struct Joint<T> {
    half: Half<T>,
}

impl<T: Outbound + Inbound> Joint<T> {
    /// Without peers.
    #[must_use]
    pub fn new(state: T) -> Self {
        Self {
            half: Half::new(state),
        }
    }
}

impl<T: Outbound + Inbound> Halves for Joint<T> {
    type Outbound = T;
    type Inbound = T;
    const JOINT: bool = true;

    #[inline]
    fn outbound(&self) -> &Half<T> {
        &self.half
    }

    #[inline]
    fn inbound(&self) -> &Half<T> {
        &self.half
    }
}
