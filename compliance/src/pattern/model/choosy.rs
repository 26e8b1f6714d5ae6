//! A model of sockets that receive what they want.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use bytes::Bytes;
use ferromq_core::{
    Attend, DropReason, Halves, Message, PatternOption, PushError, TryRecvError, Wakes,
};

use super::super::{FarEnd, Marks, Profile, Socket};
use super::{Act, Gauge, pick_topic};

/// A pattern whose sockets ask for topics, and receive nothing else. Its profile sets
/// nothing up.
pub trait Filters: Profile {
    /// Whether a topic that is wanted already, or not at all, can be asked for or
    /// cancelled.
    const COUNTS: bool = true;

    /// The option that asks for a topic, or cancels that.
    fn option(topic: Bytes, wanted: bool) -> PatternOption;

    /// Whether who has asked for a topic wants what is of another.
    fn wants(asked: &str, topic: &str) -> bool;
}

/// A socket that receives what it wants, and what peers have sent to it.
pub struct Choosy<P: Profile> {
    socket: Socket<P>,
    peers: Vec<Sender>,
    /// How often each topic is asked for.
    asked: BTreeMap<&'static str, usize>,
    unwanted: u64,
    next: usize,
}

/// A peer that is there, or has left something behind.
struct Sender {
    far: FarEnd,
    present: bool,
    sent: VecDeque<(&'static str, Message)>,
    gauge: Gauge,
    unwanted: u64,
    /// What it knows to be asked for.
    told: BTreeSet<Bytes>,
}

impl<P: Filters> Choosy<P> {
    /// Checks that a socket does in each step what it should.
    ///
    /// # Panics
    ///
    /// If it does not.
    pub fn check(acts: impl IntoIterator<Item = Act>) {
        let mut model = Self {
            socket: Socket::new(),
            peers: Vec::new(),
            asked: BTreeMap::new(),
            unwanted: 0,
            next: 0,
        };
        for act in acts {
            model.act(act);
            model.check_told();
        }
        while model.recv() {}
        model.socket.close();
        assert_eq!(model.socket.dropped().total(), model.unwanted);
    }

    fn act(&mut self, act: Act) {
        match act {
            Act::Join(mark) => self.join(mark),
            Act::Leave(n) => {
                if let Some(at) = self.pick(n) {
                    self.peers[at].far.leave();
                    self.peers[at].present = false;
                }
            }
            Act::Detach(n) => {
                if let Some(at) = self.pick(n) {
                    let peer = self.peers.remove(at);
                    self.socket.detach(&peer.far);
                    assert!(peer.far.is_let_go(), "disconnected, so let go");
                }
            }
            Act::Ask(_, topic) => self.ask(pick_topic(topic), true),
            Act::Cancel(_, topic) => self.ask(pick_topic(topic), false),
            Act::Recv => drop(self.recv()),
            Act::PeerSends(n, topic) => self.peer_sends(n, pick_topic(topic)),
            Act::Send(_) | Act::Reserve(_) => {
                let refused = self.socket.send(&Message::from("x"));
                assert!(refused.is_err(), "it never sends");
            }
            _ => {}
        }
    }

    fn join(&mut self, mark: u8) {
        let mark = [1, 2, 3, 4, 7, 0][usize::from(mark % 6)];
        let far = self.socket.join(Marks {
            send: 0,
            receive: mark,
        });
        self.peers.push(Sender {
            far,
            present: true,
            sent: VecDeque::new(),
            gauge: Gauge::new(mark),
            unwanted: 0,
            told: self.prologue(),
        });
    }

    /// What a connection tells first of all.
    fn prologue(&self) -> BTreeSet<Bytes> {
        let outbound = self.socket.halves().outbound();
        let prologue = outbound.lock(&mut Wakes::new()).prologue();
        let prologue = prologue.unwrap_or_else(|| panic!("nothing is asked for"));
        let mut last = None;
        let frames = std::iter::from_fn(|| {
            last = prologue.next(last.as_ref());
            last.clone()
        });
        frames.collect()
    }

