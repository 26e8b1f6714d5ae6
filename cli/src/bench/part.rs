//! What one end has done in a round.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::cpu;

/// What one end has done.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Part {
    /// Messages sent by a source, or received by a sink; or round trips.
    pub(crate) messages: u64,
    pub(crate) time: Duration,
    pub(crate) cpu: Option<Duration>,
    pub(crate) latency: Option<Latency>,
}

/// How long round trips took.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Latency {
    pub(crate) median: Duration,
    /// 99 of 100 took no longer.
    pub(crate) p99: Duration,
    /// 999 of 1000 took no longer.
    pub(crate) p999: Duration,
    pub(crate) max: Duration,
}

/// Times a part.
pub(crate) struct Clock {
    start: Instant,
    cpu: Option<Duration>,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self {
            cpu: cpu::time(),
            start: Instant::now(),
        }
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    /// The part that ends now.
    pub(crate) fn part(&self, messages: u64) -> Part {
        Part {
            messages,
            time: self.start.elapsed(),
            cpu: cpu::time().zip(self.cpu).map(|(now, then)| now - then),
            latency: None,
        }
    }
}

impl Latency {
    /// Of so many nanoseconds each; nothing if there are none.
    pub(crate) fn of(mut nanoseconds: Vec<u32>) -> Option<Self> {
        nanoseconds.sort_unstable();
        let last = nanoseconds.len().checked_sub(1)?;
        let at = |share: f64| {
            let index = (last as f64 * share).round() as usize;
            let time = nanoseconds.get(index).copied().unwrap_or_default();
            Duration::from_nanos(time.into())
        };
        Some(Self {
            median: at(0.5),
            p99: at(0.99),
            p999: at(0.999),
            max: at(1.0),
        })
    }
}

impl Part {
    /// The part, for another process; that of a sink or of one who answers, which
    /// has no latency.
    pub(crate) fn report(&self) -> Value {
        json!({
            "messages": self.messages,
            "time": self.time.as_nanos() as u64,
            "cpu": self.cpu.map(|cpu| cpu.as_nanos() as u64),
        })
    }

    /// The part that another process has reported.
    pub(crate) fn of(report: &Value) -> Self {
        let time = |name| report[name].as_u64().map(Duration::from_nanos);
        Self {
            messages: report["messages"].as_u64().unwrap_or_default(),
            time: time("time").unwrap_or_default(),
            cpu: time("cpu"),
            latency: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_sorted_times() {
        let latency = Latency::of((0..=1000).rev().collect()).expect("some");
        assert_eq!(latency.median, Duration::from_nanos(500));
        assert_eq!(latency.p99, Duration::from_nanos(990));
        assert_eq!(latency.p999, Duration::from_nanos(999));
        assert_eq!(latency.max, Duration::from_nanos(1000));
        assert!(Latency::of(Vec::new()).is_none());
    }

    #[test]
    fn a_report_says_what_the_part_was() {
        let part = Clock::start().part(7);
        let read = Part::of(&part.report());
        assert_eq!(
            (read.messages, read.time, read.cpu),
            (7, part.time, part.cpu)
        );
    }
}
