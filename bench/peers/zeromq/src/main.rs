//! zeromq 0.7 on stage. It has one way to do things: `default`, on a current-thread
//! runtime, and `threads`, on a multi-thread one. It has no high-water mark to set, and
//! no inproc, and its sends spend none of their task's budget.

use stage::{Args, Contestant, Failure, Kind, Payload, Socket};
use zeromq::{Socket as _, SocketRecv, SocketSend, ZmqMessage};

struct Zeromq;

impl Contestant for Zeromq {
    type Socket = Any;

    async fn open(kind: Kind, args: &Args) -> Result<Any, Failure> {
        if args.endpoint.starts_with("inproc:") {
            return Err("no inproc".into());
        }
        Ok(match kind {
            Kind::Push => Any::Push(zeromq::PushSocket::new()),
            Kind::Pull => Any::Pull(zeromq::PullSocket::new()),
            Kind::Req => Any::Req(zeromq::ReqSocket::new()),
            Kind::Rep => Any::Rep(zeromq::RepSocket::new()),
            Kind::Dealer => Any::Dealer(zeromq::DealerSocket::new()),
            Kind::Router => Any::Router(zeromq::RouterSocket::new()),
            Kind::Pub => Any::Pub(zeromq::PubSocket::new()),
            Kind::Sub => Any::Sub(zeromq::SubSocket::new()),
        })
    }

    fn run<F: Future>(mode: &str, part: F) -> F::Output {
        match mode {
            "threads" => stage::on_tokio_threads(part),
            _ => stage::on_tokio(part),
        }
    }
}

enum Any {
    Push(zeromq::PushSocket),
    Pull(zeromq::PullSocket),
    Req(zeromq::ReqSocket),
    Rep(zeromq::RepSocket),
    Dealer(zeromq::DealerSocket),
    Router(zeromq::RouterSocket),
    Pub(zeromq::PubSocket),
    Sub(zeromq::SubSocket),
}

impl Socket for Any {
    type Message = ZmqMessage;

    async fn bind(&mut self, endpoint: &str) -> Result<(), Failure> {
        match self {
            Self::Pull(socket) => socket.bind(endpoint).await?,
            Self::Rep(socket) => socket.bind(endpoint).await?,
            Self::Router(socket) => socket.bind(endpoint).await?,
            Self::Pub(socket) => socket.bind(endpoint).await?,
            _ => return Err("not a server's socket".into()),
        };
        Ok(())
    }

    async fn connect(&mut self, endpoint: &str) -> Result<(), Failure> {
        match self {
            Self::Push(socket) => socket.connect(endpoint).await?,
            Self::Req(socket) => socket.connect(endpoint).await?,
            Self::Dealer(socket) => socket.connect(endpoint).await?,
            Self::Sub(socket) => socket.connect(endpoint).await?,
            _ => return Err("not a client's socket".into()),
        }
        Ok(())
    }

    async fn subscribe(&mut self, topic: &[u8]) -> Result<(), Failure> {
        match self {
            Self::Sub(socket) => Ok(socket.subscribe(std::str::from_utf8(topic)?).await?),
            _ => Err("not a SUB".into()),
        }
    }

    #[inline]
    fn message(payload: &Payload) -> ZmqMessage {
        ZmqMessage::from(payload.to_bytes())
    }

    #[inline]
    async fn send(&mut self, message: ZmqMessage) -> Result<(), Failure> {
        match self {
            Self::Push(socket) => socket.send(message).await?,
            Self::Req(socket) => socket.send(message).await?,
            Self::Rep(socket) => socket.send(message).await?,
            Self::Dealer(socket) => socket.send(message).await?,
            Self::Router(socket) => socket.send(message).await?,
            Self::Pub(socket) => socket.send(message).await?,
            _ => return Err("does not send".into()),
        }
        // Without this a sender that never waits keeps the writers' tasks from running.
        tokio::task::coop::consume_budget().await;
        Ok(())
    }

    #[inline]
    async fn recv(&mut self) -> Result<ZmqMessage, Failure> {
        Ok(match self {
            Self::Pull(socket) => socket.recv().await?,
            Self::Req(socket) => socket.recv().await?,
            Self::Rep(socket) => socket.recv().await?,
            Self::Dealer(socket) => socket.recv().await?,
            Self::Router(socket) => socket.recv().await?,
            Self::Sub(socket) => socket.recv().await?,
            _ => return Err("does not receive".into()),
        })
    }
}

fn main() {
    stage::main::<Zeromq>();
}
