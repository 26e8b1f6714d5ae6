//! Sockets that come and go over pipes that fill, against a model of two sets.

use std::collections::BTreeMap;

use bytes::Bytes;
use ferromq_core::PatternOption;
use ferromq_pattern_pubsub::{Sub, XPub};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::net::{Marks, Socket, Wire, connect};

const TOPICS: [&str; 6] = ["", "a", "ab", "abc", "b", "ba"];
const PROBES: [&str; 6] = ["", "a", "abz", "abcd", "b", "bab"];

/// Which of the subscribers: two over wires, one in the same process.
const SUBSCRIBERS: usize = 3;

#[derive(Debug, Clone)]
enum Step {
    Subscribe {
        who: usize,
        topic: usize,
        meanwhile: Vec<Move>,
    },
    Unsubscribe {
        who: usize,
        topic: usize,
        meanwhile: Vec<Move>,
    },
    Publish(usize),
    /// The publisher's application receives so much.
    Notice(usize),
    Receive {
        who: usize,
        count: usize,
    },
    Drive(Move),
}

/// What a wire's driver does.
#[derive(Debug, Clone)]
enum Move {
    Connect(usize),
    Lose(usize),
    Up(usize, usize),
    Down(usize, usize),
}

fn a_move() -> impl Strategy<Value = Move> {
    prop_oneof![
        2 => (0..2usize).prop_map(Move::Connect),
        1 => (0..2usize).prop_map(Move::Lose),
        4 => (0..2usize, 1..4usize).prop_map(|(wire, count)| Move::Up(wire, count)),
        2 => (0..2usize, 1..4usize).prop_map(|(wire, count)| Move::Down(wire, count)),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let change = || (0..SUBSCRIBERS, 0..TOPICS.len(), vec(a_move(), 0..4));
    prop_oneof![
        4 => change().prop_map(|(who, topic, meanwhile)| Step::Subscribe { who, topic, meanwhile }),
        3 => change().prop_map(|(who, topic, meanwhile)| Step::Unsubscribe { who, topic, meanwhile }),
        2 => (0..PROBES.len()).prop_map(Step::Publish),
        1 => (1..5usize).prop_map(Step::Notice),
        2 => (0..SUBSCRIBERS, 1..5usize).prop_map(|(who, count)| Step::Receive { who, count }),
        4 => a_move().prop_map(Step::Drive),
    ]
}

struct World {
    publisher: Socket<XPub>,
    subscribers: [Socket<Sub>; SUBSCRIBERS],
    wires: [Wire; 2],
    /// How often each subscriber wants each topic.
    wanted: [BTreeMap<&'static str, u32>; SUBSCRIBERS],
    /// Whether the publisher's application was last told that a topic is wanted.
    told: BTreeMap<String, bool>,
    published: u32,
    /// The last publication that each subscriber received.
    received: [Option<u32>; SUBSCRIBERS],
}

impl World {
    fn new(marks: Marks) -> Self {
        let mut publisher = Socket::<XPub>::new();
        let mut subscribers: [Socket<Sub>; SUBSCRIBERS] = std::array::from_fn(|_| Socket::new());
        let [first, second, direct] = &mut subscribers;
        let wires = [Wire::new(first, marks), Wire::new(second, marks)];
        connect(direct, &mut publisher, marks);
        Self {
            publisher,
            subscribers,
            wires,
            wanted: Default::default(),
            told: BTreeMap::new(),
            published: 0,
            received: [None; SUBSCRIBERS],
        }
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Subscribe {
                who,
                topic,
                meanwhile,
            } => {
                let topic = TOPICS[topic];
                *self.wanted[who].entry(topic).or_default() += 1;
                let option = PatternOption::Subscribe(Bytes::from_static(topic.as_bytes()));
                self.set(who, &option, meanwhile);
            }
            Step::Unsubscribe {
                who,
                topic,
                meanwhile,
            } => {
                let topic = TOPICS[topic];
                let count = self.wanted[who].entry(topic).or_default();
                *count = count.saturating_sub(1);
                let option = PatternOption::Unsubscribe(Bytes::from_static(topic.as_bytes()));
                self.set(who, &option, meanwhile);
            }
            Step::Publish(probe) => self.publish(PROBES[probe]),
            Step::Notice(count) => (0..count).for_each(|_| _ = self.notice()),
            Step::Receive { who, count } => (0..count).for_each(|_| _ = self.receive(who)),
            Step::Drive(a_move) => {
                drive(
                    a_move,
                    &mut self.wires,
                    &self.subscribers,
                    &mut self.publisher,
                );
            }
        }
    }

    fn set(&mut self, who: usize, option: &PatternOption, meanwhile: Vec<Move>) {
        let Self {
            publisher,
            subscribers,
            wires,
            ..
        } = self;
        subscribers[who].set_while(option, || {
            for a_move in meanwhile {
                drive(a_move, wires, subscribers, publisher);
            }
        });
    }

    fn publish(&mut self, probe: &str) {
        self.published += 1;
        assert!(self.publisher.send(format!("{probe}#{}", self.published)));
    }

    /// Receives a notice: they alternate for each topic.
    fn notice(&mut self) -> bool {
        let Some(notice) = self.publisher.recv() else {
            return false;
        };
        let (first, topic) = notice.body().split_first().expect("a notice");
        let topic = String::from_utf8(topic.to_vec()).expect("text");
        let before = self
            .told
            .insert(topic.clone(), *first == 1)
            .unwrap_or(false);
        assert_ne!(before, *first == 1, "told twice of {topic:?}");
        true
    }

    /// Receives a message: it is wanted, and they come in order.
    fn receive(&mut self, who: usize) -> Option<String> {
        let message = self.subscribers[who].recv()?;
        let text = message.as_str().expect("text").to_owned();
        let (topic, number) = text.split_once('#').expect("a number");
        assert!(self.wants(who, topic), "{text:?} is not wanted");
        let number = Some(number.parse().expect("a number"));
        assert!(number > self.received[who], "{text:?} is late");
        self.received[who] = number;
        Some(topic.to_owned())
    }

    fn wants(&self, who: usize, message: &str) -> bool {
        self.wanted[who]
            .iter()
            .any(|(topic, count)| *count > 0 && message.starts_with(topic))
    }

    /// Lets everything happen that can, with all wires connected.
    fn settle(&mut self) {
        for wire in 0..2 {
            drive(
                Move::Connect(wire),
                &mut self.wires,
                &self.subscribers,
                &mut self.publisher,
            );
        }
        loop {
            let mut moved = 0;
            for wire in &mut self.wires {
                moved += wire.up(100) + wire.down(100);
            }
            self.subscribers.iter().for_each(Socket::enter);
            self.publisher.enter();
            while self.notice() {
                moved += 1;
            }
            if moved == 0 {
                return;
            }
        }
    }

    /// In the end everybody gets what they want, and the publisher knows who that is.
    fn check(&mut self) {
        for _ in 0..3 {
            self.settle();
            (0..SUBSCRIBERS).for_each(|who| while self.receive(who).is_some() {});
        }
        assert!(self.wires.iter().all(Wire::is_connected));
        for topic in TOPICS {
            let wanted = self
                .wanted
                .iter()
                .any(|wanted| wanted.get(topic).is_some_and(|n| *n > 0));
            assert_eq!(
                self.told.get(topic).copied().unwrap_or(false),
                wanted,
                "{topic:?}"
            );
        }
        for probe in PROBES {
            self.publish(probe);
            self.settle();
            for who in 0..SUBSCRIBERS {
                let expected = self.wants(who, probe).then(|| probe.to_owned());
                assert_eq!(self.receive(who), expected, "{who} and {probe:?}");
            }
            self.settle();
        }
    }
}

fn drive(
    a_move: Move,
    wires: &mut [Wire; 2],
    subscribers: &[Socket<Sub>],
    publisher: &mut Socket<XPub>,
) {
    match a_move {
        Move::Connect(wire) => wires[wire].connect(&subscribers[wire], publisher),
        Move::Lose(wire) => wires[wire].lose(&subscribers[wire]),
        Move::Up(wire, count) => _ = wires[wire].up(count),
        Move::Down(wire, count) => _ = wires[wire].down(count),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn nothing_wanted_is_lost(marks in 0..4usize, steps in vec(step(), 0..120)) {
        let mut world = World::new(Marks(marks));
        for step in steps {
            world.take(step);
        }
        world.check();
    }
}
