//! Requests: what a subscriber asks of a publisher.

use ferromq_core::Message;
use ferromq_core::routing::{Inserted, Removed, Subscriptions};

/// A topic that is wanted, or wanted no longer.
///
/// In a pipe it is a message of one frame, an octet and the topic, whatever it is
/// on the wire ([RFC 15](https://rfc.zeromq.org/spec/15/), Publish-Subscribe).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Request<'a> {
    Subscribe(&'a [u8]),
    Cancel(&'a [u8]),
}

/// What a request has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Effect {
    /// Whether the member had the topic before.
    pub(crate) had: bool,
    /// Whether it is the first who has the topic, or was the last.
    pub(crate) is_news: bool,
}

impl Effect {
    const NOTHING: Self = Self {
        had: false,
        is_news: false,
    };
}

/// What is left of a message without the requests in it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Rest {
    /// All of it: there are none.
    Whole,
    /// Some frames.
    Part(Message),
    Nothing,
}

impl<'a> Request<'a> {
    pub(crate) fn parse(frame: &'a [u8]) -> Option<Self> {
        match frame {
            [1, topic @ ..] => Some(Self::Subscribe(topic)),
            [0, topic @ ..] => Some(Self::Cancel(topic)),
            _ => None,
        }
    }

    fn is_in(frame: &[u8]) -> bool {
        Request::parse(frame).is_some()
    }

    pub(crate) fn topic(self) -> &'a [u8] {
        match self {
            Self::Subscribe(topic) | Self::Cancel(topic) => topic,
        }
    }

    /// Gives the topic to a member, or takes it.
    pub(crate) fn apply(self, subscriptions: &mut Subscriptions, member: u32) -> Effect {
        let (had, others) = match self {
            Self::Subscribe(topic) => match subscriptions.insert(topic, member) {
                Inserted::First => (false, false),
                Inserted::Joined => (false, true),
                Inserted::Known => (true, true),
                Inserted::Refused => return Effect::NOTHING,
            },
            Self::Cancel(topic) => match subscriptions.remove(topic, member) {
                Removed::Last => (true, false),
                Removed::Left => (true, true),
                Removed::Unknown => return Effect::NOTHING,
            },
        };
        Effect {
            had,
            is_news: !others,
        }
    }

    pub(crate) fn message(self) -> Message {
        let first = matches!(self, Self::Subscribe(_));
        let mut frame = Vec::with_capacity(1 + self.topic().len());
        frame.push(u8::from(first));
        frame.extend_from_slice(self.topic());
        frame.into()
    }
}

/// Finds the requests in a message, first to last, and says what else is in it.
///
/// Any frame can be a request, as in libzmq; with `only_first`
/// (`ZMQ_ONLY_FIRST_SUBSCRIBE`) only where the first one is.
pub(crate) fn sift(
    message: &Message,
    only_first: bool,
    mut found: impl FnMut(Request<'_>),
) -> Rest {
    let first = Request::parse(message.head());
    if message.len() == 1 {
        return first.map_or(Rest::Whole, |request| {
            found(request);
            Rest::Nothing
        });
    }
    if only_first && first.is_none() || !message.frames().any(Request::is_in) {
        return Rest::Whole;
    }
    message.frames().filter_map(Request::parse).for_each(found);
    let mut frames = message.clone().into_frames();
    frames.retain(|frame| !Request::is_in(frame));
    match frames.is_empty() {
        true => Rest::Nothing,
        false => Rest::Part(Message::from_frames(frames)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The requests as messages, and the rest.
    fn sifted(message: &Message, only_first: bool) -> (Vec<Message>, Rest) {
        let mut requests = Vec::new();
        let rest = sift(message, only_first, |request| {
            requests.push(request.message())
        });
        (requests, rest)
    }

    #[test]
    fn a_request_is_an_octet_and_a_topic() {
        for size in [0, 1, 66, 67, 68, 255, 1 << 20] {
            let topic = vec![b't'; size];
            for request in [Request::Subscribe(&topic), Request::Cancel(&topic)] {
                let message = request.message();
                assert_eq!(message.len(), 1);
                assert_eq!(Request::parse(message.body()), Some(request));
                assert_eq!(
                    sifted(&message, false),
                    (vec![message.clone()], Rest::Nothing)
                );
            }
        }
    }

    #[test]
    fn other_messages_are_the_applications() {
        for message in [
            Message::new(),
            "\u{2}topic".into(),
            Message::from_frames(["a", "b"]),
        ] {
            assert_eq!(sifted(&message, false), (vec![], Rest::Whole));
        }
    }

    #[test]
    fn requests_stand_in_any_frame_of_a_message() {
        let message = Message::from_frames(["a", "\u{1}x", "b", "\0y"]);
        let rest = Message::from_frames(["a", "b"]);
        let requests = vec![Message::from("\u{1}x"), Message::from("\0y")];
        assert_eq!(sifted(&message, false), (requests, Rest::Part(rest)));
        assert_eq!(sifted(&message, true), (vec![], Rest::Whole));

        let message = Message::from_frames(["\u{1}x", "\0y"]);
        let requests = vec![Message::from("\u{1}x"), Message::from("\0y")];
        assert_eq!(sifted(&message, false), (requests.clone(), Rest::Nothing));
        assert_eq!(sifted(&message, true), (requests, Rest::Nothing));
    }
}
