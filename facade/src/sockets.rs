//! A name for each socket type.

#[cfg(any(
    feature = "clientserver",
    feature = "pair",
    feature = "pipeline",
    feature = "pubsub"
))]
mod single_frame;

#[cfg(any(
    feature = "clientserver",
    feature = "pair",
    feature = "pipeline",
    feature = "pubsub"
))]
pub use single_frame::*;

pub use ferromq_engine::Socket;

/// PAIR: exactly one peer, messages both ways
/// ([RFC 31](https://rfc.zeromq.org/spec/31/)).
///
/// ```
/// use ferromq::prelude::*;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (one, other) = (PairSocket::new(), PairSocket::new());
/// one.bind("inproc://pair").await?;
/// other.connect("inproc://pair")?;
/// other.send("knock").await?;
/// assert_eq!(one.recv().await?.as_str()?, "knock");
/// one.send("who is there").await?;
/// assert_eq!(other.recv().await?.as_str()?, "who is there");
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "pair")]
#[cfg_attr(docsrs, doc(cfg(feature = "pair")))]
pub type PairSocket = Socket<ferromq_pattern_pair::Pair, crate::DefaultContext>;

/// PUSH: each message to one peer, in turn ([RFC 30](https://rfc.zeromq.org/spec/30/)).
///
/// Sending waits while no peer has room.
///
/// ```
/// use ferromq::prelude::*;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (source, sink) = (PushSocket::new(), PullSocket::new());
/// let endpoint = sink.bind("tcp://127.0.0.1:*").await?;
/// source.connect(endpoint.as_str())?;
/// source.send("work").await?;
/// assert_eq!(sink.recv().await?.as_str()?, "work");
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "pipeline")]
#[cfg_attr(docsrs, doc(cfg(feature = "pipeline")))]
pub type PushSocket = Socket<ferromq_pattern_pipeline::Push, crate::DefaultContext>;

/// PULL: messages from all peers, in turn ([RFC 30](https://rfc.zeromq.org/spec/30/)).
///
/// ```
/// use ferromq::prelude::*;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (sink, first, second) = (PullSocket::new(), PushSocket::new(), PushSocket::new());
/// sink.bind("inproc://sink").await?;
/// for source in [&first, &second] {
///     source.connect("inproc://sink")?;
///     source.send("a").await?;
///     source.send("b").await?;
/// }
/// let mut taken = Vec::new();
/// for _ in 0..4 {
///     taken.push(sink.recv().await?.as_str()?.to_owned());
/// }
/// assert_eq!(taken, ["a", "a", "b", "b"]);
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "pipeline")]
#[cfg_attr(docsrs, doc(cfg(feature = "pipeline")))]
pub type PullSocket = Socket<ferromq_pattern_pipeline::Pull, crate::DefaultContext>;

/// REQ: a request, then its reply ([RFC 28](https://rfc.zeromq.org/spec/28/)).
///
/// [`request`](Socket::request) does both in one call, which can be given up at any
/// time; [`send`](Socket::send) and [`recv`](Socket::recv) alternate.
///
/// ```
/// use std::time::Duration;
///
/// use ferromq::prelude::*;
/// use tokio::time::timeout;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (client, server) = (ReqSocket::new(), RepSocket::new());
/// client.connect("inproc://service")?;
/// // Nobody answers yet; the socket is free again after the time.
/// assert!(timeout(Duration::from_millis(1), client.request("?")).await.is_err());
///
/// server.bind("inproc://service").await?;
/// let serve = async {
///     loop {
///         let question = server.recv().await?;
///         server.send(question).await?;
///     }
///     # #[allow(unreachable_code, reason = "the loop ends with the example")]
///     Ok::<(), Box<dyn std::error::Error>>(())
/// };
/// tokio::select! {
///     answer = client.request("!") => assert_eq!(answer?.as_str()?, "!"),
///     failed = serve => failed?,
/// }
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "reqrep")]
#[cfg_attr(docsrs, doc(cfg(feature = "reqrep")))]
pub type ReqSocket = Socket<ferromq_pattern_reqrep::Req, crate::DefaultContext>;

/// REP: a request, then its reply, from the other side
/// ([RFC 28](https://rfc.zeromq.org/spec/28/)).
///
/// ```
/// use ferromq::prelude::*;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (client, server) = (ReqSocket::new(), RepSocket::new());
/// server.bind("inproc://echo").await?;
/// client.connect("inproc://echo")?;
/// client.send("echo").await?;
/// let request = server.recv().await?;
/// server.send(request).await?;
/// assert_eq!(client.recv().await?.as_str()?, "echo");
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "reqrep")]
#[cfg_attr(docsrs, doc(cfg(feature = "reqrep")))]
pub type RepSocket = Socket<ferromq_pattern_reqrep::Rep, crate::DefaultContext>;

/// DEALER: messages to peers in turn and from peers in turn, without lockstep
/// ([RFC 28](https://rfc.zeromq.org/spec/28/)).
///
/// A REP or a ROUTER's REQ needs an empty frame in front of the body.
///
/// ```
/// use ferromq::prelude::*;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (dealer, server) = (DealerSocket::new(), RepSocket::new());
/// server.bind("inproc://worker").await?;
/// dealer.connect("inproc://worker")?;
/// dealer.send(Message::from_frames(["", "job"])).await?;
/// let job = server.recv().await?;
/// server.send(job).await?;
/// assert_eq!(dealer.recv().await?, Message::from_frames(["", "job"]));
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "router")]
#[cfg_attr(docsrs, doc(cfg(feature = "router")))]
pub type DealerSocket = Socket<ferromq_pattern_router::Dealer, crate::DefaultContext>;

