//! A REQ as an engine sees it.

use ferromq_core::{
    Attend, Dropped, Inbound, Message, OptionError, Outbound, PatternOption, Peer, PeerId, Sent,
    Slot, TryRecvError, TrySendError, Wakes,
};

use super::{Req, Request, Turn};
use crate::envelope::Heading;

impl Attend for Req {
    fn attach(&mut self, peer: Peer, wakes: &mut Wakes) {
        let (Some(mut writer), Some(reader)) = (peer.writer, peer.reader) else {
            return;
        };
        if self.probe {
            // Nobody is there to be told if a new pipe refuses.
            let _ = writer.push(&[], &Message::new(), 0, wakes);
        }
        self.servers.attach(peer.id, writer, reader);
    }

    fn handle_lost(&mut self, peer: PeerId, _wakes: &mut Wakes) {
        self.servers.handle_lost(peer);
        if let Some(request) = self.asked(peer) {
            request.lost = true;
        }
    }

    fn handle_readable(&mut self, peer: PeerId, wakes: &mut Wakes) {
        self.servers.handle_readable(peer);
        self.read(peer, wakes);
    }

    fn handle_writable(&mut self, peer: PeerId, _wakes: &mut Wakes) {
        self.servers.handle_writable(peer);
    }

    fn detach(&mut self, peer: PeerId) {
        self.servers.detach(peer);
        self.turn = match std::mem::take(&mut self.turn) {
            Turn::Waiting(request) | Turn::Answered(request) if request.peer == peer => {
                Turn::Waiting(Request {
                    lost: true,
                    ..request
                })
            }
            turn => turn,
        };
    }

    fn detach_all(&mut self) {
        self.servers.detach_all();
        self.turn = Turn::Idle;
    }

    fn tell_drops(&self, tell: &mut dyn FnMut(Option<PeerId>, &Dropped)) {
        self.servers.tell_drops(tell);
    }

    fn set_option(&mut self, option: &PatternOption) -> Result<(), OptionError> {
        match option {
            PatternOption::ReqCorrelate(correlate) => self.correlate = *correlate,
            PatternOption::ReqRelaxed(relaxed) => self.relaxed = *relaxed,
            PatternOption::ProbeRouter(probe) => self.probe = *probe,
            _ => return Err(OptionError::Unsupported(option.name())),
        }
        Ok(())
    }
}

impl Outbound for Req {
    fn try_send(&mut self, message: &Message, wakes: &mut Wakes) -> Result<Sent, TrySendError> {
        let slot = self.reserve(message.head(), wakes)?;
        self.commit(slot, message, wakes);
        Ok(Sent::Queued)
    }

    fn reserve(&mut self, _head: &[u8], wakes: &mut Wakes) -> Result<Slot, TrySendError> {
        if !self.may_send() {
            return Err(TrySendError::OutOfTurn);
        }
        let peer = self.servers.reserve(wakes).ok_or(TrySendError::Full)?;
        self.promised = true;
        Ok(Slot::Peer(peer))
    }

    fn commit(&mut self, slot: Slot, message: &Message, wakes: &mut Wakes) {
        let Slot::Peer(peer) = slot else { return };
        self.promised = false;
        // What has come so far is no reply to what is not sent yet.
        self.servers.skim(peer, wakes);
        let id = self.next_id();
        let owed = self.servers.owed(peer);
        self.turn = Turn::Waiting(Request {
            peer,
            id,
            lost: owed.is_none(),
            doubtful: owed > Some(0),
        });
        let heading = Heading::new(id);
        self.servers.commit(peer, heading.as_wire(), message, wakes);
    }

    fn release(&mut self, slot: Slot) {
        if let Slot::Peer(peer) = slot {
            self.promised = false;
            self.servers.release(peer);
        }
    }

    fn is_writable(&mut self, wakes: &mut Wakes) -> bool {
        self.may_send() && self.servers.is_writable(wakes)
    }
}

impl Inbound for Req {
    fn try_recv(&mut self, into: &mut Message, wakes: &mut Wakes) -> Result<(), TryRecvError> {
        self.fetch(wakes);
        match self.turn {
            Turn::Idle => Err(TryRecvError::OutOfTurn),
            Turn::Waiting(_) => Err(TryRecvError::Empty),
            Turn::Answered(_) => {
                *into = std::mem::take(&mut self.reply);
                self.turn = Turn::Idle;
                Ok(())
            }
        }
    }

    fn is_readable(&mut self, wakes: &mut Wakes) -> bool {
        self.fetch(wakes);
        matches!(self.turn, Turn::Answered(..))
    }
}
