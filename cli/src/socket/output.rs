//! The standard output, written by a thread of its own: who reads it may be slow,
//! and the sockets go on meanwhile.

use std::io::{self, Write};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use crate::failure::{Failure, of_stdout};

/// How many pieces of text may wait to be written.
const WAITING: usize = 8;

/// How many threads are writing.
static WRITERS: Mutex<usize> = Mutex::new(0);
static DONE: Condvar = Condvar::new();

/// The way to the standard output.
pub(crate) struct Output {
    texts: mpsc::Sender<Vec<u8>>,
    end: oneshot::Receiver<Result<(), Failure>>,
}

impl Output {
    /// Starts to write.
    pub(crate) fn new() -> Self {
        let (texts, mut waiting) = mpsc::channel(WAITING);
        let (tell, end) = oneshot::channel();
        *writers() += 1;
        thread::spawn(move || {
            let written = write_all(&mut waiting).map_err(of_stdout);
            *writers() -= 1;
            DONE.notify_all();
            // A command that was interrupted does not want to know.
            let _ = tell.send(written);
        });
        Self { texts, end }
    }

    /// Writes some text, and waits while too much is waiting.
    ///
    /// # Errors
    ///
    /// Why an earlier text could not be written.
    pub(crate) async fn write(&mut self, text: Vec<u8>) -> Result<(), Failure> {
        match self.texts.send(text).await {
            Ok(()) => Ok(()),
            Err(_) => self.end().await,
        }
    }

    /// Waits until everything is written.
    pub(crate) async fn finish(mut self) -> Result<(), Failure> {
        drop(self.texts);
        Self::outcome(&mut self.end).await
    }

    async fn end(&mut self) -> Result<(), Failure> {
        Self::outcome(&mut self.end).await
    }

    async fn outcome(end: &mut oneshot::Receiver<Result<(), Failure>>) -> Result<(), Failure> {
        // Told once already, or the thread has ended in a panic.
        end.await.unwrap_or(Err(Failure::NoReader))
    }
}

/// Waits for texts that were given before the command was interrupted.
pub(crate) fn settle(limit: Duration) {
    let wait = DONE.wait_timeout_while(writers(), limit, |writers| *writers > 0);
    drop(wait.unwrap_or_else(PoisonError::into_inner));
}

fn writers() -> MutexGuard<'static, usize> {
    WRITERS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn write_all(waiting: &mut mpsc::Receiver<Vec<u8>>) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    while let Some(text) = waiting.blocking_recv() {
        stdout.write_all(&text)?;
        stdout.flush()?;
    }
    Ok(())
}
