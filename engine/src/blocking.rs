//! Sockets for programs without a runtime.
//!
//! The same sockets, whose calls block the thread instead of returning futures.
//! Their I/O always runs on the context's own threads, so that it moves while
//! the application's threads are busy.

use std::collections::VecDeque;
use std::fmt;

use bytes::Bytes;
use ferromq_core::{
    CanReceive, CanRequest, CanRoute, CanSend, CanSubscribe, Endpoint, HasTopics, IntoMessage,
    Message, OptionError, Pattern, PatternOption,
};

use crate::any::AnySocket;
use crate::context::Context;
use crate::error::{LinkError, RecvError, SendError, SendFailure};
use crate::monitor::Monitor;
use crate::options::Options;
use crate::park::block_on;
use crate::permit::Permit;
use crate::request::RequestError;
use crate::socket::Defaults;

/// A socket of pattern `P` whose calls block, the twin of
/// [`Socket`](crate::Socket). It can be cloned and shared between threads.
///
/// Calls that wait do so for as long as the socket's options say:
/// [`send_timeout`](Options::send_timeout),
/// [`receive_timeout`](Options::receive_timeout). Called from inside an
/// asynchronous runtime they block its thread.
pub struct Socket<P: Pattern, D = ()> {
    socket: crate::Socket<P, D>,
}

impl<P: Pattern, D: Defaults> Socket<P, D> {
    /// A socket in the default context, with that context's
    /// [options](Context::options).
    #[must_use]
    pub fn new() -> Self {
        let context = D::context();
        Self::in_context(&context, context.options())
    }

    /// A socket in the default context.
    #[must_use]
    pub fn with_options(options: Options) -> Self {
        Self::in_context(&D::context(), options)
    }
}

impl<P: Pattern, D> Socket<P, D> {
    /// A socket in a context of the application's.
    #[must_use]
    pub fn in_context(context: &Context, options: Options) -> Self {
        Self {
            socket: crate::Socket::detached(context, options),
        }
    }

    /// As [`Socket::bind`](crate::Socket::bind).
    ///
    /// # Errors
    ///
    /// [`LinkError`] if it is not an endpoint, or the transport cannot listen there.
    pub fn bind(&self, endpoint: &str) -> Result<Endpoint, LinkError> {
        block_on(self.socket.bind(endpoint))
    }

    /// As [`Socket::connect`](crate::Socket::connect).
    ///
    /// # Errors
    ///
    /// [`LinkError`] if it is not an endpoint that the transport understands.
    pub fn connect(&self, endpoint: &str) -> Result<(), LinkError> {
        self.socket.connect(endpoint)
    }

    /// As [`Socket::disconnect`](crate::Socket::disconnect).
    ///
    /// # Errors
    ///
    /// [`LinkError::NotFound`] if the socket has no such endpoint.
    pub fn disconnect(&self, endpoint: &str) -> Result<(), LinkError> {
        self.socket.disconnect(endpoint)
    }

    /// As [`Socket::unbind`](crate::Socket::unbind).
    ///
    /// # Errors
    ///
    /// [`LinkError::NotFound`] if the socket has no such endpoint.
    pub fn unbind(&self, endpoint: &str) -> Result<(), LinkError> {
        self.socket.unbind(endpoint)
    }

    /// As [`Socket::last_endpoint`](crate::Socket::last_endpoint).
    #[must_use]
    pub fn last_endpoint(&self) -> Option<Endpoint> {
        self.socket.last_endpoint()
    }

    /// As [`Socket::monitor`](crate::Socket::monitor).
    #[must_use]
    pub fn monitor(&self) -> Monitor {
        self.socket.monitor()
    }

    /// As [`Socket::report_queues`](crate::Socket::report_queues).
    pub fn report_queues(&self) -> usize {
        self.socket.report_queues()
    }

    /// As [`Socket::set`](crate::Socket::set).
    ///
    /// # Errors
    ///
    /// [`OptionError`] if sockets of this type have no such option, or it has no
    /// such value.
    pub fn set(&self, option: &PatternOption) -> Result<(), OptionError> {
        self.socket.set(option)
    }

    /// Closes the socket and waits until everything queued has left, or the
    /// socket has lingered long enough. Clones of the socket are closed with it.
    pub fn close(&self) {
        block_on(self.socket.close());
    }

    /// The asynchronous socket behind this one. Its I/O stays where it is.
    #[must_use]
    pub fn as_async(&self) -> &crate::Socket<P, D> {
        &self.socket
    }
}

impl<P: CanSend, D> Socket<P, D> {
    /// Sends a message, and waits until a peer can take it.
    ///
    /// # Errors
    ///
    /// [`SendError`] with the message, as of [`Socket::send`](crate::Socket::send).
    pub fn send(&self, message: impl IntoMessage) -> Result<(), SendError> {
        block_on(self.socket.send(message))
    }

