//! The socket types and who may talk to whom.

use core::fmt;
use core::str::FromStr;

use crate::command::subscription::Dialect;

/// What a socket is, as it announces itself in a handshake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SocketType {
    /// Exclusive pair ([RFC 31](https://rfc.zeromq.org/spec/31/)).
    Pair,
    /// Publisher ([RFC 29](https://rfc.zeromq.org/spec/29/)).
    Pub,
    /// Subscriber (RFC 29).
    Sub,
    /// Requester in lockstep ([RFC 28](https://rfc.zeromq.org/spec/28/)).
    Req,
    /// Replier in lockstep (RFC 28).
    Rep,
    /// Asynchronous requester, load-balancing (RFC 28).
    Dealer,
    /// Asynchronous replier, addressing by routing id (RFC 28).
    Router,
    /// Pipeline sink ([RFC 30](https://rfc.zeromq.org/spec/30/)).
    Pull,
    /// Pipeline source (RFC 30).
    Push,
    /// Publisher that sees subscriptions (RFC 29).
    XPub,
    /// Subscriber that sends subscriptions as messages (RFC 29).
    XSub,
    /// Raw TCP, without ZMTP; it never appears in a handshake.
    Stream,
    /// Asynchronous replier to CLIENTs, by their numbers
    /// ([RFC 41](https://rfc.zeromq.org/spec/41/)).
    Server,
    /// Asynchronous requester of SERVERs, load-balancing (RFC 41).
    Client,
    /// Sender to groups ([RFC 48](https://rfc.zeromq.org/spec/48/)).
    Radio,
    /// Member of groups (RFC 48).
    Dish,
    /// Pipeline sink for messages of one frame ([RFC 49](https://rfc.zeromq.org/spec/49/)).
    Gather,
    /// Pipeline source of messages of one frame (RFC 49).
    Scatter,
    /// Bare datagrams, without ZMTP; it never appears in a handshake.
    Dgram,
    /// Asynchronous both ways, by the peers' numbers
    /// ([RFC 51](https://rfc.zeromq.org/spec/51/)).
    Peer,
    /// Exclusive pair for messages of one frame ([RFC 52](https://rfc.zeromq.org/spec/52/)).
    Channel,
}

impl SocketType {
    /// All socket types, in the order of libzmq's numbers.
    pub const ALL: [Self; 21] = [
        Self::Pair,
        Self::Pub,
        Self::Sub,
        Self::Req,
        Self::Rep,
        Self::Dealer,
        Self::Router,
        Self::Pull,
        Self::Push,
        Self::XPub,
        Self::XSub,
        Self::Stream,
        Self::Server,
        Self::Client,
        Self::Radio,
        Self::Dish,
        Self::Gather,
        Self::Scatter,
        Self::Dgram,
        Self::Peer,
        Self::Channel,
    ];

