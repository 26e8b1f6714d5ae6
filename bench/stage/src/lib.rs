//! What all contestants share, so that they differ in nothing but the library under
//! test: one command line, one protocol with the harness, one loop per workload.
//!
//! A contestant implements [`Contestant`] and [`Socket`] and calls [`main`]. The loops
//! are generic over both, so a call costs what the library costs; contestants whose
//! calls block are futures that are always ready.

mod args;
mod control;
mod latency;
mod payload;
mod run;
mod workloads;

use std::error::Error;

pub use args::{Args, Kind};
pub use payload::{BATCH, Payload, SHARED_FROM};
pub use run::{on_this_thread, on_tokio, on_tokio_threads};

/// What can go wrong: the harness shows it in the row.
pub type Failure = Box<dyn Error>;

/// A library under test, in one of its modes.
pub trait Contestant {
    /// Its socket, whatever the pattern.
    type Socket: Socket;

    /// Opens a socket in the mode that `args` name, or says why it cannot.
    fn open(kind: Kind, args: &Args) -> impl Future<Output = Result<Self::Socket, Failure>>;

    /// Drives `part` to its end: one of the `on_*` functions, by the mode.
    fn run<F: Future>(mode: &str, part: F) -> F::Output;

    /// Whether both ends of an inproc workload share a runtime, as two of its tasks;
    /// otherwise each has a thread. Default no.
    fn shares_runtime(_mode: &str) -> bool {
        false
    }
}

/// A socket under test.
#[expect(async_fn_in_trait, reason = "nothing here crosses threads")]
pub trait Socket {
    /// Whatever its library sends and receives; one with several frames stays whole.
    type Message;

    /// Listens.
    async fn bind(&mut self, endpoint: &str) -> Result<(), Failure>;

    /// Connects, once more if it has before.
    async fn connect(&mut self, endpoint: &str) -> Result<(), Failure>;

    /// Subscribes; only a SUB is asked to.
    async fn subscribe(&mut self, _topic: &[u8]) -> Result<(), Failure> {
        Err("no subscriptions".into())
    }

    /// A message in the cheapest way that the library documents; [`SHARED_FROM`] says
    /// whether it may share the payload or has to copy it.
    fn message(payload: &Payload) -> Self::Message;

    /// Sends one message.
    async fn send(&mut self, message: Self::Message) -> Result<(), Failure>;

    /// Receives one message.
    async fn recv(&mut self) -> Result<Self::Message, Failure>;

    /// Sends one message, or [`BATCH`] in a mode with a batch call; says how many.
    async fn send_some(&mut self, payload: &Payload) -> Result<u64, Failure> {
        self.send(Self::message(payload)).await.map(|()| 1)
    }

    /// Receives one message, or what is there in a mode with a batch call; says how many.
    async fn recv_some(&mut self) -> Result<u64, Failure> {
        self.recv().await.map(drop).map(|()| 1)
    }

    /// Pushes out what a batching sender holds back.
    async fn flush(&mut self) -> Result<(), Failure> {
        Ok(())
    }
}

/// The program of a contestant.
pub fn main<C: Contestant>() {
    let told = Args::parse(std::env::args().skip(1)).and_then(|args| {
        control::settle(&args)?;
        run::play::<C>(&args)
    });
    if let Err(failure) = told {
        control::tell("unable", &format!("\"why\":{:?}", failure.to_string()));
        std::process::exit(1);
    }
}
