//! Divide and conquer: a ventilator hands out tasks, workers do them, and a sink
//! collects the results (PUSH and PULL).

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::time::Duration;

use ferromq::EventKind;
use ferromq::prelude::*;
use tokio::time::sleep;

type Error = Box<dyn std::error::Error + Send + Sync>;

const WORKERS: usize = 4;
const TASKS: usize = 100;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let (ventilator, sink) = (PushSocket::new(), PullSocket::new());
    let tasks = ventilator.bind("tcp://127.0.0.1:*").await?;
    let results = sink.bind("tcp://127.0.0.1:*").await?;

    // If the first worker to connect is not to get all tasks, wait for the others.
    let mut monitor = ventilator.monitor();
    for name in 0..WORKERS {
        let (from, to) = (PullSocket::new(), PushSocket::new());
        from.connect(tasks.as_str())?;
        to.connect(results.as_str())?;
        tokio::spawn(work(name, from, to));
    }
    let mut connected = 0;
    while connected < WORKERS {
        let event = monitor.recv().await.ok_or("the socket is closed")?;
        connected += usize::from(matches!(event.kind, EventKind::HandshakeSucceeded(_)));
    }

    for task in 0..TASKS {
        ventilator.send(format!("{task}")).await?;
    }
    let mut done = [0; WORKERS];
    for _ in 0..TASKS {
        let result = sink.recv().await?;
        let worker: usize = std::str::from_utf8(result.head())?.parse()?;
        done[worker] += 1;
    }
    println!("{TASKS} tasks, done by four workers: {done:?}");

    ventilator.close().await;
    sink.close().await;
    Ok(())
}

/// Does tasks, and says who did them.
async fn work(name: usize, from: PullSocket, to: PushSocket) -> Result<(), Error> {
    loop {
        let mut task = from.recv().await?;
        // The hard part of it.
        sleep(Duration::from_millis(1)).await;
        task.push_front(format!("{name}"));
        to.send(task).await?;
    }
}
