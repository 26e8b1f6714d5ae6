//! What a messaging pattern is: two synchronous halves over pipes.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use zmtp_codec::{Lent, Message, SocketType};

use crate::drops::Dropped;
use crate::half::Halves;
use crate::option::{OptionError, PatternOption};
use crate::peer::{Peer, PeerId, PeerInfo};
use crate::wakes::Wakes;

/// A messaging pattern: its name in the handshake and its two halves.
///
/// A pattern decides where a message goes and where the next one comes from. It
/// has no I/O, no clock, no tasks and no wakers: the engine calls it, under the
/// half's lock, and does the rest.
pub trait Pattern: Send + Sync + 'static {
    /// The socket type in the handshake.
    const SOCKET_TYPE: SocketType;

    /// [`Split`](crate::Split) if sending and receiving share nothing,
    /// [`Joint`](crate::Joint) if the pattern's own rule ties them,
    /// [`SendOnly`](crate::SendOnly) or [`ReceiveOnly`](crate::ReceiveOnly).
    type Halves: Halves;

    /// The halves of a new socket.
    fn halves() -> Self::Halves;
}

/// A [`Pattern`] whose sockets send.
pub trait CanSend: Pattern {}

/// A [`Pattern`] whose sockets receive.
pub trait CanReceive: Pattern {}

/// A [`Pattern`] whose sockets subscribe to topics: its half has the options
/// [`PatternOption::Subscribe`] and [`PatternOption::Unsubscribe`].
pub trait CanSubscribe: CanReceive {}

/// A [`Pattern`] whose sockets join groups: its half has the options
/// [`PatternOption::Join`] and [`PatternOption::Leave`].
pub trait CanJoin: CanReceive {}

/// A [`Pattern`] whose sockets know their peers by number: a message that was
/// received tells it as its [origin](Message::origin), and one that is sent goes
/// to the peer whose number that is.
pub trait CanAddress: CanSend + CanReceive {}

/// A [`Pattern`] whose sockets know topics: its outbound half answers
/// [`topics`](Outbound::topics).
pub trait HasTopics: Pattern {}

/// A [`Pattern`] whose sockets send to those who have subscribed: its outbound half
/// answers [`subscribers`](Outbound::subscribers).
pub trait HasSubscribers: CanSend {}

/// A [`Pattern`] whose sockets send to a peer by its routing id: its outbound half
/// answers [`is_writable_to`](Outbound::is_writable_to) and
/// [`newest_id`](Outbound::newest_id), and takes
/// [ids that the application chose](Peer::assigned_id).
pub trait CanRoute: CanSend + CanReceive {}

/// A [`Pattern`] whose sockets send requests and receive the reply to each.
pub trait CanRequest: CanSend + CanReceive {
    /// Forgets the request that waits for its reply, so that a later one can be sent.
    /// Returns the peer that was asked if its late reply could be taken for that of
    /// a later request: the pattern has let it go then, and the engine connects to
    /// it anew.
    fn abandon(outbound: &mut <Self::Halves as Halves>::Outbound) -> Option<PeerId>;
}

/// What both halves have in common: peers that come and go.
///
/// The methods are called in the order in which the things happened, always
/// before the next call of [`Outbound`] or [`Inbound`].
pub trait Attend: Send + 'static {
    /// A peer joins.
    fn attach(&mut self, peer: Peer, wakes: &mut Wakes);

    /// A peer's handshake has ended well. For a peer that connects out this may
    /// come again and again; for others it came with [`attach`](Self::attach).
    fn handle_ready(&mut self, _peer: PeerId, _info: &Arc<PeerInfo>, _wakes: &mut Wakes) {}

    /// The connection to a peer has ended; it will be made again, and the peer keeps
    /// its pipes.
    fn handle_lost(&mut self, _peer: PeerId, _wakes: &mut Wakes) {}

    /// The pipe from a peer has messages again, or was closed.
    fn handle_readable(&mut self, _peer: PeerId, _wakes: &mut Wakes) {}

    /// The pipe to a peer has room again, or was closed.
    fn handle_writable(&mut self, _peer: PeerId, _wakes: &mut Wakes) {}

    /// The application disconnects a peer: forget it and what it sent. What was
    /// sent to it leaves first, as linger allows.
    fn detach(&mut self, peer: PeerId);

    /// Forget all peers: the socket closes.
    fn detach_all(&mut self);

    /// What each connection sends before anything else.
    fn prologue(&self) -> Option<Arc<dyn Prologue>> {
        None
    }

    /// Tells what was dropped here, and why, since the beginning: for each peer that is
    /// there, and for the others together. What pipes have lost they tell themselves.
    fn tell_drops(&self, _tell: &mut dyn FnMut(Option<PeerId>, &Dropped)) {}

    /// Sets an option of the pattern.
    ///
    /// # Errors
    ///
    /// [`OptionError::Unsupported`] if the pattern has no such option.
    fn set_option(&mut self, option: &PatternOption) -> Result<(), OptionError> {
        Err(OptionError::Unsupported(option.name()))
    }

    /// Tells the peers what the option just set has to tell them, if anything.
    /// [`Half::set_option`](crate::Half::set_option) calls it.
    fn handle_option(&mut self, _wakes: &mut Wakes) {}
}

