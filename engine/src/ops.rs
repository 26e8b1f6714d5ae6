//! What a socket can do, whatever its pattern.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use ferromq_core::{
    Attend, CanRequest, Dropped, Half, Halves, Inbound, Lane, Layout, Message, OptionError,
    Outbound, Pattern, PatternOption, PeerId, Row, Sent, Slot, TryRecvError, TrySendError, Wakes,
};

use crate::error::{RecvError, SendFailure};
use crate::hub::Hub;

/// A socket's operations, none of which waits.
///
/// The futures of [`Socket`](crate::Socket) call them on [`Inner`], known at
/// compile time; those of [`AnySocket`](crate::AnySocket) on a `dyn Ops`.
pub(crate) trait Ops: Send + Sync {
    fn hub(&self) -> &Arc<Hub>;
    fn out_lane(&self) -> &Arc<Lane>;
    fn in_lane(&self) -> &Arc<Lane>;

    fn try_send(&self, message: &Message) -> Result<Sent, SendFailure>;
    /// Sends a message; once it is queued, nothing may be left in it.
    fn try_send_owned(&self, message: &mut Message) -> Result<Sent, SendFailure>;
    fn try_send_frame(&self, body: &[u8]) -> Result<Sent, SendFailure>;
    /// Offers a message to the peers that lagged.
    fn try_send_late(&self, message: &Message, last: bool) -> Sent;
    /// Sends messages until one is not queued; says how many are, and what became of
    /// that one.
    fn try_send_many(&self, messages: &mut Row<'_>) -> (usize, Result<Sent, SendFailure>);
    fn reserve(&self, head: &[u8]) -> Result<Slot, SendFailure>;
    fn commit(&self, slot: Slot, message: &Message);
    fn release(&self, slot: Slot);

    fn try_recv(&self, into: &mut Message) -> Result<(), RecvError>;
    /// Takes what is there, up to `limit` messages, and at least one.
    fn try_recv_many(&self, into: &mut Vec<Message>, limit: usize) -> Result<usize, RecvError>;

    fn is_writable(&self) -> bool;
    fn is_readable(&self) -> bool;
    /// Whether a message to the peer of that routing id could be sent now.
    fn is_writable_to(&self, id: &[u8]) -> Result<bool, SendFailure>;
    fn newest_id(&self) -> Option<Bytes>;
    fn topics(&self) -> Option<usize>;
    /// How many peers have subscribed, where peers do: to anything, or to `topic`.
    fn subscribers(&self, topic: Option<&[u8]>) -> Option<usize>;
    /// Tells what the pattern has dropped.
    fn tell_drops(&self, tell: &mut dyn FnMut(Option<PeerId>, &Dropped));
    fn set(&self, option: &PatternOption) -> Result<(), OptionError>;
    /// Whether there is a peer of that number, where peers have numbers.
    fn has_peer(&self, peer: PeerId) -> Option<bool>;
    /// Lets both halves see their signals.
    fn attend(&self);
    fn close(&self);

    /// Sends without waiting for those that lag.
    fn send_now(&self, message: &Message) -> Result<(), SendFailure> {
        if self.try_send(message)? == Sent::Lagging {
            self.try_send_late(message, true);
        }
        Ok(())
    }
}

/// What the clones of a socket share. It closes with the last of them.
pub(crate) struct Inner<P: Pattern> {
    halves: P::Halves,
    hub: Arc<Hub>,
}

impl<P: CanRequest> Inner<P> {
    /// Forgets the request that waits for its reply. The peer that was asked, if its
    /// late reply could be mistaken for another, is let go and connected anew.
    pub(crate) fn abandon(&self) {
        if self.hub.home.is_foreign() {
            return;
        }
        let asked = P::abandon(&mut self.halves.outbound().lock(&mut Wakes::new()));
        if let Some(peer) = asked {
            self.hub.renew(peer);
        }
        self.out_lane().notify();
    }
}

impl<P: Pattern> Inner<P> {
    pub(crate) fn new(halves: P::Halves, hub: Arc<Hub>) -> Self {
        Self { halves, hub }
    }

    /// Whether this is a child of the process that made the socket.
    #[inline]
    fn is_foreign(&self) -> bool {
        self.hub.home.is_foreign()
    }

