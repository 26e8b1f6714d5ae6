//! The subscription index: which members want which messages.

mod holders;

use holders::{CROWD, Holders};

use super::prefix_tree::{PrefixTree, make_room};

/// Topic prefixes, and a set of members for each: what a publisher keeps of all
/// its subscribers ([RFC 29](https://rfc.zeromq.org/spec/29/), PUB).
///
/// Members are small numbers, such as the slots of a [`FanOut`](super::FanOut).
/// Each has a topic or not, however often it asked for it. Finding the members
/// for a message takes one walk along the message's topic, plus their number; how
/// many others there are, and what they want, does not count.
#[derive(Debug, Default)]
pub struct Subscriptions {
    tree: PrefixTree,
    topics: usize,
    /// The members of topics that have several, in order; by index.
    crowds: Vec<Vec<u32>>,
    /// Indexes in `crowds` that are not in use.
    free: Vec<u32>,
    members: Vec<Member>,
    /// How many members have a topic.
    taken: usize,
    matched: Vec<u32>,
    walk: u64,
}

#[derive(Debug, Default)]
struct Member {
    /// The nodes of its topics. Some may not be its own any more, or stand here
    /// twice: the nodes themselves say who has them.
    nodes: Vec<u32>,
    /// How many topics it has.
    topics: usize,
    /// The last walk that found it by one of several topics.
    seen: u64,
}

/// What [`Subscriptions::insert`] has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inserted {
    /// The member is the first who has the topic.
    First,
    /// Others have the topic already.
    Joined,
    /// The member has the topic already.
    Known,
    /// Nothing: the index is full, at some hundred million topics.
    Refused,
}

/// What [`Subscriptions::remove`] has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removed {
    /// The member was the last who had the topic.
    Last,
    /// Others still have the topic.
    Left,
    /// Nothing: the member did not have the topic.
    Unknown,
}

impl Subscriptions {
    /// Nobody wants anything.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many different topics there are.
    #[must_use]
    pub fn topics(&self) -> usize {
        self.topics
    }

    /// How many members have a topic.
    #[must_use]
    pub fn members(&self) -> usize {
        self.taken
    }

    /// How many bytes of memory the index takes.
    #[must_use]
    pub fn memory(&self) -> usize {
        let notes = self.members.iter().map(|member| &member.nodes);
        let numbers = notes.chain(&self.crowds).chain([&self.free, &self.matched]);
        let numbers: usize = numbers.map(Vec::capacity).sum();
        self.tree.memory()
            + numbers * size_of::<u32>()
            + self.crowds.capacity() * size_of::<Vec<u32>>()
            + self.members.capacity() * size_of::<Member>()
    }

    /// Gives a member a topic.
    pub fn insert(&mut self, topic: &[u8], member: u32) -> Inserted {
        if member >= CROWD - 1 {
            return Inserted::Refused;
        }
        let Some(node) = self.tree.insert(topic) else {
            return Inserted::Refused;
        };
        let (holders, inserted) = match Holders::of(self.tree.value(node)) {
            Holders::Nobody => {
                self.topics += 1;
                (Holders::One(member), Inserted::First)
            }
            Holders::One(other) if other == member => return Inserted::Known,
            Holders::One(other) => {
                let crowd = vec![other.min(member), other.max(member)];
                (Holders::Crowd(self.add_crowd(crowd)), Inserted::Joined)
            }
            Holders::Crowd(index) => {
                let crowd = &mut self.crowds[index as usize];
                let Err(at) = crowd.binary_search(&member) else {
                    return Inserted::Known;
                };
                crowd.insert(at, member);
                (Holders::Crowd(index), Inserted::Joined)
            }
        };
        self.tree.set_value(node, holders.value());
        self.note(member, node);
        inserted
    }

    /// Takes a topic from a member.
    pub fn remove(&mut self, topic: &[u8], member: u32) -> Removed {
        let node = self.tree.find(topic);
        let removed = node.map_or(Removed::Unknown, |node| self.remove_at(node, member));
        if let (Removed::Last, Some(node)) = (removed, node) {
            self.tree.prune(node);
        }
        removed
    }

    /// Takes all topics from a member.
    pub fn remove_member(&mut self, member: u32) {
        self.forget(member, |_, _, _| {});
    }

    /// Takes all topics from a member, and tells each to `gone`, and whether the
    /// member was the last who had it.
    pub fn remove_member_with(&mut self, member: u32, mut gone: impl FnMut(Vec<u8>, bool)) {
        self.forget(member, |tree, node, last| gone(tree.topic(node), last));
    }

