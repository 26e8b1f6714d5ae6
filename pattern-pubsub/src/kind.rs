//! Topics and groups: what is the same for PUB and SUB as for RADIO and DISH, and what
//! is not.

use bytes::Bytes;
use ferromq_core::{Message, OptionError, PatternOption, SocketType};

use crate::audience::Audience;
use crate::wanted::Wanted;

/// The longest name of a group ([RFC 48](https://rfc.zeromq.org/spec/48/), "Group").
const MAX_GROUP: usize = 255;

/// Messages that begin with a topic: PUB and SUB.
#[derive(Debug, Default)]
pub struct Topics;

/// Messages of a group and a body: RADIO and DISH.
#[derive(Debug, Default)]
pub struct Groups;

/// What publishers and subscribers speak of: [`Topics`] or [`Groups`].
pub trait Kind: private::Kind {}

impl Kind for Topics {}
impl Kind for Groups {}

/// A change of what a subscriber wants.
#[derive(Debug)]
pub struct Change {
    pub(crate) topic: Bytes,
    pub(crate) wanted: bool,
}

pub(crate) mod private {
    use super::{Audience, Change, Message, OptionError, PatternOption, SocketType, Wanted};

    /// The differences.
    #[expect(private_interfaces, reason = "nobody outside can call them")]
    pub trait Kind: Send + Sync + Default + 'static {
        const PUBLISHER: SocketType;
        const SUBSCRIBER: SocketType;

        fn audience() -> Audience;

        /// Whether a message can be sent.
        fn is_well_formed(message: &Message) -> bool;

        fn has_publisher_option(option: &PatternOption) -> bool;

        /// Whether a message is wanted, or with `inverted` is not.
        fn is_wanted(message: &Message, wanted: &Wanted, inverted: bool) -> bool;

        /// The change that an option is, if it is one.
        fn change(option: &PatternOption, wanted: &Wanted) -> Result<Option<Change>, OptionError>;
    }
}

#[expect(private_interfaces, reason = "nobody outside can call them")]
impl private::Kind for Topics {
    const PUBLISHER: SocketType = SocketType::Pub;
    const SUBSCRIBER: SocketType = SocketType::Sub;

    fn audience() -> Audience {
        Audience::default()
    }

    #[inline]
    fn is_well_formed(_message: &Message) -> bool {
        true
    }

    fn has_publisher_option(_option: &PatternOption) -> bool {
        true
    }

    #[inline]
    fn is_wanted(message: &Message, wanted: &Wanted, inverted: bool) -> bool {
        wanted.matches(message.head()) != inverted
    }

    fn change(option: &PatternOption, _wanted: &Wanted) -> Result<Option<Change>, OptionError> {
        let (topic, wanted) = match option {
            PatternOption::Subscribe(topic) => (topic, true),
            PatternOption::Unsubscribe(topic) => (topic, false),
            _ => return Ok(None),
        };
        let topic = topic.clone();
        Ok(Some(Change { topic, wanted }))
    }
}

#[expect(private_interfaces, reason = "nobody outside can call them")]
impl private::Kind for Groups {
    const PUBLISHER: SocketType = SocketType::Radio;
    const SUBSCRIBER: SocketType = SocketType::Dish;

    fn audience() -> Audience {
        Audience::of_groups()
    }

    #[inline]
    fn is_well_formed(message: &Message) -> bool {
        message.len() == 2 && message.head().len() <= MAX_GROUP
    }

    fn has_publisher_option(option: &PatternOption) -> bool {
        matches!(option, PatternOption::XpubNoDrop(_))
    }

    /// As in libzmq a DISH looks again at what it receives: it may have left the group
    /// since. A wire lets only messages of two frames through, another socket of the
    /// same process may send others.
    #[inline]
    fn is_wanted(message: &Message, wanted: &Wanted, _inverted: bool) -> bool {
        message.len() == 2 && wanted.has(message.head())
    }

    /// As in libzmq nobody joins a group twice.
    fn change(option: &PatternOption, wanted: &Wanted) -> Result<Option<Change>, OptionError> {
        let (group, join) = match option {
            PatternOption::Join(group) => (group, true),
            PatternOption::Leave(group) => (group, false),
            PatternOption::InvertMatching(_) => {
                return Err(OptionError::Unsupported(option.name()));
            }
            _ => return Ok(None),
        };
        let is_name = group.len() <= MAX_GROUP && !group.contains(&0);
        if !is_name || wanted.has(group) == join {
            return Err(OptionError::OutOfRange(option.name()));
        }
        let topic = group.clone();
        Ok(Some(Change {
            topic,
            wanted: join,
        }))
    }
}
