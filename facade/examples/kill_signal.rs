//! Divide and conquer, with an end: when the results are complete the sink tells
//! all workers to stop (PUSH and PULL for the work, XPUB and SUB for the signal).

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use ferromq::PatternOption;
use ferromq::prelude::*;
use tokio::task::JoinSet;

type Error = Box<dyn std::error::Error + Send + Sync>;

const WORKERS: usize = 3;
const TASKS: usize = 30;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let (ventilator, sink, control) = (PushSocket::new(), PullSocket::new(), XPubSocket::new());
    let tasks = ventilator.bind("tcp://127.0.0.1:*").await?;
    let results = sink.bind("tcp://127.0.0.1:*").await?;
    let signals = control.bind("tcp://127.0.0.1:*").await?;
    // Without this, only the first subscription to a topic is passed up.
    control.set(&PatternOption::XpubVerbose(true))?;

    let mut workers = JoinSet::new();
    for _ in 0..WORKERS {
        let (from, to, stop) = (PullSocket::new(), PushSocket::new(), SubSocket::new());
        from.connect(tasks.as_str())?;
        to.connect(results.as_str())?;
        stop.connect(signals.as_str())?;
        stop.subscribe("KILL")?;
        workers.spawn(work(from, to, stop));
    }

    for task in 0..TASKS {
        ventilator.send(format!("{task}")).await?;
    }
    for _ in 0..TASKS {
        sink.recv().await?;
    }
    // A signal reaches those who have subscribed by now; so every worker has.
    for _ in 0..WORKERS {
        control.recv().await?;
    }
    control.send("KILL").await?;

    let mut done = 0;
    while let Some(worker) = workers.join_next().await {
        done += worker??;
    }
    println!("{WORKERS} workers have done {done} tasks, and ended");

    ventilator.close().await;
    sink.close().await;
    control.close().await;
    Ok(())
}

/// Does tasks until it is told to stop, and says how many they were.
async fn work(from: PullSocket, to: PushSocket, stop: SubSocket) -> Result<usize, Error> {
    let mut done = 0;
    loop {
        tokio::select! {
            task = from.recv() => {
                to.send(task?).await?;
                done += 1;
            }
            signal = stop.recv() => {
                signal?;
                to.close().await;
                return Ok(done);
            }
        }
    }
}
