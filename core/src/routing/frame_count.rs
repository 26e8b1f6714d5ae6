//! Halves of patterns whose messages have as many frames as they have to.

use std::sync::Arc;

use zmtp_codec::Message;

use crate::lane::Lane;
use crate::option::{OptionError, PatternOption};
use crate::pattern::{Attend, Inbound, Outbound, Prologue, Sent, Slot, TryRecvError, TrySendError};
use crate::peer::{Peer, PeerId, PeerInfo};
use crate::wakes::Wakes;

/// So many messages are passed over at a time; then others have their turn.
const PASSES: usize = 1000;

/// A half of CLIENT, SERVER, SCATTER, GATHER, PEER or CHANNEL: its messages have one frame.
pub type SingleFrame<T> = FrameCount<T, 1>;

/// A half of DGRAM: its messages have two frames.
pub type TwoFrames<T> = FrameCount<T, 2>;

/// A half that sends and receives messages of so many frames only.
///
/// A message of another number is refused as [`TrySendError::Malformed`]. One that a
/// peer has sent is passed over, as in libzmq; only a socket of the same process can
/// send one, because a wire takes it for a breach of the protocol.
#[derive(Debug, Default)]
pub struct FrameCount<T, const FRAMES: usize> {
    half: T,
    /// Taken out to see whether it has so many frames, which it has.
    ahead: Option<Message>,
    lane: Option<Arc<Lane>>,
}

impl<T, const FRAMES: usize> FrameCount<T, FRAMES> {
    /// The same half, with this rule.
    #[must_use]
    pub fn new(half: T) -> Self {
        Self {
            half,
            ahead: None,
            lane: None,
        }
    }

    /// Gives the half its own lane, in which it leaves word that it has more to look
    /// at. A half that receives needs it.
    pub fn watch(&mut self, lane: &Arc<Lane>) {
        self.lane = Some(Arc::clone(lane));
    }

    /// Whether it has so many frames.
    #[inline]
    fn fits(message: &Message) -> bool {
        message.frame(FRAMES).is_none() && (FRAMES == 1 || message.len() == FRAMES)
    }
}

impl<T: Attend, const FRAMES: usize> Attend for FrameCount<T, FRAMES> {
    fn attach(&mut self, peer: Peer, wakes: &mut Wakes) {
        self.half.attach(peer, wakes);
    }

    fn handle_ready(&mut self, peer: PeerId, info: &Arc<PeerInfo>, wakes: &mut Wakes) {
        self.half.handle_ready(peer, info, wakes);
    }

    fn handle_lost(&mut self, peer: PeerId, wakes: &mut Wakes) {
        self.half.handle_lost(peer, wakes);
    }

    fn handle_readable(&mut self, peer: PeerId, wakes: &mut Wakes) {
        self.half.handle_readable(peer, wakes);
    }

    fn handle_writable(&mut self, peer: PeerId, wakes: &mut Wakes) {
        self.half.handle_writable(peer, wakes);
    }

    fn detach(&mut self, peer: PeerId) {
        self.half.detach(peer);
        self.ahead.take_if(|ahead| ahead.origin() == peer.get());
    }

    fn detach_all(&mut self) {
        self.half.detach_all();
        self.ahead = None;
    }

    fn prologue(&self) -> Option<Arc<dyn Prologue>> {
        self.half.prologue()
    }

    fn set_option(&mut self, option: &PatternOption) -> Result<(), OptionError> {
        self.half.set_option(option)
    }

    fn handle_option(&mut self, wakes: &mut Wakes) {
        self.half.handle_option(wakes);
    }
}

impl<T: Outbound, const FRAMES: usize> Outbound for FrameCount<T, FRAMES> {
    #[inline]
    fn try_send(&mut self, message: &Message, wakes: &mut Wakes) -> Result<Sent, TrySendError> {
        match Self::fits(message) {
            true => self.half.try_send(message, wakes),
            false => Err(TrySendError::Malformed),
        }
    }

    #[inline]
    fn try_send_owned(
        &mut self,
        message: &mut Message,
        wakes: &mut Wakes,
    ) -> Result<Sent, TrySendError> {
        match Self::fits(message) {
            true => self.half.try_send_owned(message, wakes),
            false => Err(TrySendError::Malformed),
        }
    }

    #[inline]
    fn try_send_frame(&mut self, body: &[u8], wakes: &mut Wakes) -> Result<Sent, TrySendError> {
        match FRAMES {
            1 => self.half.try_send_frame(body, wakes),
            _ => Err(TrySendError::Malformed),
        }
    }

    fn try_send_late(&mut self, message: &Message, last: bool, wakes: &mut Wakes) -> Sent {
        self.half.try_send_late(message, last, wakes)
    }

    fn reserve(&mut self, head: &[u8], wakes: &mut Wakes) -> Result<Slot, TrySendError> {
        self.half.reserve(head, wakes)
    }

    /// Drops a message of another number of frames.
    fn commit(&mut self, slot: Slot, message: &Message, wakes: &mut Wakes) {
        match Self::fits(message) {
            true => self.half.commit(slot, message, wakes),
            false => self.half.release(slot),
        }
    }

    fn release(&mut self, slot: Slot) {
        self.half.release(slot);
    }

    fn is_writable(&mut self, wakes: &mut Wakes) -> bool {
        self.half.is_writable(wakes)
    }

    fn has_peer(&self, peer: PeerId) -> Option<bool> {
        self.half.has_peer(peer)
    }
}

impl<T: Inbound, const FRAMES: usize> FrameCount<T, FRAMES> {
    /// Takes the next message of so many frames.
    #[inline]
    fn pop(&mut self, into: &mut Message, wakes: &mut Wakes) -> Result<(), TryRecvError> {
        for _ in 0..PASSES {
            self.half.try_recv(into, wakes)?;
            if Self::fits(into) {
                return Ok(());
            }
        }
        // There may be more: whoever waits has to come back.
        let lane = self.lane.as_ref();
        wakes.extend(lane.map(|lane| lane.readable_waker(PeerId::new(into.origin()))));
        Err(TryRecvError::Empty)
    }
}

impl<T: Inbound, const FRAMES: usize> Inbound for FrameCount<T, FRAMES> {
    #[inline]
    fn try_recv(&mut self, into: &mut Message, wakes: &mut Wakes) -> Result<(), TryRecvError> {
        if let Some(ahead) = self.ahead.take() {
            *into = ahead;
            return Ok(());
        }
        self.pop(into, wakes)
    }

    fn is_readable(&mut self, wakes: &mut Wakes) -> bool {
        if self.ahead.is_none() {
            let mut message = Message::new();
            self.ahead = self.pop(&mut message, wakes).is_ok().then_some(message);
        }
        self.ahead.is_some()
    }
}
