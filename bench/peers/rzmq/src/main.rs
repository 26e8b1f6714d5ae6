//! rzmq on stage.
//!
//! | mode | what it is |
//! |---|---|
//! | `default` | on the application's current-thread runtime |
//! | `tasks` | for inproc: both ends as tasks of one current-thread runtime |
//! | `threads` | on a multi-thread runtime |
//! | `unthrottled` | `default` with `ADAPTIVE_THROTTLE` off |
//! | `uring` | `IO_URING_SESSION_ENABLED` with one worker of the default configuration, `IO_URING_RCVMULTISHOT`, `TCP_CORK` |

use std::sync::OnceLock;

use rzmq::socket as option;
use rzmq::{Context, Msg, SocketType};
use stage::{Args, Contestant, Failure, Kind, Payload, Socket};

struct Rzmq;

impl Contestant for Rzmq {
    type Socket = Any;

    async fn open(kind: Kind, args: &Args) -> Result<Any, Failure> {
        let uring = args.mode == "uring";
        if uring {
            start_uring()?;
        }
        let socket = context()?.socket(type_of(kind))?;
        socket.set_option(option::SNDHWM, 1000_i32).await?;
        socket.set_option(option::RCVHWM, 1000_i32).await?;
        // As everybody else's: nothing is put between the frames or taken out.
        if matches!(kind, Kind::Dealer | Kind::Router) {
            socket.set_option(option::AUTO_DELIMITER, 0_i32).await?;
        }
        match args.mode.as_str() {
            "default" | "tasks" | "threads" => {}
            "unthrottled" => socket.set_option(option::ADAPTIVE_THROTTLE, 0_i32).await?,
            "uring" => {
                socket
                    .set_option(option::IO_URING_SESSION_ENABLED, 1_i32)
                    .await?;
                socket
                    .set_option(option::IO_URING_RCVMULTISHOT, 1_i32)
                    .await?;
                socket.set_option(option::TCP_CORK, 1_i32).await?;
            }
            mode => return Err(format!("no mode {mode}").into()),
        }
        Ok(Any { socket, kind })
    }

    fn run<F: Future>(mode: &str, part: F) -> F::Output {
        match mode {
            "threads" => stage::on_tokio_threads(part),
            _ => stage::on_tokio(part),
        }
    }

    fn shares_runtime(mode: &str) -> bool {
        mode == "tasks"
    }
}

fn context() -> Result<&'static Context, Failure> {
    static CONTEXT: OnceLock<Result<Context, rzmq::ZmqError>> = OnceLock::new();
    let made = CONTEXT.get_or_init(Context::new);
    made.as_ref().map_err(|failure| failure.to_string().into())
}

fn start_uring() -> Result<(), Failure> {
    static STARTED: OnceLock<Result<(), rzmq::ZmqError>> = OnceLock::new();
    let start = || rzmq::uring::initialize_uring_backend(rzmq::uring::UringConfig::default());
    let started = STARTED.get_or_init(start);
    started
        .as_ref()
        .map_or_else(|failure| Err(failure.to_string().into()), |()| Ok(()))
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
    socket: rzmq::Socket,
    kind: Kind,
}

impl Socket for Any {
    /// One frame, or several where the pattern has an address in front.
    type Message = Frames;

    async fn bind(&mut self, endpoint: &str) -> Result<(), Failure> {
        Ok(self.socket.bind(endpoint).await?)
    }

    async fn connect(&mut self, endpoint: &str) -> Result<(), Failure> {
        Ok(self.socket.connect(endpoint).await?)
    }

    async fn subscribe(&mut self, topic: &[u8]) -> Result<(), Failure> {
        Ok(self.socket.set_option_raw(option::SUBSCRIBE, topic).await?)
    }

    #[inline]
    fn message(payload: &Payload) -> Frames {
        Frames::One(Msg::from_bytes(payload.to_bytes()))
    }

    #[inline]
    async fn send(&mut self, message: Frames) -> Result<(), Failure> {
        match message {
            Frames::One(frame) => Ok(self.socket.send(frame).await?),
            Frames::Many(frames) => Ok(self.socket.send_multipart(frames).await?),
        }
    }

    #[inline]
    async fn recv(&mut self) -> Result<Frames, Failure> {
        if self.kind == Kind::Router {
            return Ok(Frames::Many(self.socket.recv_multipart().await?));
        }
        Ok(Frames::One(self.socket.recv().await?))
    }
}

enum Frames {
    One(Msg),
    Many(Vec<Msg>),
}

fn main() {
    stage::main::<Rzmq>();
}
