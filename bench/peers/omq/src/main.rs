//! omq-tokio on stage.
//!
//! | mode | what it is |
//! |---|---|
//! | `default` | `Socket::new`: the driver on the application's current-thread runtime |
//! | `batch` | the same, with `try_send_many` and `recv_many_into` |
//! | `tasks` | for inproc: both ends as tasks of one current-thread runtime |
//! | `io-thread` | `Context::new().socket`: the driver on the context's I/O thread |
//! | `blocking` | `blocking_socket` of such a context |
//! | `spin` | the same with `recv_spin` of 50 µs and the latency profile |
//! | `exclusive` | `exclusive::Socket`: one peer, no driver, tcp alone |

use std::collections::VecDeque;
use std::sync::OnceLock;
use std::time::Duration;

use omq_tokio::options::WorkloadProfile;
use omq_tokio::{Context, Message, Options, SocketType, TrySendError, blocking, exclusive};
use stage::{Args, BATCH, Contestant, Failure, Kind, Payload, Socket};

struct Omq;

impl Contestant for Omq {
    type Socket = Any;

    async fn open(kind: Kind, args: &Args) -> Result<Any, Failure> {
        let kind = type_of(kind);
        let options = Options::default().send_hwm(1000).recv_hwm(1000);
        let spinning = || {
            let options = options.clone().recv_spin(Duration::from_micros(50));
            options.workload_profile(WorkloadProfile::Latency)
        };
        let face = match args.mode.as_str() {
            "default" | "batch" | "tasks" => Face::Tasks(omq_tokio::Socket::new(kind, options)),
            "io-thread" => Face::Tasks(context().socket(kind, options)),
            "blocking" => Face::Blocking(context().blocking_socket(kind, options)),
            "spin" => Face::Blocking(context().blocking_socket(kind, spinning())),
            "exclusive" => Face::Unopened(kind),
            mode => return Err(format!("no mode {mode}").into()),
        };
        Ok(Any {
            face,
            batch: args.mode == "batch",
            outgoing: VecDeque::new(),
            incoming: Vec::new(),
        })
    }

    fn run<F: Future>(mode: &str, part: F) -> F::Output {
        match mode {
            "blocking" | "spin" => stage::on_this_thread(part),
            _ => stage::on_tokio(part),
        }
    }

    fn shares_runtime(mode: &str) -> bool {
        mode == "tasks"
    }
}

fn context() -> &'static Context {
    static CONTEXT: OnceLock<Context> = OnceLock::new();
    CONTEXT.get_or_init(Context::new)
}

fn type_of(kind: Kind) -> SocketType {
    match kind {
        Kind::Push => SocketType::Push,
        Kind::Pull => SocketType::Pull,
        Kind::Req => SocketType::Req,
        Kind::Rep => SocketType::Rep,
        Kind::Dealer => SocketType::Dealer,
        Kind::Router => SocketType::Router,
        Kind::Pub => SocketType::Pub,
        Kind::Sub => SocketType::Sub,
    }
}

struct Any {
    face: Face,
    batch: bool,
    outgoing: VecDeque<Message>,
    incoming: Vec<Message>,
}

enum Face {
    Tasks(omq_tokio::Socket),
    Blocking(blocking::Socket),
    Exclusive(exclusive::Socket),
    Unopened(SocketType),
}

impl Any {
    async fn send_batch(&mut self, payload: &Payload) -> Result<u64, Failure> {
        let Face::Tasks(socket) = &self.face else {
            return Err("no batches".into());
        };
        let fill = std::iter::repeat_with(|| Self::message(payload));
        self.outgoing.extend(fill.take(BATCH));
        while !self.outgoing.is_empty() {
            match socket.try_send_many(&mut self.outgoing, BATCH) {
                Ok(_) => {}
                Err(TrySendError::Full(message)) => {
                    self.outgoing.push_front(message);
                    socket.wait_send_ready().await;
                }
                Err(failure) => return Err(format!("{failure:?}").into()),
            }
        }
        // Nothing above has let the driver run.
        tokio::task::coop::consume_budget().await;
        Ok(BATCH as u64)
    }
}

impl Socket for Any {
    type Message = Message;

    async fn bind(&mut self, endpoint: &str) -> Result<(), Failure> {
        match &self.face {
            Face::Tasks(socket) => drop(socket.bind(endpoint).await?),
            Face::Blocking(socket) => drop(socket.bind(endpoint)?),
            Face::Unopened(kind) => {
                let options = exclusive::Options::default();
                let (socket, _) = exclusive::Socket::bind(*kind, endpoint, options).await?;
                self.face = Face::Exclusive(socket);
            }
            Face::Exclusive(_) => return Err("bound already".into()),
        }
        Ok(())
    }

    async fn connect(&mut self, endpoint: &str) -> Result<(), Failure> {
        match &self.face {
            Face::Tasks(socket) => drop(socket.connect(endpoint).await?),
            Face::Blocking(socket) => socket.connect(endpoint)?,
            Face::Unopened(kind) => {
                let options = exclusive::Options::default();
                let socket = exclusive::Socket::connect(*kind, endpoint, options).await?;
                self.face = Face::Exclusive(socket);
            }
            Face::Exclusive(_) => return Err("one peer only".into()),
        }
        Ok(())
    }

    async fn subscribe(&mut self, topic: &[u8]) -> Result<(), Failure> {
        let topic = bytes::Bytes::copy_from_slice(topic);
        match &self.face {
            Face::Tasks(socket) => Ok(socket.subscribe(topic).await?),
            Face::Blocking(socket) => Ok(socket.subscribe(topic)?),
            _ => Err("no subscriptions".into()),
        }
    }

    #[inline]
    fn message(payload: &Payload) -> Message {
        if payload.is_shared() {
            Message::single(payload.bytes.clone())
        } else {
            Message::from_slice(payload.slice)
        }
    }

    #[inline]
    async fn send(&mut self, message: Message) -> Result<(), Failure> {
        match &mut self.face {
            Face::Tasks(socket) => Ok(socket.send(message).await?),
            Face::Blocking(socket) => Ok(socket.send(message)?),
            Face::Exclusive(socket) => Ok(socket.send(&message).await?),
            Face::Unopened(_) => Err("not opened".into()),
        }
    }

    #[inline]
    async fn recv(&mut self) -> Result<Message, Failure> {
        match &mut self.face {
            Face::Tasks(socket) => Ok(socket.recv().await?),
            Face::Blocking(socket) => Ok(socket.recv()?),
            Face::Exclusive(socket) => Ok(socket.recv().await?),
            Face::Unopened(_) => Err("not opened".into()),
        }
    }

    #[inline]
    async fn send_some(&mut self, payload: &Payload) -> Result<u64, Failure> {
        if self.batch {
            self.send_batch(payload).await
        } else {
            self.send(Self::message(payload)).await.map(|()| 1)
        }
    }

    #[inline]
    async fn recv_some(&mut self) -> Result<u64, Failure> {
        match &self.face {
            Face::Tasks(socket) if self.batch => {
                self.incoming.clear();
                let taken = socket.recv_many_into(BATCH, &mut self.incoming).await?;
                tokio::task::coop::consume_budget().await;
                Ok(taken as u64)
            }
            _ => self.recv().await.map(|_| 1),
        }
    }
}

fn main() {
    stage::main::<Omq>();
}
