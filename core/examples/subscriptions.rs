//! How much memory a million subscriptions take, and how long one lookup.
//!
//! `cargo run --release -p ferromq-core --example subscriptions`

#![expect(clippy::print_stdout, reason = "it prints what it measures")]

use std::hint::black_box;
use std::time::Instant;

use ferromq_core::routing::Subscriptions;

const MILLION: u32 = 1_000_000;
const LOOKUPS: u32 = 1_000_000;

fn main() {
    println!("a million topics, one member each; bytes of memory for each:");
    memory("sensor/<n>/temperature", |n| {
        format!("sensor/{n}/temperature")
    });
    memory("<hash>", |n| format!("{:016x}", hash(n)));
    memory("inbox/<uuid>", |n| {
        format!("inbox/{:016x}{:016x}", hash(n), hash(!n))
    });
    memory("<n>, 100 bytes", |n| format!("{n:0>100}"));

    println!("one lookup:");
    for members in [1, 8, 64, 1000] {
        let mut index = Subscriptions::new();
        (0..members).for_each(|member| _ = index.insert(b"", member));
        time(
            &format!("{members} members of everything"),
            &mut index,
            |_| "topic".into(),
        );
    }
    let topic = |n: u32| format!("market/{}/{n}", n % 97);
    for topics in [10, 10_000, MILLION] {
        let mut index = Subscriptions::new();
        (0..topics).for_each(|n| _ = index.insert(topic(n).as_bytes(), n % 1000));
        time(
            &format!("1 of 1000 members, {topics} topics"),
            &mut index,
            |n| topic(n % topics),
        );
    }
}

fn memory(name: &str, topic: impl Fn(u32) -> String) {
    let mut index = Subscriptions::new();
    let before = resident();
    for n in 0..MILLION {
        index.insert(topic(n).as_bytes(), n % 1000);
    }
    let own = index.memory() as f64 / f64::from(MILLION);
    let resident = (resident() - before) / f64::from(MILLION);
    println!("  {name:24} {own:6.1} by its own count, {resident:6.1} resident");
}

fn time(name: &str, index: &mut Subscriptions, topic: impl Fn(u32) -> String) {
    let topics: Vec<_> = (0..1 << 12).map(|n| topic(hash(n) as u32)).collect();
    let start = Instant::now();
    let mut matched = 0;
    for topic in topics.iter().cycle().take(LOOKUPS as usize) {
        matched += black_box(index.matching(topic.as_bytes())).len();
    }
    let each = start.elapsed().as_nanos() as f64 / f64::from(LOOKUPS);
    println!(
        "  {name:32} {each:6.1} ns, {} matching",
        matched / LOOKUPS as usize
    );
}

/// Numbers that look random.
fn hash(n: u32) -> u64 {
    (u64::from(n) + 1)
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
