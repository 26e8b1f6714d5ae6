//! A half and its lock.

use std::sync::Arc;

use zmtp_codec::Message;

use crate::lane::{Lane, Signal};
use crate::option::{OptionError, PatternOption};
use crate::pattern::{Attend, Inbound, Outbound, Sent, Slot, TryRecvError, TrySendError};
use crate::peer::{Peer, PeerId};
use crate::sync::{QuickGuard, QuickMutex};
use crate::wakes::Wakes;

/// One half of a socket, or both in one: the pattern's state behind a lock, and
/// the lane that brings it the drivers' signals.
#[derive(Debug)]
pub struct Half<T> {
    state: QuickMutex<T>,
    lane: Arc<Lane>,
}

impl<T: Attend> Half<T> {
    /// A half without peers.
    #[must_use]
    pub fn new(state: T) -> Self {
        Self {
            state: QuickMutex::new(state),
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
    pub fn lock(&self, wakes: &mut Wakes) -> QuickGuard<'_, T> {
        let mut state = self.state.lock();
        if self.lane.is_pending() {
            attend(&mut *state, &self.lane, wakes);
        }
        state
    }

    /// Sets an option of the pattern.
    ///
    /// # Errors
    ///
    /// As [`Attend::set_option`].
    pub fn set_option(&self, option: &PatternOption, wakes: &mut Wakes) -> Result<(), OptionError> {
        let mut state = self.lock(wakes);
        state.set_option(option)?;
        state.handle_option(wakes);
        Ok(())
    }
}

impl<T: Inbound> Half<T> {
    /// Takes the next message, as [`Inbound::try_recv`] does. If there is none the lane
    /// [is quiet](Lane::is_quiet) until something happens.
    ///
    /// # Errors
    ///
    /// As [`Inbound::try_recv`].
    #[inline]
    pub fn try_recv(&self, into: &mut Message, wakes: &mut Wakes) -> Result<(), TryRecvError> {
        let mut state = self.lock(wakes);
        let received = state.try_recv(into, wakes);
        if matches!(received, Err(TryRecvError::Empty)) {
            self.lane.note_nothing();
        }
        received
    }
}

#[cold]
fn attend(state: &mut impl Attend, lane: &Lane, wakes: &mut Wakes) {
    while lane.is_pending() {
        let Some(signal) = lane.pop() else { break };
        match signal {
            Signal::Attach(peer) => {
                let id = peer.id;
                state.attach(*peer, wakes);
                // Its pipe may have called before it was attached.
                state.handle_readable(id, wakes);
            }
            Signal::Ready(peer, info) => state.handle_ready(peer, &info, wakes),
            Signal::Lost(peer) => state.handle_lost(peer, wakes),
            Signal::Readable(peer) => state.handle_readable(peer, wakes),
            Signal::Writable(peer) => state.handle_writable(peer, wakes),
            Signal::Detach(peer) => state.detach(peer),
        }
    }
}

/// How a pattern's halves are locked: [`Split`], [`Joint`], [`SendOnly`] or
/// [`ReceiveOnly`].
pub trait Halves: Send + Sync + 'static {
    /// The sending half.
    type Outbound: Outbound;
    /// The receiving half.
    type Inbound: Inbound;

    /// Which of a peer's ends go where.
    const LAYOUT: Layout;

    /// The sending half and its lock.
    fn outbound(&self) -> &Half<Self::Outbound>;

    /// The receiving half and its lock, which may be the same.
    fn inbound(&self) -> &Half<Self::Inbound>;
}

/// Which half gets which end of a peer's pipes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// The way to the peer for the outbound half, the way back for the inbound.
    Split,
    /// Both ends for the one half there is.
    Joint,
    /// Both ends for the outbound half; the inbound half has no peers.
    SendOnly,
    /// Both ends for the inbound half; the outbound half has no peers.
    ReceiveOnly,
}

/// Two halves that share no lock.
#[derive(Debug)]
pub struct Split<O, I> {
    outbound: Half<O>,
    inbound: Half<I>,
}

