//! `rep`: requests to lines, and answers to them.

use std::future::pending;
use std::process::Stdio;

use ferromq::{Message, SocketType};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use super::args::{Answer, Reply};
use super::format::Format;
use super::input::Input;
use super::output::Output;
use super::session::Session;
use crate::failure::Failure;

/// Where answers come from.
enum Answers {
    Echo,
    Text(Message),
    Shell(String),
    Input(Input),
}

/// Runs the command.
pub(crate) async fn reply(args: Reply) -> Result<(), Failure> {
    let format = Format::new(&args.form, false);
    let session = Session::open(SocketType::Rep, &args.link, &[]).await?;
    let mut answers = Answers::new(args.answer, format);
    let work = serve(&session, &mut answers, format, args.count);
    session.guard(work).await
}

async fn serve(
    session: &Session,
    answers: &mut Answers,
    format: Format,
    count: Option<u64>,
) -> Result<(), Failure> {
    let mut output = Output::new();
    let mut left = count.unwrap_or(u64::MAX);
    while left > 0 {
        let request = tokio::select! {
            biased;
            request = session.recv() => request?,
            ended = answers.ended() => {
                ended?;
                break;
            }
        };
        let mut text = Vec::new();
        format.encode(&request, &mut text);
        output.write(text).await?;
        let Some(answer) = answers.to(request).await? else {
            break;
        };
        session.send(answer).await?;
        left -= 1;
    }
    output.finish().await?;
    session.finish().await
}

impl Answers {
    fn new(answer: Answer, format: Format) -> Self {
        match answer {
            Answer { echo: true, .. } => Self::Echo,
            Answer {
                reply: Some(text), ..
            } => Self::Text(text.into()),
            Answer {
                exec: Some(command),
                ..
            } => Self::Shell(command),
            _ => Self::Input(Input::stdin(format)),
        }
    }

    /// Waits until it is known that there is no other answer.
    async fn ended(&mut self) -> Result<(), Failure> {
        if let Self::Input(input) = self {
            if !input.has_more().await? {
                return Ok(());
            }
        }
        pending().await
    }

    async fn to(&mut self, request: Message) -> Result<Option<Message>, Failure> {
        match self {
            Self::Echo => Ok(Some(request)),
            Self::Text(message) => Ok(Some(message.clone())),
            Self::Shell(command) => run(command, &request).await.map(Some),
            Self::Input(input) => input.next().await,
        }
    }
}

/// The output of a command that is given the request, without a newline at its end.
async fn run(command: &str, request: &Message) -> Result<Message, Failure> {
    let failed = |reason: String| Failure::Answer(command.into(), reason);
    let lost = |error: std::io::Error| failed(format!("cannot be run: {error}"));
    let (shell, flag) = match cfg!(windows) {
        true => ("cmd", "/C"),
        false => ("sh", "-c"),
    };
    let mut child = Command::new(shell)
        .args([flag, command])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(lost)?;
    let stdin = child.stdin.take();
    let body = request.body().to_vec();
    let feed = async move {
        if let Some(mut stdin) = stdin {
            // A command may end without having read its input.
            let _ = stdin.write_all(&body).await;
        }
    };
    let ((), done) = tokio::join!(feed, child.wait_with_output());
    let done = done.map_err(lost)?;
    if !done.status.success() {
        return Err(failed(format!("failed: {}", done.status)));
    }
    let mut text = done.stdout;
    if text.last() == Some(&b'\n') {
        text.pop();
    }
    Ok(Message::from(text))
}
