//! PAIR, CHANNEL and DGRAM against a model.

use std::collections::VecDeque;

use ferromq_compliance::pattern::model::{Gauge, Step};
use ferromq_compliance::pattern::{FarEnd, Marks, Profile, Socket};
use ferromq_core::{Message, PushError, Slot, TryRecvError, TrySendError};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::compliance::{ChannelProfile, DgramProfile, PairProfile};

/// A peer that has, or had, the place.
struct Peer {
    far: FarEnd,
    gauge: Gauge,
    present: bool,
    outgoing: VecDeque<Message>,
    incoming: VecDeque<Message>,
}

#[derive(Default)]
struct Model<P: Profile> {
    pair: Socket<P>,
    /// Who has the place; before it, who has left and was not heard out.
    peers: VecDeque<Peer>,
    /// The slots taken, and in whose pipe.
    slots: VecDeque<(u32, Slot)>,
    numbers: usize,
}

impl<P: Profile + Default> Model<P> {
    fn check(steps: Vec<Step>) {
        let mut model = Self::default();
        for step in steps {
            model.step(step);
            model.part();
        }
        while !model.peers.iter().all(|peer| peer.incoming.is_empty()) {
            model.recv();
        }
    }

    fn step(&mut self, step: Step) -> Option<()> {
        match step {
            Step::Join(mark) | Step::Dial(mark) => self.join(mark),
            Step::Leave(_) => {
                let partner = self.partner()?;
                partner.far.leave();
                partner.present = false;
                self.pair.settle();
            }
            Step::Detach(which) => {
                let at = usize::from(which).checked_rem(self.peers.len())?;
                let peer = self.peers.remove(at)?;
                self.pair.detach(&peer.far);
                assert!(peer.far.is_let_go(), "disconnected, so let go");
            }
            Step::Send(_) => self.send(),
            Step::Reserve(_) => self.reserve(),
            Step::Commit => self.commit()?,
            Step::Release => {
                let (peer, slot) = self.slots.pop_front()?;
                self.pair.release(slot);
                let partner = self.partner()?;
                if partner.far.nth == peer {
                    partner.gauge.unsend();
                }
            }
            Step::Recv => self.recv(),
            Step::PeerSends(_) => {
                let body = self.number();
                let partner = self.partner()?;
                assert_eq!(partner.far.push(&P::to_pipe(&body)), Ok(()));
                let message = P::at_socket(&partner.far, &body);
                partner.incoming.push_back(message);
            }
            Step::PeerTakes(_) => {
                let partner = self.partner()?;
                let taken = partner.outgoing.pop_front();
                if taken.is_some() {
                    partner.gauge.take();
                }
                assert_eq!(partner.far.pop().ok(), taken);
            }
            Step::Ready(_) | Step::Lost(_) => {}
        }
        Some(())
    }

    /// Who has the place and is there.
    fn partner(&mut self) -> Option<&mut Peer> {
        self.peers.back_mut().filter(|peer| peer.present)
    }

    /// Who has left has the place no longer, once there is nothing to be heard of
    /// it, or nothing of anybody before.
    fn part(&mut self) {
        self.peers
            .retain(|peer| peer.present || !peer.incoming.is_empty());
        assert!(self.peers.len() <= 2);
    }

    fn join(&mut self, mark: u8) {
        let mark = [1, 2, 5, 0][usize::from(mark % 4)];
        let mut far = self.pair.join(Marks {
            send: mark,
            receive: 0,
        });
        self.pair.settle();
        let taken = self.partner().is_some() || self.peers.len() == 2;
        assert_eq!(far.is_let_go(), taken, "{} peers", self.peers.len());
        if taken {
            let refused = far.push(&Message::new());
            return assert_eq!(refused, Err(PushError::Closed));
        }
        self.peers.push_back(Peer {
            far,
            gauge: Gauge::new(mark),
            present: true,
            outgoing: VecDeque::new(),
            incoming: VecDeque::new(),
        });
    }

    fn number(&mut self) -> Message {
        self.numbers += 1;
        Message::from(self.numbers.to_string())
    }

    fn send(&mut self) {
        let body = self.number();
        let message = P::at_peer(&body);
        // All of these send what then reaches the peer.
        let sent = self.pair.send(&message);
        match self.partner().filter(|partner| partner.gauge.has_room()) {
            Some(partner) => {
                assert_eq!(sent, Ok(()));
                partner.gauge.send();
                partner.outgoing.push_back(message);
            }
            None => assert_eq!(sent, Err(TrySendError::Full)),
        }
    }

    fn reserve(&mut self) {
        let Some(any) = self.peers.back() else {
            return;
        };
        let slot = self.pair.reserve(&any.far);
        match self.partner().filter(|partner| partner.gauge.has_room()) {
            Some(partner) => {
                partner.gauge.send();
                let holder = partner.far.nth;
                self.slots.push_back((holder, slot.expect("a slot")));
            }
            None => assert_eq!(slot.map(drop), Err(TrySendError::Full)),
        }
    }

    fn commit(&mut self) -> Option<()> {
        let body = self.number();
        let (holder, slot) = self.slots.pop_front()?;
        self.pair.commit(&self.peers.back()?.far, slot, &body);
        let partner = self.partner()?;
        if partner.far.nth == holder {
            partner.outgoing.push_back(P::at_peer(&body));
        }
        Some(())
    }

    fn recv(&mut self) {
        let mut peers = self.peers.iter_mut();
        let next = peers.find_map(|peer| peer.incoming.pop_front());
        assert_eq!(self.pair.recv(), next.ok_or(TryRecvError::Empty));
        self.part();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn pair_does_as_the_model(steps in vec(any::<(u8, u8)>().prop_map(Step::from), 0..150)) {
        Model::<PairProfile>::check(steps);
    }

    #[test]
    fn channel_does_as_the_model(steps in vec(any::<(u8, u8)>().prop_map(Step::from), 0..150)) {
        Model::<ChannelProfile>::check(steps);
    }
    #[test]
    fn dgram_does_as_the_model(steps in vec(any::<(u8, u8)>().prop_map(Step::from), 0..150)) {
        Model::<DgramProfile>::check(steps);
    }
}
