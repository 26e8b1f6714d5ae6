//! The queue against an observer, who has to know in the end how things stand, whenever
//! notices are merged.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

const TOPICS: [&[u8]; 3] = [b"a", b"b", b"c"];

#[derive(Debug, Clone, Copy)]
enum Step {
    Join,
    Leave(u8),
    Ask(u8, u8),
    Cancel(u8, u8),
    Receive,
    Merge,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Plain,
    Verbose,
    Verboser,
    Manual,
}

fn step() -> impl Strategy<Value = Step> {
    let any = any::<u8>;
    prop_oneof![
        2 => Just(Step::Join),
        2 => any().prop_map(Step::Leave),
        4 => (any(), any()).prop_map(|(peer, topic)| Step::Ask(peer, topic)),
        2 => (any(), any()).prop_map(|(peer, topic)| Step::Cancel(peer, topic)),
        1 => Just(Step::Receive),
        2 => Just(Step::Merge),
    ]
}

fn mode() -> impl Strategy<Value = Mode> {
    prop_oneof![
        Just(Mode::Plain),
        Just(Mode::Verbose),
        Just(Mode::Verboser),
        Just(Mode::Manual),
    ]
}

struct Run {
    mode: Mode,
    notices: Notices,
    subscriptions: Subscriptions,
    peers: BTreeMap<u32, BTreeSet<&'static [u8]>>,
    joined: u32,
    /// What the observer makes of what it receives: how many have a topic, or, where
    /// only that is told, whether any has.
    seen: BTreeMap<Vec<u8>, u32>,
}

impl Run {
    fn new(mode: Mode) -> Self {
        let mut notices = Notices::default();
        match mode {
            Mode::Plain => {}
            Mode::Verbose => notices.set_verbose(true, false),
            Mode::Verboser => notices.set_verbose(true, true),
            Mode::Manual => notices.set_manual(true),
        }
        Self {
            mode,
            notices,
            subscriptions: Subscriptions::new(),
            peers: BTreeMap::new(),
            joined: 0,
            seen: BTreeMap::new(),
        }
    }

    fn counts(&self) -> bool {
        matches!(self.mode, Mode::Verboser | Mode::Manual)
    }

    fn take(&mut self, step: Step) -> Option<()> {
        match step {
            Step::Join => {
                self.joined += 1;
                self.peers.insert(self.joined, BTreeSet::new());
            }
            Step::Leave(which) => {
                let peer = self.pick(which)?;
                self.peers.remove(&peer);
                let end = &mut self.subscriptions;
                self.notices.hear_end(PeerId::new(peer), end, peer);
            }
            Step::Ask(which, number) => self.ask(which, number, true)?,
            Step::Cancel(which, number) => self.ask(which, number, false)?,
            Step::Receive => self.receive()?,
            Step::Merge => self.notices.merge(),
        }
        Some(())
    }

    fn pick(&self, which: u8) -> Option<u32> {
        let index = usize::from(which) % self.peers.len().max(1);
        self.peers.keys().nth(index).copied()
    }

    fn ask(&mut self, which: u8, number: u8, begins: bool) -> Option<()> {
        let peer = self.pick(which)?;
        let topic = TOPICS[usize::from(number) % TOPICS.len()];
        let asked = self.peers.get_mut(&peer)?;
        let (request, changed) = match begins {
            true => (Request::Subscribe(topic), asked.insert(topic)),
            false => (Request::Cancel(topic), asked.remove(topic)),
        };
        // Who asks twice is counted twice, by libzmq too.
        if changed {
            let effect = request.apply(&mut self.subscriptions, peer);
            self.notices
                .hear_request(PeerId::new(peer), request, effect);
            self.notices.keeps_room();
        }
        Some(())
    }

    fn receive(&mut self) -> Option<()> {
        let mut message = Message::new();
        self.notices.pop(&mut message)?;
        let (begins, topic) = message.body().split_first().expect("an octet");
        let seen = self.seen.entry(topic.to_vec()).or_default();
        *seen = match (*begins, self.mode) {
            (1, Mode::Verbose) => 1,
            (1, _) => *seen + 1,
            _ => seen.checked_sub(1).expect("no end of what never began"),
        };
        Some(())
    }

    fn check(mut self) {
        self.notices.merge();
        while self.receive().is_some() {}
        for topic in TOPICS {
            let holders = self.peers.values().filter(|asked| asked.contains(topic));
            let holders = holders.count() as u32;
            let expected = if self.counts() {
                holders
            } else {
                holders.min(1)
            };
            let seen = self.seen.get(topic).copied().unwrap_or(0);
            assert_eq!(seen, expected, "{topic:?}");
        }
    }
}

proptest! {
    #[test]
    fn who_receives_all_knows_how_things_stand(
        mode in mode(),
        steps in vec(step(), 0..100),
    ) {
        let mut run = Run::new(mode);
        for step in steps {
            run.take(step);
        }
        run.check();
    }
}

#[test]
fn a_verbose_queue_keeps_each_request_of_a_peer_that_is_there() {
    for mode in [Mode::Verbose, Mode::Verboser, Mode::Manual] {
        let mut run = Run::new(mode);
        for _ in 0..10 {
            run.take(Step::Join);
        }
        for which in 0..10 {
            run.take(Step::Ask(which, 0));
            run.notices.merge();
        }
        assert_eq!(run.notices.queue.len(), 10);
        run.take(Step::Leave(0));
        run.notices.merge();
        assert_eq!(run.notices.queue.len(), 9);
    }
}

#[test]
fn what_waited_when_the_mode_changed_is_told_as_it_is() {
    let mut run = Run::new(Mode::Plain);
    run.take(Step::Join);
    run.take(Step::Ask(0, 0));
    run.notices.set_verbose(true, true);
    run.take(Step::Leave(0));
    run.notices.merge();
    assert_eq!(run.notices.queue.len(), 2);
}
