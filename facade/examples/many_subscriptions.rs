//! How much memory a million subscriptions take on either side, and how long it takes
//! until 50,000 are there again after a reconnection, with the usual marks.
//!
//! `cargo run --release -p ferromq --example many_subscriptions`

#![expect(clippy::print_stdout, reason = "it prints what it measures")]

use std::error::Error;
use std::time::{Duration, Instant};

use ferromq::{Endpoint, Options, SubSocket, XPubSocket};

const MILLION: usize = 1_000_000;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    println!("a million topics; bytes of memory for each, subscriber and publisher:");
    memory("sensor/<n>/temperature", |n| {
        format!("sensor/{n}/temperature")
    })
    .await?;
    memory("<hash>", |n| format!("{:016x}", hash(n))).await?;
    memory("inbox/<uuid>", |n| {
        format!("inbox/{:016x}{:016x}", hash(n), hash(!n))
    })
    .await?;
    memory("<n>, 100 bytes", |n| format!("{n:0>100}")).await?;
    restore(50_000).await
}

async fn memory(name: &str, topic: impl Fn(usize) -> String) -> Result<(), Box<dyn Error>> {
    let options = || Options::new().linger(Duration::ZERO);
    let subscriber = SubSocket::with_options(options());
    let before = resident();
    for n in 0..MILLION {
        subscriber.subscribe(topic(n))?;
    }
    let own = (resident() - before) / MILLION as f64;
    let publisher = XPubSocket::with_options(options());
    let endpoint = publisher.bind("tcp://127.0.0.1:*").await?;
    subscriber.connect(endpoint.as_str())?;
    let before = resident();
    hear(&publisher, MILLION).await?;
    let other = (resident() - before) / MILLION as f64;
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
