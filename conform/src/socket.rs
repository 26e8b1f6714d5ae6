//! What a scenario does with a socket, whoever has made it.

use std::time::Duration;

use ferromq::SocketType;

use crate::errno::Errno;
use crate::ours::Ours;
use crate::parcel::Parcel;
use crate::theirs::Theirs;

/// A socket of either library.
pub trait Socket {
    /// Binds, and returns the endpoint to connect to.
    ///
    /// # Errors
    ///
    /// What the library says, as everywhere here.
    fn bind(&mut self, endpoint: &str) -> Result<String, Errno>;

    /// Connects.
    ///
    /// # Errors
    ///
    /// As for [`bind`](Self::bind).
    fn connect(&mut self, endpoint: &str) -> Result<(), Errno>;

    /// Connects, and returns the number of the peer.
    ///
    /// # Errors
    ///
    /// As for [`bind`](Self::bind).
    fn connect_peer(&mut self, endpoint: &str) -> Result<u32, Errno>;

    /// Lets a peer go.
    ///
    /// # Errors
    ///
    /// As for [`bind`](Self::bind).
    fn disconnect_peer(&mut self, peer: u32) -> Result<(), Errno>;

    /// Joins a group.
    ///
    /// # Errors
    ///
    /// As for [`bind`](Self::bind).
    fn join(&mut self, group: &str) -> Result<(), Errno>;

    /// Leaves a group.
    ///
    /// # Errors
    ///
    /// As for [`bind`](Self::bind).
    fn leave(&mut self, group: &str) -> Result<(), Errno>;

    /// Sends within `wait`, or not at all.
    ///
    /// # Errors
    ///
    /// As for [`bind`](Self::bind).
    fn send(&mut self, parcel: &Parcel, wait: Duration) -> Result<(), Errno>;

    /// Receives within `wait`.
    ///
    /// # Errors
    ///
    /// As for [`bind`](Self::bind).
    fn recv(&mut self, wait: Duration) -> Result<Parcel, Errno>;
}

/// Who makes a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maker {
    /// ferromq.
    Ours,
    /// libzmq.
    Theirs,
}

impl Maker {
    /// A socket that does not linger.
    ///
    /// # Errors
    ///
    /// What the library says.
    pub fn make(self, kind: SocketType) -> Result<Box<dyn Socket>, Errno> {
        Ok(match self {
            Self::Ours => Box::new(Ours::new(kind)?),
            Self::Theirs => Box::new(Theirs::new(kind)?),
        })
    }
}
