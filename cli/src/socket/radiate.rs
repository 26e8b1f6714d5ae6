//! `radio`: lines to all who have joined a group.

use std::collections::VecDeque;

use ferromq::{PatternOption, SocketType};

use super::args::Radiate;
use super::format::Format;
use super::input::Input;
use super::session::Session;
use crate::failure::Failure;

/// Runs the command.
pub(crate) async fn radiate(args: Radiate) -> Result<(), Failure> {
    // Without a group for all, each line begins with its own.
    let format = Format::new(&args.form, args.group.is_none());
    let mut input = Input::new(&args.content, format, args.count)?;
    let options = [PatternOption::XpubNoDrop(!args.drop)];
    let session = Session::open(SocketType::Radio, &args.link, &options).await?;
    session
        .guard(async {
            if !args.no_wait {
                session.wait("a group", session.is_wanted()).await?;
            }
            let mut batch = VecDeque::new();
            while input.next_batch(&mut batch).await? {
                for message in &mut batch {
                    if let Some(group) = &args.group {
                        message.push_front(group.clone());
                    }
                }
                session.send_many(&mut batch).await?;
            }
            session.finish().await
        })
        .await
}
