//! The limits of inproc: a channel between two threads, 1,000 messages deep. A body of
//! up to 64 bytes lies in the channel's slot, a longer one is a `Bytes`.
//!
//! | mode | what it is |
//! |---|---|
//! | `crossbeam` | `crossbeam_channel::bounded` |
//! | `flume` | `flume::bounded` |
//! | `std` | `std::sync::mpsc::sync_channel` |
//! | `tasks` | `flume::bounded`, both ends tasks of one runtime |

use std::sync::Mutex;
use std::sync::mpsc;

use bytes::Bytes;
use stage::{Args, Contestant, Failure, Kind, Payload, Socket};

const DEPTH: usize = 1000;

struct Channels;

impl Contestant for Channels {
    type Socket = End;

    async fn open(_kind: Kind, args: &Args) -> Result<End, Failure> {
        if args.peers != 1 || !args.endpoint.starts_with("inproc:") {
            return Err("two ends in one process alone".into());
        }
        let mut spare = SPARE.lock().map_err(|_| "poisoned")?;
        if let Some(end) = spare.take() {
            return Ok(end);
        }
        let ((send_there, recv_here), (send_here, recv_there)) =
            (channel(&args.mode)?, channel(&args.mode)?);
        *spare = Some(End(send_here, recv_here));
        Ok(End(send_there, recv_there))
    }

    fn run<F: Future>(mode: &str, part: F) -> F::Output {
        match mode {
            "tasks" => stage::on_tokio(part),
            _ => stage::on_this_thread(part),
        }
    }

    fn shares_runtime(mode: &str) -> bool {
        mode == "tasks"
    }
}

/// The end that nobody has opened yet.
static SPARE: Mutex<Option<End>> = Mutex::new(None);

#[expect(dead_code, reason = "nobody looks into a body")]
enum Body {
    Inline([u8; 64]),
    Shared(Bytes),
}

struct End(Sender, Receiver);

enum Sender {
    Crossbeam(crossbeam_channel::Sender<Body>),
    Flume(flume::Sender<Body>),
    Std(mpsc::SyncSender<Body>),
    Tasks(flume::Sender<Body>),
}

enum Receiver {
    Crossbeam(crossbeam_channel::Receiver<Body>),
    Flume(flume::Receiver<Body>),
    Std(mpsc::Receiver<Body>),
    Tasks(flume::Receiver<Body>),
}

fn channel(mode: &str) -> Result<(Sender, Receiver), Failure> {
    Ok(match mode {
        "crossbeam" => {
            let (sender, receiver) = crossbeam_channel::bounded(DEPTH);
            (Sender::Crossbeam(sender), Receiver::Crossbeam(receiver))
        }
        "flume" => {
            let (sender, receiver) = flume::bounded(DEPTH);
            (Sender::Flume(sender), Receiver::Flume(receiver))
        }
        "std" => {
            let (sender, receiver) = mpsc::sync_channel(DEPTH);
            (Sender::Std(sender), Receiver::Std(receiver))
        }
        "tasks" => {
            let (sender, receiver) = flume::bounded(DEPTH);
            (Sender::Tasks(sender), Receiver::Tasks(receiver))
        }
        mode => return Err(format!("no mode {mode}").into()),
    })
}

impl Socket for End {
    type Message = Body;

    async fn bind(&mut self, _endpoint: &str) -> Result<(), Failure> {
        Ok(())
    }

    async fn connect(&mut self, _endpoint: &str) -> Result<(), Failure> {
        Ok(())
    }

    #[inline]
    fn message(payload: &Payload) -> Body {
        if payload.slice.len() > 64 {
            return Body::Shared(payload.to_bytes());
        }
        let mut body = [0; 64];
        body[..payload.slice.len()].copy_from_slice(payload.slice);
        Body::Inline(body)
    }

    #[inline]
    async fn send(&mut self, body: Body) -> Result<(), Failure> {
        let gone = |_| "the other end is gone";
        match &self.0 {
            Sender::Crossbeam(sender) => sender.send(body).map_err(|_| gone(()))?,
            Sender::Flume(sender) => sender.send(body).map_err(|_| gone(()))?,
            Sender::Std(sender) => sender.send(body).map_err(|_| gone(()))?,
            Sender::Tasks(sender) => sender.send_async(body).await.map_err(|_| gone(()))?,
        }
        Ok(())
    }

    #[inline]
    async fn recv(&mut self) -> Result<Body, Failure> {
        Ok(match &self.1 {
            Receiver::Crossbeam(receiver) => receiver.recv()?,
            Receiver::Flume(receiver) => receiver.recv()?,
            Receiver::Std(receiver) => receiver.recv()?,
            Receiver::Tasks(receiver) => receiver.recv_async().await?,
        })
    }
}

fn main() {
    stage::main::<Channels>();
}
