//! ferromq on stage.
//!
//! | mode | what it is |
//! |---|---|
//! | `default` | sockets on the application's own current-thread runtime |
//! | `batch` | the same, with `send_many` and `recv_many` |
//! | `tasks` | for inproc: both ends as tasks of one current-thread runtime |
//! | `spin` | the first, whose connections stay awake for 50 µs after traffic |
//! | `threads` | sockets on a multi-thread runtime |
//! | `io-thread` | sockets on the context's I/O thread, the application on a runtime |
//! | `blocking` | the blocking API, and so the context's I/O thread |
//! | `blocking-batch` | the same, with `send_many` and `recv_many` |

use std::collections::VecDeque;
use std::sync::OnceLock;
use std::time::Duration;

use ferromq::{Context, DefaultContext, IntoMessage, Message, Options, blocking};
use stage::{Args, BATCH, Contestant, Failure, Kind, Payload, Socket};

struct Ferromq;

impl Contestant for Ferromq {
    type Socket = Either;

    async fn open(kind: Kind, args: &Args) -> Result<Either, Failure> {
        let batch = args.mode.ends_with("batch");
        let face = match args.mode.as_str() {
            "default" | "batch" | "tasks" | "threads" => {
                Face::Tasks(Tasks::open(kind, embedded(), options()))
            }
            "spin" => Face::Tasks(Tasks::open(kind, embedded(), options().busy_poll(AWAKE))),
            "io-thread" => Face::Tasks(Tasks::open(kind, apart(), options())),
            "blocking" | "blocking-batch" => {
                Face::Blocking(Blocking::open(kind, apart(), options()))
            }
            mode => return Err(format!("no mode {mode}").into()),
        };
        Ok(Either {
            face,
            batch,
            outgoing: VecDeque::new(),
            borrowed: VecDeque::new(),
            incoming: Vec::new(),
        })
    }

    fn run<F: Future>(mode: &str, part: F) -> F::Output {
        match mode {
            "blocking" | "blocking-batch" => stage::on_this_thread(part),
            "threads" => stage::on_tokio_threads(part),
            _ => stage::on_tokio(part),
        }
    }

    fn shares_runtime(mode: &str) -> bool {
        mode == "tasks"
    }
}

fn embedded() -> &'static Context {
    static CONTEXT: OnceLock<Context> = OnceLock::new();
    CONTEXT.get_or_init(|| DefaultContext::builder().build())
}

fn apart() -> &'static Context {
    static CONTEXT: OnceLock<Context> = OnceLock::new();
    CONTEXT.get_or_init(|| DefaultContext::builder().embeds(false).build())
}

fn options() -> Options {
    Options::new()
        .send_high_water(1000)
        .receive_high_water(1000)
}

/// How long whoever spins does.
const AWAKE: Duration = Duration::from_micros(50);

struct Either {
    face: Face,
    batch: bool,
    outgoing: VecDeque<Message>,
    borrowed: VecDeque<&'static [u8]>,
    incoming: Vec<Message>,
}

enum Face {
    Tasks(Tasks),
    Blocking(Blocking),
}

impl Face {
    async fn send_many<M: IntoMessage>(&self, messages: &mut VecDeque<M>) -> Result<(), Failure> {
        match self {
            Self::Tasks(socket) => socket.send_many(messages).await,
            Self::Blocking(socket) => socket.send_many(messages).await,
        }
    }
}

/// Waits where waiting is a future, and not where it is a call.
macro_rules! wait {
    (tasks, $call:expr) => {
        $call.await
    };
    (blocking, $call:expr) => {
        $call
    };
}