/// Messages to be sent one after the other.
pub type Row<'a> = dyn ExactSizeIterator<Item = Lent<'a>> + 'a;

/// The sending half.
pub trait Outbound: Attend {
    /// Sends a message to where it belongs, or to nobody.
    ///
    /// # Errors
    ///
    /// Why not; the message stays with the caller and nothing was sent.
    fn try_send(&mut self, message: &Message, wakes: &mut Wakes) -> Result<Sent, TrySendError>;

    /// Sends a message as [`try_send`](Self::try_send) would, whose sender has no further
    /// use for it: once it is [`Sent::Queued`], nothing may be left in it.
    ///
    /// # Errors
    ///
    /// As [`try_send`](Self::try_send), and then the message is as it was.
    #[inline]
    fn try_send_owned(
        &mut self,
        message: &mut Message,
        wakes: &mut Wakes,
    ) -> Result<Sent, TrySendError> {
        self.try_send(message, wakes)
    }

    /// Sends a message of one frame, as [`try_send`](Self::try_send) would. A pattern
    /// that need not look at it can copy it to where it waits.
    ///
    /// # Errors
    ///
    /// As [`try_send`](Self::try_send).
    #[inline]
    fn try_send_frame(&mut self, body: &[u8], wakes: &mut Wakes) -> Result<Sent, TrySendError> {
        self.try_send(&Message::from(body), wakes)
    }

    /// Sends messages as [`try_send`](Self::try_send) would, from the first on, until
    /// one is not [`Sent::Queued`] or none is left. Says how many are, and what became
    /// of the next, which may have been taken from `messages`.
    ///
    /// A pattern that need not look at them can queue many at once.
    fn try_send_many(
        &mut self,
        messages: &mut Row<'_>,
        wakes: &mut Wakes,
    ) -> (usize, Result<Sent, TrySendError>) {
        let mut queued = 0;
        for message in messages {
            let sent = match message {
                Lent::Frame(body) => self.try_send_frame(body, wakes),
                Lent::Message(message) => self.try_send(&message, wakes),
            };
            match sent {
                Ok(Sent::Queued) => queued += 1,
                sent => return (queued, sent),
            }
        }
        (queued, Ok(Sent::Queued))
    }

    /// Offers the message to the peers that lagged, after [`try_send`](Self::try_send)
    /// said that some do and `wakes` were woken, which may have made room.
    ///
    /// With `last` there is no further time: whoever lags still does not get it.
    fn try_send_late(&mut self, _message: &Message, _last: bool, _wakes: &mut Wakes) -> Sent {
        Sent::Queued
    }

    /// Promises that a message which begins with the frame `head` can be sent:
    /// holds a slot in the pipe it will go to.
    ///
    /// # Errors
    ///
    /// As [`try_send`](Self::try_send).
    fn reserve(&mut self, head: &[u8], wakes: &mut Wakes) -> Result<Slot, TrySendError>;

    /// Sends a message into a slot. If the peer has left meanwhile the message is
    /// dropped, as a message in its pipe would be.
    fn commit(&mut self, slot: Slot, message: &Message, wakes: &mut Wakes);

    /// Gives a slot back.
    fn release(&mut self, slot: Slot);

    /// Whether [`try_send`](Self::try_send) could succeed now.
    fn is_writable(&mut self, wakes: &mut Wakes) -> bool;

    /// Whether there is a peer of that number, where messages are
    /// [addressed](CanAddress) by it; `None` where they are not.
    fn has_peer(&self, _peer: PeerId) -> Option<bool> {
        None
    }

    /// Whether a message to the peer of that routing id could be sent now
    /// (`zmq_socket_get_peer_state`).
    ///
    /// # Errors
    ///
    /// [`TrySendError::Unroutable`] if no peer has the id, and
    /// [`TrySendError::Unsupported`] if the pattern does not know peers by ids.
    fn is_writable_to(&mut self, _id: &[u8], _wakes: &mut Wakes) -> Result<bool, TrySendError> {
        Err(TrySendError::Unsupported)
    }

