//! Options of patterns.

use std::fmt;

use bytes::Bytes;

/// An option that belongs to a messaging pattern, with its libzmq name.
///
/// Options of sockets as such (marks, times, reconnection) are the engine's;
/// options of a wire are its transport's.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PatternOption {
    /// `ZMQ_SUBSCRIBE`: a topic prefix that a SUB wants; or that the peer of an XPUB
    /// gets whose request was received last, with [`XpubManual`](Self::XpubManual).
    Subscribe(Bytes),
    /// `ZMQ_UNSUBSCRIBE`: takes one subscription of that prefix back.
    Unsubscribe(Bytes),
    /// `zmq_join`: a group that a DISH joins, up to 255 bytes without a zero.
    Join(Bytes),
    /// `zmq_leave`: a group that a DISH leaves.
    Leave(Bytes),
    /// `ZMQ_INVERT_MATCHING`: messages go to those who did not subscribe to them. It
    /// has to be set on both sides.
    InvertMatching(bool),
    /// `ZMQ_ONLY_FIRST_SUBSCRIBE`: a message whose first frame is no subscription has
    /// none in its other frames either. It has to be set on both sides.
    OnlyFirstSubscribe(bool),
    /// `ZMQ_XPUB_VERBOSE`: an XPUB passes up all subscriptions, also those to topics
    /// that others have already.
    XpubVerbose(bool),
    /// `ZMQ_XPUB_VERBOSER`: an XPUB passes up all subscriptions and all ends of
    /// subscriptions.
    XpubVerboser(bool),
    /// `ZMQ_XPUB_NODROP`: a publisher waits for a peer without room, where it would
    /// drop the message for that peer.
    XpubNoDrop(bool),
    /// `ZMQ_XPUB_WELCOME_MSG`: what a publisher sends each new peer first; nothing if
    /// it is empty.
    XpubWelcome(Bytes),
    /// `ZMQ_XPUB_MANUAL`: no request of a subscriber takes effect by itself. An XPUB
    /// passes all of them up, and the application subscribes for the peer, to
    /// whatever it likes.
    XpubManual(bool),
    /// `ZMQ_XPUB_MANUAL_LAST_VALUE`: [`XpubManual`](Self::XpubManual), and the next
    /// message after a request was received is for the peer alone that made it.
    XpubManualLastValue(bool),
    /// `ZMQ_XSUB_VERBOSE_UNSUBSCRIBE`: an XSUB passes on all ends of subscriptions, also
    /// those to topics that are wanted still or never were.
    XsubVerboseUnsubscribe(bool),
    /// `ZMQ_ROUTER_MANDATORY`: a ROUTER reports messages it cannot route.
    RouterMandatory(bool),
    /// `ZMQ_ROUTER_HANDOVER`: a new peer may take a routing id over from the peer
    /// that has it.
    RouterHandover(bool),
    /// `ZMQ_ROUTER_NOTIFY`: a ROUTER hears of peers that come and go, by an empty
    /// message from them.
    RouterNotify {
        /// A peer is there (`ZMQ_NOTIFY_CONNECT`).
        connect: bool,
        /// A peer is gone (`ZMQ_NOTIFY_DISCONNECT`).
        disconnect: bool,
    },
    /// `ZMQ_PROBE_ROUTER`: each new peer is sent an empty message, by which a
    /// ROUTER learns of this socket.
    ProbeRouter(bool),
    /// `ZMQ_STREAM_NOTIFY`: a STREAM hears of connections that come and go, by
    /// an empty message from them.
    StreamNotify(bool),
    /// `ZMQ_REQ_CORRELATE`: a REQ numbers its requests, and takes no reply that has
    /// another number.
    ReqCorrelate(bool),
    /// `ZMQ_REQ_RELAXED`: a REQ may send again before it has its reply.
    ReqRelaxed(bool),
}

impl PatternOption {
    /// The option's name in libzmq.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Subscribe(_) => "ZMQ_SUBSCRIBE",
            Self::Unsubscribe(_) => "ZMQ_UNSUBSCRIBE",
            Self::Join(_) => "zmq_join",
            Self::Leave(_) => "zmq_leave",
            Self::InvertMatching(_) => "ZMQ_INVERT_MATCHING",
            Self::OnlyFirstSubscribe(_) => "ZMQ_ONLY_FIRST_SUBSCRIBE",
            Self::XpubVerbose(_) => "ZMQ_XPUB_VERBOSE",
            Self::XpubVerboser(_) => "ZMQ_XPUB_VERBOSER",
            Self::XpubNoDrop(_) => "ZMQ_XPUB_NODROP",
            Self::XpubWelcome(_) => "ZMQ_XPUB_WELCOME_MSG",
            Self::XpubManual(_) => "ZMQ_XPUB_MANUAL",
            Self::XpubManualLastValue(_) => "ZMQ_XPUB_MANUAL_LAST_VALUE",
            Self::XsubVerboseUnsubscribe(_) => "ZMQ_XSUB_VERBOSE_UNSUBSCRIBE",
            Self::RouterMandatory(_) => "ZMQ_ROUTER_MANDATORY",
            Self::RouterHandover(_) => "ZMQ_ROUTER_HANDOVER",
            Self::RouterNotify { .. } => "ZMQ_ROUTER_NOTIFY",
            Self::ProbeRouter(_) => "ZMQ_PROBE_ROUTER",
            Self::StreamNotify(_) => "ZMQ_STREAM_NOTIFY",
            Self::ReqCorrelate(_) => "ZMQ_REQ_CORRELATE",
            Self::ReqRelaxed(_) => "ZMQ_REQ_RELAXED",
        }
    }
}

/// An option was refused; nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum OptionError {
    /// Sockets of this type have no such option.
    Unsupported(&'static str),
    /// The value is not one that the option takes.
    OutOfRange(&'static str),
    /// The socket has the option, but only in a mode that is not on.
    OutOfTurn(&'static str),
    /// This process is a child of the one that made the socket, and cannot use it.
    Forked,
}

impl fmt::Display for OptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsupported(name) => write!(f, "this socket has no option {name}"),
            Self::OutOfRange(name) => write!(f, "that is no value of option {name}"),
            Self::OutOfTurn(name) => write!(f, "option {name} needs another one to be set first"),
            Self::Forked => f.write_str("the socket belongs to another process"),
        }
    }
}

impl std::error::Error for OptionError {}
