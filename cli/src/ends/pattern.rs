//! The patterns, and what their two ends are.

use clap::ValueEnum;
use ferromq::SocketType;

/// Two socket types that talk to each other. The first one begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ValueEnum)]
pub(crate) enum Pattern {
    /// Requests and replies, in turn
    ReqRep,
    /// To all who want it
    PubSub,
    /// The same, seeing the subscriptions
    XpubXsub,
    /// Each message to one
    PushPull,
    /// Requests and replies, many at once
    DealerRouter,
    /// Both sides address the other
    RouterRouter,
    /// One to one
    Pair,
    /// Bytes over TCP, without ZMTP
    Stream,
}

/// What an end of a pattern does first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Role {
    /// It sends.
    Source,
    /// It receives.
    Sink,
}

/// What goes back from the sink to the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Back {
    /// Nothing.
    Nothing,
    /// An answer to each message, before the next one may be sent.
    Lockstep,
    /// An answer to each message.
    Answers,
    /// Messages of its own.
    Messages,
}

impl Pattern {
    /// All of them, in the order in which they are shown.
    pub(crate) const ALL: [Self; 8] = [
        Self::ReqRep,
        Self::DealerRouter,
        Self::RouterRouter,
        Self::PubSub,
        Self::XpubXsub,
        Self::PushPull,
        Self::Pair,
        Self::Stream,
    ];

    pub(crate) fn socket_type(self, role: Role) -> SocketType {
        use SocketType::{
            Dealer, Pair, Pub, Pull, Push, Rep, Req, Router, Stream, Sub, XPub, XSub,
        };
        let (source, sink) = match self {
            Self::ReqRep => (Req, Rep),
            Self::PubSub => (Pub, Sub),
            Self::XpubXsub => (XPub, XSub),
            Self::PushPull => (Push, Pull),
            Self::DealerRouter => (Dealer, Router),
            Self::RouterRouter => (Router, Router),
            Self::Pair => (Pair, Pair),
            Self::Stream => (Stream, Stream),
        };
        match role {
            Role::Source => source,
            Role::Sink => sink,
        }
    }

    pub(crate) fn back(self) -> Back {
        match self {
            Self::ReqRep => Back::Lockstep,
            Self::DealerRouter | Self::RouterRouter => Back::Answers,
            Self::Pair => Back::Messages,
            Self::PubSub | Self::XpubXsub | Self::PushPull | Self::Stream => Back::Nothing,
        }
    }

    /// The name that people know, as in REQ/REP.
    pub(crate) fn title(self) -> String {
        let (source, sink) = (self.socket_type(Role::Source), self.socket_type(Role::Sink));
        match source == sink && self != Self::RouterRouter {
            true => source.to_string(),
            false => format!("{source}/{sink}"),
        }
    }

    /// The name of the argument.
    pub(crate) fn name(self) -> String {
        let value = self.to_possible_value();
        value.map_or_else(String::new, |value| value.get_name().into())
    }
}

impl Role {
    pub(crate) fn other(self) -> Self {
        match self {
            Self::Source => Self::Sink,
            Self::Sink => Self::Source,
        }
    }

    /// The name of the argument.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Sink => "sink",
        }
    }
}
