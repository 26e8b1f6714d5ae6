//! The younger socket types, whose messages have one frame (a RADIO's a group too, and a
//! DGRAM's an address).

use super::Socket;
use crate::DefaultContext;

/// CLIENT: messages to SERVERs in turn, and their answers, in any order
/// ([RFC 41](https://rfc.zeromq.org/spec/41/)).
///
/// Sending waits while no peer has room.
///
/// ```
/// use ferromq::prelude::*;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (client, server) = (ClientSocket::new(), ServerSocket::new());
/// let endpoint = server.bind("tcp://127.0.0.1:*").await?;
/// client.connect(endpoint.as_str())?;
/// client.send("one").await?;
/// client.send("two").await?;
/// for _ in 0..2 {
///     // It bears the client's number, and so goes back where it came from.
///     let echo = server.recv().await?;
///     server.send(echo).await?;
/// }
/// assert_eq!(client.recv().await?.as_str()?, "one");
/// assert_eq!(client.recv().await?.as_str()?, "two");
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "clientserver")]
#[cfg_attr(docsrs, doc(cfg(feature = "clientserver")))]
pub type ClientSocket = Socket<ferromq_pattern_clientserver::Client, DefaultContext>;

/// SERVER: messages of CLIENTs in turn, and answers to each by its number
/// ([RFC 41](https://rfc.zeromq.org/spec/41/)).
///
/// A message that was received bears the number of its client as its
/// [origin](crate::Message::origin); one that is sent goes to the client whose number is
/// its origin, which [`send_to`](Socket::send_to) sets. A number is never 0, and never
/// given to another client.
///
/// ```
/// use ferromq::prelude::*;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (server, client) = (ServerSocket::new(), ClientSocket::new());
/// server.bind("inproc://server").await?;
/// client.connect("inproc://server")?;
/// client.send("work").await?;
///
/// let number = server.recv().await?.origin();
/// server.send_to(number, "half done").await?;
/// server.send_to(number, "done").await?;
/// assert_eq!(client.recv().await?.as_str()?, "half done");
/// assert_eq!(client.recv().await?.as_str()?, "done");
///
/// let refused = server.send_to(number + 1, "who is there?").await;
/// assert_eq!(refused.unwrap_err().reason(), SendFailure::Unroutable);
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "clientserver")]
#[cfg_attr(docsrs, doc(cfg(feature = "clientserver")))]
pub type ServerSocket = Socket<ferromq_pattern_clientserver::Server, DefaultContext>;

/// PEER: a SERVER for its own kind, where either side may speak first
/// ([RFC 51](https://rfc.zeromq.org/spec/51/)).
///
/// [`connect_peer`](Socket::connect_peer) tells the number of the peer that will be
/// there; [`disconnect_peer`](Socket::disconnect_peer) lets one go.
///
/// ```
/// use ferromq::prelude::*;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (alice, bob) = (PeerSocket::new(), PeerSocket::new());
/// let endpoint = bob.bind("tcp://127.0.0.1:*").await?;
/// let number = alice.connect_peer(endpoint.as_str())?;
/// alice.send_to(number, "hello").await?;
/// let greeting = bob.recv().await?;
/// bob.send_to(greeting.origin(), "hello yourself").await?;
/// let answer = alice.recv().await?;
/// assert_eq!((answer.as_str()?, answer.origin()), ("hello yourself", number));
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "clientserver")]
#[cfg_attr(docsrs, doc(cfg(feature = "clientserver")))]
pub type PeerSocket = Socket<ferromq_pattern_clientserver::Peer, DefaultContext>;

/// CHANNEL: a PAIR of messages of one frame ([RFC 52](https://rfc.zeromq.org/spec/52/)).
///
/// ```
/// use ferromq::prelude::*;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (one, other) = (ChannelSocket::new(), ChannelSocket::new());
/// one.bind("inproc://channel").await?;
/// other.connect("inproc://channel")?;
/// other.send("knock").await?;
/// assert_eq!(one.recv().await?.as_str()?, "knock");
///
/// let refused = one.send(Message::from_frames(["two", "frames"])).await;
/// assert_eq!(refused.unwrap_err().reason(), SendFailure::Malformed);
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "pair")]
#[cfg_attr(docsrs, doc(cfg(feature = "pair")))]
pub type ChannelSocket = Socket<ferromq_pattern_pair::Channel, DefaultContext>;

/// SCATTER: a PUSH of messages of one frame ([RFC 49](https://rfc.zeromq.org/spec/49/)).
///
/// ```
/// use ferromq::prelude::*;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let source = ScatterSocket::new();
/// let endpoint = source.bind("tcp://127.0.0.1:*").await?;
/// let workers = [GatherSocket::new(), GatherSocket::new()];
/// for worker in &workers {
///     worker.connect(endpoint.as_str())?;
/// }
/// // The first goes to whoever is there first; the other may do the second.
/// source.send("work").await?;
/// let done = tokio::select! {
///     work = workers[0].recv() => work?,
///     work = workers[1].recv() => work?,
/// };
/// assert_eq!(done.as_str()?, "work");
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "pipeline")]
#[cfg_attr(docsrs, doc(cfg(feature = "pipeline")))]
pub type ScatterSocket = Socket<ferromq_pattern_pipeline::Scatter, DefaultContext>;

