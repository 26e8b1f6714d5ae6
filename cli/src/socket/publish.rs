//! `pub`: lines to all who want them.

use std::collections::VecDeque;

use ferromq::{PatternOption, SocketType};

use super::args::Publish;
use super::format::Format;
use super::input::Input;
use super::session::Session;
use crate::failure::Failure;

/// What a subscription begins with, as a message that an XPUB receives.
const SUBSCRIBE: u8 = 1;

/// Runs the command. The socket is an XPUB: it sees who subscribes, and can wait
/// for those that do not keep up.
pub(crate) async fn publish(args: Publish) -> Result<(), Failure> {
    let format = Format::new(&args.form, false);
    let mut input = Input::new(&args.content, format, args.count)?;
    let options = [
        PatternOption::XpubVerbose(true),
        PatternOption::XpubNoDrop(!args.drop),
    ];
    let session = Session::open(SocketType::XPub, &args.link, &options).await?;
    let subscribers = if args.no_wait { 0 } else { args.subscribers };
    let topic = args.topic.as_deref();
    session
        .guard(async {
            let all_there = wait_for(subscribers, &session);
            session.wait("subscribers", all_there).await?;
            let publish = async {
                publish_all(topic, &mut input, &session).await?;
                session.finish().await
            };
            tokio::select! {
                biased;
                published = publish => published,
                // Subscriptions that nobody takes would fill the way in.
                failed = session.drain() => failed,
            }
        })
        .await
}

async fn wait_for(subscribers: u64, session: &Session) -> Result<(), Failure> {
    let mut missing = subscribers;
    while missing > 0 {
        let message = session.recv().await.map_err(no_subscriber)?;
        if message.head().first() == Some(&SUBSCRIBE) {
            missing -= 1;
        }
    }
    Ok(())
}

/// What was waited for is no message to whoever publishes.
fn no_subscriber(failure: Failure) -> Failure {
    match failure {
        Failure::TimedOut(_, limit, why) => Failure::TimedOut("no subscriber came", limit, why),
        failure => failure,
    }
}

async fn publish_all(
    topic: Option<&str>,
    input: &mut Input,
    session: &Session,
) -> Result<(), Failure> {
    let mut batch = VecDeque::new();
    while input.next_batch(&mut batch).await? {
        if let Some(topic) = topic {
            for message in &mut batch {
                message.push_front(topic.to_owned());
            }
        }
        session.send_many(&mut batch).await?;
    }
    Ok(())
}
