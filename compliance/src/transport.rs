//! The rules that hold for every transport.
//!
//! A transport's own tests describe it in a [`Fixture`], and [`run`] the suite.
//!
//! Transports of both kinds have to pass it: those that carry bytes, and those
//! that carry messages, for which the checks of [`stream`] and [`look`] do not count.
//! No check sleeps or measures time; one that hangs fails after [`DEADLINE`].

pub mod accept;
pub mod look;
pub mod name;
pub mod stream;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use ferromq_core::{
    Connection, Endpoint, LinkOptions, Listener, Stream, Transport, TransportError,
};

/// A check that takes longer has failed.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// A transport, and what the suite has to know of it.
pub struct Fixture {
    transport: Arc<dyn Transport>,
    options: LinkOptions,
    fresh: Box<dyn Fn() -> Endpoint + Send + Sync>,
    vacant: Option<Endpoint>,
    malformed: Vec<Endpoint>,
    takes_over: bool,
    looks: bool,
}

impl Fixture {
    /// A transport, and where it can bind: each call gives an endpoint that nobody
    /// is bound to, or a wildcard.
    pub fn new(
        transport: impl Transport,
        fresh: impl Fn() -> Endpoint + Send + Sync + 'static,
    ) -> Self {
        Self {
            transport: Arc::new(transport),
            options: LinkOptions::default(),
            fresh: Box::new(fresh),
            vacant: None,
            malformed: Vec::new(),
            takes_over: false,
            looks: false,
        }
    }

    /// With these options instead of the defaults.
    #[must_use]
    pub fn options(mut self, options: LinkOptions) -> Self {
        self.options = options;
        self
    }

    /// An endpoint at which nobody listens as long as the suite runs.
    #[must_use]
    pub fn vacant(mut self, endpoint: Endpoint) -> Self {
        self.vacant = Some(endpoint);
        self
    }

    /// Endpoints that are wrong by their syntax.
    #[must_use]
    pub fn malformed(mut self, endpoints: impl IntoIterator<Item = Endpoint>) -> Self {
        self.malformed.extend(endpoints);
        self
    }

    /// Whoever binds last to an endpoint has it, as with the files of `ipc://`.
    #[must_use]
    pub fn takes_over(mut self) -> Self {
        self.takes_over = true;
        self
    }

    /// Its readers find what has come by themselves ([`Reader::try_read`]).
    ///
    /// [`Reader::try_read`]: ferromq_core::Reader::try_read
    #[must_use]
    pub fn looks(mut self) -> Self {
        self.looks = true;
        self
    }

    async fn try_bind(&self, endpoint: &Endpoint) -> Result<Box<dyn Listener>, TransportError> {
        self.transport.bind(endpoint, &self.options).await
    }

    async fn try_connect(&self, endpoint: &Endpoint) -> Result<Connection, TransportError> {
        self.transport.connect(endpoint, &self.options).await
    }

    /// A listener somewhere.
    async fn bind(&self) -> Box<dyn Listener> {
        let endpoint = (self.fresh)();
        let bound = self.try_bind(&endpoint).await;
        bound.unwrap_or_else(|error| panic!("cannot bind: {error}"))
    }

    /// A connection to a listener.
    async fn connect(&self, listener: &dyn Listener) -> Connection {
        let connected = self.try_connect(listener.local_endpoint()).await;
        connected.unwrap_or_else(|error| panic!("cannot connect: {error}"))
    }

    /// Both ends of a connection, the one that has connected first.
    async fn pair(&self, listener: &dyn Listener) -> (Connection, Connection) {
        let near = self.connect(listener).await;
        (near, accept_from(listener).await)
    }

    /// Both ends of a connection that carries bytes; `None` if the transport
    /// carries messages.
    async fn streams(&self) -> Option<(Stream, Stream)> {
        let listener = self.bind().await;
        match self.pair(&*listener).await {
            (Connection::Stream(near), Connection::Stream(far)) => Some((near, far)),
            (Connection::Pipe(_), Connection::Pipe(_)) => None,
            _ => panic!("one end carries bytes and the other messages"),
        }
    }
}

/// Runs every check.
pub async fn run(fixture: &Fixture) {
    name::run(fixture).await;
    accept::run(fixture).await;
    stream::run(fixture).await;
    look::run(fixture).await;
}

async fn accept_from(listener: &dyn Listener) -> Connection {
    let accepted = listener.accept().await;
    accepted.unwrap_or_else(|error| panic!("cannot accept: {error}"))
}

/// Runs one check, and names it if it does not end.
pub(crate) async fn within(check: &str, run: impl Future<Output = ()>) {
    if tokio::time::timeout(DEADLINE, run).await.is_err() {
        panic!("{check}: not done after {DEADLINE:?}");
    }
}