    /// Lets the sending half send.
    #[inline]
    fn send_by(
        &self,
        send: impl FnOnce(
            &mut <P::Halves as Halves>::Outbound,
            &mut Wakes,
        ) -> Result<Sent, TrySendError>,
    ) -> Result<Sent, SendFailure> {
        if self.is_foreign() {
            return Err(SendFailure::Forked);
        }
        let mut wakes = Wakes::new();
        let sent = send(&mut self.halves.outbound().lock(&mut wakes), &mut wakes);
        sent.map_err(|error| self.send_failure(error))
    }

    #[cold]
    fn send_failure(&self, error: TrySendError) -> SendFailure {
        match self.hub.is_closed() {
            true => SendFailure::Closed,
            false => error.into(),
        }
    }

    #[cold]
    fn recv_error(&self, error: TryRecvError) -> RecvError {
        match self.hub.is_closed() {
            true => RecvError::Closed,
            false => error.into(),
        }
    }
}

impl<P: Pattern> Ops for Inner<P> {
    fn hub(&self) -> &Arc<Hub> {
        &self.hub
    }

    fn out_lane(&self) -> &Arc<Lane> {
        self.halves.outbound().lane()
    }

    fn in_lane(&self) -> &Arc<Lane> {
        self.halves.inbound().lane()
    }

    #[inline]
    fn try_send(&self, message: &Message) -> Result<Sent, SendFailure> {
        self.send_by(|half, wakes| half.try_send(message, wakes))
    }

    #[inline]
    fn try_send_owned(&self, message: &mut Message) -> Result<Sent, SendFailure> {
        self.send_by(|half, wakes| half.try_send_owned(message, wakes))
    }

    #[inline]
    fn try_send_frame(&self, body: &[u8]) -> Result<Sent, SendFailure> {
        self.send_by(|half, wakes| half.try_send_frame(body, wakes))
    }

    #[cold]
    fn try_send_late(&self, message: &Message, last: bool) -> Sent {
        if self.is_foreign() {
            return Sent::Queued;
        }
        let mut wakes = Wakes::new();
        self.halves
            .outbound()
            .lock(&mut wakes)
            .try_send_late(message, last, &mut wakes)
    }

    fn try_send_many(&self, messages: &mut Row<'_>) -> (usize, Result<Sent, SendFailure>) {
        if self.is_foreign() {
            return (0, Err(SendFailure::Forked));
        }
        let mut wakes = Wakes::new();
        let (queued, next) = self
            .halves
            .outbound()
            .lock(&mut wakes)
            .try_send_many(messages, &mut wakes);
        (queued, next.map_err(|error| self.send_failure(error)))
    }

    fn reserve(&self, head: &[u8]) -> Result<Slot, SendFailure> {
        if self.is_foreign() {
            return Err(SendFailure::Forked);
        }
        let mut wakes = Wakes::new();
        let slot = self
            .halves
            .outbound()
            .lock(&mut wakes)
            .reserve(head, &mut wakes);
        slot.map_err(|error| self.send_failure(error))
    }

    fn commit(&self, slot: Slot, message: &Message) {
        if self.is_foreign() {
            return;
        }
        let mut wakes = Wakes::new();
        self.halves
            .outbound()
            .lock(&mut wakes)
            .commit(slot, message, &mut wakes);
    }

    fn release(&self, slot: Slot) {
        if self.is_foreign() {
            return;
        }
        let outbound = self.halves.outbound();
        outbound.lock(&mut Wakes::new()).release(slot);
        outbound.lane().notify();
    }

    #[inline]
    fn try_recv(&self, into: &mut Message) -> Result<(), RecvError> {
        if self.is_foreign() {
            return Err(RecvError::Forked);
        }
        let mut wakes = Wakes::new();
        let received = self.halves.inbound().try_recv(into, &mut wakes);
        received.map_err(|error| self.recv_error(error))
    }

    fn try_recv_many(&self, into: &mut Vec<Message>, limit: usize) -> Result<usize, RecvError> {
        if self.is_foreign() {
            return Err(RecvError::Forked);
        }
        let mut wakes = Wakes::new();
        let received =
            self.halves
                .inbound()
                .lock(&mut wakes)
                .try_recv_many(into, limit.max(1), &mut wakes);
        received.map_err(|error| self.recv_error(error))
    }

