//! Peers as an application sees them: who is there, how far the others have come, and
//! why some have left.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use ferromq_core::{Endpoint, Pattern, PeerInfo};

use crate::any::AnySocket;
use crate::end::End;
use crate::hub::Hub;
use crate::ops::Ops;
use crate::socket::Socket;

/// A peer of a socket as it is at one moment.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PeerStatus {
    /// Its number, which no other peer of the socket gets: the
    /// [origin](ferromq_core::Message::origin) of its messages.
    pub number: u32,
    /// The endpoint that the socket has bound or connected to, as for
    /// [`Event::endpoint`](crate::Event::endpoint).
    pub endpoint: Endpoint,
    /// Whether this socket connects to it; otherwise it has connected to this one.
    pub dialed: bool,
    /// How far it has come.
    pub state: PeerState,
    /// Its address, once there was a connection; none over `inproc://`.
    pub address: Option<Box<str>>,
    /// What its last handshake told: its socket type, its routing id and properties.
    pub info: Option<Arc<PeerInfo>>,
    /// How many handshakes with it have succeeded: of a peer that this socket connects
    /// to, one more than there were reconnections.
    pub handshakes: u64,
    /// How its last connection has ended, or why the last attempt to make one failed.
    pub last_end: Option<End>,
}

/// How far a peer has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PeerState {
    /// An attempt to connect is under way; over `inproc://`, nobody has bound the name yet.
    Connecting,
    /// There is a connection, and its handshake is under way.
    Handshaking,
    /// Messages go both ways.
    Ready,
    /// The socket will connect again.
    Waiting {
        /// After so long.
        left: Duration,
    },
    /// The socket does not try any more, for the reason in
    /// [`last_end`](PeerStatus::last_end): the peer has broken the protocol, or
    /// [`reconnect_stop`](crate::Options::reconnect_stop) or
    /// [`reconnect_interval`](crate::Options::reconnect_interval) wants it so. It is told
    /// until the endpoint is disconnected or connected to again.
    GaveUp,
}

/// A connection that has ended.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Departure {
    /// The peer's number.
    pub number: u32,
    /// The endpoint that the socket has bound or connected to.
    pub endpoint: Endpoint,
    /// The peer's address; none over `inproc://`.
    pub address: Option<Box<str>>,
    /// What its handshake told, if it came so far.
    pub info: Option<Arc<PeerInfo>>,
    /// Whether its handshake had succeeded.
    pub was_ready: bool,
    /// Why the connection has ended.
    pub end: End,
    /// When that was noticed.
    pub at: SystemTime,
}

impl PeerStatus {
    /// The routing id that the peer has given itself; often empty.
    #[must_use]
    pub fn routing_id(&self) -> &[u8] {
        let info = self.info.as_ref();
        info.map_or(&[], |info| &info.identity)
    }

    /// A property of its last handshake, as of
    /// [`PeerInfo::property`](ferromq_core::PeerInfo::property).
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&[u8]> {
        self.info.as_ref()?.property(name)
    }
}

/// In a child of the process that made the socket, nobody.
fn peers(hub: &Hub) -> Vec<PeerStatus> {
    match hub.home.is_foreign() {
        true => Vec::new(),
        false => hub.roster.peers(),
    }
}

fn departures(hub: &Hub) -> Vec<Departure> {
    match hub.home.is_foreign() {
        true => Vec::new(),
        false => hub.roster.departures(),
    }
}

impl<P: Pattern, D> Socket<P, D> {
    /// The socket's peers: those that are there, those it connects to and has not reached
    /// yet, and those that are just introducing themselves; in the order in which they
    /// came.
    ///
    /// Of peers over `inproc://` it is told when somebody asks that they have left.
    ///
    /// ```no_run
    /// # fn example<P: ferromq_core::Pattern>(socket: ferromq_engine::Socket<P>) {
    /// for peer in socket.peers() {
    ///     println!("{peer}");
    /// }
    /// for departure in socket.departures() {
    ///     println!("{departure}");
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn peers(&self) -> Vec<PeerStatus> {
        peers(self.inner().hub())
    }

    /// The last 16 connections that have ended, the first one first, and why each did.
    /// Of more than 16, those whose handshake never succeeded are forgotten first. What
    /// happens from now on a [`monitor`](Self::monitor) tells one by one.
    #[must_use]
    pub fn departures(&self) -> Vec<Departure> {
        departures(self.inner().hub())
    }
}

impl AnySocket {
    /// As [`Socket::peers`].
    #[must_use]
    pub fn peers(&self) -> Vec<PeerStatus> {
        peers(self.ops().hub())
    }

    /// As [`Socket::departures`].
    #[must_use]
    pub fn departures(&self) -> Vec<Departure> {
        departures(self.ops().hub())
    }
}

#[cfg(feature = "blocking")]
impl<P: Pattern, D> crate::blocking::Socket<P, D> {
    /// As [`Socket::peers`].
    #[must_use]
    pub fn peers(&self) -> Vec<PeerStatus> {
        self.as_async().peers()
    }

    /// As [`Socket::departures`].
    #[must_use]
    pub fn departures(&self) -> Vec<Departure> {
        self.as_async().departures()
    }
}

impl fmt::Display for PeerStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.number, self.endpoint)?;
        if let Some(address) = &self.address {
            write!(f, " ({address})")?;
        }
        write!(f, ": {}", self.state)?;
        match &self.last_end {
            Some(end) if self.state != PeerState::Ready => write!(f, ", because {end}"),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for PeerState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connecting => f.write_str("connecting"),
            Self::Handshaking => f.write_str("introducing itself"),
            Self::Ready => f.write_str("ready"),
            Self::Waiting { left } => write!(f, "to be connected to again in {left:?}"),
            Self::GaveUp => f.write_str("given up"),
        }
    }
}

impl fmt::Display for Departure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.number, self.endpoint)?;
        if let Some(address) = &self.address {
            write!(f, " ({address})")?;
        }
        write!(f, " has left: {}", self.end)
    }
}
