//! The future of a send.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use ferromq_core::{IntoMessage, Message, Sent};

use crate::error::{SendError, SendFailure};
use crate::line::Place;
use crate::ops::Ops;

/// A message on its way into a queue.
///
/// It is made a [`Message`] only when the future is polled: most often it then
/// goes into its queue at once and is never moved.
#[must_use = "futures do nothing unless polled"]
pub(crate) struct Send<'a, S: Ops + ?Sized, M> {
    socket: &'a S,
    message: Option<M>,
    waiting: Option<Box<Waiting>>,
}

/// A send that could not be done with at once.
enum Waiting {
    /// No peer had room.
    ForRoom(Message, Place),
    /// Some peers lag; others had their turn, and this is their last chance.
    ForLate(Message),
}

impl<'a, S: Ops + ?Sized, M> Send<'a, S, M> {
    #[inline]
    pub(crate) fn new(socket: &'a S, message: M) -> Self {
        Self {
            socket,
            message: Some(message),
            waiting: None,
        }
    }
}

/// No reference into what is to be sent outlives a call.
impl<S: Ops + ?Sized, M> Unpin for Send<'_, S, M> {}

impl<S: Ops + ?Sized, M: IntoMessage> Future for Send<'_, S, M> {
    type Output = Result<(), SendError>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        ready!(this.socket.hub().turns.poll_turn(cx));
        let Some(message) = this.message.take() else {
            return poll_waiting(this.socket, &mut this.waiting, cx);
        };
        match offer(this.socket, message) {
            Ok(()) => Poll::Ready(Ok(())),
            Err(unsent) => poll_unsent(this.socket, unsent, &mut this.waiting, cx),
        }
    }
}

/// A message that could not be sent at once, and why.
pub(crate) type Unsent = (Message, Result<Sent, SendFailure>);

/// Sends what can be sent at once. What is borrowed is copied to where it waits, or
/// else becomes a message.
#[inline]
pub(crate) fn offer<S: Ops + ?Sized>(socket: &S, message: impl IntoMessage) -> Result<(), Unsent> {
    let sent = message.as_frame().map(|frame| socket.try_send_frame(frame));
    if let Some(Ok(Sent::Queued)) = sent {
        return Ok(());
    }
    let mut message = message.into_message();
    match sent.unwrap_or_else(|| socket.try_send_owned(&mut message)) {
        Ok(Sent::Queued) => Ok(()),
        unsent => Err((message, unsent)),
    }
}

/// Sends at once, without waiting for those that lag, or not at all.
pub(crate) fn try_send<S: Ops + ?Sized>(
    socket: &S,
    message: impl IntoMessage,
) -> Result<(), SendError> {
    match offer(socket, message) {
        Ok(()) => Ok(()),
        Err((message, Ok(_))) => {
            socket.try_send_late(&message, true);
            Ok(())
        }
        Err((message, Err(reason))) => Err(SendError::new(message, reason)),
    }
}

#[cold]
fn poll_unsent<S: Ops + ?Sized>(
    socket: &S,
    (message, unsent): Unsent,
    waiting: &mut Option<Box<Waiting>>,
    cx: &mut Context<'_>,
) -> Poll<Result<(), SendError>> {
    match unsent {
        Ok(_) => {
            if socket.try_send_late(&message, false) == Sent::Queued {
                return Poll::Ready(Ok(()));
            }
            *waiting = Some(Box::new(Waiting::ForLate(message)));
            cx.waker().wake_by_ref();
            Poll::Pending
        }
        Err(SendFailure::WouldBlock) => {
            *waiting = Some(Box::new(Waiting::ForRoom(message, Place::default())));
            poll_waiting(socket, waiting, cx)
        }
        Err(reason) => Poll::Ready(Err(SendError::new(message, reason))),
    }
}

#[cold]
fn poll_waiting<S: Ops + ?Sized>(
    socket: &S,
    waiting: &mut Option<Box<Waiting>>,
    cx: &mut Context<'_>,
) -> Poll<Result<(), SendError>> {
    let sent = match waiting.as_deref_mut() {
        Some(Waiting::ForRoom(message, place)) => {
            let sent = ready!(place.poll_send(cx, socket, || socket.send_now(message)));
            place.leave(socket.out_lane(), sent.is_ok());
            sent
        }
        Some(Waiting::ForLate(message)) => {
            socket.try_send_late(message, true);
            Ok(())
        }
        // Polled again after it was ready.
        None => return Poll::Pending,
    };
    match (waiting.take().map(|waiting| *waiting), sent) {
        (Some(Waiting::ForRoom(message, _)), Err(reason)) => {
            Poll::Ready(Err(SendError::new(message, reason)))
        }
        _ => Poll::Ready(Ok(())),
    }
}

impl<S: Ops + ?Sized, M> Drop for Send<'_, S, M> {
    #[inline]
    fn drop(&mut self) {
        if let Some(waiting) = self.waiting.take() {
            if let Waiting::ForRoom(_, mut place) = *waiting {
                place.leave(self.socket.out_lane(), false);
            }
        }
    }
}
