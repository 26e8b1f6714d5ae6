//! A count of running tasks, and a way to wait for none.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use ferromq_core::Mutex;
use pin_project::pin_project;

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

/// A task that counts until it is done. An `async` block would have room for it twice,
/// before and after it was first polled.
#[pin_project]
struct Counted<F> {
    #[pin]
    task: F,
    running: Running,
}

impl Running {
    /// Counts through a task.
    pub(crate) fn through(self, task: impl Future<Output = ()>) -> impl Future<Output = ()> {
        Counted {
            task,
            running: self,
        }
    }
}

impl<F: Future<Output = ()>> Future for Counted<F> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.project().task.poll(cx)
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
