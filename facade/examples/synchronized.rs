//! Nobody misses the beginning: a publisher waits until all its subscribers are
//! there, without a sleep and without a second socket (PUB and SUB).

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use ferromq::PatternOption;
use ferromq::prelude::*;
use tokio::task::JoinSet;

type Error = Box<dyn std::error::Error + Send + Sync>;

const SUBSCRIBERS: usize = 5;
const UPDATES: usize = 10_000;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let publisher = PubSocket::new();
    // A subscriber that lags is waited for; a publisher drops its messages otherwise.
    publisher.set(&PatternOption::XpubNoDrop(true))?;
    let endpoint = publisher.bind("tcp://127.0.0.1:*").await?;

    let mut subscribers = JoinSet::new();
    for _ in 0..SUBSCRIBERS {
        subscribers.spawn(count(endpoint.clone()));
    }
    publisher.wait_for_subscribers(SUBSCRIBERS).await?;
    for number in 0..UPDATES {
        publisher.send(format!("{number}")).await?;
    }
    publisher.send("end").await?;

    while let Some(received) = subscribers.join_next().await {
        assert_eq!(received??, UPDATES);
    }
    println!("{SUBSCRIBERS} subscribers have received all of {UPDATES} updates");
    publisher.close().await;
    Ok(())
}

/// Receives updates up to the end, and says how many they were.
async fn count(endpoint: Endpoint) -> Result<usize, Error> {
    let subscriber = SubSocket::new();
    subscriber.subscribe("")?;
    subscriber.connect(endpoint.as_str())?;
    let mut received = 0;
    while subscriber.recv().await?.body() != b"end" {
        received += 1;
    }
    subscriber.close().await;
    Ok(received)
}
