//! What several rounds come to.

use serde_json::{Value, json};

use super::case::Case;
use super::round::Round;

/// The round in the middle, and how far the others are from it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figures {
    pub(crate) round: Round,
    pub(crate) slowest: f64,
    pub(crate) fastest: f64,
}

impl Figures {
    /// Of at least one round.
    pub(crate) fn of(mut rounds: Vec<Round>) -> Option<Self> {
        rounds.sort_by(|one, other| one.rate().total_cmp(&other.rate()));
        Some(Self {
            round: *rounds.get(rounds.len() / 2)?,
            slowest: rounds.first()?.rate(),
            fastest: rounds.last()?.rate(),
        })
    }

    /// How far the rounds are apart, as a share of the one in the middle.
    pub(crate) fn spread(&self) -> f64 {
        (self.fastest - self.slowest) / self.round.rate().max(1e-9)
    }

    /// What was sent and did not arrive.
    pub(crate) fn lost(&self) -> u64 {
        self.round.sent.saturating_sub(self.round.received)
    }

    /// The figures, for machines: times in nanoseconds, rates per second.
    pub(crate) fn report(&self, case: &Case) -> Value {
        let round = &self.round;
        let rate = round.rate();
        let mut report = json!({
            "measure": case.measure.name(),
            "pattern": case.pattern.name(),
            "transport": case.carrier.scheme(),
            "size": case.size,
            "processes": 1 + u8::from(case.two_processes),
            "sent": round.sent,
            "received": round.received,
            "lost": self.lost(),
            "seconds": round.time.as_secs_f64(),
            "rate": rate,
            "rate_min": self.slowest,
            "rate_max": self.fastest,
            "bytes_per_second": rate * case.size as f64,
            "cpu_ns": round.cpu_each().map(|cpu| cpu.as_nanos() as u64),
        });
        if let Some(latency) = round.latency {
            report["latency_ns"] = json!({
                "p50": latency.median.as_nanos() as u64,
                "p99": latency.p99.as_nanos() as u64,
                "p99.9": latency.p999.as_nanos() as u64,
                "max": latency.max.as_nanos() as u64,
            });
        }
        report
    }
}