    /// The name in the Socket-Type property ([RFC 37, Socket-Type](https://rfc.zeromq.org/spec/37/)).
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pair => "PAIR",
            Self::Pub => "PUB",
            Self::Sub => "SUB",
            Self::Req => "REQ",
            Self::Rep => "REP",
            Self::Dealer => "DEALER",
            Self::Router => "ROUTER",
            Self::Pull => "PULL",
            Self::Push => "PUSH",
            Self::XPub => "XPUB",
            Self::XSub => "XSUB",
            Self::Stream => "STREAM",
            Self::Server => "SERVER",
            Self::Client => "CLIENT",
            Self::Radio => "RADIO",
            Self::Dish => "DISH",
            Self::Gather => "GATHER",
            Self::Scatter => "SCATTER",
            Self::Dgram => "DGRAM",
            Self::Peer => "PEER",
            Self::Channel => "CHANNEL",
        }
    }

    /// The type that a property names, in any case of letters.
    #[must_use]
    pub fn from_name(name: &[u8]) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.name().as_bytes().eq_ignore_ascii_case(name))
    }

    /// libzmq's number (`ZMQ_PAIR` and so on), which is also the socket-type
    /// octet of ZMTP 2.0 ([RFC 15](https://rfc.zeromq.org/spec/15/)).
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Pair => 0,
            Self::Pub => 1,
            Self::Sub => 2,
            Self::Req => 3,
            Self::Rep => 4,
            Self::Dealer => 5,
            Self::Router => 6,
            Self::Pull => 7,
            Self::Push => 8,
            Self::XPub => 9,
            Self::XSub => 10,
            Self::Stream => 11,
            Self::Server => 12,
            Self::Client => 13,
            Self::Radio => 14,
            Self::Dish => 15,
            Self::Gather => 16,
            Self::Scatter => 17,
            Self::Dgram => 18,
            Self::Peer => 19,
            Self::Channel => 20,
        }
    }

    /// The type that a socket-type octet names.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }

    /// Whether a socket of this type may talk to one of type `peer`
    /// (RFC 37, "The Socket-Type Property"; the RFC of each, where it is younger).
    #[must_use]
    pub const fn is_compatible(self, peer: Self) -> bool {
        use SocketType::{
            Channel, Client, Dealer, Dish, Gather, Pair, Peer, Pub, Pull, Push, Radio, Rep, Req,
            Router, Scatter, Server, Sub, XPub, XSub,
        };
        matches!(
            (self, peer),
            (Req, Rep | Router)
                | (Rep, Req | Dealer)
                | (Dealer, Rep | Dealer | Router)
                | (Router, Req | Dealer | Router)
                | (Pub | XPub, Sub | XSub)
                | (Sub | XSub, Pub | XPub)
                | (Push, Pull)
                | (Pull, Push)
                | (Pair, Pair)
                | (Client, Server)
                | (Server, Client)
                | (Radio, Dish)
                | (Dish, Radio)
                | (Scatter, Gather)
                | (Gather, Scatter)
                | (Peer, Peer)
                | (Channel, Channel)
        )
    }

    /// Whether the handshake carries this socket's routing id: REQ, DEALER and
    /// ROUTER send it, even empty (RFC 37, "The Identity Property").
    #[must_use]
    pub const fn announces_identity(self) -> bool {
        matches!(self, Self::Req | Self::Dealer | Self::Router)
    }

    /// Whether this socket takes subscriptions from its peers, or their groups.
    #[must_use]
    pub const fn publishes(self) -> bool {
        matches!(self, Self::Pub | Self::XPub | Self::Radio)
    }

    /// Whether this socket sends subscriptions to its peers, or its groups.
    #[must_use]
    pub const fn subscribes(self) -> bool {
        matches!(self, Self::Sub | Self::XSub | Self::Dish)
    }

    /// How many frames each message has, where the type says so: one, or for RADIO and
    /// DISH two, the group and the body.
    #[must_use]
    pub const fn frames(self) -> Option<usize> {
        match self {
            Self::Server
            | Self::Client
            | Self::Gather
            | Self::Scatter
            | Self::Peer
            | Self::Channel => Some(1),
            Self::Radio | Self::Dish => Some(2),
            _ => None,
        }
    }

    /// By which commands such a socket, or its peer, subscribes.
    pub(crate) const fn dialect(self) -> Dialect {
        match self {
            Self::Radio | Self::Dish => Dialect::Groups,
            _ => Dialect::Topics,
        }
    }
}

impl fmt::Display for SocketType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for SocketType {
    type Err = UnknownSocketType;

    fn from_str(name: &str) -> Result<Self, UnknownSocketType> {
        Self::from_name(name.as_bytes()).ok_or(UnknownSocketType)
    }
}

/// No socket type has that name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownSocketType;

impl fmt::Display for UnknownSocketType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no socket type has that name")
    }
}

impl core::error::Error for UnknownSocketType {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_lead_back_to_their_type() {
        for (number, kind) in SocketType::ALL.into_iter().enumerate() {
            assert_eq!(usize::from(kind.number()), number);
            assert_eq!(SocketType::from_number(kind.number()), Some(kind));
            assert_eq!(kind.name().to_ascii_lowercase().parse(), Ok(kind));
        }
        assert_eq!(SocketType::from_number(21), None);
        assert_eq!("pusher".parse::<SocketType>(), Err(UnknownSocketType));
    }

    #[test]
    fn compatibility_is_mutual() {
        let pairs = SocketType::ALL
            .into_iter()
            .flat_map(|a| SocketType::ALL.map(|b| (a, b)));
        let compatible = pairs.filter(|(a, b)| {
            assert_eq!(a.is_compatible(*b), b.is_compatible(*a), "{a} and {b}");
            a.is_compatible(*b)
        });
        assert_eq!(compatible.count(), 29);
    }
}
