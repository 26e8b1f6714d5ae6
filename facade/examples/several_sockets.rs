//! Reading from several sockets: whichever has a message first.
//!
//! A `recv` can be dropped at any time without losing a message, so
//! `tokio::select!` is all that it takes.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use ferromq::prelude::*;

type Error = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let (tasks, news) = (PullSocket::new(), SubSocket::new());
    let task_endpoint = tasks.bind("tcp://127.0.0.1:*").await?;
    let news_endpoint = news.bind("tcp://127.0.0.1:*").await?;
    news.subscribe("")?;
    tokio::spawn(send(task_endpoint, news_endpoint));

    let (mut of_tasks, mut of_news) = (0, 0);
    while of_tasks < 10 || of_news < 10 {
        tokio::select! {
            task = tasks.recv() => {
                task?;
                of_tasks += 1;
            }
            item = news.recv() => {
                item?;
                of_news += 1;
            }
        }
    }
    println!("{of_tasks} tasks and {of_news} items of news");
    tasks.close().await;
    news.close().await;
    Ok(())
}

/// Sends ten tasks and ten items of news.
async fn send(tasks: Endpoint, news: Endpoint) -> Result<(), Error> {
    let (worker, publisher) = (PushSocket::new(), XPubSocket::new());
    worker.connect(tasks.as_str())?;
    publisher.connect(news.as_str())?;
    // The subscription: news before it would have reached nobody.
    publisher.recv().await?;
    for number in 0..10 {
        worker.send(format!("task {number}")).await?;
        publisher.send(format!("item {number}")).await?;
    }
    worker.close().await;
    publisher.close().await;
    Ok(())
}