/// An enum of the typed sockets of one face, and the calls that some of them have.
macro_rules! sockets {
    ($colour:ident, $name:ident) => {
        enum $name {
            Push(of::$colour::PushSocket),
            Pull(of::$colour::PullSocket),
            Req(of::$colour::ReqSocket),
            Rep(of::$colour::RepSocket),
            Dealer(of::$colour::DealerSocket),
            Router(of::$colour::RouterSocket),
            Pub(of::$colour::PubSocket),
            Sub(of::$colour::SubSocket),
        }

        impl $name {
            fn open(kind: Kind, context: &Context, options: Options) -> Self {
                use of::$colour::*;
                match kind {
                    Kind::Push => Self::Push(PushSocket::in_context(context, options)),
                    Kind::Pull => Self::Pull(PullSocket::in_context(context, options)),
                    Kind::Req => Self::Req(ReqSocket::in_context(context, options)),
                    Kind::Rep => Self::Rep(RepSocket::in_context(context, options)),
                    Kind::Dealer => Self::Dealer(DealerSocket::in_context(context, options)),
                    Kind::Router => Self::Router(RouterSocket::in_context(context, options)),
                    Kind::Pub => Self::Pub(PubSocket::in_context(context, options)),
                    Kind::Sub => Self::Sub(SubSocket::in_context(context, options)),
                }
            }

            async fn bind(&self, endpoint: &str) -> Result<(), Failure> {
                match self {
                    Self::Pull(socket) => wait!($colour, socket.bind(endpoint))?,
                    Self::Rep(socket) => wait!($colour, socket.bind(endpoint))?,
                    Self::Router(socket) => wait!($colour, socket.bind(endpoint))?,
                    Self::Pub(socket) => wait!($colour, socket.bind(endpoint))?,
                    _ => return Err("not a server's socket".into()),
                };
                Ok(())
            }

            fn connect(&self, endpoint: &str) -> Result<(), Failure> {
                match self {
                    Self::Push(socket) => socket.connect(endpoint)?,
                    Self::Req(socket) => socket.connect(endpoint)?,
                    Self::Dealer(socket) => socket.connect(endpoint)?,
                    Self::Sub(socket) => socket.connect(endpoint)?,
                    _ => return Err("not a client's socket".into()),
                }
                Ok(())
            }

            fn subscribe(&self, topic: &[u8]) -> Result<(), Failure> {
                match self {
                    Self::Sub(socket) => Ok(socket.subscribe(topic)?),
                    _ => Err("not a SUB".into()),
                }
            }

            #[inline]
            async fn send(&self, message: Message) -> Result<(), Failure> {
                match self {
                    Self::Push(socket) => wait!($colour, socket.send(message))?,
                    Self::Req(socket) => wait!($colour, socket.send(message))?,
                    Self::Rep(socket) => wait!($colour, socket.send(message))?,
                    Self::Dealer(socket) => wait!($colour, socket.send(message))?,
                    Self::Router(socket) => wait!($colour, socket.send(message))?,
                    Self::Pub(socket) => wait!($colour, socket.send(message))?,
                    _ => return Err("does not send".into()),
                }
                Ok(())
            }

            #[inline]
            async fn recv(&self) -> Result<Message, Failure> {
                Ok(match self {
                    Self::Pull(socket) => wait!($colour, socket.recv())?,
                    Self::Req(socket) => wait!($colour, socket.recv())?,
                    Self::Rep(socket) => wait!($colour, socket.recv())?,
                    Self::Dealer(socket) => wait!($colour, socket.recv())?,
                    Self::Router(socket) => wait!($colour, socket.recv())?,
                    Self::Sub(socket) => wait!($colour, socket.recv())?,
                    _ => return Err("does not receive".into()),
                })
            }

            /// Sends the payload as it is, as a program does that has it in a buffer.
            #[inline]
            async fn put(&self, payload: &Payload) -> Result<(), Failure> {
                if payload.is_shared() {
                    return self.send(Message::from(payload.bytes.clone())).await;
                }
                match self {
                    Self::Push(socket) => wait!($colour, socket.send(payload.slice))?,
                    Self::Pub(socket) => wait!($colour, socket.send(payload.slice))?,
                    _ => return self.send(Message::from(payload.slice)).await,
                }
                Ok(())
            }

            /// Receives a message and is done with it.
            #[inline]
            async fn take(&self) -> Result<(), Failure> {
                match self {
                    Self::Pull(socket) => drop(wait!($colour, socket.recv())?),
                    Self::Sub(socket) => drop(wait!($colour, socket.recv())?),
                    _ => drop(self.recv().await?),
                }
                Ok(())
            }

            async fn send_many<M: IntoMessage>(
                &self,
                messages: &mut VecDeque<M>,
            ) -> Result<(), Failure> {
                match self {
                    Self::Push(socket) => wait!($colour, socket.send_many(messages))?,
                    Self::Pub(socket) => wait!($colour, socket.send_many(messages))?,
                    _ => return Err("sends nothing in batches".into()),
                }
                Ok(())
            }

            async fn recv_many(&self, messages: &mut Vec<Message>) -> Result<usize, Failure> {
                Ok(match self {
                    Self::Pull(socket) => wait!($colour, socket.recv_many(messages, BATCH))?,
                    Self::Sub(socket) => wait!($colour, socket.recv_many(messages, BATCH))?,
                    _ => return Err("receives nothing in batches".into()),
                })
            }
        }
    };
}

