//! Queues in which new messages replace older ones.

use ferromq_core::{Conflate, OptionError, SocketType};

use super::Options;

/// The option's name.
const BY_TOPIC: &str = "conflate_by_topic";

impl Options {
    /// Whether only the last message waits for, and from, each peer. Default no.
    /// Only PUSH, PULL, PUB, SUB and DEALER sockets can; others then bind and
    /// connect nowhere. Messages of several frames are kept whole. (`ZMQ_CONFLATE`)
    #[must_use]
    pub fn conflate(mut self, conflate: bool) -> Self {
        self.conflate = conflate;
        self
    }

    /// Whether of the messages that wait only the newest of each topic is kept: at a PUB,
    /// XPUB or RADIO those for each peer, at a SUB, XSUB or DISH those from each peer.
    /// Default no. libzmq has no such option; its own keeps one message in all, and of
    /// one frame.
    ///
    /// The topic is the whole first frame, of a RADIO and a DISH the group: a message of
    /// one frame is replaced only by one that is the same. A new message goes to
    /// the end and the one that it replaces is dropped with all its frames and counted
    /// ([`DropReason::Replaced`](ferromq_core::DropReason::Replaced)), so that what is
    /// left arrives in the order in which it was sent.
    ///
    /// The high-water marks count what is left: at
    /// [`send_high_water`](Self::send_high_water) so many topics wait for a peer. Then
    /// those still have news, and messages of others are dropped; from a peer nothing more
    /// is read before there is room. So let it be more than there are topics. A
    /// publisher that must not drop (`XpubNoDrop`) waits for room also for a topic
    /// that waits.
    ///
    /// A subscriber that is slow gets what is newest when it receives, but for one message
    /// that it was [asked about](crate::Socket::is_readable) before. For a wire, some
    /// 16 KiB at a time, or one message, are taken out and replaced no more, and then the
    /// system's buffers hold what it has taken. Over `inproc://` it is enough if one side
    /// asks for it.
    ///
    /// It is set for endpoints that are bound and connected from then on. Sockets of other
    /// types refuse it, and so do all together with [`conflate`](Self::conflate) or
    /// [`time_to_live`](Self::time_to_live): they bind and connect nowhere then, with
    /// [`OptionError::Unsupported`].
    #[must_use]
    pub fn conflate_by_topic(mut self, conflate: bool) -> Self {
        self.conflate_by_topic = conflate;
        self
    }

    /// Which messages replace others of those that a socket of that type sends, and of
    /// those that it receives.
    pub(crate) fn conflated(&self, socket_type: SocketType) -> (Conflate, Conflate) {
        let (whole, topics) = (conflates(socket_type), conflates_by_topic(socket_type));
        let of = |whole, topics| match (self.conflate && whole, self.conflate_by_topic && topics) {
            (true, _) => Conflate::All,
            (_, true) => Conflate::ByTopic,
            _ => Conflate::No,
        };
        (of(whole.0, topics.0), of(whole.1, topics.1))
    }

    /// Looks whether sockets of that type may drop messages for newer ones.
    pub(crate) fn check_conflate(&self, socket_type: SocketType) -> Result<(), OptionError> {
        if self.conflate && conflates(socket_type) == (false, false) {
            return Err(OptionError::Unsupported("ZMQ_CONFLATE"));
        }
        // How old a message is that is left is not known where others between have gone.
        let alone = !self.conflate && self.time_to_live.is_none();
        let can = conflates_by_topic(socket_type) != (false, false);
        match self.conflate_by_topic && !(can && alone) {
            true => Err(OptionError::Unsupported(BY_TOPIC)),
            false => Ok(()),
        }
    }
}

/// Whether sockets of that type may keep only the last message they send, or
/// receive. Subscriptions are never dropped for later ones.
fn conflates(socket_type: SocketType) -> (bool, bool) {
    match socket_type {
        SocketType::Push | SocketType::Pub => (true, false),
        SocketType::Pull | SocketType::Sub => (false, true),
        SocketType::Dealer => (true, true),
        _ => (false, false),
    }
}

/// The same, of each topic.
fn conflates_by_topic(socket_type: SocketType) -> (bool, bool) {
    match socket_type {
        SocketType::Pub | SocketType::XPub | SocketType::Radio => (true, false),
        SocketType::Sub | SocketType::XSub | SocketType::Dish => (false, true),
        _ => (false, false),
    }
}
