//! Sockets whose pattern is known at compile time.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::sync::Arc;

use bytes::Bytes;
use ferromq_core::{
    Attend, CanReceive, CanSend, CanSubscribe, Endpoint, Halves, IntoMessage, Message, OptionError,
    Pattern, PatternOption, Wakes,
};
use tokio::runtime::Handle;

use crate::any::AnySocket;
use crate::context::Context;
use crate::error::{LinkError, RecvError, SendError, SendFailure};
use crate::hub::{Hub, Lanes};
use crate::many::{RecvMany, SendMany};
use crate::monitor::Monitor;
use crate::ops::{Inner, Ops};
use crate::options::Options;
use crate::permit::{Permit, Reserve};
use crate::recv::Recv;
use crate::send::{Send, try_send};

/// Names the context in which sockets are made that are not given one.
pub trait Defaults: 'static {
    /// The context.
    fn context() -> Context;
}

/// A socket of pattern `P`. It can be cloned and shared: all methods take `&self`.
///
/// The socket closes when its last clone is dropped; what is queued then leaves
/// in the background, for as long as it [lingers](Options::linger).
/// [`close`](Self::close) also waits for that.
///
/// `D` names the context of [`new`](Self::new).
pub struct Socket<P: Pattern, D = ()> {
    inner: Arc<Inner<P>>,
    defaults: PhantomData<fn() -> D>,
}

impl<P: Pattern, D: Defaults> Socket<P, D> {
    /// A socket in the default context, with that context's
    /// [options](Context::options): the defaults, unless it was built otherwise.
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
        Self::placed(context, context.embed(), options)
    }

    /// A socket whose I/O runs on the context's own threads, wherever it is made.
    #[cfg(feature = "blocking")]
    pub(crate) fn detached(context: &Context, options: Options) -> Self {
        Self::placed(context, None, options)
    }

    pub(crate) fn inner(&self) -> &Inner<P> {
        &self.inner
    }

    fn placed(context: &Context, runtime: Option<Handle>, options: Options) -> Self {
        let halves = P::halves();
        let mut wakes = Wakes::new();
        let prologue = halves.outbound().lock(&mut wakes).prologue();
        let prologue = prologue.or_else(|| halves.inbound().lock(&mut wakes).prologue());
        let lanes = Lanes {
            layout: P::Halves::LAYOUT,
            outbound: Arc::clone(halves.outbound().lane()),
            inbound: Arc::clone(halves.inbound().lane()),
        };
        let hub = Hub::new(
            P::SOCKET_TYPE,
            context.clone(),
            runtime,
            options,
            lanes,
            prologue,
        );
        let hub = Arc::new(hub);
        let inner = Arc::new(Inner::new(halves, Arc::clone(&hub)));
        context.register(&inner, &hub);
        Self {
            inner,
            defaults: PhantomData,
        }
    }

    /// Listens at an endpoint, and returns it as it can be connected to:
    /// wildcards are resolved.
    ///
    /// # Errors
    ///
    /// [`LinkError`] if it is not an endpoint, or the transport cannot listen there.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped the socket may be bound or not.
    pub async fn bind(&self, endpoint: &str) -> Result<Endpoint, LinkError> {
        self.inner.hub().bind(endpoint).await
    }

    /// Connects to an endpoint, in the background and for good: does not wait for
    /// the peer, and connects again whenever the connection ends.
    ///
    /// Each call makes a connection, but for DEALER, SUB, PUB and REQ: one that is
    /// connected there already stays as it is.
    ///
    /// # Errors
    ///
    /// [`LinkError`] if it is not an endpoint that the transport understands.
    pub fn connect(&self, endpoint: &str) -> Result<(), LinkError> {
        self.inner.hub().connect(endpoint, None)?;
        // A SUB subscribes now, not when it is first used.
        self.inner.attend();
        Ok(())
    }

    /// Stops listening at, or lets go the connections to, an endpoint; named as
    /// [`bind`](Self::bind) returned it or [`connect`](Self::connect) was given it.
    ///
    /// What is queued for the peers concerned still leaves, as the socket lingers.
    /// What they have sent and nobody has received is discarded where the socket
    /// had connected, and kept where it had bound.
    ///
    /// # Errors
    ///
    /// [`LinkError::NotFound`] if the socket has no such endpoint.
    pub fn disconnect(&self, endpoint: &str) -> Result<(), LinkError> {
        self.inner.hub().disconnect(endpoint)?;
        self.inner.attend();
        Ok(())
    }

    /// The same as [`disconnect`](Self::disconnect), as in libzmq.
    ///
    /// # Errors
    ///
    /// [`LinkError::NotFound`] if the socket has no such endpoint.
    pub fn unbind(&self, endpoint: &str) -> Result<(), LinkError> {
        self.disconnect(endpoint)
    }

    /// The endpoint bound or connected last (`ZMQ_LAST_ENDPOINT`).
    #[must_use]
    pub fn last_endpoint(&self) -> Option<Endpoint> {
        self.inner.hub().last_endpoint()
    }

    /// What happens to the socket's connections from now on.
    #[must_use]
    pub fn monitor(&self) -> Monitor {
        let hub = self.inner.hub();
        hub.monitors.add(&hub.home)
    }

    /// Tells the [monitors](Self::monitor) how much waits in the queues of each peer that
    /// is there: one event for each, [`EventKind::Queues`](crate::EventKind::Queues).
    /// Returns how many peers that were. (`zmq_socket_monitor_pipes_stats`)
    pub fn report_queues(&self) -> usize {
        self.inner.hub().report_queues()
    }

    /// The options as they are now.
    #[must_use]
    pub fn options(&self) -> Options {
        (*self.inner.hub().options()).clone()
    }

    /// Changes the options, for calls and endpoints from now on. What is bound or
    /// connected already keeps its own, but for high-water marks, timeouts, the linger
    /// period, and how it connects again.
    ///
    /// A lower mark loses nothing that waits already; a higher one wakes senders that
    /// wait for room, where libzmq lets them wait until something is received.
    pub fn set_options(&self, options: Options) {
        self.inner.hub().set_options(options);
    }

    /// Sets an option of the pattern.
    ///
    /// # Errors
    ///
    /// [`OptionError`] if sockets of this type have no such option, or it has no
    /// such value.
    pub fn set(&self, option: &PatternOption) -> Result<(), OptionError> {
        self.inner.set(option)
    }

    /// Closes the socket and waits until everything queued has left, or the
    /// socket has lingered long enough. Clones of the socket are closed with it.
    ///
    /// # Cancel safety
    ///
    /// The socket is closed as soon as the future is first polled; dropping it
    /// only ends the waiting.
    pub async fn close(&self) {
        self.inner.close();
        self.inner.hub().finished().await;
    }
}

