//! The future of a send.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use ferromq_core::{Halves, Message, Pattern, Sent, Ticket};

use crate::error::{SendError, SendFailure};
use crate::patience::Patience;
use crate::socket::Core;

/// A message on its way into a queue, from [`Socket::send`](crate::Socket::send).
///
/// It is made a [`Message`] only when the future is polled: most often it then
/// goes into its queue at once and is never moved.
#[must_use = "futures do nothing unless polled"]
pub struct Send<'a, P: Pattern, M> {
    core: &'a Core<P>,
    message: Option<M>,
    waiting: Option<Box<Waiting>>,
}

/// A send that could not be done with at once.
enum Waiting {
    /// No peer had room.
    ForRoom {
        message: Message,
        ticket: Ticket,
        patience: Patience,
    },
    /// Some peers lag; others had their turn, and this is their last chance.
    ForLate(Message),
}

impl<'a, P: Pattern, M> Send<'a, P, M> {
    #[inline]
    pub(crate) fn new(core: &'a Core<P>, message: M) -> Self {
        Self {
            core,
            message: Some(message),
            waiting: None,
        }
    }
}

impl<P: Pattern, M: Into<Message> + Unpin> Future for Send<'_, P, M> {
    type Output = Result<(), SendError>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        ready!(this.core.hub.turns.poll_turn(cx));
        let Some(message) = this.message.take() else {
            return poll_waiting(this.core, &mut this.waiting, cx);
        };
        let message = message.into();
        match this.core.try_send(&message) {
            Ok(Sent::Queued) => Poll::Ready(Ok(())),
            Ok(Sent::Lagging) => {
                if this.core.try_send_late(&message, false) == Sent::Queued {
                    return Poll::Ready(Ok(()));
                }
                this.waiting = Some(Box::new(Waiting::ForLate(message)));
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Err(SendFailure::WouldBlock) => {
                let ticket = this
                    .core
                    .halves
                    .outbound()
                    .lane()
                    .waiters()
                    .wait(cx.waker());
                let patience = Patience::default();
                this.waiting = Some(Box::new(Waiting::ForRoom {
                    message,
                    ticket,
                    patience,
                }));
                poll_waiting(this.core, &mut this.waiting, cx)
            }
            Err(reason) => Poll::Ready(Err(SendError::new(message, reason))),
        }
    }
}

/// Tries again, in line; whoever has just joined the line must, because room
/// may have come before.
#[cold]
fn poll_waiting<P: Pattern>(
    core: &Core<P>,
    waiting: &mut Option<Box<Waiting>>,
    cx: &mut Context<'_>,
) -> Poll<Result<(), SendError>> {
    let attempt = match waiting.as_deref_mut() {
        Some(Waiting::ForRoom {
            message,
            ticket,
            patience,
        }) => {
            ready!(poll_for_room(core, message, ticket, patience, cx))
        }
        Some(Waiting::ForLate(message)) => {
            core.try_send_late(message, true);
            Ok(())
        }
        // Polled again after it was ready.
        None => return Poll::Pending,
    };
    match (waiting.take().map(|waiting| *waiting), attempt) {
        (
            Some(Waiting::ForRoom {
                message, ticket, ..
            }),
            attempt,
        ) => {
            core.halves
                .outbound()
                .lane()
                .waiters()
                .leave(ticket, attempt.is_ok());
            Poll::Ready(attempt.map_err(|reason| SendError::new(message, reason)))
        }
        _ => Poll::Ready(Ok(())),
    }
}

fn poll_for_room<P: Pattern>(
    core: &Core<P>,
    message: &Message,
    ticket: &Ticket,
    patience: &mut Patience,
    cx: &mut Context<'_>,
) -> Poll<Result<(), SendFailure>> {
    let try_send = || {
        core.try_send(message).map(|sent| {
            if sent == Sent::Lagging {
                core.try_send_late(message, true);
            }
        })
    };
    let mut attempt = try_send();
    if attempt == Err(SendFailure::WouldBlock) {
        core.halves
            .outbound()
            .lane()
            .waiters()
            .wait_on(ticket, cx.waker());
        attempt = try_send();
    }
    if attempt == Err(SendFailure::WouldBlock) {
        let timeout = core.hub.options().send_timeout;
        ready!(patience.poll_over(cx, &core.hub, timeout));
        attempt = Err(SendFailure::Timeout);
    }
    Poll::Ready(attempt)
}

impl<P: Pattern, M> Drop for Send<'_, P, M> {
    #[inline]
    fn drop(&mut self) {
        if let Some(waiting) = self.waiting.take() {
            if let Waiting::ForRoom { ticket, .. } = *waiting {
                self.core
                    .halves
                    .outbound()
                    .lane()
                    .waiters()
                    .leave(ticket, false);
            }
        }
    }
}
