//! Peers by their routing ids, and topics: what only some sockets know.

use bytes::Bytes;
use ferromq_core::{CanRoute, HasTopics, OptionError};

use crate::any::AnySocket;
use crate::error::{LinkError, SendFailure};
use crate::ops::Ops;
use crate::socket::Socket;

/// The option that [`Socket::connect_as`] stands for.
const OPTION: &str = "ZMQ_CONNECT_ROUTING_ID";

impl<P: CanRoute, D> Socket<P, D> {
    /// Connects to an endpoint, to a peer that is known here by `id`, whatever it
    /// calls itself. A message for it can be sent at once. (`ZMQ_CONNECT_ROUTING_ID`
    /// and then `zmq_connect`)
    ///
    /// The peer keeps the id over reconnections, until it is
    /// [disconnected](Self::disconnect). With [`immediate`](crate::Options::immediate) it
    /// has it from when it is there.
    ///
    /// # Errors
    ///
    /// [`LinkError::Option`] if the id is empty, [`LinkError::IdTaken`] if another peer
    /// has it, and all of [`connect`](Self::connect).
    pub fn connect_as(&self, endpoint: &str, id: impl Into<Bytes>) -> Result<(), LinkError> {
        connect_as(self.inner(), endpoint, id.into())
    }

    /// Whether a message to the peer of that routing id could be sent now.
    /// (`zmq_socket_get_peer_state`)
    ///
    /// # Errors
    ///
    /// [`SendFailure::Unroutable`] if no peer has the id, [`SendFailure::Closed`] if the
    /// socket is closed.
    pub fn is_writable_to(&self, id: impl AsRef<[u8]>) -> Result<bool, SendFailure> {
        self.inner().is_writable_to(id.as_ref())
    }

    /// The routing id that was given to a peer last: so a STREAM that connects learns
    /// whom it can send to, if it does not [say so](Self::connect_as) itself.
    /// (`ZMQ_ROUTING_ID` of a STREAM)
    #[must_use]
    pub fn newest_id(&self) -> Option<Bytes> {
        self.inner().newest_id()
    }
}

impl<P: HasTopics, D> Socket<P, D> {
    /// How many different topics there are now: that a SUB or XSUB has subscribed to,
    /// or that the subscribers of a PUB or XPUB have. (`ZMQ_TOPICS_COUNT`)
    #[must_use]
    pub fn topics(&self) -> usize {
        self.inner().topics().unwrap_or_default()
    }
}

impl AnySocket {
    /// As [`Socket::connect_as`].
    ///
    /// # Errors
    ///
    /// [`LinkError::Option`] also if sockets of this type do not address peers.
    pub fn connect_as(&self, endpoint: &str, id: impl Into<Bytes>) -> Result<(), LinkError> {
        connect_as(self.ops(), endpoint, id.into())
    }

    /// As [`Socket::is_writable_to`].
    ///
    /// # Errors
    ///
    /// [`SendFailure::Unroutable`] if no peer has the id,
    /// [`SendFailure::Unsupported`] if sockets of this type do not address peers.
    pub fn is_writable_to(&self, id: impl AsRef<[u8]>) -> Result<bool, SendFailure> {
        self.ops().is_writable_to(id.as_ref())
    }

    /// As [`Socket::newest_id`]; nothing if sockets of this type do not address peers.
    #[must_use]
    pub fn newest_id(&self) -> Option<Bytes> {
        self.ops().newest_id()
    }

    /// As [`Socket::topics`]; nothing if sockets of this type have no topics.
    #[must_use]
    pub fn topics(&self) -> Option<usize> {
        self.ops().topics()
    }
}

fn connect_as<S: Ops + ?Sized>(socket: &S, endpoint: &str, id: Bytes) -> Result<(), LinkError> {
    let hub = socket.hub();
    // Whoever else connects by this id meanwhile finds it taken.
    let reservation = hub.reserve_id(&id);
    match socket.is_writable_to(&id) {
        Err(SendFailure::Unsupported) => {
            return Err(LinkError::Option(OptionError::Unsupported(OPTION)));
        }
        _ if id.is_empty() => return Err(LinkError::Option(OptionError::OutOfRange(OPTION))),
        Err(SendFailure::Unroutable) if reservation.is_some() => {}
        Err(SendFailure::Forked) => return Err(LinkError::Forked),
        Err(SendFailure::Closed) => return Err(LinkError::Closed),
        _ => {
            drop(reservation);
            return Err(LinkError::IdTaken(id));
        }
    }
    hub.connect(endpoint, Some(id.clone()))?;
    drop(reservation);
    socket.attend();
    Ok(())
}
