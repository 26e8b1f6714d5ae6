//! The names of a ROUTER's peers, however they come and go and whichever half
//! hears of it first: both halves always mean the same peer by the same id.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use bytes::Bytes;
use ferromq_compliance::pattern::{FarEnd, Marks, Socket};
use ferromq_core::{Message, PatternOption, PeerInfo, Signal};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::compliance::RouterProfile;

#[derive(Debug, Clone, Copy)]
enum Step {
    /// A peer comes by one of a few names, or by none.
    Join(u8),
    /// The socket connects to one, which may be given a name.
    Dial(u8, bool),
    Ready(u8),
    Lost(u8),
    Leave(u8),
    Detach(u8),
    Say(u8),
    Receive,
    /// The sending half looks around.
    LookOut,
    /// The receiving half looks around.
    LookIn,
}

fn step() -> impl Strategy<Value = Step> {
    (0..22_u8, any::<u8>(), any::<bool>()).prop_map(|(kind, which, assigned)| match kind {
        0..=2 => Step::Join(which),
        3 | 4 => Step::Dial(which, assigned),
        5..=7 => Step::Ready(which),
        8 => Step::Lost(which),
        9 | 10 => Step::Leave(which),
        11 => Step::Detach(which),
        12..=15 => Step::Say(which),
        16..=19 => Step::Receive,
        20 => Step::LookOut,
        _ => Step::LookIn,
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// It has not said who it is.
    Open,
    Named,
    /// Somebody else had its name.
    Ignored,
    /// Somebody else has taken its name over.
    Displaced,
}

struct Peer {
    far: FarEnd,
    /// The name that it brings, or is given.
    wanted: Bytes,
    /// What should be, if both halves hear of everything at once.
    standing: Standing,
    connected: bool,
    present: bool,
    /// What it has said and was not received.
    said: VecDeque<Message>,
    /// By which id it was heard.
    heard_as: Option<Bytes>,
}

struct Model {
    router: Socket<RouterProfile>,
    peers: Vec<Peer>,
    /// Who had each name last.
    holders: HashMap<Bytes, usize>,
    handover: bool,
    numbers: usize,
}

impl Model {
    /// With `eager`, both halves hear of everything at once, and it is known who has
    /// which name.
    fn check(handover: bool, eager: bool, steps: Vec<Step>) {
        let mut router = Socket::new();
        let option = PatternOption::RouterHandover(handover);
        assert_eq!(router.set(&option), Ok(()));
        let mut model = Self {
            router,
            peers: Vec::new(),
            holders: HashMap::new(),
            handover,
            numbers: 0,
        };
        for step in steps {
            model.step(step);
            if eager {
                model.router.settle();
            }
        }
        model.router.settle();
        let heard = model.check_agreement();
        if eager {
            model.check_standings(&heard);
        }
        model.check_end();
    }

    fn step(&mut self, step: Step) -> Option<()> {
        match step {
            Step::Join(name) => self.attach(name_of(name), true, false),
            Step::Dial(name, assigned) => self.attach(name_of(name), false, assigned),
            Step::Ready(which) => {
                let at = self.pick(which)?;
                let peer = &mut self.peers[at];
                if !std::mem::replace(&mut peer.connected, true) {
                    let info = Arc::new(info_of(&peer.wanted));
                    let id = peer.far.id;
                    self.router.signal(|| Signal::Ready(id, Arc::clone(&info)));
                    self.claim(at);
                }
            }
            Step::Lost(which) => {
                let peer = self.pick(which)?;
                self.router.lost(&self.peers[peer].far);
                self.peers[peer].connected = false;
            }
            Step::Leave(which) => {
                let peer = self.pick(which)?;
                self.peers[peer].far.leave();
                self.peers[peer].present = false;
            }
            Step::Detach(which) => {
                let peer = self.pick(which)?;
                let id = self.peers[peer].far.id;
                self.router.signal(|| Signal::Detach(id));
                self.peers[peer].present = false;
                self.peers[peer].said.clear();
            }
            Step::Say(which) => {
                let peer = self.pick(which)?;
                self.say(peer);
            }
            Step::Receive => drop(self.receive()),
            Step::LookOut => drop(self.router.is_writable()),
            Step::LookIn => drop(self.router.is_readable()),
        }
        Some(())
    }

    fn attach(&mut self, wanted: Bytes, connected: bool, assigned: bool) {
        let info = connected.then(|| info_of(&wanted));
        let assigned = (assigned && !wanted.is_empty()).then(|| wanted.clone());
        let known = connected || assigned.is_some();
        self.peers.push(Peer {
            far: self.router.attach(Marks::default(), info, assigned),
            wanted,
            standing: Standing::Open,
            connected,
            present: true,
            said: VecDeque::new(),
            heard_as: None,
        });
        if known {
            self.claim(self.peers.len() - 1);
        }
    }

    /// A peer has said who it is, for the first time or again.
    fn claim(&mut self, at: usize) {
        if self.peers[at].standing != Standing::Open {
            return;
        }
        let wanted = self.peers[at].wanted.clone();
        let holder = self.holders.get(&wanted).copied();
        let holder = holder.filter(|holder| self.peers[*holder].present && !wanted.is_empty());
        self.peers[at].standing = match holder {
            Some(_) if !self.handover => Standing::Ignored,
            Some(holder) => {
                self.peers[holder].standing = Standing::Displaced;
                Standing::Named
            }
            None => Standing::Named,
        };
        if self.peers[at].standing == Standing::Named {
            self.holders.insert(wanted, at);
        }
    }

    /// One of the peers that are there.
    fn pick(&self, which: u8) -> Option<usize> {
        let peers = self.peers.iter().enumerate();
        let present: Vec<_> = peers.filter(|(_, peer)| peer.present).collect();
        let at = usize::from(which).checked_rem(present.len())?;
        Some(present[at].0)
    }

    fn say(&mut self, peer: usize) {
        self.numbers += 1;
        let message = Message::from(self.numbers.to_string());
        let peer = &mut self.peers[peer];
        if peer.connected && peer.far.push(&message).is_ok() {
            peer.said.push_back(message);
        }
    }

    /// Receives a message, and says who was heard, and by which id.
    fn receive(&mut self) -> Option<(usize, Bytes)> {
        let mut message = self.router.recv().ok()?;
        let mut peers = self.peers.iter();
        let from = peers.position(|peer| peer.far.id.get() == message.origin());
        let from = from.expect("a message of a peer");
        let peer = &mut self.peers[from];
        let id = message.pop_front().expect("a routing id");
        assert_eq!(peer.said.pop_front(), Some(message), "in order");
        assert!(peer.wanted.is_empty() || peer.wanted == id, "by its name");
        let known = peer.heard_as.get_or_insert_with(|| id.clone());
        assert_eq!(*known, id, "always by the same name");
        Some((from, id))
    }

    /// Whoever is heard gets what is sent to that id, and nobody else does.
    fn check_agreement(&mut self) -> HashMap<usize, Bytes> {
        while self.receive().is_some() {}
        (0..self.peers.len()).for_each(|peer| {
            if self.peers[peer].present {
                self.say(peer);
            }
        });
        let heard: HashMap<_, _> = std::iter::from_fn(|| self.receive()).collect();
        for (peer, id) in &heard {
            assert_eq!(self.reached_by(id.clone()), [*peer], "{id:?}");
        }
        for name in (1..NAMES).map(name_of) {
            for peer in self.reached_by(name.clone()) {
                let named = heard.get(&peer) == Some(&name);
                assert!(named || !self.peers[peer].connected, "{name:?}");
            }
        }
        heard
    }

    /// Who gets what is sent to that id.
    fn reached_by(&mut self, id: Bytes) -> Vec<usize> {
        let probe = Message::from_frames([id, Bytes::from("probe")]);
        assert_eq!(self.router.send(&probe), Ok(()));
        let peers = self.peers.iter_mut().enumerate();
        let reached = peers.filter_map(|(at, peer)| peer.far.pop().is_ok().then_some(at));
        reached.collect()
    }

    fn check_standings(&self, heard: &HashMap<usize, Bytes>) {
        for (at, peer) in self.peers.iter().enumerate() {
            let could_speak = peer.present && peer.connected;
            let expected = could_speak && peer.standing == Standing::Named;
            assert_eq!(heard.contains_key(&at), expected, "peer {at}");
            if peer.present {
                let let_go = peer.standing == Standing::Displaced;
                assert_eq!(peer.far.is_let_go(), let_go, "peer {at}");
            }
        }
    }

    /// When all have left, all names are free.
    fn check_end(&mut self) {
        let watches: Vec<_> = (self.peers.iter_mut())
            .filter(|peer| peer.present)
            .map(|peer| {
                let watch = peer.far.watch();
                peer.far.leave();
                watch
            })
            .collect();
        self.router.settle();
        while self.receive().is_some() {}
        assert!(watches.iter().all(|watch| watch.is_over()), "forgotten");
        for name in 1..NAMES {
            self.attach(name_of(name), true, false);
            let last = self.peers.len() - 1;
            self.say(last);
            assert_eq!(self.receive(), Some((last, name_of(name))));
        }
    }
}

const NAMES: u8 = 4;

/// One of a few names, or none.
fn name_of(number: u8) -> Bytes {
    match number % NAMES {
        0 => Bytes::new(),
        name => Bytes::from(name.to_string()),
    }
}

fn info_of(name: &Bytes) -> PeerInfo {
    PeerInfo {
        identity: name.clone(),
        ..PeerInfo::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn both_halves_agree(handover: bool, steps in vec(step(), 0..80)) {
        Model::check(handover, false, steps);
    }

    #[test]
    fn the_first_has_the_name_or_the_last(handover: bool, steps in vec(step(), 0..80)) {
        Model::check(handover, true, steps);
    }
}

#[test]
fn a_name_that_passes_on_twice_unseen_has_one_holder() {
    let steps = vec![Step::Join(3), Step::LookIn, Step::Join(3), Step::Join(3)];
    Model::check(true, false, steps);
}
