//! Sockets.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use ferromq_core::{
    Attend, CanReceive, CanSend, Endpoint, Half, Halves, Inbound, Message, OptionError,
    Outbound, Pattern, PatternOption, Sent, Wakes,
};

use crate::context::Context;
use crate::error::{LinkError, RecvError, SendError, SendFailure};
use crate::hub::{Hub, Lanes};
use crate::monitor::Monitor;
use crate::options::Options;
use crate::recv::Recv;
use crate::send::Send;

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
    core: Arc<Core<P>>,
    defaults: PhantomData<fn() -> D>,
}

/// What the clones of a socket share.
pub(crate) struct Core<P: Pattern> {
    pub(crate) halves: P::Halves,
    pub(crate) hub: Arc<Hub>,
}

impl<P: Pattern, D: Defaults> Socket<P, D> {
    /// A socket with default options, in the default context.
    ///
    /// # Panics
    ///
    /// Never.
    #[must_use]
    pub fn new() -> Self {
        Self::with_options(Options::default())
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
        let halves = P::halves();
        let lanes = Lanes {
            layout: P::Halves::LAYOUT,
            outbound: Arc::clone(halves.outbound().lane()),
            inbound: Arc::clone(halves.inbound().lane()),
        };
        let prologue = halves.outbound().lock(&mut Wakes::new()).prologue();
        let hub = Hub::new(P::SOCKET_TYPE, context.clone(), options, lanes, prologue);
        let core = Core {
            halves,
            hub: Arc::new(hub),
        };
        context.register(&core.hub);
        Self {
            core: Arc::new(core),
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
        self.core.hub.bind(endpoint).await
    }

    /// Connects to an endpoint, in the background and for good: does not wait for
    /// the peer, and connects again whenever the connection ends.
    ///
    /// # Errors
    ///
    /// [`LinkError`] if it is not an endpoint that the transport understands.
    pub fn connect(&self, endpoint: &str) -> Result<(), LinkError> {
        self.core.hub.connect(endpoint)
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
        self.core.hub.disconnect(endpoint)?;
        self.core.attend();
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
        self.core.hub.last_endpoint()
    }

    /// What happens to the socket's connections from now on.
    #[must_use]
    pub fn monitor(&self) -> Monitor {
        self.core.hub.monitors.add()
    }

    /// Sets an option of the pattern.
    ///
    /// # Errors
    ///
    /// [`OptionError`] if sockets of this type have no such option, or it has no
    /// such value.
    pub fn set(&self, option: &PatternOption) -> Result<(), OptionError> {
        let mut wakes = Wakes::new();
        let halves = &self.core.halves;
        let outbound = halves.outbound().set_option(option, &mut wakes);
        if P::Halves::LAYOUT == ferromq_core::Layout::Joint {
            return outbound;
        }
        let inbound = halves.inbound().set_option(option, &mut wakes);
        outbound.or(inbound)
    }

    /// Closes the socket and waits until everything queued has left, or the
    /// socket has lingered long enough. Clones of the socket are closed with it.
    ///
    /// # Cancel safety
    ///
    /// The socket is closed as soon as the future is first polled; dropping it
    /// only ends the waiting.
    pub async fn close(&self) {
        self.core.close();
        self.core.hub.tasks.finished().await;
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
    pub fn send<M: Into<Message> + Unpin>(&self, message: M) -> Send<'_, P, M> {
        Send::new(&self.core, message)
    }

    /// Sends a message if a peer can take it now.
    ///
    /// # Errors
    ///
    /// [`SendError`] with the message, [`SendFailure::WouldBlock`] if no peer can.
    pub fn try_send(&self, message: impl Into<Message>) -> Result<(), SendError> {
        let message = message.into();
        match self.core.try_send(&message) {
            Ok(Sent::Queued) => Ok(()),
            Ok(Sent::Lagging) => {
                self.core.try_send_late(&message, true);
                Ok(())
            }
            Err(reason) => Err(SendError::new(message, reason)),
        }
    }
}

impl<P: CanReceive, D> Socket<P, D> {
    /// Waits for a message.
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
    pub fn recv(&self) -> Recv<'_, P> {
        Recv::new(&self.core)
    }

    /// Takes a message if one is there.
    ///
    /// # Errors
    ///
    /// [`RecvError::WouldBlock`] if none is.
    pub fn try_recv(&self) -> Result<Message, RecvError> {
        let mut message = Message::new();
        self.core.try_recv(&mut message).map(|()| message)
    }
}

impl<P: Pattern> Core<P> {
    #[inline]
    pub(crate) fn try_send(&self, message: &Message) -> Result<Sent, SendFailure> {
        let mut wakes = Wakes::new();
        let sent = self
            .halves
            .outbound()
            .lock(&mut wakes)
            .try_send(message, &mut wakes);
        match sent {
            Ok(sent) => Ok(sent),
            Err(_) if self.hub.is_closed() => Err(SendFailure::Closed),
            Err(error) => Err(error.into()),
        }
    }

    /// Offers a message to the peers that lagged.
    #[cold]
    pub(crate) fn try_send_late(&self, message: &Message, last: bool) -> Sent {
        let mut wakes = Wakes::new();
        self.halves
            .outbound()
            .lock(&mut wakes)
            .try_send_late(message, last, &mut wakes)
    }

    #[inline]
    pub(crate) fn try_recv(&self, into: &mut Message) -> Result<(), RecvError> {
        let mut wakes = Wakes::new();
        let received = self
            .halves
            .inbound()
            .lock(&mut wakes)
            .try_recv(into, &mut wakes);
        match received {
            Ok(()) => Ok(()),
            Err(_) if self.hub.is_closed() => Err(RecvError::Closed),
            Err(error) => Err(error.into()),
        }
    }

    /// Lets both halves see their signals.
    fn attend(&self) {
        let mut wakes = Wakes::new();
        drop(self.halves.outbound().lock(&mut wakes));
        drop(self.halves.inbound().lock(&mut wakes));
    }

    fn close(&self) {
        if self.hub.close() {
            self.close_half(self.halves.outbound());
            self.close_half(self.halves.inbound());
        }
    }

    fn close_half(&self, half: &Half<impl Attend>) {
        let mut wakes = Wakes::new();
        half.lane().close();
        half.lock(&mut wakes).detach_all();
        drop(wakes);
        half.lane().waiters().wake_all();
    }
}

impl<P: Pattern> Drop for Core<P> {
    fn drop(&mut self) {
        self.close();
    }
}

impl<P: Pattern, D> Clone for Socket<P, D> {
    fn clone(&self) -> Self {
        Self {
            core: Arc::clone(&self.core),
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
