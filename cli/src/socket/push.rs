//! `push` and `scatter`: lines to peers in turn.

use std::collections::VecDeque;

use ferromq::SocketType;

use super::args::Push;
use super::format::Format;
use super::input::Input;
use super::session::Session;
use crate::failure::Failure;

/// Runs the command for a socket of that type.
pub(crate) async fn push(kind: SocketType, args: Push) -> Result<(), Failure> {
    let format = Format::new(&args.form, false);
    let mut input = Input::new(&args.content, format, args.count)?;
    let session = Session::open(kind, &args.link, &[]).await?;
    session
        .guard(async {
            let mut batch = VecDeque::new();
            while input.next_batch(&mut batch).await? {
                session.send_many(&mut batch).await?;
            }
            session.finish().await
        })
        .await
}
