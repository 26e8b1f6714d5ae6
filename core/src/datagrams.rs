//! Links of datagrams: messages without connections.

use std::fmt;
use std::io;
use std::task::{Context, Poll};

use zmtp_codec::Message;

/// A link that carries messages one by one, each in a datagram of its own: some may be
/// lost on the way, and nobody can tell who is at the other end.
///
/// The engine polls both ways from one task, and moves what it gets to and from the
/// socket's pipes. What goes wrong with one message is a [`Loss`] of that message and
/// not the end of the link, which only this side ends, by dropping it.
/// `ferromq_compliance::datagrams` is what every implementation must pass.
pub trait Datagrams: Send + 'static {
    /// Receives a message, into the place of another.
    ///
    /// # Errors
    ///
    /// Why something that came is no message. There may be more: `Err` is as good a
    /// reason to poll again as `Ok`.
    fn poll_recv(&mut self, cx: &mut Context<'_>, into: &mut Message) -> Poll<Result<(), Loss>>;

    /// Sends a message, or waits until the system takes it.
    ///
    /// # Errors
    ///
    /// Why it was dropped.
    fn poll_send(&mut self, cx: &mut Context<'_>, message: &Message) -> Poll<Result<(), Loss>>;
}

/// Why a datagram did not become a message, or a message no datagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Loss {
    /// A datagram came that was empty, where the length of its group stands first.
    NoGroup,
    /// A datagram came that ends within its group.
    GroupCut,
    /// A datagram came that is longer than the socket takes.
    TooLongToReceive,
    /// A message was to be sent that makes a longer datagram than may be.
    TooLongToSend,
    /// A message was to be sent that does not have the frames of a datagram.
    Malformed,
    /// A message was to be sent whose first frame is not an address to send it to.
    NoAddress,
    /// The system reported an error where a datagram was to come.
    NotReceived(io::ErrorKind),
    /// The system did not send the datagram.
    NotSent(io::ErrorKind),
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoGroup => "an empty datagram came, without a group",
            Self::GroupCut => "a datagram came that ends within its group",
            Self::TooLongToReceive => "a datagram came that is too long",
            Self::TooLongToSend => "the message is too long for a datagram",
            Self::Malformed => "the message does not have the frames of a datagram",
            Self::NoAddress => "the message's first frame is not an address to send it to",
            Self::NotReceived(error) => return write!(f, "no datagram could be received: {error}"),
            Self::NotSent(error) => return write!(f, "the datagram could not be sent: {error}"),
        })
    }
}

impl std::error::Error for Loss {}
