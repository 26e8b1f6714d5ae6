//! The lane: what drivers have to tell the owner of a half.

use std::collections::VecDeque;
use std::sync::Arc;
use std::task::{Wake, Waker};

use crate::caller::Caller;
use crate::peer::{Peer, PeerId, PeerInfo};
use crate::sync::{AtomicBool, AtomicUsize, Mutex, Ordering};
use crate::wait::WaitList;

/// Room for so many signals stays when the lane is empty.
const KEPT_SIGNALS: usize = 64;

/// Something that happened to a peer.
#[derive(Debug)]
pub enum Signal {
    /// There is a new peer, with its ends of the pipes.
    Attach(Box<Peer>),
    /// A peer's handshake ended well, the first time or again.
    Ready(PeerId, Arc<PeerInfo>),
    /// A peer's connection has ended, and will be made again.
    Lost(PeerId),
    /// A pipe from the peer has something to pop, or was closed.
    Readable(PeerId),
    /// A pipe to the peer has room again, or was closed.
    Writable(PeerId),
    /// The application has disconnected the peer: what it sent is not read any more.
    Detach(PeerId),
}

/// Where drivers leave signals for a half, and where tasks wait for them.
///
/// A driver never takes a half's lock; it leaves a signal here, and whoever
/// uses the half next drains the lane first, which costs one atomic load where
/// nothing is in it. The lane is bounded by the peers: a pipe leaves a signal
/// only when its end in the half was asleep.
#[derive(Debug, Default)]
pub struct Lane {
    inbox: Inbox,
    audience: Audience,
}

/// What the owner looks at.
#[derive(Debug, Default)]
#[repr(align(64))]
struct Inbox {
    pending: AtomicBool,
    /// Whether somebody has looked for a message in vain, and nothing was told since.
    quiet: AtomicBool,
    /// Who left the last signal.
    caller: AtomicUsize,
    signals: Mutex<Signals>,
}

/// Who is woken. It is on a cache line of its own: an owner that looks for a signal all
/// the time does not stand in the way of who has left it, and now looks for sleepers.
#[derive(Debug, Default)]
#[repr(align(64))]
struct Audience {
    waiters: WaitList,
    /// Woken with every signal, beside the waiters.
    observers: Mutex<Vec<(u64, Waker)>>,
}

#[derive(Debug, Default)]
struct Signals {
    queue: VecDeque<Signal>,
    closed: bool,
}

impl Lane {
    /// An empty lane.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Leaves a signal and wakes a task that waits for one. Once the lane is
    /// closed the signal is dropped, and a peer in it with its pipes.
    pub fn send(&self, signal: Signal) {
        let mut signals = self.inbox.signals.lock();
        if signals.closed {
            drop(signals);
            return;
        }
        signals.queue.push_back(signal);
        self.inbox
            .caller
            .store(Caller::calling().number(), Ordering::Relaxed);
        // Under the lock, so that the flag never stays down with a signal in the lane.
        self.inbox.pending.store(true, Ordering::Release);
        drop(signals);
        self.call();
    }

    /// Wakes a waiting task and the observers, without a signal.
    pub fn notify(&self) {
        self.inbox.quiet.store(false, Ordering::Release);
        self.call();
    }

    /// Wakes a waiting task and the observers.
    fn call(&self) {
        self.audience.waiters.wake_one();
        self.wake_observers();
    }

    /// Wakes all waiting tasks and the observers, without a signal.
    pub fn notify_all(&self) {
        self.inbox.quiet.store(false, Ordering::Release);
        self.audience.waiters.wake_all();
        self.wake_observers();
    }

    fn wake_observers(&self) {
        let observers = self.audience.observers.lock();
        if observers.is_empty() {
            return;
        }
        let wakers: Vec<_> = observers
            .iter()
            .map(|(_, observer)| observer.clone())
            .collect();
        drop(observers);
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Whether a signal is there.
    #[must_use]
    #[inline]
    pub fn is_pending(&self) -> bool {
        self.inbox.pending.load(Ordering::Acquire)
    }

    /// Whether there have been signals, and another thread than this left the last one.
    #[must_use]
    pub fn is_called_from_elsewhere(&self) -> bool {
        Caller::from_number(self.inbox.caller.load(Ordering::Relaxed)).is_another()
    }

    /// How many signals this thread has left so far, in whatever lanes.
    #[must_use]
    pub fn calls_of_this_thread() -> u32 {
        Caller::calls()
    }

    /// Notes that there is no message: whoever waits for one has looked, under the half's
    /// lock.
    #[inline]
    pub(crate) fn note_nothing(&self) {
        self.inbox.quiet.store(true, Ordering::Release);
    }

    /// Whether a look for a message would be in vain, for one was and nothing was told
    /// since; but for a half that is closed. May say no where it is so.
    ///
    /// Who asks is in line already: what is told after this wakes it.
    #[must_use]
    #[inline]
    pub fn is_quiet(&self) -> bool {
        // In this order: whoever has taken a signal out has ended the quiet before.
        !self.is_pending() && self.inbox.quiet.load(Ordering::Acquire)
    }

    /// Takes the oldest signal, under the half's lock.
    #[must_use]
    pub fn pop(&self) -> Option<Signal> {
        // It may bring what somebody waits for who has looked before.
        self.inbox.quiet.store(false, Ordering::Release);
        let mut signals = self.inbox.signals.lock();
        let signal = signals.queue.pop_front();
        if signals.queue.is_empty() {
            self.inbox.pending.store(false, Ordering::Release);
            // What came all at once need not keep its room.
            if signals.queue.capacity() > KEPT_SIGNALS {
                signals.queue = VecDeque::new();
            }
        }
        signal
    }

    /// Takes no more signals; those in the lane can still be taken.
    pub fn close(&self) {
        self.inbox.signals.lock().closed = true;
    }

    /// The tasks that wait for the half.
    #[must_use]
    pub fn waiters(&self) -> &WaitList {
        &self.audience.waiters
    }

    /// Registers who else is woken with every signal: a poller, a descriptor.
    /// Whoever is registered by that key already is replaced, or with `None` removed.
    pub fn observe(&self, key: u64, observer: Option<Waker>) {
        let mut observers = self.audience.observers.lock();
        observers.retain(|(known, _)| *known != key);
        observers.extend(observer.map(|observer| (key, observer)));
    }

    /// A waker that leaves [`Signal::Readable`] for `peer`.
    #[must_use]
    pub fn readable_waker(self: &Arc<Self>, peer: PeerId) -> Waker {
        Waker::from(Arc::new(Readable {
            lane: Arc::clone(self),
            peer,
        }))
    }

    /// A waker that leaves [`Signal::Writable`] for `peer`.
    #[must_use]
    pub fn writable_waker(self: &Arc<Self>, peer: PeerId) -> Waker {
        Waker::from(Arc::new(Writable {
            lane: Arc::clone(self),
            peer,
        }))
    }
}

struct Readable {
    lane: Arc<Lane>,
    peer: PeerId,
}

struct Writable {
    lane: Arc<Lane>,
    peer: PeerId,
}

impl Wake for Readable {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.lane.send(Signal::Readable(self.peer));
    }
}

impl Wake for Writable {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.lane.send(Signal::Writable(self.peer));
    }
}
