//! Waiting until a socket is connected.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use ferromq_core::Pattern;

use crate::any::AnySocket;
use crate::error::WaitError;
use crate::hub::Hub;
use crate::line::Place;
use crate::ops::Ops;
use crate::socket::Socket;

/// Connections to come.
#[must_use = "futures do nothing unless polled"]
struct Ready<'a> {
    hub: &'a Hub,
    timeout: Option<Duration>,
    place: Place,
}

impl<'a> Ready<'a> {
    fn new(hub: &'a Hub, timeout: Option<Duration>) -> Self {
        Self {
            hub,
            timeout,
            place: Place::default(),
        }
    }
}

impl Future for Ready<'_> {
    type Output = Result<(), WaitError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self {
            hub,
            timeout,
            place,
        } = self.get_mut();
        if hub.home.is_foreign() {
            return Poll::Ready(Err(WaitError::Forked));
        }
        ready!(hub.turns.poll_turn(cx));
        let look = || match hub.is_closed() {
            true => Some(Err(WaitError::Closed)),
            false => hub.roster.readiness(),
        };
        let looked = ready!(place.poll(cx, hub, hub.roster.line(), *timeout, || false, look));
        place.leave_line(hub.roster.line(), true);
        Poll::Ready(looked.unwrap_or(Err(WaitError::Timeout)))
    }
}

impl Drop for Ready<'_> {
    fn drop(&mut self) {
        self.place.leave_line(self.hub.roster.line(), false);
    }
}

impl<P: Pattern, D> Socket<P, D> {
    /// Waits until the socket is connected: each endpoint that it connects to has a peer
    /// whose handshake has succeeded, and there is a peer at all. A socket that only
    /// binds is ready with its first peer; one that does neither, once it does.
    ///
    /// Sending and receiving need not wait for this: what is sent to an endpoint that is
    /// still to be reached is queued. It says that the other side is there, now; what
    /// becomes of it later a [`monitor`](Self::monitor) tells. A publisher also has to
    /// know what its peers want: `wait_for_subscribers`.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # async fn example<P: ferromq_core::Pattern>(
    /// #     socket: ferromq_engine::Socket<P>,
    /// # ) -> Result<(), Box<dyn std::error::Error>> {
    /// socket.connect("tcp://server:5555")?;
    /// tokio::time::timeout(Duration::from_secs(5), socket.ready()).await??;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`WaitError::GaveUp`] if nobody tries to reach one of the endpoints any more,
    /// [`WaitError::Closed`] if the socket closes.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future only ends the waiting.
    pub fn ready(&self) -> impl Future<Output = Result<(), WaitError>> {
        Ready::new(self.inner().hub(), None)
    }
}

impl AnySocket {
    /// As [`Socket::ready`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn ready(&self) -> impl Future<Output = Result<(), WaitError>> {
        Ready::new(self.ops().hub(), None)
    }
}

#[cfg(feature = "blocking")]
impl<P: Pattern, D> crate::blocking::Socket<P, D> {
    /// As [`Socket::ready`], for no longer than `timeout`; with `None`, for as long as it
    /// takes.
    ///
    /// # Errors
    ///
    /// [`WaitError::Timeout`] if it took longer, and those of [`Socket::ready`].
    pub fn ready(&self, timeout: impl Into<Option<Duration>>) -> Result<(), WaitError> {
        let hub = self.as_async().inner().hub();
        crate::park::block_on(Ready::new(hub, timeout.into()))
    }
}
