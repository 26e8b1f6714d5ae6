//! The subscription index and the topic set, against models that cannot be wrong.

#![cfg(not(loom))]

use std::collections::{BTreeMap, BTreeSet};

use ferromq_core::routing::{Inserted, Removed, Subscriptions, TopicSet};
use proptest::collection::vec;
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Step {
    Insert(Vec<u8>, u32),
    Remove(Vec<u8>, u32),
    RemoveMember(u32),
    Match(Vec<u8>),
}

/// Topics that share much: few letters, and runs that fill several nodes.
fn topic() -> impl Strategy<Value = Vec<u8>> {
    let letter = prop_oneof![4 => 0..3u8, 1 => any::<u8>()];
    let run = (
        letter,
        prop_oneof![8 => 1..3usize, 2 => 15..20usize, 1 => 40..60usize],
    );
    vec(run, 0..5).prop_map(|runs| {
        runs.into_iter()
            .flat_map(|(letter, times)| vec![letter; times])
            .collect()
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (topic(), 0..6u32).prop_map(|(topic, member)| Step::Insert(topic, member)),
        3 => (topic(), 0..6u32).prop_map(|(topic, member)| Step::Remove(topic, member)),
        1 => (0..6u32).prop_map(Step::RemoveMember),
        3 => topic().prop_map(Step::Match),
    ]
}

/// All subscriptions in a heap.
#[derive(Default)]
struct Model(BTreeSet<(Vec<u8>, u32)>);

impl Model {
    fn insert(&mut self, topic: &[u8], member: u32) -> Inserted {
        let others = self.holders(topic).any(|other| other != member);
        match (self.0.insert((topic.to_vec(), member)), others) {
            (false, _) => Inserted::Known,
            (true, false) => Inserted::First,
            (true, true) => Inserted::Joined,
        }
    }

    fn remove(&mut self, topic: &[u8], member: u32) -> Removed {
        match self.0.remove(&(topic.to_vec(), member)) {
            false => Removed::Unknown,
            true if self.holders(topic).next().is_some() => Removed::Left,
            true => Removed::Last,
        }
    }

    fn remove_member(&mut self, member: u32) -> BTreeSet<(Vec<u8>, bool)> {
        let topics: Vec<_> = self
            .0
            .iter()
            .filter(|(_, other)| *other == member)
            .cloned()
            .collect();
        topics
            .into_iter()
            .map(|(topic, member)| {
                let last = self.remove(&topic, member) == Removed::Last;
                (topic, last)
            })
            .collect()
    }

    fn matching(&self, topic: &[u8]) -> Vec<u32> {
        let matching = self
            .0
            .iter()
            .filter(|(prefix, _)| topic.starts_with(prefix));
        let members: BTreeSet<_> = matching.map(|(_, member)| *member).collect();
        members.into_iter().collect()
    }

    fn topics(&self) -> usize {
        self.0
            .iter()
            .map(|(topic, _)| topic)
            .collect::<BTreeSet<_>>()
            .len()
    }

    fn members(&self) -> usize {
        let members = self.0.iter().map(|(_, member)| member);
        members.collect::<BTreeSet<_>>().len()
    }

    fn holders<'a>(&'a self, topic: &'a [u8]) -> impl Iterator<Item = u32> + 'a {
        self.0
            .iter()
            .filter(move |(other, _)| other == topic)
            .map(|(_, member)| *member)
    }
}

fn sorted(members: &[u32]) -> Vec<u32> {
    let mut members = members.to_vec();
    members.sort_unstable();
    members
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_index_is_a_set_of_topics_and_members(steps in vec(step(), 0..200)) {
        let mut index = Subscriptions::new();
        let mut model = Model::default();
        for step in steps {
            match step {
                Step::Insert(topic, member) => {
                    prop_assert_eq!(index.insert(&topic, member), model.insert(&topic, member));
                }
                Step::Remove(topic, member) => {
                    prop_assert_eq!(index.remove(&topic, member), model.remove(&topic, member));
                }
                Step::RemoveMember(member) => {
                    let mut gone = Vec::new();
                    index.remove_member_with(member, |topic, last| gone.push((topic, last)));
                    let all = gone.len();
                    let gone: BTreeSet<_> = gone.into_iter().collect();
                    prop_assert_eq!(gone.len(), all);
                    prop_assert_eq!(gone, model.remove_member(member));
                }
                Step::Match(topic) => {
                    prop_assert_eq!(sorted(index.matching(&topic)), model.matching(&topic));
                    let holders: Vec<_> = model.holders(&topic).collect();
                    prop_assert_eq!(index.holding(&topic), holders);
                }
            }
            prop_assert_eq!(index.topics(), model.topics());
            prop_assert_eq!(index.members(), model.members());
        }
        for member in 0..6 {
            index.remove_member(member);
        }
        prop_assert_eq!(index.topics(), 0);
        prop_assert_eq!(index.matching(b""), &[] as &[u32]);
    }

    #[test]
    fn the_set_counts_topics_in_order(
        steps in vec((topic(), any::<bool>()), 0..200),
        probes in vec(topic(), 0..20),
    ) {
        let mut set = TopicSet::new();
        let mut model = BTreeMap::<Vec<u8>, u32>::new();
        for (topic, add) in steps {
            if add {
                let count = model.entry(topic.clone()).or_default();
                *count += 1;
                prop_assert_eq!(set.add(&topic), *count);
            } else {
                let left = model.get(&topic).map(|count| count - 1);
                prop_assert_eq!(set.remove(&topic), left);
                match left {
                    Some(0) => drop(model.remove(&topic)),
                    Some(left) => drop(model.insert(topic, left)),
                    None => {}
                }
            }
            prop_assert_eq!(set.len(), model.len());
        }
        prop_assert_eq!(set.iter().collect::<Vec<_>>(), model.keys().cloned().collect::<Vec<_>>());
        for probe in probes {
            prop_assert_eq!(set.count(&probe), model.get(&probe).copied().unwrap_or(0));
            prop_assert_eq!(set.matches(&probe), model.keys().any(|topic| probe.starts_with(topic)));
            let next = model.keys().find(|topic| **topic > probe).cloned();
            prop_assert_eq!(set.next_after(Some(&probe)), next);
        }
    }
}

#[test]
fn a_member_that_matches_by_several_topics_counts_once() {
    let mut index = Subscriptions::new();
    for topic in ["", "a", "ab", "abc", "b"] {
        index.insert(topic.as_bytes(), 7);
    }
    index.insert(b"ab", 3);
    assert_eq!(sorted(index.matching(b"abcd")), [3, 7]);
    assert_eq!(index.matching(b"b"), [7]);
    assert_eq!(index.matching(b"zzz"), [7]);
}

#[test]
fn topics_of_a_mebibyte_cost_no_stack() {
    let long = |last: u8| {
        let mut topic = vec![b'x'; 1 << 20];
        topic.push(last);
        topic
    };
    std::thread::Builder::new()
        .stack_size(64 << 10)
        .spawn(move || {
            let mut index = Subscriptions::new();
            for member in 0..8 {
                assert_eq!(index.insert(&long(member as u8), member), Inserted::First);
            }
            index.insert(&vec![b'x'; 1 << 19], 9);
            assert_eq!(sorted(index.matching(&long(5))), [5, 9]);
            let mut gone = 0;
            for member in 0..8 {
                index.remove_member_with(member, |topic, last| {
                    assert_eq!((topic, last), (long(member as u8), true));
                    gone += 1;
                });
            }
            assert_eq!(gone, 8);
            assert_eq!(index.remove(&vec![b'x'; 1 << 19], 9), Removed::Last);
            assert_eq!(index.topics(), 0);

            let mut set = TopicSet::new();
            set.add(&long(1));
            set.add(&long(2));
            assert_eq!(set.next_after(Some(&long(1))), Some(long(2)));
            assert_eq!(set.next_after(Some(&long(2))), None);
            assert_eq!(set.remove(&long(1)), Some(0));
        })
        .expect("a thread starts")
        .join()
        .expect("no recursion");
}

#[test]
fn every_byte_can_follow_every_prefix() {
    let mut index = Subscriptions::new();
    for a in 0..=255u8 {
        for b in 0..=255u8 {
            assert_eq!(index.insert(&[a, b], u32::from(b)), Inserted::First);
        }
    }
    assert_eq!(index.topics(), 1 << 16);
    assert_eq!(index.matching(&[17, 42, 1]), [42]);
    index.remove_member(42);
    assert_eq!(index.matching(&[17, 42, 1]), &[] as &[u32]);
    assert_eq!(index.matching(&[255, 255]), [255]);
    for member in 0..=255 {
        index.remove_member(member);
    }
    assert_eq!(index.topics(), 0);
}

#[test]
fn ten_thousand_topics_of_a_thousand_members() {
    let mut index = Subscriptions::new();
    let topic = |number: u32| format!("market/{}/{number}", number % 97);
    for number in 0..100_000 {
        assert_eq!(
            index.insert(topic(number).as_bytes(), number % 1000),
            Inserted::First
        );
    }
    for number in (0..100_000).step_by(1013) {
        // The topic itself, and those of fewer digits that it begins with.
        let message = topic(number);
        let expected: BTreeSet<_> = (0..=message.len())
            .filter_map(|end| message[..end].rsplit('/').next()?.parse::<u32>().ok())
            .filter(|other| message.starts_with(&topic(*other)))
            .map(|other| other % 1000)
            .collect();
        let expected: Vec<_> = expected.into_iter().collect();
        assert_eq!(
            sorted(index.matching(message.as_bytes())),
            expected,
            "{message}"
        );
    }
    for member in 0..1000 {
        let mut topics = 0;
        index.remove_member_with(member, |_, last| topics += usize::from(last));
        assert_eq!(topics, 100);
    }
    assert_eq!(index.topics(), 0);
}

#[test]
fn a_thousand_members_of_one_topic() {
    let mut index = Subscriptions::new();
    for member in (0..1000).rev() {
        index.insert(b"news", member);
        index.insert(b"news", member);
    }
    assert_eq!(index.topics(), 1);
    assert_eq!(index.matching(b"news.today").len(), 1000);
    for member in 0..999 {
        assert_eq!(index.remove(b"news", member), Removed::Left);
        assert_eq!(index.remove(b"news", member), Removed::Unknown);
    }
    assert_eq!(index.matching(b"news"), [999]);
    assert_eq!(index.remove(b"news", 999), Removed::Last);
}

#[test]
fn a_million_topics_take_little_memory() {
    const TOPICS: u32 = 1_000_000;
    let mut index = Subscriptions::new();
    assert_eq!(index.memory(), 0);
    for number in 0..TOPICS {
        let topic = format!("sensor/{number}/temperature");
        index.insert(topic.as_bytes(), number % 10);
    }
    let each = index.memory() / TOPICS as usize;
    // A trie with a node for each byte, as libzmq has it, takes some 750.
    assert!(each < 64, "{each} bytes each");
    assert_eq!(index.matching(b"sensor/123456/temperature"), [6]);
}

#[test]
fn what_was_given_back_is_used_again() {
    let topics = |name: &'static str| (0..100_000).map(move |n| format!("{name}/{n}/x"));
    let mut index = Subscriptions::new();
    topics("before").for_each(|topic| _ = index.insert(topic.as_bytes(), 0));
    index.insert(b"stays", 1);
    let full = index.memory();
    for name in ["once", "twice", "thrice"] {
        index.remove_member(0);
        assert_eq!(index.topics(), 1);
        topics(name).for_each(|topic| _ = index.insert(topic.as_bytes(), 0));
        assert!(index.memory() <= full + full / 4);
    }
    index.remove_member(0);
    index.remove_member(1);
    assert!(index.memory() < 1024);
}
