//! Who takes part, in which modes, and with which settings. What is true of all is in
//! the README.

use crate::case::{Case, Pin};

/// Whose entry it is, which is what ratios are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Ours,
    Libzmq,
    Rust,
    Limit,
}

/// Like is compared with like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// A call sends or receives one message, and who waits sleeps.
    Single,
    /// A call sends or receives many.
    Batch,
    /// Who waits keeps a processor busy.
    Spin,
    /// Both ends are tasks of one runtime, and who waits lets the other one run.
    Tasks,
}

impl Class {
    /// All of them.
    pub(crate) const ALL: [Self; 4] = [Self::Single, Self::Batch, Self::Spin, Self::Tasks];

    /// Whether an entry of ours in this class is compared with one of `other`.
    pub(crate) fn meets(self, other: Self) -> bool {
        other == self || other == Self::Single && self != Self::Tasks
    }
}

/// A contestant in one of its modes.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    pub(crate) mode: &'static str,
    pub(crate) side: Side,
    pub(crate) class: Class,
    /// Whether `--quick` has it.
    pub(crate) quick: bool,
    /// The package in `peers/`, and its program.
    pub(crate) package: &'static str,
    pub(crate) program: &'static str,
    /// The cases that it has something to say in.
    pub(crate) fits: fn(&Case) -> bool,
    pub(crate) settings: &'static str,
}

impl Entry {
    /// As the tables and `--impl` call it.
    pub(crate) fn id(&self) -> String {
        match self.mode {
            "default" => self.name.into(),
            mode => format!("{}/{mode}", self.name),
        }
    }

    /// Whether one of the names in `--impl` means it.
    pub(crate) fn is_wanted(&self, wanted: &[String]) -> bool {
        let means = |word: &String| *word == self.name || *word == self.id();
        wanted.is_empty() || wanted.iter().any(means)
    }
}

const fn entry(name: &'static str, mode: &'static str, side: Side, class: Class) -> Entry {
    Entry {
        name,
        mode,
        side,
        class,
        quick: true,
        package: "",
        program: "",
        fits: everywhere,
        settings: "",
    }
}

macro_rules! entries {
    ($($name:literal $mode:literal $side:ident $class:ident $package:literal $program:literal
       $(only $fits:ident)? $(and $full:ident)?: $settings:literal;)*) => {
        &[$(Entry {
            package: $package,
            program: $program,
            settings: $settings,
            $(fits: $fits,)?
            $(quick: !$full,)?
            ..entry($name, $mode, Side::$side, Class::$class)
        }),*]
    };
}

#[expect(non_upper_case_globals, reason = "a word of the table below")]
const full: bool = true;

