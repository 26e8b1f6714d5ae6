//! XSUB: a subscriber that says itself what it subscribes to.

use std::sync::Arc;

use ferromq_core::routing::FairQueue;
use ferromq_core::{
    Attend, CanReceive, CanSend, Dropped, Halves, HasTopics, Message, OptionError, Outbound,
    Pattern, PatternOption, Peer, PeerId, PeerInfo, Prologue, Sent, Slot, SocketType, Split,
    TrySendError, Wakes,
};

use crate::request::{Request, Rest, sift};
use crate::upstream::Upstream;

/// A [`Sub`](crate::Sub) that sends ([RFC 29](https://rfc.zeromq.org/spec/29/), "The
/// XSUB Socket Type"): subscriptions, and messages to XPUBs.
///
/// A frame of the octet 1 and a topic subscribes to the topic, of 0 and a topic
/// cancels that; anything else goes to all publishers as it is. Each subscription is
/// passed on, but the end of one only when nothing else wants the topic. With
/// [`PatternOption::XsubVerboseUnsubscribe`] each end is passed on, and is one for the
/// publisher: it stops sending the topic, however often that was subscribed to.
///
/// What publishers send is received as it comes, in turn from each.
#[derive(Debug)]
pub struct XSub;

impl Pattern for XSub {
    const SOCKET_TYPE: SocketType = SocketType::XSub;
    type Halves = Split<XSubOutbound, FairQueue>;

    fn halves() -> Self::Halves {
        let halves = Split::new(XSubOutbound::default(), FairQueue::new());
        let outbound = halves.outbound();
        outbound
            .lock(&mut Wakes::new())
            .upstream
            .watch(outbound.lane());
        halves
    }
}

impl CanSend for XSub {}
impl CanReceive for XSub {}
impl HasTopics for XSub {}

/// The sending half of an [`XSub`].
#[derive(Debug, Default)]
pub struct XSubOutbound {
    upstream: Upstream,
    only_first: bool,
    verbose: bool,
}

impl Attend for XSubOutbound {
    fn attach(&mut self, mut peer: Peer, wakes: &mut Wakes) {
        if let Some(writer) = peer.writer.take() {
            self.upstream.attach(&peer, writer, wakes);
        }
    }

    fn handle_ready(&mut self, peer: PeerId, _info: &Arc<PeerInfo>, wakes: &mut Wakes) {
        self.upstream.handle_ready(peer, wakes);
    }

    fn handle_writable(&mut self, peer: PeerId, wakes: &mut Wakes) {
        self.upstream.handle_writable(peer, wakes);
    }

    fn detach(&mut self, peer: PeerId) {
        self.upstream.detach(peer);
    }

    fn detach_all(&mut self) {
        self.upstream.detach_all();
    }

    fn tell_drops(&self, tell: &mut dyn FnMut(Option<PeerId>, &Dropped)) {
        self.upstream.tell_drops(tell);
    }

    fn prologue(&self) -> Option<Arc<dyn Prologue>> {
        Some(self.upstream.wanted().prologue())
    }

    fn set_option(&mut self, option: &PatternOption) -> Result<(), OptionError> {
        match option {
            PatternOption::OnlyFirstSubscribe(only_first) => self.only_first = *only_first,
            PatternOption::XsubVerboseUnsubscribe(verbose) => self.verbose = *verbose,
            _ => return Err(OptionError::Unsupported(option.name())),
        }
        Ok(())
    }
}

impl Outbound for XSubOutbound {
    fn try_send(&mut self, message: &Message, wakes: &mut Wakes) -> Result<Sent, TrySendError> {
        let (upstream, verbose) = (&mut self.upstream, self.verbose);
        let rest = sift(message, self.only_first, |request| match request {
            Request::Subscribe(topic) => upstream.subscribe(topic, wakes),
            Request::Cancel(topic) => upstream.cancel(topic, verbose, wakes),
        });
        Ok(match rest {
            Rest::Nothing => Sent::Queued,
            Rest::Whole => upstream.send(message, wakes),
            Rest::Part(message) => upstream.send(&message, wakes),
        })
    }

    fn try_send_late(&mut self, _message: &Message, last: bool, wakes: &mut Wakes) -> Sent {
        self.upstream.send_late(last, wakes)
    }

    fn reserve(&mut self, _head: &[u8], _wakes: &mut Wakes) -> Result<Slot, TrySendError> {
        Ok(Slot::Open)
    }

    fn commit(&mut self, _slot: Slot, message: &Message, wakes: &mut Wakes) {
        if self.try_send(message, wakes) == Ok(Sent::Lagging) {
            self.upstream.send_late(true, wakes);
        }
    }

    fn release(&mut self, _slot: Slot) {}

    fn is_writable(&mut self, _wakes: &mut Wakes) -> bool {
        true
    }

    fn topics(&self) -> Option<usize> {
        Some(self.upstream.wanted().len())
    }
}
