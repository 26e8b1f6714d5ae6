//! What a command sends: lines of the standard input, or messages made up.

mod reader;

use std::collections::VecDeque;
use std::time::Duration;

use ferromq::Message;
use tokio::sync::mpsc;
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::args::{Content, Kind};
use super::format::Format;
use crate::failure::Failure;

/// How many messages are taken at once at the most.
const BATCH: usize = 256;

/// The messages to send, in order.
pub(crate) struct Input {
    source: Source,
    /// What was taken from the source.
    ready: VecDeque<Message>,
    /// How many messages may still come, if there is a limit.
    left: Option<u64>,
    pace: Option<Interval>,
}

enum Source {
    /// Batches that a thread reads.
    Stdin(mpsc::Receiver<Result<VecDeque<Message>, Failure>>),
    /// Messages over and over.
    Cycle(std::iter::Cycle<std::vec::IntoIter<Message>>),
}

impl Input {
    /// What the arguments say, but no more than `count` messages.
    ///
    /// # Errors
    ///
    /// [`Failure::Argument`] for a message of the arguments that is none.
    pub(crate) fn new(
        content: &Content,
        format: Format,
        count: Option<u64>,
    ) -> Result<Self, Failure> {
        let given = content.messages.iter().map(|text| {
            let message = format.decode(text.as_bytes());
            message.map_err(|reason| Failure::Argument(text.clone(), reason))
        });
        let given = given.collect::<Result<Vec<_>, _>>()?;
        let made_up = content.size.filter(|_| format.kind != Kind::Raw);
        let (source, left) = match (given.len() as u64, made_up) {
            (0, None) => (Source::Stdin(reader::start(format, content.size)), count),
            (0, Some(size)) => (cycle(vec![Message::from(vec![b'x'; size])]), count),
            (once, _) => (cycle(given), count.or(Some(once))),
        };
        Ok(Self {
            source,
            ready: VecDeque::new(),
            left,
            pace: content.interval.and_then(pace),
        })
    }

    /// The lines of the standard input.
    pub(crate) fn stdin(format: Format) -> Self {
        Self {
            source: Source::Stdin(reader::start(format, None)),
            ready: VecDeque::new(),
            left: None,
            pace: None,
        }
    }

    /// Whether there is another message; waits until that is known.
    ///
    /// # Cancel safety
    ///
    /// No message is lost.
    pub(crate) async fn has_more(&mut self) -> Result<bool, Failure> {
        if self.left == Some(0) {
            return Ok(false);
        }
        if self.ready.is_empty() {
            match &mut self.source {
                Source::Stdin(batches) => {
                    if let Some(batch) = batches.recv().await {
                        self.ready = batch?;
                    }
                }
                Source::Cycle(messages) => self.ready.extend(messages.take(BATCH)),
            }
        }
        Ok(!self.ready.is_empty())
    }

    /// The next message, at its time; `None` at the end.
    ///
    /// # Cancel safety
    ///
    /// No message is lost.
    pub(crate) async fn next(&mut self) -> Result<Option<Message>, Failure> {
        if !self.has_more().await? {
            return Ok(None);
        }
        if let Some(pace) = &mut self.pace {
            pace.tick().await;
        }
        self.left = self.left.map(|left| left - 1);
        Ok(self.ready.pop_front())
    }

    /// Moves the next messages to the end of `batch`, as many as are there and due;
    /// says whether there were any.
    pub(crate) async fn next_batch(
        &mut self,
        batch: &mut VecDeque<Message>,
    ) -> Result<bool, Failure> {
        if self.pace.is_some() {
            let next = self.next().await?;
            let any = next.is_some();
            batch.extend(next);
            return Ok(any);
        }
        if !self.has_more().await? {
            return Ok(false);
        }
        if let Some(left) = &mut self.left {
            let most = usize::try_from(*left).unwrap_or(usize::MAX);
            self.ready.truncate(most);
            *left -= self.ready.len() as u64;
        }
        batch.append(&mut self.ready);
        Ok(true)
    }
}

fn cycle(messages: Vec<Message>) -> Source {
    Source::Cycle(messages.into_iter().cycle())
}

fn pace(time: Duration) -> Option<Interval> {
    // An interval of nothing is none.
    if time.is_zero() {
        return None;
    }
    let mut pace = interval(time);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    Some(pace)
}