    /// As [`Socket::try_send`](crate::Socket::try_send).
    ///
    /// # Errors
    ///
    /// [`SendError`] with the message, [`SendFailure::WouldBlock`] if no peer can
    /// take it now.
    pub fn try_send(&self, message: impl IntoMessage) -> Result<(), SendError> {
        self.socket.try_send(message)
    }

    /// As [`Socket::send_many`](crate::Socket::send_many).
    ///
    /// # Errors
    ///
    /// [`SendFailure`]; what was not sent is still there.
    pub fn send_many<M: IntoMessage>(&self, messages: &mut VecDeque<M>) -> Result<(), SendFailure> {
        block_on(self.socket.send_many(messages))
    }

    /// As [`Socket::reserve`](crate::Socket::reserve).
    ///
    /// # Errors
    ///
    /// [`SendFailure`] as for [`send`](Self::send).
    pub fn reserve<'a>(&'a self, head: &'a [u8]) -> Result<Permit<'a>, SendFailure> {
        block_on(self.socket.reserve(head))
    }
}

impl<P: CanReceive, D> Socket<P, D> {
    /// Waits for a message.
    ///
    /// # Errors
    ///
    /// [`RecvError`] as of [`Socket::recv`](crate::Socket::recv).
    pub fn recv(&self) -> Result<Message, RecvError> {
        block_on(self.socket.recv())
    }

    /// As [`Socket::try_recv`](crate::Socket::try_recv).
    ///
    /// # Errors
    ///
    /// [`RecvError::WouldBlock`] if no message is there.
    pub fn try_recv(&self) -> Result<Message, RecvError> {
        self.socket.try_recv()
    }

    /// As [`Socket::recv_many`](crate::Socket::recv_many).
    ///
    /// # Errors
    ///
    /// [`RecvError`] as for [`recv`](Self::recv).
    pub fn recv_many(&self, into: &mut Vec<Message>, limit: usize) -> Result<usize, RecvError> {
        block_on(self.socket.recv_many(into, limit))
    }
}

impl<P: CanRequest, D> Socket<P, D> {
    /// As [`Socket::request`](crate::Socket::request).
    ///
    /// # Errors
    ///
    /// [`RequestError`]. The socket is ready for the next request then.
    pub fn request(&self, message: impl IntoMessage) -> Result<Message, RequestError> {
        block_on(self.socket.request(message))
    }
}

impl<P: CanSubscribe, D> Socket<P, D> {
    /// As [`Socket::subscribe`](crate::Socket::subscribe).
    ///
    /// # Errors
    ///
    /// [`OptionError`] never, for a SUB.
    pub fn subscribe(&self, topic: impl AsRef<[u8]>) -> Result<(), OptionError> {
        self.socket.subscribe(topic)
    }

    /// As [`Socket::unsubscribe`](crate::Socket::unsubscribe).
    ///
    /// # Errors
    ///
    /// [`OptionError`] never, for a SUB.
    pub fn unsubscribe(&self, topic: impl AsRef<[u8]>) -> Result<(), OptionError> {
        self.socket.unsubscribe(topic)
    }
}

impl<P: CanRoute, D> Socket<P, D> {
    /// As [`Socket::connect_as`](crate::Socket::connect_as).
    ///
    /// # Errors
    ///
    /// [`LinkError`], as of the same.
    pub fn connect_as(&self, endpoint: &str, id: impl Into<Bytes>) -> Result<(), LinkError> {
        self.socket.connect_as(endpoint, id)
    }

    /// As [`Socket::is_writable_to`](crate::Socket::is_writable_to).
    ///
    /// # Errors
    ///
    /// [`SendFailure::Unroutable`] if no peer has the id.
    pub fn is_writable_to(&self, id: impl AsRef<[u8]>) -> Result<bool, SendFailure> {
        self.socket.is_writable_to(id)
    }

    /// As [`Socket::newest_id`](crate::Socket::newest_id).
    #[must_use]
    pub fn newest_id(&self) -> Option<Bytes> {
        self.socket.newest_id()
    }
}

impl<P: HasTopics, D> Socket<P, D> {
    /// As [`Socket::topics`](crate::Socket::topics).
    #[must_use]
    pub fn topics(&self) -> usize {
        self.socket.topics()
    }
}

impl Monitor {
    /// As [`recv`](Self::recv), blocking the thread.
    pub fn recv_blocking(&mut self) -> Option<crate::Event> {
        block_on(self.recv())
    }
}

impl<P: Pattern, D> From<Socket<P, D>> for AnySocket {
    fn from(socket: Socket<P, D>) -> Self {
        socket.socket.into()
    }
}

impl<P: Pattern, D> Clone for Socket<P, D> {
    fn clone(&self) -> Self {
        Self {
            socket: self.socket.clone(),
        }
    }
}

impl<P: Pattern, D: Defaults> Default for Socket<P, D> {
    fn default() -> Self {
        Self::new()
    }
}

impl<P: Pattern, D> fmt::Debug for Socket<P, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("blocking::Socket")
            .field(&P::SOCKET_TYPE)
            .finish()
    }
}
