//! The rules that hold for every transport without connections.
//!
//! A transport's own tests describe it in a [`Fixture`], and [`run`] the suite, over a
//! network that loses nothing by itself. No check sleeps or measures time; one that hangs
//! fails after [`DEADLINE`](crate::transport::DEADLINE).

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use ferromq_core::{
    Connection, Datagrams, Endpoint, LinkOptions, Listener, Loss, Message, SocketType, Transport,
    TransportError,
};

use crate::transport::within;

/// A transport, and what the suite has to know of it.
pub struct Fixture {
    transport: Arc<dyn Transport>,
    fresh: Box<dyn Fn() -> Endpoint + Send + Sync>,
    connects: Vec<SocketType>,
    binds: Vec<SocketType>,
    longest: usize,
    malformed: Vec<Endpoint>,
}

type Link = Box<dyn Datagrams>;

impl Fixture {
    /// A transport, and where it can bind: each call gives an endpoint that nobody is
    /// bound to, or a wildcard.
    ///
    /// Messages of two frames go from sockets of the first of the types that may connect
    /// to those of the first that may bind, up to so many bytes with a first frame of
    /// five.
    pub fn new(
        transport: impl Transport,
        fresh: impl Fn() -> Endpoint + Send + Sync + 'static,
        (connects, binds): (&[SocketType], &[SocketType]),
        longest: usize,
    ) -> Self {
        Self {
            transport: Arc::new(transport),
            fresh: Box::new(fresh),
            connects: connects.to_vec(),
            binds: binds.to_vec(),
            longest,
            malformed: Vec::new(),
        }
    }

    /// Endpoints that are wrong by their syntax.
    #[must_use]
    pub fn malformed(mut self, endpoints: impl IntoIterator<Item = Endpoint>) -> Self {
        self.malformed.extend(endpoints);
        self
    }

    fn sending(&self) -> LinkOptions {
        of(self.connects[0])
    }

    async fn bind_to(&self, endpoint: &Endpoint) -> Box<dyn Listener> {
        let bound = self.transport.bind(endpoint, &of(self.binds[0])).await;
        bound.unwrap_or_else(|error| panic!("cannot bind: {error}"))
    }

    /// What is bound somewhere, and its link.
    async fn receiver(&self) -> (Box<dyn Listener>, Link) {
        let listener = self.bind_to(&(self.fresh)()).await;
        let link = link(listener.accept().await);
        (listener, link)
    }

    async fn sender(&self, to: &dyn Listener) -> Link {
        let to = to.local_endpoint();
        link(self.transport.connect(to, &self.sending()).await)
    }
}

/// Runs every check.
pub async fn run(fixture: &Fixture) {
    within("one link", an_endpoint_is_one_link(fixture)).await;
    within("types", only_some_types_bind_or_connect(fixture)).await;
    within("malformed", errors_quote_what_is_malformed(fixture)).await;
    within("whole", messages_arrive_as_they_were_sent(fixture)).await;
    within("lost", what_makes_no_datagram_is_lost_by_name(fixture)).await;
    within("several", several_send_to_one(fixture)).await;
    within("nobody", nobody_has_to_be_there(fixture)).await;
    within("freed", a_dropped_link_frees_its_endpoint(fixture)).await;
    within("woken", who_waits_is_woken(fixture)).await;
}

/// What bind returns can be connected to, and is accepted once: then nobody comes.
pub async fn an_endpoint_is_one_link(fixture: &Fixture) {
    let transport = &fixture.transport;
    assert!(transport.is_connectionless() && !transport.is_immediate());
    let (listener, mut receiver) = fixture.receiver().await;
    let endpoint = listener.local_endpoint();
    assert_eq!(endpoint.scheme(), transport.scheme());
    let checked = transport.check(endpoint, &fixture.sending());
    checked.unwrap_or_else(|error| panic!("bound to what cannot be connected to: {error}"));
    let mut sender = fixture.sender(&*listener).await;
    exchange(&mut sender, &mut receiver, "hello").await;
    let mut accept = pin!(listener.accept());
    let again = poll_fn(|cx| Poll::Ready(accept.as_mut().poll(cx).is_ready())).await;
    assert!(!again, "a link was accepted twice");
}

/// Sockets of other types, or of none, are told at once that it is not for them.
pub async fn only_some_types_bind_or_connect(fixture: &Fixture) {
    let transport = &fixture.transport;
    let (listener, _link) = fixture.receiver().await;
    let known = SocketType::ALL.into_iter().map(Some);
    for socket_type in known.chain([None]) {
        let options = LinkOptions {
            socket_type,
            ..LinkOptions::default()
        };
        let is_one_of = |types: &[SocketType]| socket_type.is_some_and(|it| types.contains(&it));
        let verdict = |outcome: Result<(), TransportError>| match outcome {
            Ok(()) => true,
            Err(TransportError::Incompatible(..)) => false,
            Err(error) => panic!("an unexpected reason: {error}"),
        };
        let endpoint = listener.local_endpoint();
        let connects = is_one_of(&fixture.connects);
        let connected = transport.connect(endpoint, &options).await;
        assert_eq!(verdict(connected.map(drop)), connects, "{socket_type:?}");
        assert_eq!(verdict(transport.check(endpoint, &options)), connects);
        let bound = transport.bind(&(fixture.fresh)(), &options).await;
        let binds = is_one_of(&fixture.binds);
        assert_eq!(verdict(bound.map(drop)), binds, "{socket_type:?}");
    }
}