    /// One of the peers that are there.
    fn pick(&self, n: u8) -> Option<usize> {
        let present = |at: &usize| self.peers[*at].present;
        let present: Vec<_> = (0..self.peers.len()).filter(present).collect();
        let at = usize::from(n).checked_rem(present.len())?;
        present.get(at).copied()
    }

    fn ask(&mut self, topic: &'static str, wanted: bool) {
        let option = P::option(Bytes::from_static(topic.as_bytes()), wanted);
        let count = self.asked.entry(topic).or_default();
        let allowed = P::COUNTS || (*count == 0) == wanted;
        match wanted {
            true if allowed => *count += 1,
            false if allowed => *count = count.saturating_sub(1),
            _ => {}
        }
        assert_eq!(self.socket.set(&option).is_ok(), allowed, "{option:?}");
    }

    fn is_wanted(&self, topic: &str) -> bool {
        let mut asked = self.asked.iter().filter(|(_, count)| **count > 0);
        asked.any(|(asked, _)| P::wants(asked, topic))
    }

    fn peer_sends(&mut self, n: u8, topic: &'static str) {
        let Some(at) = self.pick(n) else { return };
        self.next += 1;
        let peer = &mut self.peers[at];
        let message = Message::from_frames([topic.to_owned(), self.next.to_string()]);
        let fits = peer.gauge.has_room();
        let expected = if fits { Ok(()) } else { Err(PushError::Full) };
        assert_eq!(peer.far.push(&message), expected);
        if fits {
            peer.gauge.send();
            peer.sent.push_back((topic, message));
        }
    }

    /// Receives something that is wanted; there has to be something if it is there.
    fn recv(&mut self) -> bool {
        let received = self.socket.recv();
        self.pass_over();
        match &received {
            Ok(message) => {
                let mut peers = self.peers.iter_mut();
                let from = peers.find(|peer| peer.far.id.get() == message.origin());
                let from = from.unwrap_or_else(|| panic!("{message:?} is of a stranger"));
                let sent = from.sent.pop_front();
                from.gauge.take();
                let topic = sent.as_ref().map_or("", |(topic, _)| topic);
                assert_eq!(sent.as_ref().map(|(_, sent)| sent), Some(message));
                assert!(self.is_wanted(topic), "{topic:?} is not wanted");
            }
            Err(error) => {
                assert_eq!(*error, TryRecvError::Empty);
                let mut left = self.peers.iter().flat_map(|peer| &peer.sent);
                assert!(left.next().is_none(), "there was something to receive");
            }
        }
        received.is_ok()
    }

    /// What was dropped meanwhile stood before what was received, and was not wanted.
    fn pass_over(&mut self) {
        for at in 0..self.peers.len() {
            let peer = &self.peers[at];
            let dropped = self.socket.dropped_of(&peer.far);
            for _ in peer.unwanted..dropped.of(DropReason::Unwanted) {
                let peer = &mut self.peers[at];
                let (topic, _) = peer.sent.pop_front().unwrap_or_default();
                peer.gauge.take();
                peer.unwanted += 1;
                self.unwanted += 1;
                assert!(!self.is_wanted(topic), "{topic:?} is wanted");
            }
        }
        assert_eq!(self.socket.dropped().total(), self.unwanted);
    }

    /// Each peer knows what is asked for.
    fn check_told(&mut self) {
        let asked = self.asked.iter().filter(|(_, count)| **count > 0);
        let asked: BTreeSet<_> = asked.map(|(topic, _)| Bytes::from(*topic)).collect();
        self.socket.settle();
        for peer in self.peers.iter_mut().filter(|peer| peer.present) {
            for request in peer.far.pop_all() {
                let frame = request.into_body();
                let topic = frame.slice(1..);
                match frame.first() {
                    Some(1) => _ = peer.told.insert(topic),
                    _ => _ = peer.told.remove(&topic),
                }
            }
            assert_eq!(peer.told, asked);
        }
    }
}
