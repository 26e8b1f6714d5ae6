//! A count of running tasks, and a way to wait for none.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Poll, Waker};

use ferromq_core::Mutex;

/// Counts the tasks of a socket.
#[derive(Debug, Default)]
pub(crate) struct Tasks(Arc<Mutex<Count>>);

#[derive(Debug, Default)]
struct Count {
    running: usize,
    waiting: Vec<Waker>,
}

/// One running task.
#[derive(Debug)]
pub(crate) struct Running(Arc<Mutex<Count>>);

impl Tasks {
    /// Counts a task, until the value is dropped.
    pub(crate) fn enter(&self) -> Running {
        self.0.lock().running += 1;
        Running(Arc::clone(&self.0))
    }

    /// Waits until no task is running.
    pub(crate) async fn finished(&self) {
        poll_fn(|cx| {
            let mut count = self.0.lock();
            if count.running == 0 {
                return Poll::Ready(());
            }
            if !count
                .waiting
                .iter()
                .any(|waker| waker.will_wake(cx.waker()))
            {
                count.waiting.push(cx.waker().clone());
            }
            Poll::Pending
        })
        .await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut count = self.0.lock();
        count.running -= 1;
        if count.running == 0 {
            let waiting = std::mem::take(&mut count.waiting);
            drop(count);
            waiting.into_iter().for_each(Waker::wake);
        }
    }
}
