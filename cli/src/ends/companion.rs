//! Another process of this program, which has the other end.
//!
//! Both sides write lines to each other: `heard` when a subscriber hears its
//! publisher, and at the end the companion's report, a line of JSON.

use std::env;
use std::future::pending;
use std::io;
use std::process::Stdio;
use std::thread;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::oneshot;

use super::end::Hearing;
use super::pattern::Role;
use crate::failure::Failure;
use crate::term::print;

const HEARD: &str = "heard";

/// The other process, as the one that started it sees it. It ends with this.
pub(crate) struct Companion {
    child: Child,
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Companion {
    /// Starts this program with those arguments.
    pub(crate) fn start<S: Into<String>>(
        args: impl IntoIterator<Item = S>,
    ) -> Result<Self, Failure> {
        let not_started = |error| Failure::Companion(format!("cannot be started: {error}"));
        let program = env::current_exe().map_err(not_started)?;
        let mut child = Command::new(program)
            .args(args.into_iter().map(Into::into))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(not_started)?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (stdin, stdout) =
            pipes.ok_or_else(|| Failure::Companion("cannot be talked to".into()))?;
        Ok(Self {
            child,
            stdin,
            lines: BufReader::new(stdout).lines(),
        })
    }

    /// Passes on that a subscriber hears its publisher, whichever side it is on,
    /// and waits for the companion's report.
    ///
    /// # Errors
    ///
    /// [`Failure::Companion`] if the companion ends without a report.
    pub(crate) async fn report(&mut self, hearing: Hearing) -> Result<Value, Failure> {
        let Self {
            child,
            stdin,
            lines,
        } = self;
        let (tell, heard) = hearing.split();
        let report = tokio::select! {
            report = listen(lines, tell) => report?,
            failed = pass_on(stdin, heard) => failed?,
        };
        if let Some(report) = report {
            let report = serde_json::from_str(&report);
            return report.map_err(|_| Failure::Companion("made no sense".into()));
        }
        let status = child.wait().await;
        let status = status.map_or_else(|error| error.to_string(), |status| status.to_string());
        Err(Failure::Companion(format!("has ended early: {status}")))
    }
}

/// Waits for the report, which is the first line that is not `heard`.
async fn listen(
    lines: &mut Lines<BufReader<ChildStdout>>,
    mut tell: Option<oneshot::Sender<()>>,
) -> Result<Option<String>, Failure> {
    while let Ok(Some(line)) = lines.next_line().await {
        if line != HEARD {
            return Ok(Some(line));
        }
        if let Some(tell) = tell.take() {
            // The publisher may have given up.
            let _ = tell.send(());
        }
    }
    Ok(None)
}

/// Tells the companion when it is heard, and does not end.
async fn pass_on<T>(
    stdin: &mut ChildStdin,
    heard: Option<oneshot::Receiver<()>>,
) -> Result<T, Failure> {
    if let Some(heard) = heard {
        // Where nobody is to hear anything, nobody tells; and that the companion
        // has ended is seen by who listens to it.
        if heard.await.is_ok() {
            let _ = stdin.write_all(format!("{HEARD}\n").as_bytes()).await;
        }
    }
    pending().await
}

/// Does the companion's part, as long as the other process is there, and reports.
/// The work gets its side of what has to be heard.
pub(crate) async fn accompany<W>(role: Role, work: impl FnOnce(Hearing) -> W) -> Result<(), Failure>
where
    W: Future<Output = Result<Value, Failure>>,
{
    let (own, others) = Hearing::of(role);
    let report = tokio::select! {
        report = work(own) => report?,
        failed = converse(others) => failed?,
    };
    print(&format!("{report}\n"))
}

/// Passes on between the other process and this one's socket what is heard; ends
/// if the other process does.
async fn converse<T>(hearing: Hearing) -> Result<T, Failure> {
    let (tell, heard) = hearing.split();
    let (alive, ended) = oneshot::channel::<()>();
    thread::spawn(move || {
        read(tell);
        drop(alive);
    });
    let say = async {
        if let Some(heard) = heard {
            if heard.await.is_ok() {
                print(&format!("{HEARD}\n"))?;
            }
        }
        pending().await
    };
    tokio::select! {
        _ = ended => Err(Failure::Companion("has ended early".into())),
        failed = say => failed,
    }
}

/// Reads what the other process says, until it ends.
fn read(mut tell: Option<oneshot::Sender<()>>) {
    for line in io::stdin().lines().map_while(Result::ok) {
        if let Some(tell) = tell.take().filter(|_| line == HEARD) {
            // The publisher may have given up.
            let _ = tell.send(());
        }
    }
}