    fn is_writable(&self) -> bool {
        if self.is_foreign() {
            // The call would be refused at once.
            return true;
        }
        let mut wakes = Wakes::new();
        self.halves
            .outbound()
            .lock(&mut wakes)
            .is_writable(&mut wakes)
    }

    fn is_readable(&self) -> bool {
        if self.is_foreign() {
            // The call would be refused at once.
            return true;
        }
        let mut wakes = Wakes::new();
        self.halves
            .inbound()
            .lock(&mut wakes)
            .is_readable(&mut wakes)
    }

    fn is_writable_to(&self, id: &[u8]) -> Result<bool, SendFailure> {
        if self.is_foreign() {
            return Err(SendFailure::Forked);
        }
        let mut wakes = Wakes::new();
        let writable = self
            .halves
            .outbound()
            .lock(&mut wakes)
            .is_writable_to(id, &mut wakes);
        writable.map_err(|error| self.send_failure(error))
    }

    fn newest_id(&self) -> Option<Bytes> {
        if self.is_foreign() {
            return None;
        }
        self.halves.outbound().lock(&mut Wakes::new()).newest_id()
    }

    fn topics(&self) -> Option<usize> {
        if self.is_foreign() {
            return None;
        }
        self.halves.outbound().lock(&mut Wakes::new()).topics()
    }

    fn subscribers(&self, topic: Option<&[u8]>) -> Option<usize> {
        if self.is_foreign() {
            return None;
        }
        let mut wakes = Wakes::new();
        self.halves
            .outbound()
            .lock(&mut wakes)
            .subscribers(topic, &mut wakes)
    }

    fn tell_drops(&self, tell: &mut dyn FnMut(Option<PeerId>, &Dropped)) {
        if self.is_foreign() {
            return;
        }
        let mut wakes = Wakes::new();
        if P::Halves::LAYOUT != Layout::ReceiveOnly {
            self.halves.outbound().lock(&mut wakes).tell_drops(tell);
        }
        if matches!(P::Halves::LAYOUT, Layout::Split | Layout::ReceiveOnly) {
            self.halves.inbound().lock(&mut wakes).tell_drops(tell);
        }
    }

    fn set(&self, option: &PatternOption) -> Result<(), OptionError> {
        if self.is_foreign() {
            return Err(OptionError::Forked);
        }
        let outbound = || self.halves.outbound().set_option(option, &mut Wakes::new());
        let inbound = || self.halves.inbound().set_option(option, &mut Wakes::new());
        match P::Halves::LAYOUT {
            Layout::Joint | Layout::SendOnly => outbound(),
            Layout::ReceiveOnly => inbound(),
            // An option is one half's or the other's, or concerns both.
            Layout::Split => outbound().or(inbound()),
        }?;
        // An XPUB subscribes for its peers, a PUB may drop again: who waits looks anew.
        self.out_lane().notify_all();
        Ok(())
    }

    fn has_peer(&self, peer: PeerId) -> Option<bool> {
        if self.is_foreign() {
            return None;
        }
        let mut wakes = Wakes::new();
        self.halves.outbound().lock(&mut wakes).has_peer(peer)
    }

    fn attend(&self) {
        if self.is_foreign() {
            return;
        }
        let mut wakes = Wakes::new();
        drop(self.halves.outbound().lock(&mut wakes));
        drop(self.halves.inbound().lock(&mut wakes));
    }

    fn close(&self) {
        if self.is_foreign() {
            return;
        }
        if self.hub.close() {
            close_half(self.halves.outbound());
            close_half(self.halves.inbound());
        }
    }
}

impl<P: Pattern> Drop for Inner<P> {
    fn drop(&mut self) {
        if self.is_foreign() {
            // Pipes and tasks would tell their other ends, which are the parent's.
            std::mem::forget(std::mem::replace(&mut self.halves, P::halves()));
            std::mem::forget(Arc::clone(&self.hub));
            return;
        }
        self.close();
    }
}

/// A new key for [`Lane::observe`].
pub(crate) fn observer_key() -> u64 {
    static KEYS: AtomicU64 = AtomicU64::new(0);
    KEYS.fetch_add(1, Ordering::Relaxed)
}

/// Lets all peers go, those that are just arriving too, and wakes whoever waits.
fn close_half(half: &Half<impl Attend>) {
    let mut wakes = Wakes::new();
    half.lane().close();
    half.lock(&mut wakes).detach_all();
    drop(wakes);
    half.lane().notify_all();
}