/// Both halves in one, under one lock.
#[derive(Debug)]
pub struct Joint<T> {
    half: Half<T>,
}

/// A pattern that never receives.
#[derive(Debug)]
pub struct SendOnly<O> {
    outbound: Half<O>,
    inbound: Half<Nothing>,
}

/// A pattern that never sends.
#[derive(Debug)]
pub struct ReceiveOnly<I> {
    outbound: Half<Nothing>,
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

impl<T: Outbound + Inbound> Joint<T> {
    /// Without peers.
    #[must_use]
    pub fn new(state: T) -> Self {
        Self {
            half: Half::new(state),
        }
    }
}

impl<O: Outbound> SendOnly<O> {
    /// Without peers.
    #[must_use]
    pub fn new(outbound: O) -> Self {
        Self {
            outbound: Half::new(outbound),
            inbound: Half::new(Nothing),
        }
    }
}

impl<I: Inbound> ReceiveOnly<I> {
    /// Without peers.
    #[must_use]
    pub fn new(inbound: I) -> Self {
        Self {
            outbound: Half::new(Nothing),
            inbound: Half::new(inbound),
        }
    }
}

impl<O: Outbound, I: Inbound> Halves for Split<O, I> {
    type Outbound = O;
    type Inbound = I;
    const LAYOUT: Layout = Layout::Split;

    #[inline]
    fn outbound(&self) -> &Half<O> {
        &self.outbound
    }

    #[inline]
    fn inbound(&self) -> &Half<I> {
        &self.inbound
    }
}

impl<T: Outbound + Inbound> Halves for Joint<T> {
    type Outbound = T;
    type Inbound = T;
    const LAYOUT: Layout = Layout::Joint;

    #[inline]
    fn outbound(&self) -> &Half<T> {
        &self.half
    }

    #[inline]
    fn inbound(&self) -> &Half<T> {
        &self.half
    }
}

impl<O: Outbound> Halves for SendOnly<O> {
    type Outbound = O;
    type Inbound = Nothing;
    const LAYOUT: Layout = Layout::SendOnly;

    #[inline]
    fn outbound(&self) -> &Half<O> {
        &self.outbound
    }

    #[inline]
    fn inbound(&self) -> &Half<Nothing> {
        &self.inbound
    }
}

impl<I: Inbound> Halves for ReceiveOnly<I> {
    type Outbound = Nothing;
    type Inbound = I;
    const LAYOUT: Layout = Layout::ReceiveOnly;

    #[inline]
    fn outbound(&self) -> &Half<Nothing> {
        &self.outbound
    }

    #[inline]
    fn inbound(&self) -> &Half<I> {
        &self.inbound
    }
}

/// The half that a pattern does not have.
#[derive(Debug)]
pub struct Nothing;

impl Attend for Nothing {
    fn attach(&mut self, _peer: Peer, _wakes: &mut Wakes) {}

    fn detach(&mut self, _peer: PeerId) {}

    fn detach_all(&mut self) {}
}

impl Outbound for Nothing {
    fn try_send(&mut self, _message: &Message, _wakes: &mut Wakes) -> Result<Sent, TrySendError> {
        Err(TrySendError::Unsupported)
    }

    fn reserve(&mut self, _head: &[u8], _wakes: &mut Wakes) -> Result<Slot, TrySendError> {
        Err(TrySendError::Unsupported)
    }

    fn commit(&mut self, _slot: Slot, _message: &Message, _wakes: &mut Wakes) {}

    fn release(&mut self, _slot: Slot) {}

    fn is_writable(&mut self, _wakes: &mut Wakes) -> bool {
        false
    }
}

impl Inbound for Nothing {
    fn try_recv(&mut self, _into: &mut Message, _wakes: &mut Wakes) -> Result<(), TryRecvError> {
        Err(TryRecvError::Unsupported)
    }

    fn is_readable(&mut self, _wakes: &mut Wakes) -> bool {
        false
    }
}
