//! `dealer`, `router`, `pair` and the like: lines to messages and messages to lines, at
//! once.

use std::future::pending;
use std::time::Duration;

use ferromq::{Message, PatternOption, SendFailure, SocketType};
use tokio::sync::watch;
use tokio::time::sleep;

use super::args::Exchange;
use super::format::Format;
use super::input::Input;
use super::output::Output;
use super::session::Session;
use crate::failure::Failure;
use crate::note;

/// How many messages are taken at once at the most.
const BATCH: u64 = 256;

/// Runs the command for a socket of that type.
pub(crate) async fn exchange(kind: SocketType, args: Exchange) -> Result<(), Failure> {
    let numbers = matches!(kind, SocketType::Server | SocketType::Peer);
    let routes = numbers || matches!(kind, SocketType::Router | SocketType::Dgram);
    let format = Format::new(&args.form, routes);
    let mut input = Input::new(&args.content, format, args.count)?;
    // A message to nobody is to be noticed.
    let mandatory = [PatternOption::RouterMandatory(true)];
    let options: &[_] = match kind {
        SocketType::Router => &mandatory,
        _ => &[],
    };
    let session = Session::open(kind, &args.link, options).await?;
    let (sent, all_sent) = watch::channel(false);
    session
        .guard(async {
            let mut unroutable = 0;
            let send = async {
                if routes {
                    // What a script sends first is for the peer that is to come.
                    session.met().await;
                }
                send_all(&session, &mut input, numbers, &mut unroutable).await?;
                sent.send_replace(true);
                pending().await
            };
            let shown = Shown { format, numbers };
            let receive = receive(&session, shown, args.count, args.wait, all_sent);
            tokio::select! {
                biased;
                failed = send => failed,
                received = receive => received,
            }?;
            session.finish().await?;
            match unroutable {
                0 => Ok(()),
                count => Err(Failure::Unroutable(count)),
            }
        })
        .await
}

/// Sends the input. One without any message is no reason to end: a command in the
/// background has it.
async fn send_all(
    session: &Session,
    input: &mut Input,
    numbers: bool,
    unroutable: &mut u64,
) -> Result<(), Failure> {
    let mut any = false;
    while let Some(mut message) = input.next().await? {
        any = true;
        let head = String::from_utf8_lossy(message.head()).into_owned();
        if numbers {
            // No peer has the number 0.
            message.set_origin(head.parse().unwrap_or(0));
            message.pop_front();
        }
        match session.send(message).await {
            Err(Failure::Send(SendFailure::Unroutable)) => {
                *unroutable += 1;
                note(&format_args!("no peer has the id \"{head}\""));
            }
            sent => sent?,
        }
    }
    match any {
        true => Ok(()),
        false => pending().await,
    }
}

/// How a message that has come is written.
struct Shown {
    format: Format,
    /// Whether the sender's number stands in front.
    numbers: bool,
}

impl Shown {
    fn append(&self, mut message: Message, text: &mut Vec<u8>) {
        if self.numbers {
            message.push_front(message.origin().to_string());
        }
        self.format.encode(&message, text);
    }
}

/// Prints what comes, until enough has come or, when all is sent, nothing comes
/// any more.
async fn receive(
    session: &Session,
    shown: Shown,
    count: Option<u64>,
    wait: Duration,
    mut all_sent: watch::Receiver<bool>,
) -> Result<(), Failure> {
    let mut output = Output::new();
    let mut messages = Vec::new();
    let mut left = count.unwrap_or(u64::MAX);
    while left > 0 {
        let limit = left.min(BATCH) as usize;
        let quiet = async {
            // The sender lives as long as this.
            let _ = all_sent.wait_for(|all_sent| *all_sent).await;
            session.met().await;
            sleep(wait).await;
        };
        let received = tokio::select! {
            biased;
            received = session.recv_many(&mut messages, limit) => received?,
            () = quiet => break,
        };
        left -= received as u64;
        let mut text = Vec::new();
        for message in messages.drain(..) {
            shown.append(message, &mut text);
        }
        output.write(text).await?;
    }
    output.finish().await
}