impl<P: CanSend, D> Socket<P, D> {
    /// Sends a message, and waits until a peer can take it: until it is queued,
    /// not until it has arrived.
    ///
    /// # Errors
    ///
    /// [`SendError`] with the message, if the socket's
    /// [timeout](Options::send_timeout) passes, the pattern does not allow it, or
    /// the socket closes.
    ///
    /// # Cancel safety
    ///
    /// The whole message is queued when the future is ready, and nothing of it
    /// before: dropping the future drops the message.
    #[inline]
    pub fn send<M: IntoMessage>(&self, message: M) -> impl Future<Output = Result<(), SendError>> {
        Send::new(&*self.inner, message)
    }

    /// Sends a message if a peer can take it now.
    ///
    /// # Errors
    ///
    /// [`SendError`] with the message, [`SendFailure::WouldBlock`] if no peer can.
    pub fn try_send(&self, message: impl IntoMessage) -> Result<(), SendError> {
        try_send(&*self.inner, message)
    }

    /// Sends messages from the front of `messages` until none is left, waiting
    /// for room where necessary; faster than one by one.
    ///
    /// They may be anything that [`send`](Self::send) takes. Borrowed bytes are the
    /// quickest where they are few: they are copied once, to where they wait. Bodies
    /// from 4 KiB on are shared if they are [`Bytes`] or in a [`Message`], and copied
    /// otherwise.
    ///
    /// # Errors
    ///
    /// [`SendFailure`] as for [`send`](Self::send); what was not sent is still there.
    ///
    /// # Cancel safety
    ///
    /// What was sent is gone from `messages`, everything else is still there.
    pub fn send_many<'a, M: IntoMessage>(
        &'a self,
        messages: &'a mut VecDeque<M>,
    ) -> impl Future<Output = Result<(), SendFailure>> {
        SendMany::new(&*self.inner, messages)
    }

    /// Waits until a message that begins with the frame `head` can be sent, and
    /// holds the slot for it. Only a ROUTER looks at `head`; for a SERVER or PEER it is
    /// the peer's number in four bytes, the most significant first.
    ///
    /// # Errors
    ///
    /// [`SendFailure`] as for [`send`](Self::send).
    ///
    /// # Cancel safety
    ///
    /// Nothing is held before the future is ready.
    pub fn reserve<'a>(
        &'a self,
        head: &'a [u8],
    ) -> impl Future<Output = Result<Permit<'a>, SendFailure>> {
        Reserve::new(&*self.inner, head)
    }

    /// Whether a message could be sent now, or the socket's rule would refuse one
    /// at once (`ZMQ_POLLOUT`).
    #[must_use]
    pub fn is_writable(&self) -> bool {
        self.inner.is_writable()
    }
}

