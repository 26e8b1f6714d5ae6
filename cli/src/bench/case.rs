//! One thing to measure.

use super::args::{Args, Measure, PeerArgs};
use crate::ends::carrier::Carrier;
use crate::ends::pattern::{Back, Pattern};

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case {
    pub(crate) measure: Measure,
    pub(crate) pattern: Pattern,
    pub(crate) carrier: Carrier,
    pub(crate) size: usize,
    pub(crate) two_processes: bool,
}

impl Case {
    /// All that the arguments ask for and that there is.
    pub(crate) fn all(args: &Args) -> Vec<Self> {
        let mut cases = Vec::new();
        for measure in [Measure::Throughput, Measure::Latency] {
            for pattern in &args.pattern {
                for carrier in &args.transport {
                    cases.extend(args.size.iter().map(|size| Self {
                        measure,
                        pattern: *pattern,
                        carrier: *carrier,
                        size: *size as usize,
                        two_processes: carrier.leaves_process() && !args.in_process,
                    }));
                }
            }
        }
        cases.retain(|case| case.exists());
        cases.retain(|case| args.measure.is_none_or(|measure| measure == case.measure));
        cases
    }

    /// The one that the other process has a part in.
    pub(crate) fn of_peer(args: &PeerArgs) -> Self {
        Self {
            measure: args.measure,
            pattern: args.pattern,
            // It is told the endpoint.
            carrier: Carrier::Tcp,
            size: args.size as usize,
            two_processes: true,
        }
    }

    fn exists(&self) -> bool {
        let has_measure = match self.measure {
            Measure::Throughput => self.pattern.back() != Back::Lockstep,
            Measure::Latency => self.pattern.back() != Back::Nothing,
        };
        let has_carrier = self.carrier == Carrier::Tcp || self.pattern != Pattern::Stream;
        has_measure && has_carrier && self.carrier.is_here()
    }
}
