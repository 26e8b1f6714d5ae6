//! What a scenario does with a socket, whoever has made it.

use std::time::Duration;

use ferromq::SocketType;

use crate::errno::Errno;
use crate::event::Happening;
use crate::opt::Opt;
use crate::ours::Ours;
use crate::parcel::Parcel;
use crate::theirs::Theirs;

/// A socket of either library. Its errors are what the library says.
pub(crate) trait Socket {
    /// Sets an option.
    fn set(&mut self, option: Opt) -> Result<(), Errno>;

    /// Binds, and returns the endpoint to connect to.
    fn bind(&mut self, endpoint: &str) -> Result<String, Errno>;

    /// Connects.
    fn connect(&mut self, endpoint: &str) -> Result<(), Errno>;

    /// Connects by way of a SOCKS5 proxy, at `host:port`, with a user and a password
    /// unless they are empty.
    fn connect_by(&mut self, proxy: &str, login: [&str; 2], endpoint: &str) -> Result<(), Errno>;

    /// Lets go what is connected there.
    fn disconnect(&mut self, endpoint: &str) -> Result<(), Errno>;

    /// Lets go what is bound there.
    fn unbind(&mut self, endpoint: &str) -> Result<(), Errno>;

    /// Connects, and returns the number of the peer.
    fn connect_peer(&mut self, endpoint: &str) -> Result<u32, Errno>;

    /// Lets a peer go.
    fn disconnect_peer(&mut self, peer: u32) -> Result<(), Errno>;

    /// Joins a group.
    fn join(&mut self, group: &str) -> Result<(), Errno>;

    /// Leaves a group.
    fn leave(&mut self, group: &str) -> Result<(), Errno>;

    /// Sends within `wait`, or not at all.
    fn send(&mut self, parcel: &Parcel, wait: Duration) -> Result<(), Errno>;

    /// Receives within `wait`.
    fn recv(&mut self, wait: Duration) -> Result<Parcel, Errno>;

    /// A property of who has sent what was received last.
    fn property(&mut self, name: &str) -> Option<String>;

    /// The next event of the socket's monitor, if there is one.
    fn event(&mut self) -> Option<Happening>;

    /// Has the monitor told how much waits in each queue.
    fn report_queues(&mut self) -> Result<(), Errno>;

    /// How many topics a publisher or subscriber knows of.
    fn topics(&mut self) -> Result<usize, Errno>;

    /// Where it has bound or connected last.
    fn last_endpoint(&mut self) -> Result<String, Errno>;

    /// The id of the STREAM's newest connection.
    fn newest_id(&mut self) -> Result<Vec<u8>, Errno>;

    /// Whether a ROUTER has room for this peer.
    fn has_room_for(&mut self, id: &[u8]) -> Result<bool, Errno>;

    /// Whether something can be received, and whether something can be sent. It also has
    /// the library do what only happens when a socket is used.
    fn readiness(&mut self) -> (bool, bool);

    /// What a proxy takes hold of.
    fn handle(&self) -> Handle;
}

/// What a proxy takes hold of.
#[derive(Clone)]
pub(crate) enum Handle {
    /// A socket of ferromq.
    Ours(ferromq::AnySocket),
    /// The address of a socket of libzmq.
    Theirs(usize),
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
    /// A socket that does not linger, with these options and a monitor.
    pub(crate) fn make(self, kind: SocketType, options: &[Opt]) -> Result<Box<dyn Socket>, Errno> {
        let mut socket: Box<dyn Socket> = match self {
            Self::Ours => Box::new(Ours::new(kind)?),
            Self::Theirs => Box::new(Theirs::new(kind)?),
        };
        for option in options {
            socket.set(*option)?;
        }
        Ok(socket)
    }
}
