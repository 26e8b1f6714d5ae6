//! The way out of a connection: from a peer's pipe to its wire.
//!
//! Two parties write here: the connection's driver, and any caller whose
//! message made an idle pipe ready. Both run the same flush under the same
//! lock, so there is one writer at a time and one order. A caller only tries
//! the lock and only tries to write; what it cannot finish it leaves to the
//! driver, which alone waits for the wire.

mod state;

use std::cell::Cell;
use std::io;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use ferromq_core::{Message, Mutex, PipeReader, PopError, Prologue, Wakes, Writer};
use zmtp_codec::Tx;

use crate::ages::Ages;
use crate::sync::{AtomicBool, Ordering, has_passed};
use crate::wire::{Wire, Written};
use state::State;

/// A caller that has something to write so soon after the last time, or for a wire so
/// soon after the last write there, sends a stream, or to many: the drivers batch better.
const INLINE_PAUSE: Duration = Duration::from_micros(50);

/// A caller leaves the rest to the driver after writing so much.
const INLINE_BUDGET: usize = 256 << 10;

/// The driver lets other tasks run after writing so much.
const BUDGET: usize = 1 << 20;

thread_local! {
    /// When this thread last had something to write as a caller, but for answers.
    static CALLED: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// The way out to one peer. It outlives connections: a peer that is connected
/// again goes on where the wire broke.
pub(crate) struct Egress {
    state: Mutex<State>,
    /// The task to wake when only the driver can go on.
    driver: Mutex<Option<Waker>>,
    /// Whether the peer has sent one message, and no more, since the last write.
    heard: AtomicBool,
    /// Whether a flush has begun since there was something new to write, and has left
    /// nothing, or is not over. Lowered under the lock, or by the pipe's call before it
    /// tries the lock.
    settled: AtomicBool,
}

/// How far a flush came.
#[derive(Debug)]
enum Flushed {
    /// Nothing is left; the pipe will call.
    Everything,
    /// Nothing is left and nothing more will come.
    Finished,
    /// The wire takes no more now.
    Blocked,
    /// There is more, and others should have their turn.
    Budget,
    /// There is no wire, or it is broken.
    NoWire,
}

impl Egress {
    /// The way out for what `source` brings.
    pub(crate) fn new(mut source: PipeReader) -> Arc<Self> {
        source.set_eager();
        Arc::new_cyclic(|egress| {
            source.set_waker(&Waker::from(Arc::new(Kick {
                egress: egress.clone(),
            })));
            let state = State {
                source,
                unfinished: None,
                wire: None,
                held: None,
                broken: None,
                written_at: None,
            };
            Self {
                state: Mutex::new(state),
                driver: Mutex::new(None),
                heard: AtomicBool::new(false),
                settled: AtomicBool::new(false),
            }
        })
    }

    /// Names the task that drives this peer.
    pub(crate) fn set_driver(&self, waker: &Waker) {
        *self.driver.lock() = Some(waker.clone());
    }

    /// Puts a new connection to use. First goes the prologue, then what an
    /// earlier connection did not finish.
    ///
    /// The prologue is pulled from now on and tells how things stand: requests that
    /// wait already are out of date. On a new connection they would end what never
    /// began there, or begin things twice.
    pub(crate) fn connect(
        &self,
        tx: Tx,
        writer: Arc<dyn Writer>,
        prologue: Option<Arc<dyn Prologue>>,
    ) {
        let mut wakes = Wakes::new();
        let mut state = self.state.lock();
        let unfinished = match prologue.is_some() {
            true => state.without_requests(&mut wakes),
            false => state.unfinished.take(),
        };
        self.unsettle();
        state.broken = None;
        state.wire = Some(Wire::new(tx, writer, prologue, unfinished));
        drop(state);
        wakes.wake();
    }

    /// Takes a connection out of use and keeps the messages that it did not finish.
    pub(crate) fn disconnect(&self) {
        self.state.lock().disconnect();
    }

    /// Notes what the peer has sent: one message may be answered at once. The answers
    /// to several come in a row too, and leave together. Says whether something was
    /// written since one message was noted.
    #[inline]
    pub(crate) fn note_heard(&self, messages: usize) -> bool {
        let (heard, before) = (messages == 1, self.heard.load(Ordering::Relaxed));
        if heard != before {
            self.heard.store(heard, Ordering::Relaxed);
        }
        !before
    }

    /// Lets the driver queue commands, to be written by its next flush.
    pub(crate) fn command(&self, queue: impl FnOnce(&mut Tx)) {
        let mut state = self.state.lock();
        self.unsettle();
        if let Some(wire) = &mut state.wire {
            queue(&mut wire.tx);
        }
    }

    /// Whether the half has let the pipe go.
    pub(crate) fn is_closed(&self) -> bool {
        self.state.lock().source.is_closed()
    }

    /// Takes no more messages from the half; those in the pipe still leave.
    pub(crate) fn refuse(&self) {
        self.state.lock().source.refuse();
    }

    /// Whether everything in the pipe was written, if there is anybody to write to.
    pub(crate) fn is_drained(&self) -> bool {
        let state = self.state.lock();
        state.source.is_empty()
            && state.held.is_none()
            && state.unfinished.is_none()
            && state.wire.as_ref().is_none_or(Wire::is_idle)
    }

    /// Drops messages that are too old by now, but for those that a write has begun with.
    pub(crate) fn expire(&self, ages: &mut Ages, now: Duration) {
        let mut wakes = Wakes::new();
        let mut state = self.state.lock();
        state.expire(ages, now, &mut wakes);
        drop(state);
        wakes.wake();
    }

    /// Drives the wire: writes what there is, and waits until it takes more.
    /// Ready when nothing more will come.
    ///
    /// # Errors
    ///
    /// Why the wire broke, whoever noticed.
    pub(crate) fn poll_flush(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.is_settled() {
            return Poll::Pending;
        }
        let mut wakes = Wakes::new();
        loop {
            let mut state = self.state.lock();
            let flushed = self.flush(&mut state, BUDGET, &mut wakes);
            let broken = state.broken.take();
            let writer = match (&flushed, &state.wire) {
                (Flushed::Blocked, Some(wire)) => Some(Arc::clone(&wire.writer)),
                _ => None,
            };
            drop(state);
            wakes.wake();
            if let Some(error) = broken {
                return Poll::Ready(Err(error));
            }
            match (flushed, writer) {
                (Flushed::Finished, _) => return Poll::Ready(Ok(())),
                (Flushed::Blocked, Some(writer)) => match writer.poll_write_ready(cx) {
                    Poll::Ready(Ok(())) => {}
                    Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                    Poll::Pending => return Poll::Pending,
                },
                (Flushed::Budget, _) => {
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                _ => return Poll::Pending,
            }
        }
    }

    /// Passes messages on one by one, where there is no wire that takes bytes, until
    /// `pass` has to wait, or there are none: they stay, and the pipe will call. Says
    /// whether the budget has ended before.
    pub(crate) fn pass(&self, budget: usize, mut pass: impl FnMut(&Message) -> Poll<()>) -> bool {
        let mut wakes = Wakes::new();
        let mut state = self.state.lock();
        let mut message = Message::new();
        for _ in 0..budget {
            match state.held.take() {
                Some(held) => message = *held,
                None if state.source.pop_held(&mut message).is_ok() => {}
                None => return false,
            }
            if pass(&message).is_pending() {
                state.held = Some(Box::new(message));
                return false;
            }
            state.source.release(1, 0, &mut wakes);
        }
        true
    }

    /// A caller's turn: the pipe was idle, or is full, and calls.
    fn kick(&self) {
        self.unsettle();
        let mut wakes = Wakes::new();
        let flushed = self.state.try_lock().and_then(|mut state| {
            let inline = self.may_write_inline(&state);
            inline.then(|| self.flush(&mut state, INLINE_BUDGET, &mut wakes))
        });
        let done = matches!(flushed, Some(Flushed::Everything));
        if !done {
            let driver = self.driver.lock().clone();
            wakes.extend(driver);
        }
    }

    /// Whether a caller should write by itself: to answer, to send one message
    /// after a pause, or because it could not queue more.
    fn may_write_inline(&self, state: &State) -> bool {
        if state.wire.is_none() {
            return false;
        }
        if self.heard.load(Ordering::Relaxed) || state.source.is_pressed() {
            return true;
        }
        let now = Instant::now();
        let last = [state.written_at, CALLED.replace(Some(now))];
        last.into_iter()
            .flatten()
            .all(|at| has_passed(INLINE_PAUSE, at, now))
    }

    /// Writes until nothing is left, the wire takes no more, or more than
    /// `budget` bytes are written.
    fn flush(&self, state: &mut State, budget: usize, wakes: &mut Wakes) -> Flushed {
        // Before the pipe is looked at: what calls after that look lowers it again.
        self.settled.store(true, Ordering::Release);
        let flushed = self.write(state, budget, wakes);
        if !matches!(flushed, Flushed::Everything) || state.broken.is_some() {
            self.unsettle();
        }
        flushed
    }

    /// Whether there is nothing to write. That is the most frequent case by far: a driver
    /// is woken to read.
    #[inline]
    pub(crate) fn is_settled(&self) -> bool {
        self.settled.load(Ordering::Acquire)
    }

    /// There is something for the driver to see to.
    fn unsettle(&self) {
        self.settled.store(false, Ordering::Release);
    }

    fn write(&self, state: &mut State, budget: usize, wakes: &mut Wakes) -> Flushed {
        let State {
            source,
            wire,
            broken,
            written_at,
            ..
        } = state;
        let Some(wire) = wire else {
            return Flushed::NoWire;
        };
        let mut spent = 0;
        let mut wrote = false;
        let flushed = loop {
            if wire.is_idle() {
                if spent > budget {
                    break Flushed::Budget;
                }
                match source.take() {
                    Ok(records) => wire.load(records),
                    Err(PopError::Empty) => break Flushed::Everything,
                    Err(PopError::Closed) => break Flushed::Finished,
                }
            }
            match wire.write() {
                Written::Some {
                    bytes,
                    messages,
                    ended,
                    spent: arena,
                } => {
                    wrote = true;
                    spent += bytes;
                    if let Some(arena) = arena {
                        source.recycle(arena);
                    }
                    source.release(messages, ended, wakes);
                }
                Written::Blocked => break Flushed::Blocked,
                Written::Broken(error) => {
                    *broken = Some(error);
                    break Flushed::NoWire;
                }
            }
        };
        // The clock is read only where the next write may depend on it.
        if wrote && !self.heard.swap(false, Ordering::Relaxed) {
            *written_at = Some(Instant::now());
        }
        flushed
    }
}

/// What the pipe wakes: a caller's turn to write.
struct Kick {
    egress: std::sync::Weak<Egress>,
}

impl Wake for Kick {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if let Some(egress) = self.egress.upgrade() {
            egress.kick();
        }
    }
}

#[cfg(all(test, loom))]
#[path = "egress_loom.rs"]
mod models;
