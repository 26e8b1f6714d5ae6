//! A flag that ends tasks.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Waker;

use ferromq_core::Mutex;

/// Tells any number of tasks, once, that they have to end.
#[derive(Debug, Default)]
pub(crate) struct Stop {
    stopped: AtomicBool,
    /// Whether what is queued is given up, however long the socket lingers.
    at_once: AtomicBool,
    /// Whether nobody connects again for the sake of what is queued.
    for_good: AtomicBool,
    tasks: Mutex<Tasks>,
}

#[derive(Debug, Default)]
struct Tasks {
    wakers: HashMap<u64, Waker>,
    next: u64,
}

/// A task's registration, which ends with it.
#[derive(Debug)]
pub(crate) struct Stoppable {
    stop: Arc<Stop>,
    task: u64,
}

impl Stop {
    pub(crate) fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Ends the tasks.
    pub(crate) fn stop(&self) {
        let wakers = {
            let mut tasks = self.tasks.lock();
            self.stopped.store(true, Ordering::Release);
            std::mem::take(&mut tasks.wakers)
        };
        wakers.into_values().for_each(Waker::wake);
    }

    /// Ends the tasks without waiting for what is queued.
    pub(crate) fn stop_at_once(&self) {
        self.at_once.store(true, Ordering::Release);
        self.stop();
    }

    /// Ends the tasks, and with them the attempts to connect.
    pub(crate) fn stop_for_good(&self) {
        self.for_good.store(true, Ordering::Release);
        self.stop();
    }

    #[inline]
    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }

    pub(crate) fn is_for_good(&self) -> bool {
        self.for_good.load(Ordering::Acquire)
    }

    /// Registers a task to be woken by [`stop`](Self::stop), or at once if that
    /// has happened.
    pub(crate) fn register(self: &Arc<Self>, waker: &Waker) -> Stoppable {
        let mut tasks = self.tasks.lock();
        let task = tasks.next;
        tasks.next += 1;
        if self.is_stopped() {
            waker.wake_by_ref();
        } else {
            tasks.wakers.insert(task, waker.clone());
        }
        Stoppable {
            stop: Arc::clone(self),
            task,
        }
    }
}

impl Stoppable {
    pub(crate) fn is_at_once(&self) -> bool {
        self.stop.at_once.load(Ordering::Acquire)
    }

    #[inline]
    pub(crate) fn is_stopped(&self) -> bool {
        self.stop.is_stopped()
    }
}

impl Drop for Stoppable {
    fn drop(&mut self) {
        self.stop.tasks.lock().wakers.remove(&self.task);
    }
}
