//! A pattern over a transport, in one process or across two.

use ferromq::{DefaultContext, Defaults, Options};

use super::flow;
use super::meter::Meter;
use crate::ends::carrier::Carrier;
use crate::ends::companion::Companion;
use crate::ends::end::{End, Hearing};
use crate::ends::pattern::{Back, Pattern, Role};
use crate::ends::stall::stall;
use crate::failure::Failure;

/// A pattern over a transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) pattern: Pattern,
    pub(crate) carrier: Carrier,
    pub(crate) two_processes: bool,
}

impl Link {
    /// All that this platform has.
    pub(crate) fn all() -> Vec<Self> {
        let mut links = Vec::new();
        for pattern in Pattern::ALL {
            for two_processes in [false, true] {
                links.extend(Carrier::ALL.map(|carrier| Self {
                    pattern,
                    carrier,
                    two_processes,
                }));
            }
        }
        links.retain(Self::exists);
        links
    }

    fn exists(&self) -> bool {
        let Self {
            pattern,
            carrier,
            two_processes,
        } = *self;
        carrier.is_here()
            && (carrier.leaves_process() || !two_processes)
            && (carrier == Carrier::Tcp || pattern != Pattern::Stream)
    }

    /// How many messages an end sends, out of `count` at the most: those that wait
    /// for each other are fewer.
    pub(crate) fn count(&self, count: u64) -> u64 {
        match self.pattern.back() {
            Back::Lockstep => count / 10,
            _ => count,
        }
    }

    /// How many messages arrive in all.
    pub(crate) fn total(&self, count: u64) -> u64 {
        match self.pattern.back() {
            Back::Nothing => self.count(count),
            _ => self.count(count) * 2,
        }
    }

    /// Sends `count` messages each way that the pattern has.
    pub(crate) async fn run(&self, count: u64, meter: &Meter) -> Result<(), Failure> {
        let run = async {
            match self.two_processes {
                false => self.run_alone(count, meter).await,
                true => self.run_with_companion(count, meter).await,
            }
        };
        tokio::select! {
            done = run => done,
            failure = stall(|| meter.read()) => Err(failure),
        }
    }

    async fn run_alone(&self, count: u64, meter: &Meter) -> Result<(), Failure> {
        let binder = binder(self.pattern);
        let (bound, endpoint) = self.bind().await?;
        let (own, others) = Hearing::of(binder);
        let here = flow::run(&bound, count, meter, own);
        let there = join(
            self.pattern,
            binder.other(),
            &endpoint,
            count,
            meter,
            others,
        );
        tokio::try_join!(here, there).map(drop)
    }

    async fn run_with_companion(&self, count: u64, meter: &Meter) -> Result<(), Failure> {
        let binder = binder(self.pattern);
        let (bound, endpoint) = self.bind().await?;
        let mut companion = Companion::start([
            "demo-peer",
            &self.pattern.name(),
            binder.other().name(),
            &endpoint,
            &count.to_string(),
        ])?;
        let (own, others) = Hearing::of(binder);
        let here = flow::run(&bound, count, meter, own);
        let ((), report) = tokio::try_join!(here, companion.report(others))?;
        meter.add(&report);
        Ok(())
    }

    async fn bind(&self) -> Result<(End, String), Failure> {
        let end = open(self.pattern, binder(self.pattern))?;
        let endpoint = end.bind(&self.carrier.anywhere()).await?;
        Ok((end, endpoint.to_string()))
    }
}

/// The part of the end that connects.
pub(crate) async fn join(
    pattern: Pattern,
    role: Role,
    endpoint: &str,
    count: u64,
    meter: &Meter,
    hearing: Hearing,
) -> Result<(), Failure> {
    let end = open(pattern, role)?;
    end.connect(endpoint)?;
    flow::run(&end, count, meter, hearing).await
}

fn open(pattern: Pattern, role: Role) -> Result<End, Failure> {
    End::new(&DefaultContext::context(), pattern, role, Options::new())
}

/// The end that usually stays where it is.
fn binder(pattern: Pattern) -> Role {
    match pattern {
        Pattern::PubSub | Pattern::XpubXsub => Role::Source,
        _ => Role::Sink,
    }
}
