//! Sockets whose pattern is known at run time.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use ferromq_core::{
    Endpoint, IntoMessage, Message, OptionError, Pattern, PatternOption, SocketType,
};

use crate::context::Context;
use crate::error::{LinkError, RecvError, SendError, SendFailure};
use crate::many::{RecvMany, SendMany};
use crate::monitor::Monitor;
use crate::ops::Ops;
use crate::options::Options;
use crate::permit::{Permit, Reserve};
use crate::recv::Recv;
use crate::send::{Send, try_send};

/// A socket of any pattern, for tools and bindings. Every typed socket can
/// become one.
///
/// What a pattern cannot do is an error at run time here. All methods are those
/// of [`Socket`](crate::Socket), with the same errors and the same cancel safety.
#[derive(Clone)]
pub struct AnySocket {
    inner: Arc<dyn Ops>,
}

impl AnySocket {
    /// A socket of pattern `P` in a context of the application's.
    #[must_use]
    pub fn of<P: Pattern>(context: &Context, options: Options) -> Self {
        crate::Socket::<P>::in_context(context, options).into()
    }

    pub(crate) fn new(inner: Arc<dyn Ops>) -> Self {
        Self { inner }
    }

    pub(crate) fn ops(&self) -> &dyn Ops {
        &*self.inner
    }

    /// The socket's type.
    #[must_use]
    pub fn socket_type(&self) -> SocketType {
        self.inner.hub().socket_type
    }

    /// As [`Socket::bind`](crate::Socket::bind).
    ///
    /// # Errors
    ///
    /// [`LinkError`] if it is not an endpoint, or the transport cannot listen there.
    pub async fn bind(&self, endpoint: &str) -> Result<Endpoint, LinkError> {
        self.inner.hub().bind(endpoint).await
    }

    /// As [`Socket::connect`](crate::Socket::connect).
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

    /// As [`Socket::disconnect`](crate::Socket::disconnect) and
    /// [`Socket::unbind`](crate::Socket::unbind).
    ///
    /// # Errors
    ///
    /// [`LinkError::NotFound`] if the socket has no such endpoint.
    pub fn disconnect(&self, endpoint: &str) -> Result<(), LinkError> {
        self.inner.hub().disconnect(endpoint)?;
        self.inner.attend();
        Ok(())
    }

    /// As [`Socket::last_endpoint`](crate::Socket::last_endpoint).
    #[must_use]
    pub fn last_endpoint(&self) -> Option<Endpoint> {
        self.inner.hub().last_endpoint()
    }

    /// As [`Socket::monitor`](crate::Socket::monitor).
    #[must_use]
    pub fn monitor(&self) -> Monitor {
        let hub = self.inner.hub();
        hub.monitors.add(&hub.home)
    }

    /// As [`Socket::report_queues`](crate::Socket::report_queues).
    pub fn report_queues(&self) -> usize {
        self.inner.hub().report_queues()
    }

    /// As [`Socket::options`](crate::Socket::options).
    #[must_use]
    pub fn options(&self) -> Options {
        (*self.inner.hub().options()).clone()
    }

    /// As [`Socket::set_options`](crate::Socket::set_options).
    pub fn set_options(&self, options: Options) {
        self.inner.hub().set_options(options);
    }

    /// As [`Socket::set`](crate::Socket::set).
    ///
    /// # Errors
    ///
    /// [`OptionError`] if sockets of this type have no such option, or it has no
    /// such value.
    pub fn set(&self, option: &PatternOption) -> Result<(), OptionError> {
        self.inner.set(option)
    }

    /// As [`Socket::send`](crate::Socket::send).
    ///
    /// # Errors
    ///
    /// [`SendError`]; [`SendFailure::Unsupported`] if the socket only receives.
    #[inline]
    pub fn send<M: IntoMessage>(&self, message: M) -> impl Future<Output = Result<(), SendError>> {
        Send::new(&*self.inner, message)
    }

    /// As [`Socket::try_send`](crate::Socket::try_send).
    ///
    /// # Errors
    ///
    /// [`SendError`]; [`SendFailure::Unsupported`] if the socket only receives.
    pub fn try_send(&self, message: impl IntoMessage) -> Result<(), SendError> {
        try_send(&*self.inner, message)
    }

    /// As [`Socket::send_many`](crate::Socket::send_many).
    ///
    /// # Errors
    ///
    /// [`SendFailure`]; [`SendFailure::Unsupported`] if the socket only receives.
    pub async fn send_many<M: IntoMessage>(
        &self,
        messages: &mut VecDeque<M>,
    ) -> Result<(), SendFailure> {
        SendMany::new(&*self.inner, messages).await
    }

    /// As [`Socket::reserve`](crate::Socket::reserve).
    ///
    /// # Errors
    ///
    /// [`SendFailure`]; [`SendFailure::Unsupported`] if the socket only receives.
    pub async fn reserve<'a>(&'a self, head: &'a [u8]) -> Result<Permit<'a>, SendFailure> {
        Reserve::new(&*self.inner, head).await
    }

    /// A slot for a message that begins with the frame `head`, if there is one now.
    ///
    /// # Errors
    ///
    /// [`SendFailure`]; [`SendFailure::Unsupported`] if the socket only receives.
    pub fn try_reserve(&self, head: &[u8]) -> Result<Permit<'_>, SendFailure> {
        Permit::try_new(&*self.inner, head)
    }

    /// As [`Socket::recv`](crate::Socket::recv).
    ///
    /// # Errors
    ///
    /// [`RecvError`]; [`RecvError::Unsupported`] if the socket only sends.
    #[inline]
    pub fn recv(&self) -> impl Future<Output = Result<Message, RecvError>> {
        Recv::new(&*self.inner)
    }

    /// As [`Socket::try_recv`](crate::Socket::try_recv).
    ///
    /// # Errors
    ///
    /// [`RecvError`]; [`RecvError::Unsupported`] if the socket only sends.
    pub fn try_recv(&self) -> Result<Message, RecvError> {
        let mut message = Message::new();
        self.inner.try_recv(&mut message).map(|()| message)
    }

    /// As [`Socket::recv_many`](crate::Socket::recv_many).
    ///
    /// # Errors
    ///
    /// [`RecvError`]; [`RecvError::Unsupported`] if the socket only sends.
    pub async fn recv_many(
        &self,
        into: &mut Vec<Message>,
        limit: usize,
    ) -> Result<usize, RecvError> {
        RecvMany::new(&*self.inner, into, limit).await
    }

    /// As [`Socket::is_readable`](crate::Socket::is_readable).
    #[must_use]
    pub fn is_readable(&self) -> bool {
        self.inner.is_readable()
    }

    /// As [`Socket::is_writable`](crate::Socket::is_writable).
    #[must_use]
    pub fn is_writable(&self) -> bool {
        self.inner.is_writable()
    }

    /// As [`Socket::close`](crate::Socket::close).
    pub async fn close(&self) {
        self.inner.close();
        self.inner.hub().finished().await;
    }
}

impl fmt::Debug for AnySocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AnySocket")
            .field(&self.socket_type())
            .finish()
    }
}
