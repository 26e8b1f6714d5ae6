//! Which sockets may talk, and how.

use std::fmt;

use ferromq::SocketType;

/// Two socket types that may talk to each other.
#[derive(Debug, PartialEq, Eq)]
pub struct Pair {
    /// Who speaks first.
    pub first: SocketType,
    /// Who answers, if the pattern has answers.
    pub second: SocketType,
    pub(super) flow: Flow,
    /// What the application puts in front of a message of the first, behind a
    /// ROUTER's routing id.
    pub(super) first_envelope: &'static [&'static str],
    /// The same for the second.
    pub(super) second_envelope: &'static [&'static str],
}

/// Who sends when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// Only the first.
    OneWay,
    /// One message there, one back.
    Lockstep,
    /// All messages there, and all back.
    BothWays,
}

const EMPTY: &[&str] = &[""];

/// All pairs.
pub(crate) const PAIRS: &[Pair] = &[
    pair(SocketType::Req, SocketType::Rep, Flow::Lockstep),
    Pair {
        second_envelope: EMPTY,
        ..pair(SocketType::Req, SocketType::Router, Flow::Lockstep)
    },
    Pair {
        first_envelope: EMPTY,
        ..pair(SocketType::Dealer, SocketType::Rep, Flow::Lockstep)
    },
    pair(SocketType::Dealer, SocketType::Router, Flow::BothWays),
    pair(SocketType::Dealer, SocketType::Dealer, Flow::BothWays),
    pair(SocketType::Router, SocketType::Router, Flow::BothWays),
    pair(SocketType::Pub, SocketType::Sub, Flow::OneWay),
    pair(SocketType::Pub, SocketType::XSub, Flow::OneWay),
    pair(SocketType::XPub, SocketType::Sub, Flow::OneWay),
    pair(SocketType::XPub, SocketType::XSub, Flow::OneWay),
    pair(SocketType::Push, SocketType::Pull, Flow::OneWay),
    pair(SocketType::Pair, SocketType::Pair, Flow::BothWays),
    pair(SocketType::Stream, SocketType::Stream, Flow::BothWays),
];

const fn pair(first: SocketType, second: SocketType, flow: Flow) -> Pair {
    Pair {
        first,
        second,
        flow,
        first_envelope: &[],
        second_envelope: &[],
    }
}

impl Pair {
    /// The first or the second.
    #[must_use]
    pub fn kind(&self, first: bool) -> SocketType {
        if first { self.first } else { self.second }
    }

    /// Whether it has bytes, and no messages.
    #[must_use]
    pub fn is_raw(&self) -> bool {
        self.first == SocketType::Stream
    }
}

impl fmt::Display for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.first, self.second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_compatible_pairs_are_there_once() {
        for first in SocketType::ALL {
            for second in SocketType::ALL {
                let here = |pair: &&Pair| {
                    (pair.first, pair.second) == (first, second)
                        || (pair.second, pair.first) == (first, second)
                };
                // The builds of libzmq here do not have the types of the younger RFCs.
                let stock = first.frames().is_none();
                let wanted = stock && first.is_compatible(second) || (first, second) == RAW;
                let found = PAIRS.iter().filter(here).count();
                assert_eq!(found, usize::from(wanted), "{first}-{second}");
            }
        }
    }

    /// No handshake, no table.
    const RAW: (SocketType, SocketType) = (SocketType::Stream, SocketType::Stream);
}