    /// Who wants a message with that topic: each member once.
    #[inline]
    pub fn matching(&mut self, topic: &[u8]) -> &[u32] {
        let Self {
            tree,
            crowds,
            members,
            matched,
            walk,
            ..
        } = self;
        let mut prefixes = tree.prefixes(topic).map(Holders::of);
        let Some(first) = prefixes.next() else {
            return &[];
        };
        let Some(second) = prefixes.next() else {
            if let Holders::Crowd(index) = first {
                return &crowds[index as usize];
            }
            matched.clear();
            matched.extend(first.members(crowds));
            return matched;
        };
        *walk += 1;
        matched.clear();
        for holders in [first, second].into_iter().chain(prefixes) {
            matched.extend(holders.members(crowds).filter(|member| {
                let seen = &mut members[*member as usize].seen;
                std::mem::replace(seen, *walk) != *walk
            }));
        }
        matched
    }

    /// Who has that very topic: each member once.
    #[inline]
    pub fn holding(&mut self, topic: &[u8]) -> &[u32] {
        let node = self.tree.find(topic);
        let holders = node.map_or(Holders::Nobody, |node| Holders::of(self.tree.value(node)));
        if let Holders::Crowd(index) = holders {
            return &self.crowds[index as usize];
        }
        self.matched.clear();
        self.matched.extend(holders.members(&self.crowds));
        &self.matched
    }

    /// Takes the topic of a node from a member. The node stays, for the caller to prune.
    fn remove_at(&mut self, node: u32, member: u32) -> Removed {
        let (holders, removed) = match Holders::of(self.tree.value(node)) {
            Holders::One(other) if other == member => (Holders::Nobody, Removed::Last),
            Holders::Nobody | Holders::One(_) => return Removed::Unknown,
            Holders::Crowd(index) => {
                let crowd = &mut self.crowds[index as usize];
                let Ok(at) = crowd.binary_search(&member) else {
                    return Removed::Unknown;
                };
                crowd.remove(at);
                match crowd[..] {
                    [other] => {
                        *crowd = Vec::new();
                        self.free.push(index);
                        (Holders::One(other), Removed::Left)
                    }
                    _ => (Holders::Crowd(index), Removed::Left),
                }
            }
        };
        self.tree.set_value(node, holders.value());
        self.topics -= usize::from(removed == Removed::Last);
        let member = &mut self.members[member as usize];
        member.topics -= 1;
        if member.topics == 0 {
            member.nodes = Vec::new();
            self.taken -= 1;
        }
        removed
    }

    fn forget(&mut self, member: u32, mut gone: impl FnMut(&PrefixTree, u32, bool)) {
        let Some(known) = self.members.get_mut(member as usize) else {
            return;
        };
        for node in std::mem::take(&mut known.nodes) {
            match self.remove_at(node, member) {
                Removed::Unknown => {}
                Removed::Left => gone(&self.tree, node, false),
                Removed::Last => {
                    gone(&self.tree, node, true);
                    self.tree.prune(node);
                }
            }
        }
    }

    fn add_crowd(&mut self, crowd: Vec<u32>) -> u32 {
        if let Some(index) = self.free.pop() {
            self.crowds[index as usize] = crowd;
            return index;
        }
        self.crowds.push(crowd);
        (self.crowds.len() - 1) as u32
    }

    /// Notes that a member has the topic of a node. Once most of its notes are
    /// out of date, they are sorted out.
    fn note(&mut self, member: u32, node: u32) {
        let index = member as usize;
        if self.members.len() <= index {
            self.members.resize_with(index + 1, Member::default);
        }
        let Member { nodes, topics, .. } = &mut self.members[index];
        self.taken += usize::from(*topics == 0);
        *topics += 1;
        if nodes.len() > 2 * *topics + 8 {
            let mut sorted = std::mem::take(nodes);
            sorted.sort_unstable();
            sorted.dedup();
            sorted.retain(|node| self.has(*node, member));
            self.members[index].nodes = sorted;
        }
        let nodes = &mut self.members[index].nodes;
        make_room(nodes, 1);
        nodes.push(node);
    }

    fn has(&self, node: u32, member: u32) -> bool {
        match Holders::of(self.tree.value(node)) {
            Holders::Nobody => false,
            Holders::One(other) => other == member,
            Holders::Crowd(index) => self.crowds[index as usize].binary_search(&member).is_ok(),
        }
    }
}
