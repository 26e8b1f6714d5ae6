//! Peers that are addressed by number: those of a SERVER or PEER.

use ferromq_core::{CanAddress, IntoMessage, Message, OptionError, PeerId};

use crate::any::AnySocket;
use crate::error::{LinkError, SendError};
use crate::ops::Ops;
use crate::socket::Socket;

impl<P: CanAddress, D> Socket<P, D> {
    /// Sends a message to the peer of that number, as [`send`](Self::send) sends one
    /// with that [origin](ferromq_core::Message::origin).
    ///
    /// # Errors
    ///
    /// [`SendError`] as for [`send`](Self::send);
    /// [`SendFailure::Unroutable`](crate::SendFailure::Unroutable) if nobody has the number.
    ///
    /// # Cancel safety
    ///
    /// As [`send`](Self::send).
    pub fn send_to(
        &self,
        peer: u32,
        message: impl IntoMessage,
    ) -> impl Future<Output = Result<(), SendError>> {
        self.send(numbered(peer, message))
    }

    /// [Connects](Self::connect), and returns the number of the peer that will be
    /// there. What is sent to it already waits for it. (`zmq_connect_peer`)
    ///
    /// # Errors
    ///
    /// [`LinkError`] as for [`connect`](Self::connect); [`LinkError::Option`] with
    /// [`immediate`](crate::Options::immediate), by which each connection is to a new
    /// peer.
    pub fn connect_peer(&self, endpoint: &str) -> Result<u32, LinkError> {
        connect_peer(self.inner(), endpoint)
    }

    /// Lets the peer of that number go, and connects to it no more if it was this side
    /// that did. What was sent to it still leaves, as the socket lingers; what it has
    /// sent and nobody has received is discarded. (`zmq_disconnect_peer`)
    ///
    /// # Errors
    ///
    /// [`LinkError::NoSuchPeer`] if nobody has the number.
    pub fn disconnect_peer(&self, peer: u32) -> Result<(), LinkError> {
        disconnect_peer(self.inner(), peer)
    }
}

#[cfg(feature = "blocking")]
impl<P: CanAddress, D> crate::blocking::Socket<P, D> {
    /// As [`Socket::send_to`], blocking the thread.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn send_to(&self, peer: u32, message: impl IntoMessage) -> Result<(), SendError> {
        self.send(numbered(peer, message))
    }

    /// As [`Socket::connect_peer`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn connect_peer(&self, endpoint: &str) -> Result<u32, LinkError> {
        self.as_async().connect_peer(endpoint)
    }

    /// As [`Socket::disconnect_peer`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn disconnect_peer(&self, peer: u32) -> Result<(), LinkError> {
        self.as_async().disconnect_peer(peer)
    }
}

impl AnySocket {
    /// As [`Socket::connect_peer`].
    ///
    /// # Errors
    ///
    /// [`LinkError`]; [`LinkError::NoNumbers`] if the socket is no SERVER or PEER.
    pub fn connect_peer(&self, endpoint: &str) -> Result<u32, LinkError> {
        connect_peer(self.ops(), endpoint)
    }

    /// As [`Socket::disconnect_peer`].
    ///
    /// # Errors
    ///
    /// [`LinkError::NoSuchPeer`]; [`LinkError::NoNumbers`] if the socket is no SERVER or
    /// PEER.
    pub fn disconnect_peer(&self, peer: u32) -> Result<(), LinkError> {
        disconnect_peer(self.ops(), peer)
    }
}

fn numbered(peer: u32, message: impl IntoMessage) -> Message {
    let mut message = message.into_message();
    message.set_origin(peer);
    message
}

fn connect_peer(socket: &(impl Ops + ?Sized), endpoint: &str) -> Result<u32, LinkError> {
    if socket.has_peer(PeerId::new(0)).is_none() {
        return Err(LinkError::NoNumbers);
    }
    let hub = socket.hub();
    if hub.options().immediate {
        return Err(LinkError::Option(OptionError::OutOfRange("ZMQ_IMMEDIATE")));
    }
    let peer = hub.connect_peer(endpoint)?;
    socket.attend();
    Ok(peer.get())
}

fn disconnect_peer(socket: &(impl Ops + ?Sized), number: u32) -> Result<(), LinkError> {
    let peer = PeerId::new(number);
    match socket.has_peer(peer) {
        None => return Err(LinkError::NoNumbers),
        Some(false) => return Err(LinkError::NoSuchPeer(number)),
        Some(true) => {}
    }
    socket.hub().disconnect_peer(peer);
    socket.attend();
    Ok(())
}
