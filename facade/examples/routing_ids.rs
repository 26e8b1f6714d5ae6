//! Routing ids: a ROUTER that gives each task to the worker that has been idle for
//! longest, because each worker asks for its next one (ROUTER and REQ).

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::time::Duration;

use ferromq::prelude::*;
use tokio::task::JoinSet;
use tokio::time::sleep;

type Error = Box<dyn std::error::Error + Send + Sync>;

const WORKERS: u64 = 3;
const TASKS: usize = 60;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let broker = RouterSocket::new();
    let endpoint = broker.bind("tcp://127.0.0.1:*").await?;
    let mut workers = JoinSet::new();
    for worker in 1..=WORKERS {
        workers.spawn(work(worker, endpoint.clone()));
    }

    for _ in 0..TASKS {
        answer(&broker, "task").await?;
    }
    for _ in 0..WORKERS {
        answer(&broker, "enough").await?;
    }
    while let Some(worker) = workers.join_next().await {
        println!("{}", worker??);
    }
    broker.close().await;
    Ok(())
}

/// Answers the worker that has asked first.
async fn answer(broker: &RouterSocket, text: &str) -> Result<(), Error> {
    let request = broker.recv().await?;
    // Its routing id, and the empty frame of a REQ: what makes the way back.
    let worker = request.head().to_vec();
    let reply = Message::from_frames([worker, Vec::new(), text.into()]);
    broker.send(reply).await?;
    Ok(())
}

/// Asks for tasks until there are enough; some workers are slower than others.
async fn work(worker: u64, endpoint: Endpoint) -> Result<String, Error> {
    let socket = ReqSocket::new();
    socket.connect(endpoint.as_str())?;
    let mut done = 0;
    while socket.request("ready").await?.body() == b"task" {
        sleep(Duration::from_millis(worker)).await;
        done += 1;
    }
    socket.close().await;
    Ok(format!("{done} tasks at {worker} ms each"))
}