/// GATHER: a PULL of messages of one frame ([RFC 49](https://rfc.zeromq.org/spec/49/)).
///
/// ```
/// use ferromq::prelude::*;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (sink, source) = (GatherSocket::new(), ScatterSocket::new());
/// let endpoint = sink.bind("tcp://127.0.0.1:*").await?;
/// source.connect(endpoint.as_str())?;
/// source.send("result").await?;
/// assert_eq!(sink.recv().await?.as_str()?, "result");
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "pipeline")]
#[cfg_attr(docsrs, doc(cfg(feature = "pipeline")))]
pub type GatherSocket = Socket<ferromq_pattern_pipeline::Gather, DefaultContext>;

/// RADIO: each message to all peers that have joined its group
/// ([RFC 48](https://rfc.zeromq.org/spec/48/)).
///
/// A message has two frames: the group, up to 255 bytes, and the body. Sending never
/// waits: a peer that is too slow misses messages, the others do not.
///
/// Over `udp://`, where it connects and does not bind, each message is sent, whatever its
/// group: to one host, to a multicast group, or to a whole network. It is one datagram,
/// which may be lost; what is too long for one is counted among the
/// [`losses`](Socket::losses).
///
/// ```
/// use ferromq::prelude::*;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (radio, dish) = (RadioSocket::new(), DishSocket::new());
/// radio.bind("inproc://radio").await?;
/// dish.join("weather")?;
/// dish.connect("inproc://radio")?;
/// radio.send(Message::from_frames(["weather.north", "another group"])).await?;
/// radio.send(Message::from_frames(["weather", "sunny"])).await?;
/// assert_eq!(dish.recv().await?.body(), b"sunny");
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "pubsub")]
#[cfg_attr(docsrs, doc(cfg(feature = "pubsub")))]
pub type RadioSocket = Socket<ferromq_pattern_pubsub::Radio, DefaultContext>;

/// DISH: the messages of all RADIOs in the groups that it has joined
/// ([RFC 48](https://rfc.zeromq.org/spec/48/)).
///
/// Without [`join`](Socket::join) nothing is received. A group is its whole name, not
/// how names begin.
///
/// Over `udp://` it binds and does not connect: to an interface, or to a multicast group.
///
/// ```
/// use ferromq::prelude::*;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (radio, dish) = (RadioSocket::new(), DishSocket::new());
/// dish.join("weather")?;
/// let endpoint = dish.bind("udp://127.0.0.1;239.255.70.5:*").await?;
/// radio.connect(endpoint.as_str())?;
/// radio.send(Message::from_frames(["weather", "sunny"])).await?;
/// assert_eq!(dish.recv().await?.body(), b"sunny");
/// # Ok(())
/// # }
/// ```
///
/// ```
/// use ferromq::prelude::*;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (radio, dish) = (RadioSocket::new(), DishSocket::new());
/// radio.bind("inproc://numbers-by-radio").await?;
/// dish.connect("inproc://numbers-by-radio")?;
/// dish.join("odd")?;
/// assert!(dish.join("odd").is_err(), "once is enough");
/// radio.send(Message::from_frames(["odd", "1"])).await?;
/// let message = dish.recv().await?;
/// assert_eq!((message.head(), message.body()), (&b"odd"[..], &b"1"[..]));
/// dish.leave("odd")?;
/// radio.send(Message::from_frames(["odd", "3"])).await?;
/// assert_eq!(dish.try_recv(), Err(RecvError::WouldBlock));
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "pubsub")]
#[cfg_attr(docsrs, doc(cfg(feature = "pubsub")))]
pub type DishSocket = Socket<ferromq_pattern_pubsub::Dish, DefaultContext>;

/// DGRAM: datagrams to anybody and from anybody, as they are on the wire.
///
/// A message has two frames: the address that it goes to or comes from, as in
/// `127.0.0.1:5555`, and the body. It binds to one endpoint of `udp://`, and connects
/// nowhere. A datagram may be lost; what is too long for one, or has no address, is
/// counted among the [`losses`](Socket::losses).
///
/// ```
/// use ferromq::prelude::*;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (server, client) = (DgramSocket::new(), DgramSocket::new());
/// let endpoint = server.bind("udp://127.0.0.1:*").await?;
/// client.bind("udp://127.0.0.1:*").await?;
/// let address = endpoint.address().to_owned();
/// client.send(Message::from_frames([address.clone(), "ping".to_owned()])).await?;
///
/// // It bears the address of who has sent it, and so goes back there.
/// let ping = server.recv().await?;
/// server.send(ping).await?;
/// let echo = client.recv().await?;
/// assert_eq!((echo.head(), echo.body()), (address.as_bytes(), &b"ping"[..]));
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "pair")]
#[cfg_attr(docsrs, doc(cfg(feature = "pair")))]
pub type DgramSocket = Socket<ferromq_pattern_pair::Dgram, DefaultContext>;
