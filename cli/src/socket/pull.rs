//! `pull`, `gather`, `sub` and `dish`: messages to lines.

use ferromq::{PatternOption, SocketType};

use super::args::{Join, Pull, Subscribe};
use super::format::Format;
use super::output::Output;
use super::session::Session;
use crate::failure::Failure;

/// How many messages are taken at once at the most.
const BATCH: u64 = 256;

/// Runs `pull` or `gather`.
pub(crate) async fn pull(kind: SocketType, args: Pull) -> Result<(), Failure> {
    let session = Session::open(kind, &args.link, &[]).await?;
    let format = Format::new(&args.form, false);
    session.guard(print(&session, format, args.count)).await
}

/// Runs `sub`.
pub(crate) async fn subscribe(args: Subscribe) -> Result<(), Failure> {
    let mut topics: Vec<_> = args.topic.into_iter().map(String::into_bytes).collect();
    if topics.is_empty() {
        topics.push(Vec::new());
    }
    let subscriptions = topics
        .into_iter()
        .map(|topic| PatternOption::Subscribe(topic.into()));
    let subscriptions: Vec<_> = subscriptions.collect();
    let session = Session::open(SocketType::Sub, &args.link, &subscriptions).await?;
    let format = Format::new(&args.form, false);
    session.guard(print(&session, format, args.count)).await
}

/// Runs `dish`.
pub(crate) async fn join(args: Join) -> Result<(), Failure> {
    let groups = args.group.into_iter().map(String::into_bytes);
    let groups: Vec<_> = groups
        .map(|group| PatternOption::Join(group.into()))
        .collect();
    let session = Session::open(SocketType::Dish, &args.link, &groups).await?;
    let format = Format::new(&args.form, false);
    session.guard(print(&session, format, args.count)).await
}

async fn print(session: &Session, format: Format, count: Option<u64>) -> Result<(), Failure> {
    let mut output = Output::new();
    let mut messages = Vec::new();
    let mut left = count.unwrap_or(u64::MAX);
    while left > 0 {
        let limit = left.min(BATCH) as usize;
        left -= session.recv_many(&mut messages, limit).await? as u64;
        let mut text = Vec::new();
        for message in messages.drain(..) {
            format.encode(&message, &mut text);
        }
        output.write(text).await?;
    }
    output.finish().await?;
    session.finish().await
}
