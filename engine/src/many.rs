//! Sending and receiving many messages under one lock.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use ferromq_core::Message;

use crate::error::{RecvError, SendFailure};
use crate::line::Place;
use crate::ops::Ops;

/// Many messages on their way into queues.
#[must_use = "futures do nothing unless polled"]
pub(crate) struct SendMany<'a, S: Ops + ?Sized> {
    socket: &'a S,
    messages: &'a mut VecDeque<Message>,
    place: Place,
}

/// Many messages to come.
#[must_use = "futures do nothing unless polled"]
pub(crate) struct RecvMany<'a, S: Ops + ?Sized> {
    socket: &'a S,
    into: &'a mut Vec<Message>,
    limit: usize,
    place: Place,
}

impl<'a, S: Ops + ?Sized> SendMany<'a, S> {
    pub(crate) fn new(socket: &'a S, messages: &'a mut VecDeque<Message>) -> Self {
        Self {
            socket,
            messages,
            place: Place::default(),
        }
    }
}

impl<S: Ops + ?Sized> Future for SendMany<'_, S> {
    type Output = Result<(), SendFailure>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self {
            socket,
            messages,
            place,
        } = self.get_mut();
        let outcome = loop {
            ready!(socket.hub().turns.poll_turn(cx));
            match socket.try_send_many(messages) {
                Ok(()) => break Ok(()),
                Err(SendFailure::WouldBlock) => {}
                Err(reason) => break Err(reason),
            }
            // One message in line; the others may follow it at once.
            let Some(first) = messages.front() else {
                break Ok(());
            };
            match ready!(place.poll_send(cx, *socket, || socket.send_now(first))) {
                Ok(()) => messages.pop_front(),
                Err(reason) => break Err(reason),
            };
        };
        place.leave(socket.out_lane(), outcome.is_ok());
        Poll::Ready(outcome)
    }
}

impl<S: Ops + ?Sized> Drop for SendMany<'_, S> {
    fn drop(&mut self) {
        self.place.leave(self.socket.out_lane(), false);
    }
}

impl<'a, S: Ops + ?Sized> RecvMany<'a, S> {
    pub(crate) fn new(socket: &'a S, into: &'a mut Vec<Message>, limit: usize) -> Self {
        Self {
            socket,
            into,
            limit,
            place: Place::default(),
        }
    }
}

impl<S: Ops + ?Sized> Future for RecvMany<'_, S> {
    type Output = Result<usize, RecvError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self {
            socket,
            into,
            limit,
            place,
        } = self.get_mut();
        ready!(socket.hub().turns.poll_turn(cx));
        let mut attempt = || socket.try_recv_many(into, *limit);
        if !place.is_taken() {
            match attempt() {
                Err(RecvError::WouldBlock) => {}
                outcome => return Poll::Ready(outcome),
            }
        }
        let received = ready!(place.poll_recv(cx, *socket, attempt));
        place.leave(socket.in_lane(), received.is_ok());
        Poll::Ready(received)
    }
}

impl<S: Ops + ?Sized> Drop for RecvMany<'_, S> {
    fn drop(&mut self) {
        self.place.leave(self.socket.in_lane(), false);
    }
}
