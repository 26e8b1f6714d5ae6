//! Waiting for subscribers.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use ferromq_core::HasSubscribers;

use crate::any::AnySocket;
use crate::error::WaitError;
use crate::line::Place;
use crate::ops::Ops;
use crate::socket::Socket;

/// So many subscribers, to come.
#[must_use = "futures do nothing unless polled"]
struct Subscribers<'a, S: Ops + ?Sized, T> {
    socket: &'a S,
    topic: Option<T>,
    count: usize,
    timeout: Option<Duration>,
    place: Place,
}

impl<'a, S: Ops + ?Sized, T: AsRef<[u8]>> Subscribers<'a, S, T> {
    fn new(socket: &'a S, topic: Option<T>, count: usize, timeout: Option<Duration>) -> Self {
        Self {
            socket,
            topic,
            count,
            timeout,
            place: Place::default(),
        }
    }
}

/// The topic is looked at and never pointed into.
impl<S: Ops + ?Sized, T> Unpin for Subscribers<'_, S, T> {}

impl<S: Ops + ?Sized, T: AsRef<[u8]>> Future for Subscribers<'_, S, T> {
    type Output = Result<(), WaitError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self {
            socket,
            topic,
            count,
            timeout,
            place,
        } = self.get_mut();
        if socket.hub().home.is_foreign() {
            return Poll::Ready(Err(WaitError::Forked));
        }
        ready!(socket.hub().turns.poll_turn(cx));
        let topic = topic.as_ref().map(AsRef::as_ref);
        let look = || look(*socket, topic, *count);
        let looked = ready!(place.poll(
            cx,
            socket.hub(),
            socket.out_lane().waiters(),
            *timeout,
            || false,
            look
        ));
        let outcome = looked.unwrap_or(Err(WaitError::Timeout));
        place.leave(socket.out_lane(), outcome.is_ok());
        Poll::Ready(outcome)
    }
}

/// Whether enough are there; nothing while they may still come.
fn look<S: Ops + ?Sized>(
    socket: &S,
    topic: Option<&[u8]>,
    count: usize,
) -> Option<Result<(), WaitError>> {
    if socket.hub().is_closed() {
        return Some(Err(WaitError::Closed));
    }
    match socket.subscribers(topic) {
        None => Some(Err(WaitError::Unsupported)),
        Some(subscribers) => (subscribers >= count).then_some(Ok(())),
    }
}

impl<S: Ops + ?Sized, T> Drop for Subscribers<'_, S, T> {
    fn drop(&mut self) {
        self.place.leave(self.socket.out_lane(), false);
    }
}

impl<P: HasSubscribers, D> Socket<P, D> {
    /// Waits until at least `count` peers have subscribed to something (or, for a RADIO,
    /// joined a group). What is published then goes to them: nobody has to sleep.
    ///
    /// The peers are counted as they are now: one that cancels its subscriptions or
    /// leaves does not count any more. With
    /// [`XpubManual`](ferromq_core::PatternOption::XpubManual) those count that the
    /// application has subscribed. A SUB that subscribes to several topics counts
    /// from the first on; where a certain one matters, wait for
    /// [subscribers of that](Self::wait_for_subscribers_of). Over `udp://` nobody is seen
    /// to join, so nobody counts. Over `inproc://` a subscriber that is bound notices, as in
    /// libzmq, with its next call that somebody has connected to it.
    ///
    /// ```no_run
    /// # async fn example<P: ferromq_core::HasSubscribers>(
    /// #     publisher: ferromq_engine::Socket<P>,
    /// # ) -> Result<(), Box<dyn std::error::Error>> {
    /// publisher.wait_for_subscribers(2).await?;
    /// publisher.send("both of them hear this").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`WaitError::Closed`] if the socket closes.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future only ends the waiting.
    pub fn wait_for_subscribers(
        &self,
        count: usize,
    ) -> impl Future<Output = Result<(), WaitError>> {
        Subscribers::new(self.inner(), None::<&[u8]>, count, None)
    }

    /// Waits until at least `count` peers would be sent a message that begins with
    /// `topic`, or for a RADIO, have joined the group of just that name.
    ///
    /// # Errors
    ///
    /// [`WaitError::Closed`] if the socket closes.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future only ends the waiting.
    pub fn wait_for_subscribers_of(
        &self,
        topic: impl AsRef<[u8]>,
        count: usize,
    ) -> impl Future<Output = Result<(), WaitError>> {
        Subscribers::new(self.inner(), Some(topic), count, None)
    }

    /// How many peers have subscribed to something now.
    #[must_use]
    pub fn subscribers(&self) -> usize {
        self.inner().subscribers(None).unwrap_or_default()
    }
}

impl AnySocket {
    /// As [`Socket::wait_for_subscribers`].
    ///
    /// # Errors
    ///
    /// [`WaitError::Unsupported`] also if sockets of this type have no subscribers.
    pub fn wait_for_subscribers(
        &self,
        count: usize,
    ) -> impl Future<Output = Result<(), WaitError>> {
        Subscribers::new(self.ops(), None::<&[u8]>, count, None)
    }

    /// As [`Socket::wait_for_subscribers_of`].
    ///
    /// # Errors
    ///
    /// [`WaitError::Unsupported`] also if sockets of this type have no subscribers.
    pub fn wait_for_subscribers_of(
        &self,
        topic: impl AsRef<[u8]>,
        count: usize,
    ) -> impl Future<Output = Result<(), WaitError>> {
        Subscribers::new(self.ops(), Some(topic), count, None)
    }

    /// As [`Socket::subscribers`]; nothing if sockets of this type have none.
    #[must_use]
    pub fn subscribers(&self) -> Option<usize> {
        self.ops().subscribers(None)
    }
}

#[cfg(feature = "blocking")]
impl<P: HasSubscribers, D> crate::blocking::Socket<P, D> {
    /// As [`Socket::wait_for_subscribers`], for no longer than `timeout`; with `None`, for
    /// as long as it takes.
    ///
    /// # Errors
    ///
    /// [`WaitError::Timeout`] if not so many came in time, [`WaitError::Closed`] if the
    /// socket closes.
    pub fn wait_for_subscribers(
        &self,
        count: usize,
        timeout: impl Into<Option<Duration>>,
    ) -> Result<(), WaitError> {
        let inner = self.as_async().inner();
        let wait = Subscribers::new(inner, None::<&[u8]>, count, timeout.into());
        crate::park::block_on(wait)
    }

    /// As [`Socket::wait_for_subscribers_of`], for no longer than `timeout`.
    ///
    /// # Errors
    ///
    /// As of [`wait_for_subscribers`](Self::wait_for_subscribers).
    pub fn wait_for_subscribers_of(
        &self,
        topic: impl AsRef<[u8]>,
        count: usize,
        timeout: impl Into<Option<Duration>>,
    ) -> Result<(), WaitError> {
        let inner = self.as_async().inner();
        let wait = Subscribers::new(inner, Some(topic), count, timeout.into());
        crate::park::block_on(wait)
    }

    /// As [`Socket::subscribers`].
    #[must_use]
    pub fn subscribers(&self) -> usize {
        self.as_async().subscribers()
    }
}
