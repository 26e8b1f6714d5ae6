//! A model of sockets whose messages go to all who want them.

use std::collections::{BTreeSet, VecDeque};

use ferromq_core::{DropReason, Message, PatternOption, Slot, TrySendError};

use super::super::{FarEnd, Marks, Profile, Socket};
use super::{Act, Gauge, TOPICS, pick_topic};

/// A pattern whose messages go to all who want them. Its profile welcomes nobody: what
/// peers want is up to the model.
pub trait Broadcasts: Profile {
    /// Whether who wants a topic can be who does not get it.
    const INVERTS: bool = false;

    /// Whether the application receives what peers ask for.
    const HEARS: bool = false;

    /// Whether who has asked for a topic wants what is of another.
    fn wants(asked: &str, topic: &str) -> bool;
}

/// A socket that sends to all who want it, and what each of them should have.
pub struct Crowd<P: Profile> {
    socket: Socket<P>,
    peers: Vec<Member>,
    slots: VecDeque<Slot>,
    waits: bool,
    inverted: bool,
    missed: u64,
    next: usize,
}

/// A peer that is there.
struct Member {
    far: FarEnd,
    asked: BTreeSet<&'static str>,
    /// How much it was sent and has not taken.
    waiting: usize,
    gauge: Gauge,
    missed: u64,
}

impl<P: Broadcasts> Crowd<P> {
    /// Checks that a socket does in each step what it should.
    ///
    /// # Panics
    ///
    /// If it does not.
    pub fn check(acts: impl IntoIterator<Item = Act>) {
        let mut model = Self {
            socket: Socket::new(),
            peers: Vec::new(),
            slots: VecDeque::new(),
            waits: false,
            inverted: false,
            missed: 0,
            next: 0,
        };
        for act in acts {
            let before = model.topics();
            model.act(act);
            model.check_news(&before);
            model.check_counts();
        }
        model.socket.close();
        let let_go = model.peers.iter().all(|peer| peer.far.is_let_go());
        assert!(let_go, "the socket has let all peers go");
    }

    fn act(&mut self, act: Act) {
        match act {
            Act::Join(mark) => self.join(mark),
            Act::Leave(n) => {
                if let Some(mut peer) = self.remove(n) {
                    peer.far.leave();
                }
            }
            Act::Detach(n) => {
                if let Some(peer) = self.remove(n) {
                    self.socket.detach(&peer.far);
                    assert!(peer.far.is_let_go(), "disconnected, so let go");
                }
            }
            Act::Ask(n, topic) => self.ask(n, topic, true),
            Act::Cancel(n, topic) => self.ask(n, topic, false),
            Act::Send(topic) => self.send(topic),
            Act::Reserve(topic) => {
                let refused = self.is_refused(pick_topic(topic));
                let slot = self.socket.reserve_for(pick_topic(topic).as_bytes());
                assert_eq!(slot.is_err(), refused, "a slot of {topic}");
                self.slots.extend(slot);
            }
            Act::Commit(topic) => self.commit(topic),
            Act::Release => {
                if let Some(slot) = self.slots.pop_front() {
                    self.socket.release(slot);
                }
            }
            Act::PeerTakes(n) => {
                let Some(at) = self.pick(n) else { return };
                let peer = &mut self.peers[at];
                if peer.waiting > 0 {
                    peer.waiting -= 1;
                    peer.gauge.take();
                    peer.far.release(1);
                }
            }
            Act::NoDrop(on) => {
                let set = self.socket.set(&PatternOption::XpubNoDrop(on));
                assert_eq!(set.is_ok(), P::HAS_SUBSCRIBERS);
                self.waits = on && P::HAS_SUBSCRIBERS;
            }
            Act::Invert(on) => {
                let set = self.socket.set(&PatternOption::InvertMatching(on));
                assert_eq!(set.is_ok(), P::INVERTS);
                self.inverted = on && P::INVERTS;
            }
            Act::PeerSends(..) | Act::Recv => {}
        }
    }

    fn join(&mut self, mark: u8) {
        let mark = [1, 2, 3, 4, 7, 0][usize::from(mark % 6)];
        let far = self.socket.join(Marks {
            send: mark,
            receive: 0,
        });
        self.peers.push(Member {
            far,
            asked: BTreeSet::new(),
            waiting: 0,
            gauge: Gauge::new(mark),
            missed: 0,
        });
    }

    fn pick(&self, n: u8) -> Option<usize> {
        usize::from(n).checked_rem(self.peers.len())
    }

    fn remove(&mut self, n: u8) -> Option<Member> {
        self.pick(n).map(|at| self.peers.remove(at))
    }

