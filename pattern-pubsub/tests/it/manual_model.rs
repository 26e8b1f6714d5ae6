//! XPUB_MANUAL against a model: whatever peers ask and whenever they leave, each gets
//! what was granted to it while it was there, and the application hears of all else.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use bytes::Bytes;
use ferromq_core::{Message, PatternOption, PipeReader, PipeWriter, Wakes};
use ferromq_pattern_pubsub::XPub;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::net::{Marks, Socket, legible};

const TOPICS: [&str; 4] = ["", "a", "ab", "b"];

#[derive(Debug, Clone, Copy)]
enum Step {
    Join,
    Leave(u8),
    Ask(u8, u8),
    Cancel(u8, u8),
    Receive,
    Grant(u8),
    Revoke(u8),
    Publish(u8),
}

fn step() -> impl Strategy<Value = Step> {
    let any = any::<u8>;
    prop_oneof![
        2 => Just(Step::Join),
        1 => any().prop_map(Step::Leave),
        4 => (any(), any()).prop_map(|(peer, topic)| Step::Ask(peer, topic)),
        2 => (any(), any()).prop_map(|(peer, topic)| Step::Cancel(peer, topic)),
        5 => Just(Step::Receive),
        4 => any().prop_map(Step::Grant),
        2 => any().prop_map(Step::Revoke),
        4 => any().prop_map(Step::Publish),
    ]
}

fn topic(number: u8) -> &'static str {
    TOPICS[usize::from(number) % TOPICS.len()]
}

struct Peer {
    ends: (PipeWriter, PipeReader),
    asked: BTreeSet<&'static str>,
    granted: BTreeSet<&'static str>,
    due: VecDeque<String>,
}

struct Run {
    publisher: Socket<XPub>,
    last_value: bool,
    /// By the order in which they came.
    peers: BTreeMap<usize, Peer>,
    joined: usize,
    /// What the application will hear, and from whom; of ends that come with a peer's
    /// leaving, in any order.
    heard: VecDeque<Heard>,
    last: Option<usize>,
}

enum Heard {
    Request(usize, String),
    Left(BTreeSet<String>),
}

impl Run {
    fn new(last_value: bool) -> Self {
        let publisher = Socket::new();
        publisher.set(match last_value {
            true => PatternOption::XpubManualLastValue(true),
            false => PatternOption::XpubManual(true),
        });
        Self {
            publisher,
            last_value,
            peers: BTreeMap::new(),
            joined: 0,
            heard: VecDeque::new(),
            last: None,
        }
    }

    fn pick(&self, which: u8) -> Option<usize> {
        let index = usize::from(which) % self.peers.len().max(1);
        self.peers.keys().nth(index).copied()
    }

    fn take(&mut self, step: Step) -> Option<()> {
        match step {
            Step::Join => self.join(),
            Step::Leave(which) => self.leave(self.pick(which)?),
            Step::Ask(which, number) => self.say(self.pick(which)?, 1, topic(number)),
            Step::Cancel(which, number) => self.say(self.pick(which)?, 0, topic(number)),
            Step::Receive => self.receive(),
            Step::Grant(number) => self.decide(topic(number), true),
            Step::Revoke(number) => self.decide(topic(number), false),
            Step::Publish(number) => self.publish(topic(number)),
        }
        Some(())
    }

    fn join(&mut self) {
        let ((writer, source), (sink, reader)) = (Marks(0).pipe(), Marks(0).pipe());
        self.publisher.attach(writer, reader, true, false);
        self.publisher.enter();
        let peer = Peer {
            ends: (sink, source),
            asked: BTreeSet::new(),
            granted: BTreeSet::new(),
            due: VecDeque::new(),
        };
        self.peers.insert(self.joined, peer);
        self.joined += 1;
    }

    fn leave(&mut self, name: usize) {
        let peer = self.peers.remove(&name).expect("it is there");
        drop(peer.ends);
        self.publisher.enter();
        let ends = peer.asked.iter().map(|topic| format!("-{topic}"));
        self.heard.push_back(Heard::Left(ends.collect()));
        self.last.take_if(|last| *last == name);
    }

    fn say(&mut self, name: usize, octet: u8, topic: &'static str) {
        let peer = self.peers.get_mut(&name).expect("it is there");
        let message = Message::from([&[octet], topic.as_bytes()].concat());
        let said = peer.ends.0.push(&[], &message, 0, &mut Wakes::new());
        said.expect("there is no mark");
        self.publisher.enter();
        match octet {
            1 => peer.asked.insert(topic),
            _ => peer.asked.remove(topic),
        };
        self.heard
            .push_back(Heard::Request(name, legible(&message)));
    }

    fn receive(&mut self) {
        while matches!(self.heard.front(), Some(Heard::Left(ends)) if ends.is_empty()) {
            self.heard.pop_front();
        }
        let message = self.publisher.recv().map(|message| legible(&message));
        match self.heard.front_mut() {
            None => assert_eq!(message, None),
            Some(Heard::Request(name, text)) => {
                assert_eq!(message.as_ref(), Some(&*text));
                self.last = self.peers.contains_key(name).then_some(*name);
                self.heard.pop_front();
            }
            Some(Heard::Left(ends)) => {
                let message = message.expect("a subscription has ended");
                assert!(ends.remove(&message), "{message}");
                self.last = None;
            }
        }
    }

    fn decide(&mut self, topic: &'static str, granted: bool) {
        let bytes = Bytes::from_static(topic.as_bytes());
        self.publisher.set(match granted {
            true => PatternOption::Subscribe(bytes),
            false => PatternOption::Unsubscribe(bytes),
        });
        let peer = self.last.and_then(|last| self.peers.get_mut(&last));
        match (peer, granted) {
            (Some(peer), true) => drop(peer.granted.insert(topic)),
            (Some(peer), false) => drop(peer.granted.remove(topic)),
            (None, _) => {}
        }
    }

    fn publish(&mut self, text: &'static str) {
        assert!(self.publisher.send(text));
        let only = self.last.filter(|_| self.last_value);
        for (name, peer) in &mut self.peers {
            let wanted = peer.granted.iter().any(|topic| text.starts_with(topic));
            if wanted && only.is_none_or(|only| only == *name) {
                peer.due.push_back(text.to_owned());
            }
        }
        if only.is_some() {
            self.last = None;
        }
        for peer in self.peers.values_mut() {
            let mut got = Message::new();
            while peer.ends.1.pop(&mut got, &mut Wakes::new()).is_ok() {
                assert_eq!(peer.due.pop_front(), Some(legible(&got)));
            }
            assert_eq!(peer.due.pop_front(), None);
        }
    }

    fn check_end(&mut self) {
        let granted = self.peers.values().flat_map(|peer| &peer.granted);
        let granted: BTreeSet<_> = granted.collect();
        assert_eq!(self.publisher.topics(), granted.len());
        for name in self.peers.keys().copied().collect::<Vec<_>>() {
            self.leave(name);
        }
        assert_eq!(self.publisher.topics(), 0);
        while !self.heard.is_empty() {
            self.receive();
        }
        assert_eq!(self.publisher.recv(), None);
    }
}

proptest! {
    #[test]
    fn each_gets_what_was_granted_and_nothing_is_kept(
        last_value: bool,
        steps in vec(step(), 0..150),
    ) {
        let mut run = Run::new(last_value);
        for step in steps {
            run.take(step);
        }
        run.check_end();
    }
}
