//! Waiting in line for a half of a socket.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use ferromq_core::{Lane, Ticket, WaitList};
use tokio::time::Sleep;

use crate::error::{RecvError, SendFailure};
use crate::hub::Hub;
use crate::ops::Ops;

/// A task's place in the line before a half, and the time it has left.
///
/// It must be [left](Self::leave) in the end, also when the call is cancelled:
/// whoever has been woken passes the wake-up on.
#[derive(Debug, Default)]
pub(crate) struct Place {
    ticket: Option<Ticket>,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Place {
    /// Waits in line, and attempts again, until there is an outcome, or `None` when
    /// the time is over. Before the first poll the caller has attempted in vain, and if
    /// that `is_quiet`, asked in line, nothing has happened since.
    pub(crate) fn poll<T>(
        &mut self,
        cx: &mut Context<'_>,
        hub: &Hub,
        line: &WaitList,
        timeout: Option<Duration>,
        is_quiet: impl FnOnce() -> bool,
        mut attempt: impl FnMut() -> Option<T>,
    ) -> Poll<Option<T>> {
        let outcome = match &self.ticket {
            None => {
                self.ticket = Some(line.wait(cx.waker()));
                // It may have come before this task was in line.
                if is_quiet() { None } else { attempt() }
            }
            Some(ticket) => attempt().or_else(|| {
                line.wait_on(ticket, cx.waker());
                attempt()
            }),
        };
        match outcome {
            Some(outcome) => Poll::Ready(Some(outcome)),
            None => self.poll_over(cx, hub, timeout).map(|()| None),
        }
    }

    /// Attempts to send, for as long as it would block and there is time.
    pub(crate) fn poll_send<S: Ops + ?Sized, T>(
        &mut self,
        cx: &mut Context<'_>,
        socket: &S,
        mut attempt: impl FnMut() -> Result<T, SendFailure>,
    ) -> Poll<Result<T, SendFailure>> {
        let timeout = socket.hub().send_timeout.get();
        let attempt = || match attempt() {
            Err(SendFailure::WouldBlock) => None,
            outcome => Some(outcome),
        };
        let outcome = self.poll(
            cx,
            socket.hub(),
            socket.out_lane().waiters(),
            timeout,
            || false,
            attempt,
        );
        outcome.map(|outcome| outcome.unwrap_or(Err(SendFailure::Timeout)))
    }

    /// Attempts to receive, for as long as it would block and there is time.
    pub(crate) fn poll_recv<S: Ops + ?Sized, T>(
        &mut self,
        cx: &mut Context<'_>,
        socket: &S,
        mut attempt: impl FnMut() -> Result<T, RecvError>,
    ) -> Poll<Result<T, RecvError>> {
        let timeout = socket.hub().receive_timeout.get();
        let mut attempt = || match attempt() {
            Err(RecvError::WouldBlock) => None,
            outcome => Some(outcome),
        };
        if !self.is_taken() && ready!(socket.hub().patience.poll_wait(cx, socket.in_lane())) {
            if let Some(outcome) = attempt() {
                return Poll::Ready(outcome);
            }
        }
        let outcome = self.poll(
            cx,
            socket.hub(),
            socket.in_lane().waiters(),
            timeout,
            || socket.in_lane().is_quiet() && !socket.hub().is_closed(),
            attempt,
        );
        outcome.map(|outcome| outcome.unwrap_or(Err(RecvError::Timeout)))
    }

    /// Whether the task has a place.
    pub(crate) fn is_taken(&self) -> bool {
        self.ticket.is_some()
    }

    /// Gives the place up. With `served` the next one may find something too.
    pub(crate) fn leave(&mut self, lane: &Lane, served: bool) {
        self.leave_line(lane.waiters(), served);
    }

    /// As [`leave`](Self::leave), in a line that leads elsewhere.
    pub(crate) fn leave_line(&mut self, line: &WaitList, served: bool) {
        self.timer = None;
        if let Some(ticket) = self.ticket.take() {
            line.leave(ticket, served);
        }
    }

    /// Ready when `timeout` has passed since this was first polled.
    fn poll_over(
        &mut self,
        cx: &mut Context<'_>,
        hub: &Hub,
        timeout: Option<Duration>,
    ) -> Poll<()> {
        let Some(timeout) = timeout else {
            return Poll::Pending;
        };
        let timer = match &mut self.timer {
            Some(timer) => timer,
            none => {
                let Ok(runtime) = hub.runtime() else {
                    return Poll::Pending;
                };
                // The caller may be on another runtime, or on none.
                let _inside = runtime.enter();
                none.insert(Box::pin(tokio::time::sleep(timeout)))
            }
        };
        timer.as_mut().poll(cx)
    }
}
