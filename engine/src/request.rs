//! A request and its reply as one call.

use std::fmt;

use ferromq_core::{CanRequest, IntoMessage, Message};

use crate::error::{RecvError, SendError, SendFailure};
use crate::ops::{Inner, Ops};
use crate::recv::Recv;
use crate::send::Send;
use crate::socket::Socket;

/// A request brought no reply.
#[derive(Debug)]
#[non_exhaustive]
pub enum RequestError {
    /// It was not sent; the message is in the error.
    NotSent(SendError),
    /// It was sent, and no reply came. Whether the peer has acted on it is not known.
    NoReply(RecvError),
}

impl<P: CanRequest, D> Socket<P, D> {
    /// Sends a request and waits for its reply.
    ///
    /// Calls from several tasks queue up, in the order in which they were first
    /// polled, and each gets its own reply. How long one may take is up to the
    /// socket's [`send_timeout`](crate::Options::send_timeout) and
    /// [`receive_timeout`](crate::Options::receive_timeout), or to the caller, who
    /// may put the future under any timeout.
    ///
    /// Do not mix with [`send`](Self::send) and [`recv`](Self::recv) while a
    /// request is under way.
    ///
    /// # Errors
    ///
    /// [`RequestError`]. The socket is ready for the next request then.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future gives the request up: the socket is ready for the next
    /// one, and a late reply is discarded. Whether the peer acts on the request
    /// depends on how far it had come.
    pub async fn request(&self, message: impl IntoMessage) -> Result<Message, RequestError> {
        let inner = self.inner();
        let message = message.into_message();
        if inner.hub().home.is_foreign() {
            let unsent = SendError::new(message, SendFailure::Forked);
            return Err(RequestError::NotSent(unsent));
        }
        let _turn = inner.hub().requests.lock().await;
        // Before the first poll of the send nothing is under way; from then on, until
        // the reply, whoever leaves has to clean up.
        let request = Request { inner };
        Send::new(inner, message)
            .await
            .map_err(RequestError::NotSent)?;
        let reply = Recv::new(inner).await.map_err(RequestError::NoReply)?;
        std::mem::forget(request);
        Ok(reply)
    }
}

/// A request under way; dropped, it is given up.
struct Request<'a, P: CanRequest> {
    inner: &'a Inner<P>,
}

impl<P: CanRequest> Drop for Request<'_, P> {
    fn drop(&mut self) {
        self.inner.abandon();
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSent(error) => write!(f, "the request was not sent: {error}"),
            Self::NoReply(error) => write!(f, "the request brought no reply: {error}"),
        }
    }
}

impl std::error::Error for RequestError {}