    fn ask(&mut self, n: u8, topic: u8, wanted: bool) {
        let Some(at) = self.pick(n) else { return };
        let (peer, topic) = (&mut self.peers[at], pick_topic(topic));
        if P::HAS_SUBSCRIBERS {
            let mut request = vec![u8::from(wanted)];
            request.extend_from_slice(topic.as_bytes());
            assert_eq!(peer.far.push(&Message::from(request)), Ok(()));
            match wanted {
                true => _ = peer.asked.insert(topic),
                false => _ = peer.asked.remove(topic),
            }
        }
    }

    /// Whether that peer is to get what is of the topic; where nobody can ask, all are.
    fn is_for(&self, peer: &Member, topic: &str) -> bool {
        let wanted = peer.asked.iter().any(|asked| P::wants(asked, topic));
        !P::HAS_SUBSCRIBERS || wanted != self.inverted
    }

    /// Whether a message would be missed that must not be.
    fn is_refused(&self, topic: &str) -> bool {
        let misses = |peer: &Member| self.is_for(peer, topic) && !peer.gauge.has_room();
        self.waits && self.peers.iter().any(misses)
    }

    fn send(&mut self, topic: u8) {
        let topic = pick_topic(topic);
        let message = self.message(topic);
        let expected = match self.is_refused(topic) {
            true => Err(TrySendError::Full),
            false => Ok(()),
        };
        assert_eq!(self.socket.send(&message), expected);
        self.arrived(topic, expected.ok().map(|()| &message));
    }

    /// Who has no room when a slot is used misses what is sent into it.
    fn commit(&mut self, topic: u8) {
        let Some(slot) = self.slots.pop_front() else {
            return;
        };
        let topic = pick_topic(topic);
        let message = self.message(topic);
        self.socket.commit_as_is(slot, &message);
        self.arrived(topic, Some(&message));
    }

    /// Those who want the message and have room for it have it, and nobody else.
    fn arrived(&mut self, topic: &str, message: Option<&Message>) {
        let members = self.peers.iter();
        let wanted: Vec<bool> = members.map(|peer| self.is_for(peer, topic)).collect();
        for (peer, wanted) in self.peers.iter_mut().zip(wanted) {
            let due = message.filter(|_| wanted);
            let fits = due.filter(|_| peer.gauge.has_room());
            let expected = fits.map_or(&[][..], std::slice::from_ref);
            assert_eq!(peer.far.drain(), expected, "of {topic:?}");
            if fits.is_some() {
                peer.gauge.send();
                peer.waiting += 1;
            } else if due.is_some() {
                peer.missed += 1;
                self.missed += 1;
            }
        }
    }

    fn message(&mut self, topic: &str) -> Message {
        self.next += 1;
        Message::from_frames([topic.to_owned(), self.next.to_string()])
    }

    /// What somebody has asked for.
    fn topics(&self) -> BTreeSet<&'static str> {
        let asked = self.peers.iter().flat_map(|peer| &peer.asked);
        asked.copied().collect()
    }

    /// The application hears of each topic that somebody wants now and nobody did, or
    /// the other way round.
    fn check_news(&mut self, before: &BTreeSet<&'static str>) {
        let now = self.topics();
        let changes = now.symmetric_difference(before);
        let mut expected: Vec<Vec<u8>> = changes
            .filter(|_| P::HEARS)
            .map(|topic| [&[u8::from(now.contains(topic))], topic.as_bytes()].concat())
            .collect();
        let news = std::iter::from_fn(|| self.socket.recv().ok());
        let mut heard: Vec<_> = news.map(|news| news.body().to_vec()).collect();
        heard.sort();
        expected.sort();
        assert_eq!(heard, expected);
    }

    /// How many have subscribed, and who has missed how much.
    fn check_counts(&mut self) {
        self.socket.settle();
        let dropped = self.socket.dropped();
        assert_eq!(dropped.of(DropReason::HighWater), self.missed);
        assert_eq!(dropped.total(), self.missed);
        for peer in &self.peers {
            assert_eq!(self.socket.dropped_of(&peer.far).total(), peer.missed);
        }
        let count = |count| P::HAS_SUBSCRIBERS.then_some(count);
        let members = self.peers.iter();
        let asking = members.filter(|peer| !peer.asked.is_empty()).count();
        assert_eq!(self.socket.subscribers(None), count(asking));
        for topic in TOPICS {
            let members = self.peers.iter();
            let wanting = members.filter(|peer| self.is_for(peer, topic)).count();
            let counted = self.socket.subscribers(Some(topic.as_bytes()));
            assert_eq!(counted, count(wanting), "of {topic:?}");
        }
    }
}
