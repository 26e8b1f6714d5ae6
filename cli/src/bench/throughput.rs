//! As many messages as go through, one way.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};

use ferromq::Message;

use super::args::Work;
use super::case::Case;
use super::load::{Limit, end, is_end};
use super::part::{Clock, Part};
use crate::ends::end::End;
use crate::ends::pattern::Pattern;
use crate::failure::Failure;

/// How many messages are received between two reports of progress.
const STEP: u64 = 256;

/// Sends.
pub(crate) async fn pour(to: &End, case: &Case, work: &Work) -> Result<Part, Failure> {
    let body = vec![b'x'; case.size];
    let limit = Limit::new(case, work);
    let clock = Clock::start();
    let mut sent = 0;
    let mut batch = VecDeque::new();
    loop {
        let now = limit.allows(sent, &clock);
        if now == 0 {
            break;
        }
        if work.batch == 1 {
            for _ in 0..now {
                to.send(&body[..]).await?;
            }
            sent += now;
        } else {
            let size = work
                .count
                .map_or(work.batch, |count| work.batch.min(count - sent));
            batch.extend((0..size).map(|_| Message::from(&body[..])));
            to.send_many(&mut batch).await?;
            sent += size;
        }
    }
    end(to).await?;
    Ok(clock.part(sent))
}

/// Receives, and times from the first message to the last.
pub(crate) async fn drain(
    from: &End,
    case: &Case,
    work: &Work,
    progress: &AtomicU64,
) -> Result<Part, Failure> {
    let mut tally = Tally::new(from, case);
    tally.takes(&from.recv().await?);
    let clock = Clock::start();
    match work.batch {
        1 => {
            while tally.takes(&from.recv().await?) {
                tally.report(1, progress);
            }
        }
        batch => {
            let mut messages = Vec::new();
            while messages.drain(..).all(|message| tally.takes(&message)) {
                tally.report(batch, progress);
                from.recv_many(&mut messages, batch as usize).await?;
            }
        }
    }
    let part = clock.part(tally.messages());
    from.close().await;
    Ok(part)
}

/// What has come.
struct Tally<'a> {
    from: &'a End,
    size: u64,
    /// Messages, or bytes where there are no messages.
    units: u64,
}

impl<'a> Tally<'a> {
    fn new(from: &'a End, case: &Case) -> Self {
        let size = case.size as u64;
        Self {
            from,
            size,
            units: 0,
        }
    }

    /// Counts a message; says whether more will come.
    #[inline]
    fn takes(&mut self, message: &Message) -> bool {
        if is_end(self.from, message) {
            return false;
        }
        self.units += match self.from.pattern {
            Pattern::Stream => message.size() as u64,
            _ => 1,
        };
        true
    }

    /// Tells how many have come, after so many more, if it is time to.
    #[inline]
    fn report(&self, more: u64, progress: &AtomicU64) {
        if self.units % STEP < more {
            progress.store(self.messages(), Ordering::Relaxed);
        }
    }

    fn messages(&self) -> u64 {
        match self.from.pattern {
            Pattern::Stream => self.units / self.size,
            _ => self.units,
        }
    }
}
