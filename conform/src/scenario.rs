//! What happens, as data.

use ferromq::SocketType;

use crate::socket::Maker;

/// One of the two sockets of a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The one that is named first.
    First,
    /// The other.
    Second,
}

impl Role {
    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::First => Self::Second,
            Self::Second => Self::First,
        }
    }
}

/// Two sockets, and what they do.
#[derive(Debug, Clone, Copy)]
pub struct Scenario<'a> {
    /// What it shows.
    pub name: &'static str,
    /// The type of the first socket.
    pub first: SocketType,
    /// The type of the second.
    pub second: SocketType,
    /// What they do, one after the other.
    pub steps: &'a [Step],
}

/// Something that a socket does. What comes of it goes into the script.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    /// One binds and the other connects.
    Meet,
    /// As [`Meet`](Self::Meet), by `zmq_connect_peer`, whose number the one that
    /// connects knows then.
    MeetPeer,
    /// Sends a message of these frames; a SERVER or PEER to the peer that it knows.
    Send(Role, &'static [&'static str]),
    /// Sends so many bytes.
    SendLarge(Role, usize),
    /// Sends to the number that nobody has.
    SendToNobody(Role),
    /// Sends to a group.
    SendToGroup(Role, &'static str, &'static str),
    /// Sends until it is refused for another reason than that it has to wait.
    SendUntilRefused(Role),
    /// Sends until the other receives.
    SendUntilReceived(Role),
    /// Receives; whose number the message bears is known from then on.
    Receive(Role),
    /// Joins a group.
    Join(Role, &'static str),
    /// Joins a group whose name has so many letters.
    JoinLong(Role, usize),
    /// Leaves a group.
    Leave(Role, &'static str),
    /// The first sends to a group until the second receives, which it has joined last.
    Sync(&'static str),
    /// Lets the peer go that it knows.
    DisconnectPeer(Role),
    /// Lets the peer go that nobody is.
    DisconnectNobody(Role),
    /// The one that has bound is gone, and comes back at the same endpoint.
    Restart,
}

/// Who makes the sockets, and who of them binds.
#[derive(Debug, Clone, Copy)]
pub struct Mix {
    /// Who makes the first.
    pub first: Maker,
    /// Who makes the second.
    pub second: Maker,
    /// Who binds.
    pub binds: Role,
}

/// What the sockets are connected by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// TCP, on the loopback.
    Tcp,
    /// A Unix socket.
    Ipc,
}
