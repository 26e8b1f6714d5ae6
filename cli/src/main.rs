//! `fmq`: ØMQ (ZeroMQ) sockets on the command line.
//!
//! Every command is a thin layer over the sockets of [`ferromq`]: it turns
//! arguments into options, lines into messages and failures into exit codes.

#![forbid(unsafe_code)]

mod args;
mod bench;
mod demo;
mod duration;
mod ends;
mod failure;
mod interrupt;
mod proxy;
mod socket;
mod term;

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use ferromq::{LinkError, SocketType};
use tokio::runtime::{Builder, Runtime};

use crate::args::{Arguments, Command};
use crate::failure::Failure;

fn main() -> ExitCode {
    let command = match Arguments::try_parse() {
        Ok(arguments) => arguments.command,
        Err(error) => return complain(&error),
    };
    match start(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !failure.is_silent() {
                note(&failure);
            }
            failure.exit_code()
        }
    }
}

/// Says what is wrong with the arguments, or what they ask to be said.
fn complain(error: &clap::Error) -> ExitCode {
    if error.use_stderr() {
        let text = error.render().to_string();
        let text = text.strip_prefix("error: ").unwrap_or(&text);
        note(&text.trim_end());
        return ExitCode::from(2);
    }
    // Whoever reads the help may have seen enough of it.
    let _ = error.print();
    ExitCode::SUCCESS
}

fn start(command: Command) -> Result<(), Failure> {
    let runtime = runtime(&command)?;
    let done = runtime.block_on(interrupt::guard(run(command)));
    // A thread that still reads the input must not hold the end up.
    runtime.shutdown_background();
    done
}

/// One thread, but for what is asked to use more.
fn runtime(command: &Command) -> Result<Runtime, Failure> {
    let mut builder = match bench::wants_threads(command) {
        true => Builder::new_multi_thread(),
        false => Builder::new_current_thread(),
    };
    let runtime = builder.enable_all().build();
    runtime.map_err(|error| Failure::Link(Arc::new(LinkError::System(error))))
}

async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Push(args) => socket::push(SocketType::Push, args).await,
        Command::Pull(args) => socket::pull(SocketType::Pull, args).await,
        Command::Pub(args) => socket::publish(args).await,
        Command::Sub(args) => socket::subscribe(args).await,
        Command::Req(args) => socket::request(args).await,
        Command::Rep(args) => socket::reply(args).await,
        Command::Dealer(args) => socket::exchange(SocketType::Dealer, args).await,
        Command::Router(args) => socket::exchange(SocketType::Router, args).await,
        Command::Pair(args) => socket::exchange(SocketType::Pair, args).await,
        Command::Scatter(args) => socket::push(SocketType::Scatter, args).await,
        Command::Gather(args) => socket::pull(SocketType::Gather, args).await,
        Command::Client(args) => socket::exchange(SocketType::Client, args).await,
        Command::Server(args) => socket::exchange(SocketType::Server, args).await,
        Command::Peer(args) => socket::exchange(SocketType::Peer, args).await,
        Command::Channel(args) => socket::exchange(SocketType::Channel, args).await,
        Command::Dgram(args) => socket::exchange(SocketType::Dgram, args).await,
        Command::Radio(args) => socket::radiate(args).await,
        Command::Dish(args) => socket::join(args).await,
        Command::Proxy(args) => proxy::run(args).await,
        Command::Bench(args) => bench::run(args).await,
        Command::Demo(args) => demo::run(args).await,
        Command::BenchPeer(args) => bench::run_peer(args).await,
        Command::DemoPeer(args) => demo::run_peer(args).await,
    }
}

/// Tells people something, on standard error. That nobody can be told is no reason
/// to end.
fn note(text: &dyn fmt::Display) {
    let _ = writeln!(io::stderr(), "fmq: {text}");
}
