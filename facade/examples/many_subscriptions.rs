//! How much memory many subscriptions take on either side, and how long it takes until
//! they are there again after a reconnection, with the usual marks.
//!
//! `cargo run --release -p ferromq --example many_subscriptions -- 1000000 50000`: so many
//! for the first question, and for the second. Without numbers, few.

#![expect(clippy::print_stdout, reason = "it prints what it measures")]

use std::error::Error;
use std::time::{Duration, Instant};

use ferromq::{Endpoint, Options, SubSocket, XPubSocket};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut numbers = std::env::args().skip(1).map(|number| number.parse());
    let held = numbers.next().unwrap_or(Ok(20_000))?;
    let restored = numbers.next().unwrap_or(Ok(5_000))?;
    println!("{held} topics; bytes of memory for each, subscriber and publisher:");
    memory(held, "sensor/<n>/temperature", |n| {
        format!("sensor/{n}/temperature")
    })
    .await?;
    memory(held, "<hash>", |n| format!("{:016x}", hash(n))).await?;
    memory(held, "inbox/<uuid>", |n| {
        format!("inbox/{:016x}{:016x}", hash(n), hash(!n))
    })
    .await?;
    memory(held, "<n>, 100 bytes", |n| format!("{n:0>100}")).await?;
    restore(restored).await
}

async fn memory(
    count: usize,
    name: &str,
    topic: impl Fn(usize) -> String,
) -> Result<(), Box<dyn Error>> {
    let options = || Options::new().linger(Duration::ZERO);
    let subscriber = SubSocket::with_options(options());
    let before = resident();
    for n in 0..count {
        subscriber.subscribe(topic(n))?;
    }
    let own = (resident() - before) / count as f64;
    let publisher = XPubSocket::with_options(options());
    let endpoint = publisher.bind("tcp://127.0.0.1:*").await?;
    subscriber.connect(endpoint.as_str())?;
    let before = resident();
    hear(&publisher, count).await?;
    let other = (resident() - before) / count as f64;
    println!("  {name:24} {own:6.1} {other:6.1}");
    subscriber.close().await;
    publisher.close().await;
    Ok(())
}

async fn restore(count: usize) -> Result<(), Box<dyn Error>> {
    let options = Options::new().linger(Duration::ZERO);
    let subscriber = SubSocket::with_options(options.clone());
    for n in 0..count {
        subscriber.subscribe(format!("topic/{n}"))?;
    }
    let mut endpoint: Endpoint = "tcp://127.0.0.1:*".parse()?;
    for round in 0..4 {
        let publisher = XPubSocket::with_options(options.clone());
        endpoint = publisher.bind(endpoint.as_str()).await?;
        if round == 0 {
            subscriber.connect(endpoint.as_str())?;
        }
        // The clock starts with the first, whatever the wait for a new connection was.
        publisher.recv().await?;
        let begin = Instant::now();
        hear(&publisher, count - 1).await?;
        println!("{count} topics in {:.1?}", begin.elapsed());
        publisher.close().await;
    }
    Ok(())
}

/// Receives so many subscriptions.
async fn hear(publisher: &XPubSocket, count: usize) -> Result<(), Box<dyn Error>> {
    for _ in 0..count {
        publisher.recv().await?;
    }
    Ok(())
}

/// Numbers that look random.
fn hash(n: usize) -> u64 {
    (n as u64)
        .wrapping_add(1)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .rotate_left(29)
        .wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

/// Bytes of memory that the system has given this process, if it says.
fn resident() -> f64 {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let pages = pages.and_then(|pages| pages.split(' ').nth(1)?.parse::<f64>().ok());
    pages.unwrap_or(f64::NAN) * 4096.0
}
