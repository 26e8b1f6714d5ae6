//! The future of a receive.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use ferromq_core::Message;

use crate::error::RecvError;
use crate::line::Place;
use crate::ops::Ops;

/// A message to come.
#[must_use = "futures do nothing unless polled"]
pub(crate) struct Recv<'a, S: Ops + ?Sized> {
    socket: &'a S,
    place: Place,
}

impl<'a, S: Ops + ?Sized> Recv<'a, S> {
    #[inline]
    pub(crate) fn new(socket: &'a S) -> Self {
        Self {
            socket,
            place: Place::default(),
        }
    }
}

impl<S: Ops + ?Sized> Future for Recv<'_, S> {
    type Output = Result<Message, RecvError>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        ready!(this.socket.hub().turns.poll_turn(cx));
        let mut message = const { Message::new() };
        if !this.place.is_taken() {
            match this.socket.try_recv(&mut message) {
                Ok(()) => return Poll::Ready(Ok(message)),
                Err(RecvError::WouldBlock) => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
        poll_waiting(this.socket, &mut this.place, message, cx)
    }
}

#[cold]
fn poll_waiting<S: Ops + ?Sized>(
    socket: &S,
    place: &mut Place,
    mut message: Message,
    cx: &mut Context<'_>,
) -> Poll<Result<Message, RecvError>> {
    let received = ready!(place.poll_recv(cx, socket, || socket.try_recv(&mut message)));
    place.leave(socket.in_lane(), received.is_ok());
    Poll::Ready(received.map(|()| message))
}

impl<S: Ops + ?Sized> Drop for Recv<'_, S> {
    #[inline]
    fn drop(&mut self) {
        if self.place.is_taken() {
            self.place.leave(self.socket.in_lane(), false);
        }
    }
}
