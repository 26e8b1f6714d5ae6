//! `req`: lines to requests, and their replies to lines.

use ferromq::SocketType;

use super::args::Request;
use super::format::Format;
use super::input::Input;
use super::output::Output;
use super::session::Session;
use crate::failure::Failure;

/// Runs the command.
pub(crate) async fn request(args: Request) -> Result<(), Failure> {
    let format = Format::new(&args.form, false);
    let mut input = Input::new(&args.content, format, args.count)?;
    let session = Session::open(SocketType::Req, &args.link, &[]).await?;
    let mut output = Output::new();
    session
        .guard(async {
            while let Some(request) = input.next().await? {
                session.send(request).await?;
                let mut text = Vec::new();
                format.encode(&session.recv().await?, &mut text);
                output.write(text).await?;
            }
            output.finish().await?;
            session.finish().await
        })
        .await
}
