//! The messages of a benchmark, and the one that ends it.

use ferromq::Message;

use super::args::Work;
use super::case::Case;
use super::part::Clock;
use crate::ends::end::End;
use crate::ends::pattern::Pattern;
use crate::failure::Failure;

/// So many bytes may be sent between two looks at the clock.
const UNWATCHED: usize = 1 << 16;

/// When a round has had enough.
pub(crate) struct Limit<'a> {
    work: &'a Work,
    /// How many messages may be sent between two looks at the clock.
    stride: u64,
}

impl<'a> Limit<'a> {
    pub(crate) fn new(case: &Case, work: &'a Work) -> Self {
        let stride = (UNWATCHED / case.size).clamp(1, 64) as u64;
        Self { work, stride }
    }

    /// How many messages may be sent at once; none if the round is over.
    pub(crate) fn allows(&self, sent: u64, clock: &Clock) -> u64 {
        match self.work.count {
            Some(count) => count.saturating_sub(sent).min(self.stride),
            None if clock.elapsed() < self.work.duration => self.stride,
            None => 0,
        }
    }
}

/// Tells the sink that the round is over.
pub(crate) async fn end(end: &End) -> Result<(), Failure> {
    if end.pattern != Pattern::Stream {
        let last = Message::from_frames(["", "end"]);
        end.send(last).await?;
    }
    end.close().await;
    Ok(())
}

/// Whether a message says that the round is over: it has a second frame. A stream
/// of bytes says so by its end.
#[inline]
pub(crate) fn is_end(end: &End, message: &Message) -> bool {
    match end.pattern {
        Pattern::Stream => message.is_empty(),
        _ => message.len() > 1,
    }
}
