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
        // Filled where it is returned, so that it is not moved.
        let mut received = Poll::Ready(Ok(const { Message::new() }));
        self.get_mut().receive(&mut received, cx);
        received
    }
}

impl<S: Ops + ?Sized> Recv<'_, S> {
    /// Receives into the place of the message in `received`, or says why not.
    #[inline]
    fn receive(&mut self, received: &mut Poll<Result<Message, RecvError>>, cx: &mut Context<'_>) {
        if self.socket.hub().turns.poll_turn(cx).is_pending() {
            *received = Poll::Pending;
            return;
        }
        if let (false, Poll::Ready(Ok(message))) = (self.place.is_taken(), &mut *received) {
            match self.socket.try_recv(message) {
                Ok(()) => return,
                Err(RecvError::WouldBlock) => {}
                Err(error) => {
                    *received = Poll::Ready(Err(error));
                    return;
                }
            }
        }
        *received = poll_waiting(self.socket, &mut self.place, cx);
    }
}

#[cold]
fn poll_waiting<S: Ops + ?Sized>(
    socket: &S,
    place: &mut Place,
    cx: &mut Context<'_>,
) -> Poll<Result<Message, RecvError>> {
    let mut message = Message::new();
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
