//! A round: both ends, each doing its part.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ferromq::{Context, DefaultContext, Defaults, Options};
use tokio::task::JoinSet;

use super::args::{Flavor, Measure, Work};
use super::case::Case;
use super::part::{Latency, Part};
use super::{latency, throughput};
use crate::ends::companion::Companion;
use crate::ends::end::{End, Hearing};
use crate::ends::pattern::Role;
use crate::ends::stall::stall;
use crate::failure::Failure;

/// What came of a round.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Round {
    pub(crate) sent: u64,
    pub(crate) received: u64,
    pub(crate) time: Duration,
    /// The processor time of both ends.
    pub(crate) cpu: Option<Duration>,
    pub(crate) latency: Option<Latency>,
}

/// Runs a round. Who measures is in this process, and binds.
pub(crate) async fn run(
    case: &Case,
    work: &Work,
    progress: Arc<AtomicU64>,
) -> Result<Round, Failure> {
    let watched = Arc::clone(&progress);
    tokio::select! {
        round = start(case, work, progress) => round,
        failure = stall(|| watched.load(Ordering::Relaxed)) => Err(failure),
    }
}

async fn start(case: &Case, work: &Work, progress: Arc<AtomicU64>) -> Result<Round, Failure> {
    let role = measurer(case.measure);
    let (own, others) = Hearing::of(role);
    let bound = open(case, work, role)?;
    let endpoint = bound.bind(&case.carrier.anywhere()).await?.to_string();
    if case.two_processes {
        let here = play(case, work, bound, own, progress);
        let mut companion = Companion::start(peer_args(case, work, role.other(), endpoint))?;
        let (part, report) = tokio::try_join!(here, companion.report(others))?;
        return Ok(Round::of(case, part, Part::of(&report), true));
    }
    let joined = open(case, work, role.other())?;
    joined.connect(&endpoint)?;
    let here = play(case, work, bound, own, progress);
    let there = play(case, work, joined, others, Arc::default());
    let (part, other) = tokio::try_join!(here, there)?;
    Ok(Round::of(case, part, other, false))
}

/// A socket of that role.
pub(crate) fn open(case: &Case, work: &Work, role: Role) -> Result<End, Failure> {
    let options = Options::new()
        .send_high_water(work.hwm)
        .receive_high_water(work.hwm)
        .busy_poll(Some(work.busy).filter(|busy| !busy.is_zero()));
    let context = match work.runtime {
        Flavor::Own => own_threads(),
        Flavor::Current | Flavor::Multi => DefaultContext::context(),
    };
    End::new(&context, case.pattern, role, options)
}

/// One end's part, as a task of its own.
pub(crate) async fn play(
    case: &Case,
    work: &Work,
    end: End,
    hearing: Hearing,
    progress: Arc<AtomicU64>,
) -> Result<Part, Failure> {
    let (case, work) = (*case, work.clone());
    let mut task = JoinSet::new();
    task.spawn(async move {
        end.meet(hearing).await?;
        match (case.measure, end.role) {
            (Measure::Throughput, Role::Source) => throughput::pour(&end, &case, &work).await,
            (Measure::Throughput, Role::Sink) => {
                throughput::drain(&end, &case, &work, &progress).await
            }
            (Measure::Latency, Role::Source) => latency::ask(&end, &case, &work, &progress).await,
            (Measure::Latency, Role::Sink) => latency::answer(&end).await,
        }
    });
    match task.join_next().await {
        Some(Ok(part)) => part,
        _ => Err(Failure::Companion("has ended in a panic".into())),
    }
}

/// A context whose sockets run on a thread of their own.
fn own_threads() -> Context {
    static CONTEXT: OnceLock<Context> = OnceLock::new();
    let context = CONTEXT.get_or_init(|| DefaultContext::builder().embeds(false).build());
    context.clone()
}

/// The end that measures.
fn measurer(measure: Measure) -> Role {
    match measure {
        Measure::Throughput => Role::Sink,
        Measure::Latency => Role::Source,
    }
}

fn peer_args(case: &Case, work: &Work, role: Role, endpoint: String) -> Vec<String> {
    let mut args = vec![
        "bench-peer".into(),
        case.measure.name().into(),
        case.pattern.name(),
        role.name().into(),
        endpoint,
        case.size.to_string(),
    ];
    args.extend(work.to_args());
    args
}

impl Round {
    /// Puts the parts of the end that measures and of the other together.
    fn of(case: &Case, part: Part, other: Part, two_processes: bool) -> Self {
        let (sent, received) = match case.measure {
            Measure::Throughput => (other.messages, part.messages),
            Measure::Latency => (part.messages, part.messages),
        };
        let cpu = match two_processes {
            true => part.cpu.zip(other.cpu).map(|(own, others)| own + others),
            // Either has timed the whole process.
            false => part.cpu,
        };
        Self {
            sent,
            received,
            time: part.time,
            cpu,
            latency: part.latency,
        }
    }

    /// Messages or round trips in a second. The first one started the clock.
    pub(crate) fn rate(&self) -> f64 {
        let timed = match self.latency {
            Some(_) => self.received,
            None => self.received.saturating_sub(1),
        };
        timed as f64 / self.time.as_secs_f64().max(1e-9)
    }

    /// The processor time of one message or round trip.
    pub(crate) fn cpu_each(&self) -> Option<Duration> {
        let each = self.cpu?.as_secs_f64() / self.received.max(1) as f64;
        Some(Duration::from_secs_f64(each))
    }
}
