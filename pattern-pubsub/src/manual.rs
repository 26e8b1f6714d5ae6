//! Subscriptions that the application makes for its peers.

use ferromq_core::routing::Subscriptions;
use ferromq_core::{PatternOption, PeerId};

/// What an XPUB keeps for `ZMQ_XPUB_MANUAL` and `ZMQ_XPUB_MANUAL_LAST_VALUE`.
///
/// What peers ask for has no effect then. It is noted, so that the application can
/// be told what has ended when a peer leaves; what the peers get is what the
/// application subscribes them to.
#[derive(Debug, Default)]
pub(crate) struct Manual {
    on: bool,
    last_value: bool,
    /// What peers have asked for.
    requested: Subscriptions,
    /// Whose request the application has received last, while that peer is there.
    last: Option<PeerId>,
}

impl Manual {
    #[inline]
    pub(crate) fn is_on(&self) -> bool {
        self.on
    }

    /// As in libzmq, the second option sets the first one too, but not the other way
    /// round.
    pub(crate) fn set_option(&mut self, option: &PatternOption) {
        match option {
            PatternOption::XpubManual(on) => self.on = *on,
            PatternOption::XpubManualLastValue(on) => (self.on, self.last_value) = (*on, *on),
            _ => {}
        }
    }

    /// What peers have asked for.
    pub(crate) fn requested(&mut self) -> &mut Subscriptions {
        &mut self.requested
    }

    /// The peer for which the application can subscribe now.
    pub(crate) fn last(&self) -> Option<PeerId> {
        self.last
    }

    /// The peer that the next message is for alone, if it is for one alone.
    pub(crate) fn target(&self) -> Option<PeerId> {
        self.last.filter(|_| self.on && self.last_value)
    }

    /// The application has received a request; `peer` is nobody if it came from one
    /// that has left.
    pub(crate) fn note_received(&mut self, peer: Option<PeerId>) {
        self.last = peer;
    }

    /// A peer has left. What it has asked for is still there.
    pub(crate) fn forget(&mut self, peer: PeerId) {
        self.last.take_if(|last| *last == peer);
    }

    pub(crate) fn forget_all(&mut self) {
        self.requested = Subscriptions::new();
        self.last = None;
    }
}
