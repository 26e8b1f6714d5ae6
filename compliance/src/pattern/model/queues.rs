//! A model of sockets whose peers have queues.

use std::collections::VecDeque;

use ferromq_core::{PeerId, PushError, Slot, TryRecvError};

use super::super::{FarEnd, Marks, Profile, Socket, WhenRefused, is_excepted, number};
use super::{Gauge, Step, Turns};

/// A socket whose peers have queues, and what should be in them.
pub struct Queues<P: Profile> {
    socket: Socket<P>,
    peers: Vec<Modelled>,
    slots: VecDeque<(PeerId, Slot)>,
    out_turns: Turns,
    in_turns: Turns,
    sends: bool,
    receives: bool,
    next: usize,
}

/// A peer, and what should be in its pipes.
struct Modelled {
    far: FarEnd,
    dialed: bool,
    connected: bool,
    /// Neither has left nor was disconnected.
    present: bool,
    /// What the socket has sent and the peer has not taken.
    outgoing: VecDeque<usize>,
    out_gauge: Gauge,
    /// What the peer has sent and the socket has not received.
    incoming: VecDeque<usize>,
    in_gauge: Gauge,
}

impl<P: Profile> Queues<P> {
    /// Checks that a socket does in each step what it should.
    ///
    /// # Panics
    ///
    /// If it does not.
    pub fn check(steps: impl IntoIterator<Item = Step>) {
        let mut model = Self {
            socket: Socket::new(),
            peers: Vec::new(),
            slots: VecDeque::new(),
            out_turns: Turns::default(),
            in_turns: Turns::default(),
            sends: !is_excepted::<P>("outbound"),
            receives: !is_excepted::<P>("inbound"),
            next: 0,
        };
        for step in steps {
            model.step(step);
            model.settle();
        }
        model.finish();
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Join(mark) => self.join(mark, false),
            Step::Dial(mark) => self.join(mark, !P::ADDRESSED),
            Step::Ready(n) => self.ready(n),
            Step::Lost(n) => self.lost(n),
            Step::Leave(n) => self.leave(n),
            Step::Detach(n) => self.detach(n),
            Step::Send(n) if self.sends => self.send(n),
            Step::Reserve(n) if self.sends => self.reserve(n),
            Step::Commit => self.commit(),
            Step::Release => self.release(),
            Step::Recv if self.receives => self.recv(),
            Step::PeerSends(n) if self.receives => self.peer_sends(n),
            Step::PeerTakes(n) => self.peer_takes(n),
            Step::Send(_) | Step::Reserve(_) | Step::Recv | Step::PeerSends(_) => {}
        }
    }

    fn join(&mut self, mark: u8, dialed: bool) {
        const MARKS: [usize; 6] = [1, 2, 3, 4, 7, 0];
        let mark = MARKS[usize::from(mark) % MARKS.len()];
        let marks = Marks {
            send: mark,
            receive: mark,
        };
        let far = match dialed {
            true => self.socket.dial(marks),
            false => self.socket.join(marks),
        };
        self.peers.push(Modelled {
            far,
            dialed,
            connected: !dialed,
            present: true,
            outgoing: VecDeque::new(),
            out_gauge: Gauge::new(mark),
            incoming: VecDeque::new(),
            in_gauge: Gauge::new(mark),
        });
    }

    /// One of the peers that are there.
    fn pick(&self, n: u8) -> Option<usize> {
        let present: Vec<_> = (0..self.peers.len())
            .filter(|at| self.peers[*at].present)
            .collect();
        let at = usize::from(n).checked_rem(present.len())?;
        present.get(at).copied()
    }

    fn ready(&mut self, n: u8) {
        let Some(at) = self.pick(n) else { return };
        let peer = &mut self.peers[at];
        if !std::mem::replace(&mut peer.connected, true) {
            self.socket.ready(&mut peer.far);
        }
    }

    fn lost(&mut self, n: u8) {
        let Some(at) = self.pick(n) else { return };
        let peer = &mut self.peers[at];
        if peer.dialed && std::mem::take(&mut peer.connected) {
            self.socket.lost(&peer.far);
        }
    }

    fn leave(&mut self, n: u8) {
        let Some(at) = self.pick(n) else { return };
        self.peers[at].far.leave();
        self.peers[at].present = false;
    }

    fn detach(&mut self, n: u8) {
        let Some(at) = self.pick(n) else { return };
        self.socket.detach(&self.peers[at].far);
        assert!(self.peers[at].far.is_let_go(), "disconnected, so let go");
        self.peers[at].present = false;
        self.peers[at].incoming.clear();
    }

    fn send(&mut self, n: u8) {
        let (at, n) = (self.pick(n), self.next_number());
        let to = match at {
            Some(at) => P::to_socket(&self.peers[at].far, &number(n)),
            None => number(n),
        };
        // Without any peer an address is just a frame.
        if at.is_none() && P::ADDRESSED {
            return;
        }
        let sent = self.socket.send(&to);
        let has_room = |peer: &Modelled| peer.present && peer.out_gauge.has_room();
        let fits = match (P::ADDRESSED, at) {
            (true, Some(at)) => has_room(&self.peers[at]),
            _ => self.peers.iter().any(has_room),
        };
        let refused = match at {
            Some(_) => P::WHEN_FULL,
            None => P::WHEN_ALONE,
        };
        let expected = if fits { Ok(()) } else { refused.outcome() };
        assert_eq!(sent, expected, "number {n}");
        if fits {
            let by_address = at.filter(|_| P::ADDRESSED);
            self.arrived(n, by_address);
        }
    }

    fn reserve(&mut self, n: u8) {
        let Some(at) = self.pick(n) else { return };
        let slot = self.socket.reserve(&self.peers[at].far);
        let has_room = |peer: &Modelled| peer.present && peer.out_gauge.has_room();
        let fits = match P::ADDRESSED {
            true => has_room(&self.peers[at]),
            false => self.peers.iter().any(has_room),
        };
        match slot {
            Ok(Slot::Peer(peer)) => {
                assert!(fits, "a slot where there is no room");
                let of = self.peers.iter().position(|known| known.far.id == peer);
                let of = of.unwrap_or_else(|| panic!("a slot of a stranger"));
                assert!(!P::ADDRESSED || of == at, "a slot of somebody else");
                self.peers[of].out_gauge.send();
                self.out_turns.serve(peer.get());
                self.slots.push_back((peer, Slot::Peer(peer)));
            }
            Ok(Slot::Open) => {
                assert!(!fits && P::WHEN_FULL == WhenRefused::Drops);
                let peer = self.peers[at].far.id;
                self.slots.push_back((peer, Slot::Open));
            }
            Err(error) => assert_eq!((fits, Err(error)), (false, P::WHEN_FULL.outcome())),
        }
    }

    fn commit(&mut self) {
        let Some((peer, slot)) = self.slots.pop_front() else {
            return;
        };
        let n = self.next_number();
        let open = matches!(slot, Slot::Open);
        let at = self.peers.iter().position(|known| known.far.id == peer);
        let Some(at) = at else { return };
        self.socket.commit(&self.peers[at].far, slot, &number(n));
        if self.peers[at].present && !open {
            let expected = P::at_peer(&number(n));
            assert_eq!(self.peers[at].far.drain(), [expected]);
            self.peers[at].outgoing.push_back(n);
        }
    }

    fn release(&mut self) {
        let Some((peer, slot)) = self.slots.pop_front() else {
            return;
        };
        let mut peers = self.peers.iter_mut();
        let holder = peers.find(|known| known.far.id == peer);
        if let (Slot::Peer(_), Some(holder)) = (&slot, holder) {
            holder.out_gauge.unsend();
        }
        self.socket.release(slot);
    }

    fn recv(&mut self) {
        match self.socket.recv() {
            Ok(message) => {
                let mut peers = self.peers.iter_mut();
                let from = peers.find(|peer| peer.far.id.get() == message.origin());
                let from = from.unwrap_or_else(|| panic!("{message:?} is of a stranger"));
                let sent = from.incoming.pop_front();
                let sent = sent.map(|n| P::at_socket(&from.far, &number(n)));
                assert_eq!(Some(message), sent);
                from.in_gauge.take();
                let from = from.far.id.get();
                self.in_turns.serve(from);
            }
            Err(error) => {
                assert_eq!(error, TryRecvError::Empty);
                assert!(
                    self.peers.iter().all(|peer| peer.incoming.is_empty()),
                    "there was something to receive"
                );
            }
        }
    }

    fn peer_sends(&mut self, n: u8) {
        let Some(at) = self.pick(n) else { return };
        let n = self.next_number();
        let peer = &mut self.peers[at];
        if !peer.connected {
            return;
        }
        let fits = peer.in_gauge.has_room();
        let expected = if fits { Ok(()) } else { Err(PushError::Full) };
        let pushed = peer.far.push(&P::to_pipe(&number(n)));
        assert_eq!(pushed, expected, "number {n}");
        if fits {
            peer.in_gauge.send();
            peer.incoming.push_back(n);
        }
    }

    fn peer_takes(&mut self, n: u8) {
        let Some(at) = self.pick(n) else { return };
        let peer = &mut self.peers[at];
        if peer.outgoing.pop_front().is_some() {
            peer.out_gauge.take();
            peer.far.release(1);
        }
    }

    /// A message was sent, and has to be where it should be, and nowhere else.
    fn arrived(&mut self, n: usize, by_address: Option<usize>) {
        let expected = P::at_peer(&number(n));
        let mut got = Vec::new();
        for (at, peer) in self.peers.iter_mut().enumerate() {
            let drained = peer.far.drain();
            if !drained.is_empty() {
                assert_eq!(drained, std::slice::from_ref(&expected));
                got.push(at);
            }
        }
        let [at] = got[..] else {
            panic!("number {n} went to {got:?}");
        };
        assert!(by_address.is_none_or(|to| to == at), "to somebody else");
        self.peers[at].out_gauge.send();
        self.peers[at].outgoing.push_back(n);
        self.out_turns.serve(self.peers[at].far.id.get());
    }

    /// Notes whose turn may come.
    fn settle(&mut self) {
        for peer in &mut self.peers {
            assert_eq!(peer.far.drain(), [], "nothing was sent");
            let id = peer.far.id.get();
            let has_room = peer.present && peer.out_gauge.has_room();
            self.out_turns.note(id, has_room && !P::ADDRESSED);
            self.in_turns.note(id, !peer.incoming.is_empty());
        }
    }

    /// Lets what is left come to its end.
    fn finish(&mut self) {
        while self.receives && self.peers.iter().any(|peer| !peer.incoming.is_empty()) {
            self.recv();
            self.settle();
        }
        self.socket.close();
        let all = self.peers.iter().all(|peer| peer.far.is_let_go());
        assert!(all, "the socket has let all peers go");
    }

    fn next_number(&mut self) -> usize {
        self.next += 1;
        self.next
    }
}