/// The sockets by the colour of their functions.
mod of {
    pub(crate) use super::blocking;
    pub(crate) use ferromq as tasks;
}

sockets!(tasks, Tasks);
sockets!(blocking, Blocking);

impl Socket for Either {
    type Message = Message;

    async fn bind(&mut self, endpoint: &str) -> Result<(), Failure> {
        match &self.face {
            Face::Tasks(socket) => socket.bind(endpoint).await,
            Face::Blocking(socket) => socket.bind(endpoint).await,
        }
    }

    async fn connect(&mut self, endpoint: &str) -> Result<(), Failure> {
        match &self.face {
            Face::Tasks(socket) => socket.connect(endpoint),
            Face::Blocking(socket) => socket.connect(endpoint),
        }
    }

    async fn subscribe(&mut self, topic: &[u8]) -> Result<(), Failure> {
        match &self.face {
            Face::Tasks(socket) => socket.subscribe(topic),
            Face::Blocking(socket) => socket.subscribe(topic),
        }
    }

    #[inline]
    fn message(payload: &Payload) -> Message {
        if payload.is_shared() {
            Message::from(payload.bytes.clone())
        } else {
            Message::from(payload.slice)
        }
    }

    #[inline]
    async fn send(&mut self, message: Message) -> Result<(), Failure> {
        match &self.face {
            Face::Tasks(socket) => socket.send(message).await,
            Face::Blocking(socket) => socket.send(message).await,
        }
    }

    #[inline]
    async fn recv(&mut self) -> Result<Message, Failure> {
        match &self.face {
            Face::Tasks(socket) => socket.recv().await,
            Face::Blocking(socket) => socket.recv().await,
        }
    }

    #[inline]
    async fn send_some(&mut self, payload: &Payload) -> Result<u64, Failure> {
        if !self.batch {
            match &self.face {
                Face::Tasks(socket) => socket.put(payload).await?,
                Face::Blocking(socket) => socket.put(payload).await?,
            }
            return Ok(1);
        }
        // As for single calls: what is copied is sent as it is.
        if payload.is_shared() {
            let fill = std::iter::repeat_with(|| Self::message(payload));
            self.outgoing.extend(fill.take(BATCH));
            self.face.send_many(&mut self.outgoing).await?;
        } else {
            let fill = std::iter::repeat_n(payload.slice, BATCH);
            self.borrowed.extend(fill);
            self.face.send_many(&mut self.borrowed).await?;
        }
        Ok(BATCH as u64)
    }

    #[inline]
    async fn recv_some(&mut self) -> Result<u64, Failure> {
        if !self.batch {
            match &self.face {
                Face::Tasks(socket) => socket.take().await?,
                Face::Blocking(socket) => socket.take().await?,
            }
            return Ok(1);
        }
        self.incoming.clear();
        let taken = match &self.face {
            Face::Tasks(socket) => socket.recv_many(&mut self.incoming).await?,
            Face::Blocking(socket) => socket.recv_many(&mut self.incoming).await?,
        };
        Ok(taken as u64)
    }
}

fn main() {
    stage::main::<Ferromq>();
}
