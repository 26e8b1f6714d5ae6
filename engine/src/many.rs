//! Sending and receiving many messages under one lock.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use ferromq_core::{IntoMessage, Lent, Message, Sent};

use crate::error::{RecvError, SendFailure};
use crate::line::Place;
use crate::ops::Ops;

/// Many messages on their way into queues.
#[must_use = "futures do nothing unless polled"]
pub(crate) struct SendMany<'a, S: Ops + ?Sized, M> {
    socket: &'a S,
    messages: &'a mut VecDeque<M>,
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

impl<'a, S: Ops + ?Sized, M> SendMany<'a, S, M> {
    pub(crate) fn new(socket: &'a S, messages: &'a mut VecDeque<M>) -> Self {
        Self {
            socket,
            messages,
            place: Place::default(),
        }
    }
}

impl<S: Ops + ?Sized, M: IntoMessage> Future for SendMany<'_, S, M> {
    type Output = Result<(), SendFailure>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self {
            socket,
            messages,
            place,
        } = self.get_mut();
        let outcome = loop {
            ready!(socket.hub().turns.poll_turn(cx));
            match offer_many(*socket, messages) {
                Err(SendFailure::WouldBlock) => {}
                outcome => break outcome,
            }
            // Some in line; the others may follow them at once.
            let waiting = messages.len();
            let attempt = || match offer_many(*socket, messages) {
                Err(SendFailure::WouldBlock) if messages.len() < waiting => Ok(()),
                outcome => outcome,
            };
            if let Err(reason) = ready!(place.poll_send(cx, *socket, attempt)) {
                break Err(reason);
            }
        };
        place.leave(socket.out_lane(), outcome.is_ok());
        Poll::Ready(outcome)
    }
}

/// Sends what there is room for, from the front of `messages`.
fn offer_many<S: Ops + ?Sized, M: IntoMessage>(
    socket: &S,
    messages: &mut VecDeque<M>,
) -> Result<(), SendFailure> {
    loop {
        let (queued, next) = socket.try_send_many(&mut messages.iter().map(M::lend));
        messages.drain(..queued);
        match next? {
            Sent::Queued => return Ok(()),
            Sent::Lagging => send_late(socket, messages),
        }
    }
}

/// Gives the first message to those that lag, if they have room by now.
#[cold]
fn send_late<S: Ops + ?Sized, M: IntoMessage>(socket: &S, messages: &mut VecDeque<M>) {
    match messages.front().map(M::lend) {
        Some(Lent::Frame(body)) => socket.try_send_late(&body.into(), true),
        Some(Lent::Message(message)) => socket.try_send_late(&message, true),
        None => return,
    };
    messages.pop_front();
}

impl<S: Ops + ?Sized, M> Drop for SendMany<'_, S, M> {
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
