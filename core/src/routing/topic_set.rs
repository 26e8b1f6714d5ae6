//! A set of topics, each with a count.

use super::prefix_tree::PrefixTree;

/// Topics and how often each is wanted: what a subscriber keeps.
///
/// A topic is any bytes, of any length. The order of topics is that of their bytes.
#[derive(Debug, Clone, Default)]
pub struct TopicSet {
    tree: PrefixTree,
    len: usize,
}

impl TopicSet {
    /// No topics.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many different topics there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no topic.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many bytes of memory the set takes.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.tree.memory()
    }

    /// How often a topic was added; 0 if it is not in the set.
    #[must_use]
    pub fn count(&self, topic: &[u8]) -> u32 {
        self.tree
            .find(topic)
            .map_or(0, |node| self.tree.value(node))
    }

    /// Whether a message with that topic is wanted: whether it begins with one of
    /// the topics.
    #[must_use]
    #[inline]
    pub fn matches(&self, topic: &[u8]) -> bool {
        self.tree.prefixes(topic).next().is_some()
    }

    /// Adds a topic once more, and says how often it is there now: 0 only if the
    /// set is full, at some hundred million.
    pub fn add(&mut self, topic: &[u8]) -> u32 {
        let count = self.count(topic).saturating_add(1);
        match self.set_count(topic, count) {
            true => count,
            false => 0,
        }
    }

    /// Takes a topic away once, and says how often it is still there; `None` if it
    /// was not.
    pub fn remove(&mut self, topic: &[u8]) -> Option<u32> {
        let left = self.count(topic).checked_sub(1)?;
        self.set_count(topic, left);
        Some(left)
    }

    /// Sets how often a topic is there; 0 takes it out. Says whether the set had room.
    pub fn set_count(&mut self, topic: &[u8], count: u32) -> bool {
        let node = match count {
            0 => self.tree.find(topic),
            _ => self.tree.insert(topic),
        };
        let Some(node) = node else {
            return count == 0;
        };
        self.len += usize::from(count > 0);
        self.len -= usize::from(self.tree.value(node) > 0);
        self.tree.set_value(node, count);
        if count == 0 {
            self.tree.prune(node);
        }
        true
    }

    /// The first topic, or the first behind `last`, which need not be in the set.
    #[must_use]
    pub fn next_after(&self, last: Option<&[u8]>) -> Option<Vec<u8>> {
        let node = self.tree.next_after(last)?;
        Some(self.tree.topic(node))
    }

    /// All topics, in order.
    pub fn iter(&self) -> impl Iterator<Item = Vec<u8>> + '_ {
        std::iter::successors(self.next_after(None), |last| self.next_after(Some(last)))
    }
}
