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
    /// `ZMQ_SUBSCRIBE`: a topic prefix that a SUB wants.
    Subscribe(Bytes),
    /// `ZMQ_UNSUBSCRIBE`: takes one subscription of that prefix back.
    Unsubscribe(Bytes),
    /// `ZMQ_ROUTER_MANDATORY`: a ROUTER reports messages it cannot route.
    RouterMandatory(bool),
}

impl PatternOption {
    /// The option's name in libzmq.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Subscribe(_) => "ZMQ_SUBSCRIBE",
            Self::Unsubscribe(_) => "ZMQ_UNSUBSCRIBE",
            Self::RouterMandatory(_) => "ZMQ_ROUTER_MANDATORY",
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
}

impl fmt::Display for OptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsupported(name) => write!(f, "this socket has no option {name}"),
            Self::OutOfRange(name) => write!(f, "that is no value of option {name}"),
        }
    }
}

impl std::error::Error for OptionError {}
