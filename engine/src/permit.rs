//! Slots: the right to send a message later without waiting.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use ferromq_core::{IntoMessage, Slot};

use crate::error::SendFailure;
use crate::line::Place;
use crate::ops::Ops;

/// The right to send one message without waiting, from
/// [`Socket::reserve`](crate::Socket::reserve). Dropping it gives the slot back.
#[must_use = "a permit holds a slot"]
pub struct Permit<'a> {
    socket: &'a dyn Ops,
    slot: Option<Slot>,
}

/// A slot to come.
#[must_use = "futures do nothing unless polled"]
pub(crate) struct Reserve<'a> {
    socket: &'a dyn Ops,
    head: &'a [u8],
    place: Place,
}

impl<'a> Permit<'a> {
    /// Takes a slot for a message that begins with the frame `head`, if there is one.
    pub(crate) fn try_new(socket: &'a dyn Ops, head: &[u8]) -> Result<Self, SendFailure> {
        socket.reserve(head).map(|slot| Self {
            socket,
            slot: Some(slot),
        })
    }

    /// Sends the message for which the slot was reserved. If the peer has left
    /// since, the message is dropped, as one in its queue would be.
    pub fn send(mut self, message: impl IntoMessage) {
        if let Some(slot) = self.slot.take() {
            self.socket.commit(slot, &message.into_message());
        }
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if let Some(slot) = self.slot.take() {
            self.socket.release(slot);
        }
    }
}

impl fmt::Debug for Permit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Permit").field(&self.slot).finish()
    }
}

impl<'a> Reserve<'a> {
    pub(crate) fn new(socket: &'a dyn Ops, head: &'a [u8]) -> Self {
        Self {
            socket,
            head,
            place: Place::default(),
        }
    }
}

impl<'a> Future for Reserve<'a> {
    type Output = Result<Permit<'a>, SendFailure>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self {
            socket,
            head,
            place,
        } = self.get_mut();
        ready!(socket.hub().turns.poll_turn(cx));
        let attempt = || Permit::try_new(*socket, head);
        if !place.is_taken() {
            match attempt() {
                Err(SendFailure::WouldBlock) => {}
                outcome => return Poll::Ready(outcome),
            }
        }
        let permit = ready!(place.poll_send(cx, *socket, attempt));
        place.leave(socket.out_lane(), permit.is_ok());
        Poll::Ready(permit)
    }
}

impl Drop for Reserve<'_> {
    fn drop(&mut self) {
        self.place.leave(self.socket.out_lane(), false);
    }
}
