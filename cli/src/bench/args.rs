//! The arguments.

use std::time::Duration;

use clap::ValueEnum;

use crate::duration;
use crate::ends::carrier::Carrier;
use crate::ends::pattern::{Pattern, Role};

/// `bench`.
#[derive(Debug, clap::Args)]
#[command(after_help = NOTES)]
pub(crate) struct Args {
    /// What to measure; both if it is not given
    #[arg(long, value_enum)]
    pub(crate) measure: Option<Measure>,

    /// Which patterns, with commas between them
    #[arg(
        long,
        short,
        value_enum,
        value_delimiter = ',',
        default_value = "push-pull,req-rep"
    )]
    pub(crate) pattern: Vec<Pattern>,

    /// Over which transports
    #[arg(
        long,
        short,
        value_enum,
        value_delimiter = ',',
        default_value = "tcp,ipc,inproc"
    )]
    pub(crate) transport: Vec<Carrier>,

    /// How many bytes a message has
    #[arg(long, short, value_name = "BYTES", value_delimiter = ',', value_parser = clap::value_parser!(u64).range(1..=LARGEST))]
    #[arg(default_value = "16,256,4096,65536")]
    pub(crate) size: Vec<u64>,

    /// How often each is measured; the round in the middle counts
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rounds: u32,

    /// Have both ends in this process
    #[arg(long)]
    pub(crate) in_process: bool,

    /// Write JSON, and nothing else
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) work: Work,
}

/// What both processes have to know.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Work {
    /// How many messages a round has, or how many round trips
    #[arg(long, short = 'n', value_name = "N", conflicts_with = "duration")]
    pub(crate) count: Option<u64>,

    /// How long a round takes
    #[arg(long, short, value_name = "DURATION", value_parser = duration::parse, default_value = "500ms")]
    pub(crate) duration: Duration,

    /// Send and receive so many messages with one call
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=LARGEST))]
    pub(crate) batch: u64,

    /// How many messages may wait for, and from, the peer; 0 is no limit
    #[arg(long, value_name = "MESSAGES", default_value_t = 1000)]
    pub(crate) hwm: usize,

    /// For how long after traffic a connection keeps its thread awake
    #[arg(long, value_name = "DURATION", value_parser = duration::parse, default_value = "0s")]
    pub(crate) busy: Duration,

    /// On which threads the sockets' I/O runs
    #[arg(long, value_enum, default_value_t = Flavor::Current)]
    pub(crate) runtime: Flavor,
}

/// The other process.
#[derive(Debug, clap::Args)]
pub(crate) struct PeerArgs {
    #[arg(value_enum)]
    pub(crate) measure: Measure,
    #[arg(value_enum)]
    pub(crate) pattern: Pattern,
    #[arg(value_enum)]
    pub(crate) role: Role,
    pub(crate) endpoint: String,
    pub(crate) size: u64,
    #[command(flatten)]
    pub(crate) work: Work,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Measure {
    /// How many messages arrive in a second
    Throughput,
    /// How long a message and its answer take
    Latency,
}

/// Where I/O runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Flavor {
    /// On the thread that sends and receives
    Current,
    /// On a runtime with a thread for each CPU
    Multi,
    /// On a thread of its own, as with blocking sockets
    Own,
}

impl Work {
    /// The arguments that say the same.
    pub(crate) fn to_args(&self) -> Vec<String> {
        let limit = match self.count {
            Some(count) => format!("--count={count}"),
            None => format!("--duration={}us", self.duration.as_micros()),
        };
        let runtime = match self.runtime {
            Flavor::Current => "current",
            Flavor::Multi => "multi",
            Flavor::Own => "own",
        };
        vec![
            limit,
            format!("--batch={}", self.batch),
            format!("--hwm={}", self.hwm),
            format!("--busy={}us", self.busy.as_micros()),
            format!("--runtime={runtime}"),
        ]
    }
}

impl Measure {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Throughput => "throughput",
            Self::Latency => "latency",
        }
    }
}

/// A message cannot be larger by default.
const LARGEST: u64 = 256 << 20;

const NOTES: &str = "\
Over tcp and ipc the other end is a process of its own, unless --in-process says
otherwise. Each message is made anew. Throughput counts from the first message that
arrives to the last; lost is what was sent and did not arrive. CPU is the processor
time of both ends for one message or round trip, where the system tells it.";