/// What is wrong by its syntax is refused by check and by connect, with an error that
/// quotes the endpoint and a part of it.
pub async fn errors_quote_what_is_malformed(fixture: &Fixture) {
    let (transport, options) = (&fixture.transport, fixture.sending());
    for endpoint in &fixture.malformed {
        let Err(TransportError::Endpoint(error)) = transport.check(endpoint, &options) else {
            panic!("{endpoint:?} passes for an endpoint");
        };
        let Err(connected) = transport.connect(endpoint, &options).await else {
            panic!("{endpoint:?} was connected to");
        };
        assert_eq!(error.to_string(), connected.to_string());
        assert_eq!(error.endpoint(), endpoint.as_str());
        assert!(endpoint.as_str().get(error.range()).is_some(), "{error}");
    }
}

/// A message of any length up to the longest arrives with the same frames.
pub async fn messages_arrive_as_they_were_sent(fixture: &Fixture) {
    let (listener, mut receiver) = fixture.receiver().await;
    let mut sender = fixture.sender(&*listener).await;
    for length in [0, 1, 68, 255, 1000, fixture.longest - 1, fixture.longest] {
        exchange(&mut sender, &mut receiver, &"b".repeat(length)).await;
    }
}

/// What is too long, or has other frames than two, is lost; the link goes on.
pub async fn what_makes_no_datagram_is_lost_by_name(fixture: &Fixture) {
    let (listener, mut receiver) = fixture.receiver().await;
    let mut sender = fixture.sender(&*listener).await;
    let long = "b".repeat(fixture.longest + 1);
    for (message, loss) in [
        (message(&long), Loss::TooLongToSend),
        (Message::from("alone"), Loss::Malformed),
        (Message::from_frames(["1", "2", "3"]), Loss::Malformed),
    ] {
        assert_eq!(send(&mut sender, &message).await, Err(loss));
        exchange(&mut sender, &mut receiver, "and on").await;
    }
}

/// One link receives from all who send to it.
pub async fn several_send_to_one(fixture: &Fixture) {
    let (listener, mut receiver) = fixture.receiver().await;
    let mut senders = Vec::new();
    for _ in 0..10 {
        senders.push(fixture.sender(&*listener).await);
    }
    for sender in &mut senders {
        exchange(sender, &mut receiver, "hello").await;
    }
}

/// What is sent to nobody is gone, without any error; who comes hears what comes next.
pub async fn nobody_has_to_be_there(fixture: &Fixture) {
    let (listener, receiver) = fixture.receiver().await;
    let endpoint = listener.local_endpoint().clone();
    let mut sender = fixture.sender(&*listener).await;
    drop((listener, receiver));
    for _ in 0..10 {
        assert_eq!(send(&mut sender, &message("to nobody")).await, Ok(()));
    }
    let listener = fixture.bind_to(&endpoint).await;
    let mut receiver = link(listener.accept().await);
    exchange(&mut sender, &mut receiver, "to somebody").await;
}

/// Once a listener and its link are dropped, others can bind there; also if the link was
/// never accepted.
pub async fn a_dropped_link_frees_its_endpoint(fixture: &Fixture) {
    let (listener, receiver) = fixture.receiver().await;
    let endpoint = listener.local_endpoint().clone();
    drop((listener, receiver));
    drop(fixture.bind_to(&endpoint).await);
    let listener = fixture.bind_to(&endpoint).await;
    assert_eq!(*listener.local_endpoint(), endpoint);
    let mut receiver = link(listener.accept().await);
    let mut sender = fixture.sender(&*listener).await;
    exchange(&mut sender, &mut receiver, "hello").await;
}

/// Who waits for a message is woken when one comes.
pub async fn who_waits_is_woken(fixture: &Fixture) {
    let (listener, mut receiver) = fixture.receiver().await;
    let mut sender = fixture.sender(&*listener).await;
    let waiting = tokio::spawn(async move { receive(&mut receiver).await });
    // Lets it wait before something comes.
    tokio::task::yield_now().await;
    assert_eq!(send(&mut sender, &message("wake up")).await, Ok(()));
    let received = waiting.await.expect("no panic");
    assert_eq!(received, Ok(message("wake up")));
}

fn of(socket_type: SocketType) -> LinkOptions {
    LinkOptions {
        socket_type: Some(socket_type),
        ..LinkOptions::default()
    }
}

fn link(connection: Result<Connection, TransportError>) -> Link {
    match connection {
        Ok(Connection::Datagrams(link)) => link,
        Ok(_) => panic!("the link is not one of datagrams"),
        Err(error) => panic!("there is no link: {error}"),
    }
}

fn message(body: &str) -> Message {
    Message::from_frames(["group".to_owned(), body.to_owned()])
}

async fn send(link: &mut Link, message: &Message) -> Result<(), Loss> {
    poll_fn(|cx| link.poll_send(cx, message)).await
}

async fn receive(link: &mut Link) -> Result<Message, Loss> {
    let mut message = Message::new();
    poll_fn(|cx| link.poll_recv(cx, &mut message)).await?;
    Ok(message)
}

async fn exchange(from: &mut Link, to: &mut Link, body: &str) {
    assert_eq!(send(from, &message(body)).await, Ok(()));
    assert_eq!(receive(to).await, Ok(message(body)));
}