/// All of them, in the order of the tables.
pub(crate) const FIELD: &[Entry] = entries! {
    "ferromq" "default" Ours Single "peer-ferromq" "peer-ferromq":
        "sockets on the application's current-thread runtime; `send().await`, `recv().await`; an end that takes turns looks on for some microseconds before it sleeps, by default";
    "ferromq" "batch" Ours Batch "peer-ferromq" "peer-ferromq" only flows:
        "the same; `send_many` and `recv_many` with 128 messages";
    "ferromq" "blocking" Ours Single "peer-ferromq" "peer-ferromq":
        "`ferromq::blocking`, on one I/O thread";
    "ferromq" "blocking-batch" Ours Batch "peer-ferromq" "peer-ferromq" only flows and full:
        "the same; `send_many` and `recv_many` with 128 messages";
    "ferromq" "io-thread" Ours Single "peer-ferromq" "peer-ferromq" and full:
        "`embeds(false)`: one I/O thread, the application on a current-thread runtime";
    "ferromq" "threads" Ours Single "peer-ferromq" "peer-ferromq" and full:
        "sockets on tokio's multi-thread runtime with its default number of workers";
    "ferromq" "tasks" Ours Tasks "peer-ferromq" "peer-ferromq" only between_tasks:
        "inproc, both ends tasks of one current-thread runtime";
    "ferromq" "spin" Ours Spin "peer-ferromq" "peer-ferromq" only waits_on_wire:
        "the first with `Options::busy_poll` of 50 µs";
    "libzmq" "default" Libzmq Single "peer-libzmq" "peer-libzmq":
        "the system's library; one I/O thread, `zmq_msg_send`, `zmq_msg_recv`";
    "libzmq-new" "default" Libzmq Single "peer-libzmq-new" "peer-libzmq-new":
        "the sources in crate `arzmq-sys`, compiled with -O3 and linked statically; as above";
    "omq" "default" Rust Single "peer-omq" "peer-omq":
        "omq-tokio; `Socket::new` on a current-thread runtime; `send().await`, `recv().await`";
    "omq" "batch" Rust Batch "peer-omq" "peer-omq" only flows:
        "the same; `try_send_many` and `recv_many_into` with 128 messages";
    "omq" "io-thread" Rust Single "peer-omq" "peer-omq":
        "`Context::new().socket`: one I/O thread, the application on a current-thread runtime";
    "omq" "tasks" Rust Tasks "peer-omq" "peer-omq" only between_tasks:
        "inproc, both ends tasks of one current-thread runtime";
    "omq" "blocking" Rust Single "peer-omq" "peer-omq" and full:
        "`Context::new().blocking_socket`: one I/O thread";
    "omq" "spin" Rust Spin "peer-omq" "peer-omq" only waits:
        "the same with `recv_spin` of 50 µs and the latency profile";
    "omq" "exclusive" Rust Single "peer-omq" "peer-omq" only waits_on_tcp:
        "`exclusive::Socket`: one peer, no driver task; on a current-thread runtime";
    "rzmq" "default" Rust Single "peer-rzmq" "peer-rzmq":
        "on a current-thread runtime; AUTO_DELIMITER off, so that frames are as everybody's";
    "rzmq" "threads" Rust Single "peer-rzmq" "peer-rzmq" and full:
        "the same on tokio's multi-thread runtime";
    "rzmq" "tasks" Rust Tasks "peer-rzmq" "peer-rzmq" only between_tasks:
        "inproc, both ends tasks of one current-thread runtime";
    "rzmq" "unthrottled" Rust Single "peer-rzmq" "peer-rzmq" and full:
        "the first with ADAPTIVE_THROTTLE off";
    "rzmq" "uring" Rust Single "peer-rzmq" "peer-rzmq" only one_tcp_peer:
        "io_uring with `UringConfig::default()`, one worker; IO_URING_RCVMULTISHOT and TCP_CORK on";
    "zeromq" "default" Rust Single "peer-zeromq" "peer-zeromq":
        "on a current-thread runtime; it has no high-water mark to set; the task yields by its budget";
    "zeromq" "threads" Rust Single "peer-zeromq" "peer-zeromq" and full:
        "the same on tokio's multi-thread runtime";
    "raw-tokio" "default" Limit Single "peer-raw" "raw-tokio" only two_peers:
        "bare tokio streams, current-thread; four bytes of length, 128 KiB a write; TCP_NODELAY";
    "raw-std" "default" Limit Single "peer-raw" "raw-std" only two_peers:
        "bare std streams; the same frames";
    "raw-std" "spin" Limit Spin "peer-raw" "raw-std" only waits_on_wire:
        "the same, non-blocking, asked again and again";
    "channel" "crossbeam" Limit Single "peer-channels" "peer-channels" only channels:
        "`crossbeam_channel::bounded(1000)` between two threads; up to 64 bytes in the slot";
    "channel" "flume" Limit Single "peer-channels" "peer-channels" only channels:
        "`flume::bounded(1000)` between two threads";
    "channel" "std" Limit Single "peer-channels" "peer-channels" only channels and full:
        "`std::sync::mpsc::sync_channel(1000)` between two threads";
    "channel" "tasks" Limit Tasks "peer-channels" "peer-channels" only channels:
        "`flume::bounded(1000)` between two tasks of a current-thread runtime";
};

fn everywhere(_: &Case) -> bool {
    true
}

/// Where batches make sense: one way, as fast as possible.
fn flows(case: &Case) -> bool {
    matches!(
        case.workload,
        "push-pull" | "fan-in" | "pub-sub" | "pub-topics"
    )
}

/// Where somebody waits for an answer.
fn waits(case: &Case) -> bool {
    case.is_latency() && case.pin != Pin::One
}

fn waits_on_tcp(case: &Case) -> bool {
    case.is_latency() && case.transport == "tcp"
}

/// Both ends spin, so each needs a processor.
fn waits_on_wire(case: &Case) -> bool {
    waits(case) && !case.is_inproc()
}

fn two_peers(case: &Case) -> bool {
    !case.has_peers() && !case.is_inproc()
}

fn one_tcp_peer(case: &Case) -> bool {
    !case.has_peers() && case.transport == "tcp"
}

/// Where the ends need not be on two threads.
fn between_tasks(case: &Case) -> bool {
    !case.has_peers() && case.is_inproc()
}

fn channels(case: &Case) -> bool {
    !case.has_peers() && case.is_inproc()
}