    /// The routing id that was given last, if the pattern [knows peers by
    /// ids](CanRoute).
    fn newest_id(&self) -> Option<Bytes> {
        None
    }

    /// How many different topics are subscribed to (`ZMQ_TOPICS_COUNT`), if the
    /// pattern [has topics](HasTopics).
    fn topics(&self) -> Option<usize> {
        None
    }

    /// How many peers have subscribed to anything, or would be sent a message with
    /// that `topic`, if the pattern [has subscribers](HasSubscribers).
    fn subscribers(&mut self, _topic: Option<&[u8]>, _wakes: &mut Wakes) -> Option<usize> {
        None
    }
}

/// The receiving half.
pub trait Inbound: Attend {
    /// Takes the next message, into the place of another.
    ///
    /// # Errors
    ///
    /// Why there is none.
    fn try_recv(&mut self, into: &mut Message, wakes: &mut Wakes) -> Result<(), TryRecvError>;

    /// Takes messages as [`try_recv`](Self::try_recv) would, up to `limit`, which is not
    /// zero, and puts them behind those in `into`; says how many.
    ///
    /// # Errors
    ///
    /// Why there is none.
    fn try_recv_many(
        &mut self,
        into: &mut Vec<Message>,
        limit: usize,
        wakes: &mut Wakes,
    ) -> Result<usize, TryRecvError> {
        for received in 0..limit {
            // Where it stays, so that it is not moved.
            into.push(const { Message::new() });
            let Some(message) = into.last_mut() else {
                break;
            };
            if let Err(error) = self.try_recv(message, wakes) {
                into.pop();
                return if received > 0 {
                    Ok(received)
                } else {
                    Err(error)
                };
            }
        }
        Ok(limit)
    }

    /// Whether [`try_recv`](Self::try_recv) would succeed now.
    fn is_readable(&mut self, wakes: &mut Wakes) -> bool;
}

/// What became of a message that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// It is queued for everybody who is to get it.
    Queued,
    /// Some who are to get it are at their high-water mark and would miss it:
    /// [`Outbound::try_send_late`] comes next.
    Lagging,
}

/// A promised slot, from [`Outbound::reserve`].
#[derive(Debug)]
#[must_use = "commit or release it"]
pub enum Slot {
    /// In the pipe to this peer.
    Peer(PeerId),
    /// In no pipe: who gets the message is decided when it is sent, or nobody does.
    Open,
}

/// Why a message could not be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TrySendError {
    /// No peer, or every peer at its high-water mark: try again later.
    Full,
    /// A ROUTER has no peer of that routing id, or a SERVER or PEER none of that
    /// number (`EHOSTUNREACH`).
    Unroutable,
    /// The pattern does not let one send now: a REQ that waits for its reply, a
    /// REP that has no request (`EFSM`).
    OutOfTurn,
    /// The message lacks the frames that the pattern needs, or has too many.
    Malformed,
    /// Sockets of this pattern only receive (`ENOTSUP`).
    Unsupported,
}

/// Why there is no message to receive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TryRecvError {
    /// No message is there: try again later.
    Empty,
    /// The pattern does not let one receive now: a REQ that has not sent, a REP
    /// that has not replied (`EFSM`).
    OutOfTurn,
    /// Sockets of this pattern only send (`ENOTSUP`).
    Unsupported,
}

impl fmt::Display for TrySendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full => "no peer can take a message now",
            Self::Unroutable => "no peer has that routing id",
            Self::OutOfTurn => "the socket must receive before it sends",
            Self::Malformed => "the message does not have the frames this socket needs",
            Self::Unsupported => "this socket only receives",
        })
    }
}

impl fmt::Display for TryRecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "no message is there",
            Self::OutOfTurn => "the socket must send before it receives",
            Self::Unsupported => "this socket only sends",
        })
    }
}

impl std::error::Error for TrySendError {}
impl std::error::Error for TryRecvError {}

/// A source of frames that a connection sends before anything else, each time it
/// is ready: a subscriber's subscriptions.
///
/// Drivers pull it, so that no queue holds it and no mark cuts it short.
pub trait Prologue: Send + Sync {
    /// The first frame after `last` in the source's own order, or the first at
    /// all; `None` at the end.
    fn next(&self, last: Option<&Bytes>) -> Option<Bytes>;
}
