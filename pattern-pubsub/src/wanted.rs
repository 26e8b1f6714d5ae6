//! What a subscriber wants.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use ferromq_core::routing::TopicSet;
use ferromq_core::{Mutex, Prologue};

/// The topics of a SUB or XSUB: changed and asked by its half, and pulled by the
/// drivers of its connections.
///
/// Both look at one set. The half reads it without a lock, for each message: it
/// holds a share of the set, which it gives up only while it changes the set
/// under the lock that drivers read under.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    /// The half's share; absent while there is no topic, and during changes.
    own: Option<Arc<TopicSet>>,
    pulls: u32,
    shared: Arc<Shared>,
}

/// The drivers' side.
#[derive(Default)]
struct Shared(Mutex<Pulled>);

#[derive(Default)]
struct Pulled {
    topics: Arc<TopicSet>,
    /// Counts the topics that were pulled.
    pulls: u32,
}

impl Wanted {
    /// Adds a topic once more, and says how often it is wanted now; 0 if the set is full.
    pub(crate) fn add(&mut self, topic: &[u8]) -> u32 {
        self.change(|topics| topics.add(topic))
    }

    /// Takes a topic away once, and says how often it is still wanted; `None` if it
    /// was not.
    pub(crate) fn remove(&mut self, topic: &[u8]) -> Option<u32> {
        self.change(|topics| topics.remove(topic))
    }

    /// Whether a message with that head is wanted.
    #[inline]
    pub(crate) fn matches(&self, head: &[u8]) -> bool {
        self.own.as_ref().is_some_and(|topics| topics.matches(head))
    }

    /// Whether that very topic is wanted.
    pub(crate) fn has(&self, topic: &[u8]) -> bool {
        self.own
            .as_ref()
            .is_some_and(|topics| topics.count(topic) > 0)
    }

    /// How many different topics are wanted.
    pub(crate) fn len(&self) -> usize {
        self.own.as_ref().map_or(0, |topics| topics.len())
    }

    /// The topics as they are. Changing them while this is held copies them.
    pub(crate) fn snapshot(&self) -> Arc<TopicSet> {
        self.own.clone().unwrap_or_default()
    }

    pub(crate) fn prologue(&self) -> Arc<dyn Prologue> {
        Arc::clone(&self.shared) as Arc<dyn Prologue>
    }

    /// How many topics drivers had pulled at the last change.
    pub(crate) fn pulls(&self) -> u32 {
        self.pulls
    }

    fn change<T>(&mut self, change: impl FnOnce(&mut TopicSet) -> T) -> T {
        let mut shared = self.shared.0.lock();
        self.own = None;
        let changed = change(Arc::make_mut(&mut shared.topics));
        self.own = Some(Arc::clone(&shared.topics));
        self.pulls = shared.pulls;
        changed
    }
}

impl Prologue for Shared {
    fn next(&self, last: Option<&Bytes>) -> Option<Bytes> {
        let mut shared = self.0.lock();
        let topic = shared.topics.next_after(last.map(|last| &last[..]))?;
        shared.pulls = shared.pulls.wrapping_add(1);
        Some(topic.into())
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Topics")
            .field(&self.0.lock().topics.len())
            .finish()
    }
}
