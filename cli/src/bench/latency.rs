//! A message and its answer, over and over.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use ferromq::Message;

use super::args::Work;
use super::case::Case;
use super::load::{Limit, end, is_end};
use super::part::{Clock, Latency, Part};
use crate::ends::end::End;
use crate::failure::Failure;

/// Round trips before those that count.
const WARM_UP: u64 = 100;

/// So many times are kept at the most.
const SAMPLES: usize = 4_000_000;

/// Asks, and times each answer.
pub(crate) async fn ask(
    to: &End,
    case: &Case,
    work: &Work,
    progress: &AtomicU64,
) -> Result<Part, Failure> {
    let body = vec![b'x'; case.size];
    for _ in 0..WARM_UP {
        to.send(Message::from(&body[..])).await?;
        to.recv().await?;
    }
    let limit = Limit::new(case, work);
    let clock = Clock::start();
    let mut trips = 0;
    let mut times = Vec::new();
    while limit.allows(trips, &clock) > 0 && times.len() < SAMPLES {
        let start = Instant::now();
        to.send(Message::from(&body[..])).await?;
        to.recv().await?;
        let time = start.elapsed().as_nanos();
        times.push(u32::try_from(time).unwrap_or(u32::MAX));
        trips += 1;
        progress.store(trips, Ordering::Relaxed);
    }
    let part = clock.part(trips);
    end(to).await?;
    let latency = Latency::of(times);
    Ok(Part { latency, ..part })
}

/// Answers.
pub(crate) async fn answer(from: &End) -> Result<Part, Failure> {
    let clock = Clock::start();
    let mut trips = 0;
    loop {
        let message = from.recv().await?;
        if is_end(from, &message) {
            break;
        }
        from.send(message).await?;
        trips += 1;
    }
    let part = clock.part(trips);
    from.close().await;
    Ok(part)
}