impl<P: CanReceive, D> Socket<P, D> {
    /// Waits for a message.
    ///
    /// Where two threads take turns over inproc, and this socket is all that the thread
    /// waits with, a call looks for the answer for up to 20 µs before it sleeps, because
    /// to sleep and be woken takes longer; the first of such calls for up to 100 µs. For
    /// that time it blocks the thread, and in a runtime the other tasks there; they have
    /// their turn after 32 such looks at the latest. Looks in vain become rare, and whoever
    /// only receives, or is on one thread with its peer, never looks.
    ///
    /// # Errors
    ///
    /// [`RecvError`] if the socket's [timeout](Options::receive_timeout) passes,
    /// the pattern does not allow it, or the socket closes.
    ///
    /// # Cancel safety
    ///
    /// No message is lost: it is taken when the future is ready, not before.
    #[inline]
    pub fn recv(&self) -> impl Future<Output = Result<Message, RecvError>> {
        Recv::new(&*self.inner)
    }

    /// Takes a message if one is there.
    ///
    /// # Errors
    ///
    /// [`RecvError::WouldBlock`] if none is.
    pub fn try_recv(&self) -> Result<Message, RecvError> {
        let mut message = Message::new();
        self.inner.try_recv(&mut message).map(|()| message)
    }

    /// Waits for a message and takes it and those behind it, up to `limit` in
    /// all; says how many were put into `into`. Faster than one by one.
    ///
    /// # Errors
    ///
    /// [`RecvError`] as for [`recv`](Self::recv).
    ///
    /// # Cancel safety
    ///
    /// No message is lost.
    pub fn recv_many<'a>(
        &'a self,
        into: &'a mut Vec<Message>,
        limit: usize,
    ) -> impl Future<Output = Result<usize, RecvError>> {
        RecvMany::new(&*self.inner, into, limit)
    }

    /// Whether a message could be received now (`ZMQ_POLLIN`).
    #[must_use]
    pub fn is_readable(&self) -> bool {
        self.inner.is_readable()
    }
}

impl<P: CanSubscribe, D> Socket<P, D> {
    /// Receives messages whose first frame begins with `topic`, from now on; with
    /// an empty topic, all. Each call counts: two subscriptions to one topic take
    /// two cancellations. (`ZMQ_SUBSCRIBE`)
    ///
    /// # Errors
    ///
    /// [`OptionError`] never, for a SUB.
    pub fn subscribe(&self, topic: impl AsRef<[u8]>) -> Result<(), OptionError> {
        self.set(&PatternOption::Subscribe(Bytes::copy_from_slice(
            topic.as_ref(),
        )))
    }

    /// Takes one subscription back; one that there is not is no error.
    /// (`ZMQ_UNSUBSCRIBE`)
    ///
    /// # Errors
    ///
    /// [`OptionError`] never, for a SUB.
    pub fn unsubscribe(&self, topic: impl AsRef<[u8]>) -> Result<(), OptionError> {
        self.set(&PatternOption::Unsubscribe(Bytes::copy_from_slice(
            topic.as_ref(),
        )))
    }
}

impl<P: Pattern, D> From<Socket<P, D>> for AnySocket {
    fn from(socket: Socket<P, D>) -> Self {
        Self::new(socket.inner)
    }
}

impl<P: Pattern, D> Clone for Socket<P, D> {
    fn clone(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            defaults: PhantomData,
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
        f.debug_tuple("Socket").field(&P::SOCKET_TYPE).finish()
    }
}
