//! What a publisher has yet to be told.

use ferromq_core::routing::TopicSet;

use crate::request::Request;

/// Topics of which a full pipe did not take the last change.
///
/// Only the topics are kept: what to say of each is how things stand when there is
/// room. A topic that came and went meanwhile need not be mentioned, unless the
/// publisher may know it. So however often topics change, the backlog holds hardly
/// more than what the socket wants and what the publisher knows.
#[derive(Debug, Default)]
pub(crate) struct Backlog {
    /// With each topic, [`KNOWN`] or the [news] it is.
    topics: TopicSet,
}

/// The publisher may know the topic.
const KNOWN: u32 = u32::MAX;

/// Beyond so many topics none is added that is not wanted any more. The publisher
/// then goes on sending it, in vain, until it is connected anew.
const MANY: usize = 1 << 16;

/// The publisher cannot know the topic unless a driver has pulled some since, which
/// changes `pulls`.
fn news(pulls: u32) -> u32 {
    pulls % (KNOWN - 1) + 1
}

impl Backlog {
    pub(crate) fn is_empty(&self) -> bool {
        self.topics.is_empty()
    }

    /// A request did not fit. With `first`, the socket did not want the topic before;
    /// by then drivers had pulled `pulls` topics.
    pub(crate) fn add(&mut self, request: Request<'_>, first: bool, pulls: u32) {
        let before = self.topics.count(request.topic());
        let state = match request {
            // The publisher knows it, or will learn it from here.
            Request::Subscribe(_) if before > 0 || !first => before,
            Request::Subscribe(_) => news(pulls),
            Request::Cancel(_) if before == news(pulls) => 0,
            Request::Cancel(_) if before == 0 && self.topics.len() >= MANY => 0,
            Request::Cancel(_) => KNOWN,
        };
        self.topics.set_count(request.topic(), state);
    }

    /// A topic has to be mentioned, whatever becomes of it.
    pub(crate) fn insist(&mut self, topic: &[u8]) {
        self.topics.set_count(topic, KNOWN);
    }

    /// The first topic to mention.
    pub(crate) fn first(&self) -> Option<Vec<u8>> {
        self.topics.next_after(None)
    }

    /// A topic was mentioned.
    pub(crate) fn remove(&mut self, topic: &[u8]) {
        self.topics.set_count(topic, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(backlog: &Backlog) -> Vec<Vec<u8>> {
        backlog.topics.iter().collect()
    }

    #[test]
    fn a_topic_that_came_and_went_is_not_mentioned() {
        let mut backlog = Backlog::default();
        for number in 0..1000 {
            let topic = format!("inbox/{number}");
            backlog.add(Request::Subscribe(topic.as_bytes()), true, number);
            backlog.add(Request::Cancel(topic.as_bytes()), false, number);
        }
        assert!(backlog.is_empty());
    }

    #[test]
    fn a_topic_that_the_publisher_may_know_is() {
        let mut backlog = Backlog::default();
        backlog.add(Request::Cancel(b"known"), false, 0);
        backlog.add(Request::Subscribe(b"known"), true, 0);
        backlog.add(Request::Cancel(b"known"), false, 0);
        backlog.add(Request::Subscribe(b"pulled"), true, 0);
        backlog.add(Request::Cancel(b"pulled"), false, 1);
        backlog.add(Request::Subscribe(b"again"), false, 1);
        assert_eq!(left(&backlog), [&b"known"[..], b"pulled"]);
        backlog.remove(b"known");
        backlog.insist(b"always");
        backlog.add(Request::Cancel(b"always"), false, 1);
        assert_eq!(backlog.first(), Some(b"always".to_vec()));
        assert_eq!(left(&backlog), [&b"always"[..], b"pulled"]);
    }

    #[test]
    fn what_is_wanted_is_kept_and_of_the_rest_only_so_much() {
        let mut backlog = Backlog::default();
        for number in 0..2 * MANY {
            backlog.add(Request::Cancel(format!("-{number}").as_bytes()), false, 0);
        }
        assert_eq!(backlog.topics.len(), MANY);
        for number in 0..10 {
            backlog.add(Request::Subscribe(format!("+{number}").as_bytes()), true, 0);
        }
        assert_eq!(backlog.topics.len(), MANY + 10);
    }
}
