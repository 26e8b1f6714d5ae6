//! Why a target is missed: what profiles showed, for the page. docs/performance.md has
//! the figures behind these sentences.

use crate::case::{Case, Pin};
use crate::field::{Class, Side};
use crate::targets::{Base, Target};

/// Why ours, in that class, may miss that target of the case. None is a miss that nobody
/// has looked into.
pub(crate) fn of(case: &Case, class: Class, target: &Target) -> Option<&'static str> {
    match case.workload {
        "push-pull" if case.is_inproc() => Some(hand_over(case, class)),
        "push-pull" => flow(case, target),
        "pub-sub" if case.is_inproc() && case.peers >= 1000 => Some(MANY_PIPES),
        "pub-sub" if case.is_inproc() => Some(ONE_LINE),
        "pub-topics" if target.base == Base::OnePeer => Some(FORKS),
        "req-rep" | "dealer-router" => turn(case, class, target),
        "router-echo" if case.is_inproc() => Some(ENVELOPE_AND_BODY),
        "router-echo" => Some(FEW_AT_ONCE),
        _ => None,
    }
}

fn flow(case: &Case, target: &Target) -> Option<&'static str> {
    match target.base {
        Base::Entry(_) if case.size <= 1024 => Some(OWN_BUFFER),
        _ if (256..=1024).contains(&case.size) => Some(BODIES),
        _ if case.size < 256 && target.value == "rate" => Some(LOCKS),
        _ if case.size > 1024 => Some(KERNEL),
        _ => None,
    }
}

fn hand_over(case: &Case, class: Class) -> &'static str {
    match class {
        _ if case.size > 1024 => ONE_COUNT,
        Class::Tasks => ENCODED,
        _ => ONE_LINE,
    }
}

fn turn(case: &Case, class: Class, target: &Target) -> Option<&'static str> {
    match (class, case.pin) {
        (Class::Tasks, _) if target.base == Base::Side(Side::Limit) => Some(ENVELOPES),
        (Class::Tasks, _) => None,
        _ if case.is_inproc() => Some(THREADS),
        (Class::Spin, _) if target.value == "p50" => Some(LOOKS_ROUND),
        (Class::Spin, _) => Some(AWAKE_FOR_A_WHILE),
        (_, Pin::One) => Some(TWO_TASKS),
        _ => Some(WAKE_UPS),
    }
}

const OWN_BUFFER: &str = "The bare stream frames into one buffer and writes it when it is \
    full: no queue with a mark in between, and no task that writes. A message of ours is \
    copied into a queue, by a task, and out of one, by another.";
const LOCKS: &str = "Each `send` takes two locks that nobody else wants, the socket's and the \
    pipe's: these two atomic exchanges are a seventh of what its loop spends here, the \
    kernel aside.";
const FORKS: &str = "The tree of 10,000 topics has three forks more on the way to one than \
    that of ten: the walk is a sixth of the publisher's time, where it was a seventh. The kernel \
    takes more too, because the ends sleep and are woken more often.";
const BODIES: &str = "PULL is what takes longest: each body that is too long for a \
    message's own place is copied once more, into a block that it shares with others, and is \
    counted there when it comes and goes. Where the bare stream is not that much faster than \
    libzmq, nobody can be.";
const KERNEL: &str = "Bodies are shared and read into their place: what is left is the kernel's, \
    its copies and, over tcp, the wake-ups of a receiver that has read everything. How long \
    those take changes from round to round, with what is in whose cache.";
const ONE_COUNT: &str = "All contestants send one body again and again, and its count, which both \
    ends write for each message, is what takes longest. A batch is only lent, so that its \
    bodies are counted up and down once more.";
const MANY_PIPES: &str = "Half of the time is to add one message to each of 1,000 pipes and to take \
    it out again, so that a pipe is seldom in the cache when its turn comes.";
const ENVELOPE_AND_BODY: &str = "What takes longest is the look at pipes that the other end \
    uses at the same time, and to let go of the two frames of a message, an id and a body, which \
    both ends count.";
const ENCODED: &str = "A message is encoded as for a wire, so that all transports have one \
    queue; libzmq's is handed over as it is.";
const ONE_LINE: &str = "The pipe's lock and what it guards go from one processor to the other \
    whenever both ends look at it, which single messages do often and batches seldom.";
const FEW_AT_ONCE: &str = "More than half of the time is the kernel's, most of it in writing, \
    which on loopback does the receiver's work too: with ten requests under way on each of \
    many connections, a read brings few and a write takes few.";
const ENVELOPES: &str = "A round trip through a REQ and a REP is two choices of a peer, two \
    envelopes and two states more than one through two bare channels.";
const THREADS: &str = "Both ends look for the answer before they sleep, so no wake-up is in \
    the median; a message passes the socket's lock, its pipe and its lane, each a cache line \
    that goes from one processor to the other, and a channel has one. When others want the \
    processor one end sleeps, and then it takes the scheduler's time.";
const LOOKS_ROUND: &str = "While it stays awake, a connection asks its socket itself, as the \
    bare stream does, but goes round through the event loop now and then, since it is not \
    alone there, and once before the application's root task has its turn.";
const AWAKE_FOR_A_WHILE: &str = "`busy_poll` is 50 µs here: when an end is held up for longer, \
    the other sleeps and has to be woken; the bare stream never sleeps.";
const TWO_TASKS: &str = "A turn wakes two tasks, the connection's, which alone reads, so that \
    PING and the end of a connection are seen when nobody receives, and the application's. \
    A bare stream and omq's exclusive socket have only the latter.";
const WAKE_UPS: &str = "Until an end has found the other awake, and again after somebody else \
    had the processor, each way wakes a sleeping processor: that is the kernel's time, \
    whoever waits.";
