//! Links of datagrams in memory, which a test holds in its hands.

use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use ferromq_core::{
    Connection, Datagrams, Endpoint, LinkOptions, Listener, Loss, Message, Mutex, Transport,
    TransportError,
};

/// The transport `ether://anywhere`, to which sockets only connect: it takes messages when
/// the test says so, and none comes. Clones are the same.
#[derive(Clone, Default)]
pub struct Ether(Arc<Mutex<Air>>);

#[derive(Default)]
struct Air {
    /// How many messages more are taken.
    room: usize,
    taken: Vec<Message>,
    waker: Option<Waker>,
}

impl Ether {
    /// One that takes nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes so many messages more.
    pub fn take(&self, messages: usize) {
        let mut air = self.0.lock();
        air.room += messages;
        let waker = air.waker.take();
        drop(air);
        waker.into_iter().for_each(Waker::wake);
    }

    /// What was taken since this was asked last.
    #[must_use]
    pub fn taken(&self) -> Vec<Message> {
        std::mem::take(&mut self.0.lock().taken)
    }
}

#[async_trait]
impl Transport for Ether {
    fn scheme(&self) -> &'static str {
        "ether"
    }

    fn check(&self, _endpoint: &Endpoint, _options: &LinkOptions) -> Result<(), TransportError> {
        Ok(())
    }

    async fn connect(
        &self,
        _endpoint: &Endpoint,
        _options: &LinkOptions,
    ) -> Result<Connection, TransportError> {
        Ok(Connection::Datagrams(Box::new(self.clone())))
    }

    async fn bind(
        &self,
        endpoint: &Endpoint,
        _options: &LinkOptions,
    ) -> Result<Box<dyn Listener>, TransportError> {
        let reason = "nobody receives anything there";
        Err(TransportError::Incompatible(endpoint.clone(), reason))
    }

    fn is_connectionless(&self) -> bool {
        true
    }
}

impl Datagrams for Ether {
    fn poll_recv(&mut self, _cx: &mut Context<'_>, _into: &mut Message) -> Poll<Result<(), Loss>> {
        Poll::Pending
    }

    fn poll_send(&mut self, cx: &mut Context<'_>, message: &Message) -> Poll<Result<(), Loss>> {
        let mut air = self.0.lock();
        if air.room == 0 {
            air.waker = Some(cx.waker().clone());
            return Poll::Pending;
        }
        air.room -= 1;
        air.taken.push(message.clone());
        Poll::Ready(Ok(()))
    }
}