/// ROUTER: the first frame of a message is the peer's routing id, both ways
/// ([RFC 28](https://rfc.zeromq.org/spec/28/)).
///
/// ```
/// use ferromq::prelude::*;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let router = RouterSocket::new();
/// router.bind("inproc://router").await?;
/// let dealer = DealerSocket::with_options(Options::new().routing_id("alice")?);
/// dealer.connect("inproc://router")?;
/// dealer.send("hello").await?;
/// assert_eq!(router.recv().await?, Message::from_frames(["alice", "hello"]));
/// router.send(Message::from_frames(["alice", "welcome"])).await?;
/// assert_eq!(dealer.recv().await?.as_str()?, "welcome");
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "router")]
#[cfg_attr(docsrs, doc(cfg(feature = "router")))]
pub type RouterSocket = Socket<ferromq_pattern_router::Router, crate::DefaultContext>;

/// STREAM: raw TCP. The first frame is the connection's id, the second the bytes;
/// a connection announces itself, and is closed, with an empty second frame.
///
/// ```
/// use ferromq::prelude::*;
/// use tokio::io::AsyncReadExt;
/// use tokio::net::TcpStream;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let server = StreamSocket::new();
/// let endpoint = server.bind("tcp://127.0.0.1:*").await?;
/// let mut client = TcpStream::connect(endpoint.address()).await?;
/// let mut message = server.recv().await?;
/// let id = message.pop_front().ok_or("an id")?;
/// assert!(message.is_empty());
/// server.send(Message::from_frames([&id[..], b"hello\n"].map(<[u8]>::to_vec))).await?;
/// server.send(Message::from_frames([&id[..], b""].map(<[u8]>::to_vec))).await?;
/// let mut text = String::new();
/// client.read_to_string(&mut text).await?;
/// assert_eq!(text, "hello\n");
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "router")]
#[cfg_attr(docsrs, doc(cfg(feature = "router")))]
pub type StreamSocket = Socket<ferromq_pattern_router::Stream, crate::DefaultContext>;

/// PUB: each message to all peers that have subscribed to its topic, which is how
/// its first frame begins ([RFC 29](https://rfc.zeromq.org/spec/29/)).
///
/// Sending never waits: a peer that is too slow misses messages, the others do not.
///
/// ```
/// use ferromq::prelude::*;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (publisher, subscriber) = (PubSocket::new(), SubSocket::new());
/// publisher.bind("inproc://news").await?;
/// subscriber.subscribe("weather.")?;
/// subscriber.connect("inproc://news")?;
/// publisher.send(Message::from_frames(["traffic.north", "slow"])).await?;
/// publisher.send(Message::from_frames(["weather.north", "sunny"])).await?;
/// assert_eq!(subscriber.recv().await?.body(), b"sunny");
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "pubsub")]
#[cfg_attr(docsrs, doc(cfg(feature = "pubsub")))]
pub type PubSocket = Socket<ferromq_pattern_pubsub::Pub, crate::DefaultContext>;

/// SUB: the messages of all publishers whose first frame begins with one of its
/// topics ([RFC 29](https://rfc.zeromq.org/spec/29/)).
///
/// Without [`subscribe`](Socket::subscribe) nothing is received.
///
/// ```
/// use ferromq::prelude::*;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (publisher, subscriber) = (PubSocket::new(), SubSocket::new());
/// publisher.bind("inproc://numbers").await?;
/// subscriber.connect("inproc://numbers")?;
/// subscriber.subscribe("")?;
/// publisher.send("1").await?;
/// assert_eq!(subscriber.recv().await?.as_str()?, "1");
/// subscriber.unsubscribe("")?;
/// publisher.send("2").await?;
/// assert_eq!(subscriber.try_recv(), Err(RecvError::WouldBlock));
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "pubsub")]
#[cfg_attr(docsrs, doc(cfg(feature = "pubsub")))]
pub type SubSocket = Socket<ferromq_pattern_pubsub::Sub, crate::DefaultContext>;

/// XPUB: a PUB that receives its peers' subscriptions, as messages of an octet (1
/// to subscribe, 0 to cancel) and the topic ([RFC 29](https://rfc.zeromq.org/spec/29/)).
///
/// Waiting for a subscription is how a publisher knows that somebody listens.
///
/// ```
/// use ferromq::prelude::*;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (publisher, subscriber) = (XPubSocket::new(), SubSocket::new());
/// let endpoint = publisher.bind("tcp://127.0.0.1:*").await?;
/// subscriber.subscribe("a")?;
/// subscriber.connect(endpoint.as_str())?;
/// assert_eq!(publisher.recv().await?.body(), b"\x01a");
/// publisher.send("abc").await?;
/// assert_eq!(subscriber.recv().await?.as_str()?, "abc");
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "pubsub")]
#[cfg_attr(docsrs, doc(cfg(feature = "pubsub")))]
pub type XPubSocket = Socket<ferromq_pattern_pubsub::XPub, crate::DefaultContext>;

/// XSUB: a SUB that sends its subscriptions as messages, and may send others
/// upstream too ([RFC 29](https://rfc.zeromq.org/spec/29/)).
///
/// ```
/// use ferromq::prelude::*;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (publisher, subscriber) = (XPubSocket::new(), XSubSocket::new());
/// publisher.bind("inproc://upstream").await?;
/// subscriber.connect("inproc://upstream")?;
/// subscriber.send(b"\x01topic").await?;
/// assert_eq!(publisher.recv().await?.body(), b"\x01topic");
/// publisher.send("topic and more").await?;
/// assert_eq!(subscriber.recv().await?.as_str()?, "topic and more");
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "pubsub")]
#[cfg_attr(docsrs, doc(cfg(feature = "pubsub")))]
pub type XSubSocket = Socket<ferromq_pattern_pubsub::XSub, crate::DefaultContext>;
