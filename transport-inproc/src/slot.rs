//! A name: where connecting sockets and the one that binds meet.

use std::collections::VecDeque;
use std::task::Waker;

use ferromq_core::{Introduction, LinkOptions, Mutex, PipeReader, PipeWriter};

/// One name. Sockets that connect leave their far ends here, bound or not; the
/// socket that binds takes them.
///
/// A slot dies when nobody is bound and nobody waits; whoever finds it dead asks
/// the registry for a new one.
#[derive(Default)]
pub(crate) struct Slot(Mutex<State>);

#[derive(Default)]
struct State {
    bound: bool,
    dead: bool,
    waiting: VecDeque<Box<Offer>>,
    /// Whom a new offer wakes.
    acceptor: Option<Waker>,
}

/// What a connecting socket leaves for the one that binds.
pub(crate) struct Offer {
    /// The binder's end of the pipe to the guest.
    pub(crate) writer: PipeWriter,
    /// The binder's end of the pipe from the guest.
    pub(crate) reader: PipeReader,
    /// What the guest wants, and who it is.
    pub(crate) options: LinkOptions,
    /// Where the guest learns who the binder is.
    pub(crate) binder: Introduction,
}

/// Why nothing was done.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The slot is dead: ask for a new one.
    Dead,
    /// The name is bound already.
    Bound,
}

impl Slot {
    /// Leaves an offer, and wakes the acceptor if there is one.
    pub(crate) fn offer(&self, offer: Box<Offer>) -> Result<(), Box<Offer>> {
        let mut state = self.0.lock();
        if state.dead {
            return Err(offer);
        }
        state.waiting.push_back(offer);
        let acceptor = state.acceptor.clone();
        drop(state);
        if let Some(acceptor) = acceptor {
            acceptor.wake();
        }
        Ok(())
    }

    /// Binds the name.
    pub(crate) fn bind(&self) -> Result<(), Refused> {
        let mut state = self.0.lock();
        match () {
            () if state.dead => Err(Refused::Dead),
            () if state.bound => Err(Refused::Bound),
            () => {
                state.bound = true;
                Ok(())
            }
        }
    }

    /// Takes the oldest offer, or else registers who is woken by the next.
    pub(crate) fn accept(&self, acceptor: &Waker) -> Option<Box<Offer>> {
        let mut state = self.0.lock();
        let offer = state.waiting.pop_front();
        if offer.is_none() {
            state.acceptor = Some(acceptor.clone());
        }
        offer
    }

    /// Gives the name up; says whether the slot is dead now.
    pub(crate) fn unbind(&self) -> bool {
        let mut state = self.0.lock();
        state.bound = false;
        state.acceptor = None;
        state.dead = state.waiting.is_empty();
        state.dead
    }
}

#[cfg(all(test, loom))]
#[path = "slot_loom.rs"]
mod models;
