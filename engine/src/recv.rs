//! The future of a receive.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use ferromq_core::{Halves, Message, Pattern, Ticket};

use crate::error::RecvError;
use crate::patience::Patience;
use crate::socket::Core;

/// A message to come, from [`Socket::recv`](crate::Socket::recv).
#[must_use = "futures do nothing unless polled"]
pub struct Recv<'a, P: Pattern> {
    core: &'a Core<P>,
    waiting: Option<Box<Waiting>>,
}

/// A receive that found nothing at once.
struct Waiting {
    ticket: Ticket,
    patience: Patience,
}

impl<'a, P: Pattern> Recv<'a, P> {
    #[inline]
    pub(crate) fn new(core: &'a Core<P>) -> Self {
        Self {
            core,
            waiting: None,
        }
    }
}

impl<P: Pattern> Future for Recv<'_, P> {
    type Output = Result<Message, RecvError>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        ready!(this.core.hub.turns.poll_turn(cx));
        let mut message = Message::new();
        if this.waiting.is_none() {
            match this.core.try_recv(&mut message) {
                Ok(()) => return Poll::Ready(Ok(message)),
                Err(RecvError::WouldBlock) => {
                    let waiters = this.core.halves.inbound().lane().waiters();
                    let ticket = waiters.wait(cx.waker());
                    let patience = Patience::default();
                    this.waiting = Some(Box::new(Waiting { ticket, patience }));
                }
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
        poll_waiting(this.core, &mut this.waiting, message, cx)
    }
}

/// Tries again, in line; whoever has just joined the line must, because a
/// message may have come before.
#[cold]
fn poll_waiting<P: Pattern>(
    core: &Core<P>,
    waiting: &mut Option<Box<Waiting>>,
    mut message: Message,
    cx: &mut Context<'_>,
) -> Poll<Result<Message, RecvError>> {
    let waiters = core.halves.inbound().lane().waiters();
    let Some(waiter) = waiting else {
        return Poll::Pending;
    };
    let mut attempt = core.try_recv(&mut message);
    if attempt == Err(RecvError::WouldBlock) {
        waiters.wait_on(&waiter.ticket, cx.waker());
        attempt = core.try_recv(&mut message);
    }
    if attempt == Err(RecvError::WouldBlock) {
        let timeout = core.hub.options().receive_timeout;
        ready!(waiter.patience.poll_over(cx, &core.hub, timeout));
        attempt = Err(RecvError::Timeout);
    }
    if let Some(waiter) = waiting.take() {
        waiters.leave(waiter.ticket, attempt.is_ok());
    }
    Poll::Ready(attempt.map(|()| message))
}

impl<P: Pattern> Drop for Recv<'_, P> {
    #[inline]
    fn drop(&mut self) {
        if let Some(waiter) = self.waiting.take() {
            self.core
                .halves
                .inbound()
                .lane()
                .waiters()
                .leave(waiter.ticket, false);
        }
    }
}
