//! Staying awake for a while, for whoever would rather spend a CPU than wait for it.

use std::cell::Cell;
use std::future::Future;
use std::pin::pin;
use std::task::Context;
use std::time::{Duration, Instant};

thread_local! {
    /// Who was awake last on this thread, by its address.
    static AWAKE: Cell<usize> = const { Cell::new(0) };
}

/// Keeps a task's thread from sleeping until some time after the last traffic.
#[derive(Debug)]
pub(crate) struct Busy {
    period: Duration,
    until: Option<Instant>,
}

impl Busy {
    pub(crate) fn new(period: Duration) -> Self {
        Self {
            period,
            until: None,
        }
    }

    /// There was traffic: the period begins anew.
    #[inline]
    pub(crate) fn extend(&mut self) {
        if !self.period.is_zero() {
            self.until = Instant::now().checked_add(self.period);
        }
    }

    /// Whether the task may look for traffic itself: while it is awake, and alone so on
    /// its thread since its last turn. Among several, who looks takes from the others;
    /// the runtime looks for all of them at once.
    #[inline]
    pub(crate) fn is_alone(&self) -> bool {
        let this = std::ptr::from_ref(self).addr();
        self.until.is_some() && AWAKE.try_with(|awake| awake.replace(this)) == Ok(this)
    }

    /// Has the task polled again once its runtime has looked for traffic, if the
    /// period is not over.
    #[inline]
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) {
        self.until = self.until.filter(|until| Instant::now() < *until);
        if self.until.is_some() {
            // Polled once, it leaves the waker to be woken behind the next look.
            let _ = pin!(tokio::task::yield_now()).poll(cx);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;
    use std::task::Poll;

    /// Polls until the task has been polled `wanted` times, of which the end of
    /// its patience may be one.
    fn polls(mut busy: Busy, wanted: u32) -> Option<u32> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .expect("a runtime");
        let mut polls = 0;
        let task = poll_fn(move |cx| {
            polls += 1;
            busy.poll(cx);
            match polls < wanted {
                true => Poll::Pending,
                false => Poll::Ready(polls),
            }
        });
        runtime.block_on(async {
            tokio::time::timeout(Duration::from_millis(50), task)
                .await
                .ok()
        })
    }

    #[test]
    fn a_task_is_polled_again_while_the_period_lasts() {
        let mut busy = Busy::new(Duration::from_secs(3600));
        busy.extend();
        assert_eq!(polls(busy, 100), Some(100));
    }

    #[test]
    fn who_is_awake_looks_if_nobody_else_on_its_thread_is() {
        let hour = Duration::from_secs(3600);
        let (mut one, mut other) = (Busy::new(hour), Busy::new(hour));
        assert!(!one.is_alone(), "it is not awake");
        one.extend();
        assert!(!one.is_alone(), "it may not be");
        assert!(one.is_alone());
        assert!(!other.is_alone(), "it is not awake");
        assert!(one.is_alone(), "who sleeps is nobody's rival");
        other.extend();
        assert!(!other.is_alone());
        assert!(!one.is_alone());
        assert!(!other.is_alone());
        one.until = None;
        assert!(!one.is_alone());
        assert!(other.is_alone());
    }

    #[test]
    fn without_traffic_or_period_it_sleeps() {
        assert_eq!(polls(Busy::new(Duration::from_secs(3600)), 3), None);
        let mut never = Busy::new(Duration::ZERO);
        never.extend();
        assert_eq!(polls(never, 3), None);
    }
}
