//! Sockets as streams and sinks of messages.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use ferromq_core::{CanReceive, CanSend, Message, Pattern};
use futures_core::Stream;
use futures_sink::Sink;

use crate::error::{RecvError, SendError};
use crate::line::Place;
use crate::ops::Ops;
use crate::socket::Socket;

/// The messages that a socket receives, from [`Socket::stream`].
///
/// It ends when the socket closes. A [timeout](crate::Options::receive_timeout)
/// is an item, after which the stream goes on.
#[must_use = "streams do nothing unless polled"]
pub struct MessageStream<P: Pattern, D> {
    socket: Socket<P, D>,
    place: Place,
}

/// A sink for messages to send, from [`Socket::sink`].
///
/// It holds one message between `start_send` and the flush or the next message;
/// once flushed it has none, and every message is queued.
#[must_use = "sinks do nothing unless polled"]
pub struct MessageSink<P: Pattern, D> {
    socket: Socket<P, D>,
    message: Option<Message>,
    place: Place,
}

impl<P: CanReceive, D> Socket<P, D> {
    /// The messages this socket receives, as a stream.
    pub fn stream(&self) -> MessageStream<P, D> {
        MessageStream {
            socket: self.clone(),
            place: Place::default(),
        }
    }
}

impl<P: CanSend, D> Socket<P, D> {
    /// A sink for messages that this socket sends.
    pub fn sink(&self) -> MessageSink<P, D> {
        MessageSink {
            socket: self.clone(),
            message: None,
            place: Place::default(),
        }
    }
}

impl<P: CanReceive, D> Stream for MessageStream<P, D> {
    type Item = Result<Message, RecvError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { socket, place } = self.get_mut();
        let inner = socket.inner();
        ready!(inner.hub().turns.poll_turn(cx));
        let mut message = Message::new();
        let received = ready!(place.poll_recv(cx, inner, || inner.try_recv(&mut message)));
        place.leave(inner.in_lane(), received.is_ok());
        Poll::Ready(match received {
            Err(RecvError::Closed) => None,
            received => Some(received.map(|()| message)),
        })
    }
}

impl<P: CanSend, D> Sink<Message> for MessageSink<P, D> {
    type Error = SendError;

    fn poll_ready(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), SendError>> {
        self.poll_flush(cx)
    }

    fn start_send(self: Pin<&mut Self>, message: Message) -> Result<(), SendError> {
        self.get_mut().message = Some(message);
        Ok(())
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), SendError>> {
        let Self {
            socket,
            message,
            place,
        } = self.get_mut();
        let inner = socket.inner();
        let Some(waiting) = message else {
            return Poll::Ready(Ok(()));
        };
        ready!(inner.hub().turns.poll_turn(cx));
        let sent = ready!(place.poll_send(cx, inner, || inner.send_now(waiting)));
        place.leave(inner.out_lane(), sent.is_ok());
        let waiting = message.take().unwrap_or_default();
        Poll::Ready(sent.map_err(|reason| SendError::new(waiting, reason)))
    }

    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), SendError>> {
        self.poll_flush(cx)
    }
}

impl<P: Pattern, D> Drop for MessageStream<P, D> {
    fn drop(&mut self) {
        self.place.leave(self.socket.inner().in_lane(), false);
    }
}

impl<P: Pattern, D> Drop for MessageSink<P, D> {
    fn drop(&mut self) {
        self.place.leave(self.socket.inner().out_lane(), false);
    }
}

impl<P: Pattern, D> std::fmt::Debug for MessageStream<P, D> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("MessageStream").field(&self.socket).finish()
    }
}

impl<P: Pattern, D> std::fmt::Debug for MessageSink<P, D> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("MessageSink").field(&self.socket).finish()
    }
}
