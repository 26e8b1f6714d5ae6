//! The conversation with the harness: words on standard input, lines of JSON on
//! standard output. The loops know nothing of it but a few atomics.

use std::io::BufRead;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use nix::sched::{CpuSet, sched_setaffinity};
use nix::sys::resource::{Resource, UsageWho, getrlimit, getrusage, setrlimit};
use nix::sys::time::TimeValLike;
use nix::time::{ClockId, clock_gettime};
use nix::unistd::Pid;

use crate::{Args, Failure};

/// Nobody needs more, and one whose queues know no bound fails before the machine does.
const MEMORY: u64 = 6 << 30;

/// A counter with one writer. It is on a cache line of its own: where both ends are in one
/// process, who sends does not stand in the way of who receives, nor in that of the words.
#[repr(align(128))]
pub(crate) struct Count(AtomicU64);

impl Count {
    #[inline]
    pub(crate) fn add(&self, messages: u64) {
        // No read-modify-write: it would cost more than some of the loops.
        self.0.store(self.0.load(Relaxed) + messages, Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

pub(crate) static SENT: Count = Count(AtomicU64::new(0));
pub(crate) static RECEIVED: Count = Count(AtomicU64::new(0));
static GO: AtomicBool = AtomicBool::new(false);
static STOP: AtomicBool = AtomicBool::new(false);

/// Whether the harness has said `go`.
pub(crate) fn going() -> bool {
    GO.load(Relaxed)
}

/// Whether the harness has said `stop`.
#[inline]
pub(crate) fn stopped() -> bool {
    STOP.load(Relaxed)
}

/// Pins this process, limits its memory, lifts the limit of its descriptors, and
/// starts to listen to the harness.
pub(crate) fn settle(args: &Args) -> Result<(), Failure> {
    if let Some(cpu) = args.cpu {
        let mut set = CpuSet::new();
        set.set(cpu)?;
        sched_setaffinity(Pid::from_raw(0), &set)?;
    }
    setrlimit(Resource::RLIMIT_AS, MEMORY, MEMORY)?;
    let (_, most) = getrlimit(Resource::RLIMIT_NOFILE)?;
    setrlimit(Resource::RLIMIT_NOFILE, most, most)?;
    std::thread::Builder::new()
        .name("control".into())
        .spawn(listen)?;
    Ok(())
}

/// Obeys until the harness closes the line, and then ends the process, whatever the
/// loops are waiting for.
fn listen() {
    for word in std::io::stdin().lock().lines().map_while(Result::ok) {
        match word.as_str() {
            "go" => GO.store(true, Relaxed),
            "stop" => STOP.store(true, Relaxed),
            "sample" => sample(),
            _ => {}
        }
    }
    std::process::exit(0);
}

/// Tells the harness what happened.
#[expect(clippy::print_stdout, reason = "this is the line to the harness")]
pub(crate) fn tell(event: &str, more: &str) {
    let comma = if more.is_empty() { "" } else { "," };
    println!("{{\"event\":\"{event}\"{comma}{more}}}");
}

/// The state of this process: counts, processor time in µs, memory in bytes, and when
/// that was, in ns of the system's monotonic clock.
fn sample() {
    let (sent, received) = (SENT.get(), RECEIVED.get());
    let at = clock_gettime(ClockId::CLOCK_MONOTONIC).map_or(0, |now| now.num_nanoseconds());
    let cpu = getrusage(UsageWho::RUSAGE_SELF).map_or(0, |usage| {
        usage.user_time().num_microseconds() + usage.system_time().num_microseconds()
    });
    let rss = resident();
    tell(
        "sample",
        &format!("\"at\":{at},\"sent\":{sent},\"received\":{received},\"cpu\":{cpu},\"rss\":{rss}"),
    );
}

/// Resident bytes of this process.
fn resident() -> u64 {
    std::fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|status| {
            let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        })
        .unwrap_or(0)
        * 1024
}

/// Waits without keeping a runtime from its work.
pub(crate) async fn pause(time: Duration) {
    if tokio::runtime::Handle::try_current().is_ok() {
        tokio::time::sleep(time).await;
    } else {
        std::thread::sleep(time);
    }
}
