//! Staying awake for a while, for whoever would rather spend a CPU than wait for it.

use std::cell::Cell;
use std::future::Future;
use std::pin::pin;
use std::task::Context;
use std::time::{Duration, Instant};

use tokio::runtime::{Handle, RuntimeFlavor};

use crate::habit::{Habit, Look, Terms};
use crate::hub::Hub;

thread_local! {
    /// Who was awake last on this thread, by its address.
    static AWAKE: Cell<usize> = const { Cell::new(0) };
}

/// For how long a connection stays awake by habit: about what an answer takes over tcp from
/// a peer that is awake, and from one that is asleep. The thread's other tasks run meanwhile.
/// Where both ends share a processor, the longer look is as long as twenty round trips.
const TERMS: Terms = Terms {
    limit: Duration::from_micros(50),
    first_limit: Duration::from_micros(400),
    most_vain: 12,
};

/// Keeps a task's thread from sleeping until some time after the last traffic.
///
/// Where the application has not said for how long, a [`Habit`] does, for connections
/// whose ends take turns with one message: who only receives does better to sleep until
/// there is much. Where both ends share a processor, or the other end takes its time,
/// that is soon as good as never.
#[derive(Debug)]
pub(crate) struct Busy {
    period: Option<Duration>,
    habit: Habit,
    until: Option<Instant>,
    /// Whether the last traffic was one message.
    single: bool,
    /// How often another was awake meanwhile.
    rivals: u32,
}

impl Busy {
    /// For a connection of a socket, in its driver's task.
    pub(crate) fn of(hub: &Hub) -> Self {
        // On a thread of its own it would be in the application's way, not in its stead.
        let flavor = Handle::current().runtime_flavor();
        let shares = hub.is_embedded() && flavor == RuntimeFlavor::CurrentThread;
        let never = (!shares).then_some(Duration::ZERO);
        Self::new(hub.options().busy_poll.or(never))
    }

    fn new(period: Option<Duration>) -> Self {
        Self {
            period,
            habit: Habit::new(TERMS),
            until: None,
            single: false,
            rivals: 0,
        }
    }

    /// There was traffic: the period begins anew. Whether it was a single message, and
    /// something was written since the last one.
    #[inline]
    pub(crate) fn extend(&mut self, single: bool, answered: bool) {
        let takes_turns = single && answered && self.single;
        self.single = single;
        let period = match self.period {
            Some(period) => Some(period).filter(|period| !period.is_zero()),
            None => {
                if self.until.is_some() {
                    self.habit.note(Look::Soon);
                }
                takes_turns.then(|| self.habit.begin()).flatten()
            }
        };
        self.rivals = 0;
        self.until = period.and_then(|period| Instant::now().checked_add(period));
    }

    /// Whether the task may look for traffic itself: while it is awake, and alone so on
    /// its thread since its last turn. Among several, who looks takes from the others;
    /// the runtime looks for all of them at once.
    #[inline]
    pub(crate) fn is_alone(&mut self) -> bool {
        if self.until.is_none() {
            return false;
        }
        let this = std::ptr::from_ref(self).addr();
        let alone = AWAKE.try_with(|awake| awake.replace(this)) == Ok(this);
        self.rivals += u32::from(!alone);
        // The first time it may only be that it has not been awake before.
        if self.period.is_none() && self.rivals > 1 {
            self.give_up();
        }
        alone
    }

    /// Has the task polled again once its runtime has looked for traffic, if the
    /// period is not over.
    #[inline]
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) {
        let Some(until) = self.until else {
            return;
        };
        match Instant::now() < until {
            // Polled once, it leaves the waker to be woken behind the next look.
            true => drop(pin!(tokio::task::yield_now()).poll(cx)),
            false => self.give_up(),
        }
    }

    #[cold]
    fn give_up(&mut self) {
        self.until = None;
        self.habit.note(Look::InVain);
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
        let mut busy = Busy::new(Some(Duration::from_secs(3600)));
        busy.extend(true, true);
        assert_eq!(polls(busy, 100), Some(100));
    }

    #[test]
    fn who_is_awake_looks_if_nobody_else_on_its_thread_is() {
        let hour = Duration::from_secs(3600);
        let (mut one, mut other) = (Busy::new(Some(hour)), Busy::new(Some(hour)));
        assert!(!one.is_alone(), "it is not awake");
        one.extend(true, true);
        assert!(!one.is_alone(), "it may not be");
        assert!(one.is_alone());
        assert!(!other.is_alone(), "it is not awake");
        assert!(one.is_alone(), "who sleeps is nobody's rival");
        other.extend(true, true);
        assert!(!other.is_alone());
        assert!(!one.is_alone());
        assert!(!other.is_alone());
        one.until = None;
        assert!(!one.is_alone());
        assert!(other.is_alone());
    }

    #[test]
    fn by_habit_it_is_awake_for_those_who_take_turns() {
        let mut busy = Busy::new(None);
        busy.extend(true, true);
        assert!(busy.until.is_none(), "it is the first message");
        busy.extend(true, true);
        assert!(busy.until.is_some());
        for (single, answered) in [(true, false), (false, true), (true, true)] {
            busy.extend(single, answered);
            assert!(busy.until.is_none());
        }
        busy.extend(true, true);
        assert!(busy.until.is_some());
    }

    #[test]
    fn by_habit_it_sleeps_where_another_is_awake_or_nothing_comes() {
        let (mut one, mut other) = (Busy::new(None), Busy::new(None));
        for busy in [&mut one, &mut other] {
            (0..2).for_each(|_| busy.extend(true, true));
        }
        for _ in 0..2 {
            assert!(!one.is_alone());
            assert!(!other.is_alone());
        }
        assert!(one.until.is_none() && other.until.is_none());
        one.extend(true, true);
        assert!(one.until.is_none(), "it rests for one");
        assert_eq!(polls(one, 3), None);
    }

    #[test]
    fn without_traffic_or_period_it_sleeps() {
        assert_eq!(polls(Busy::new(Some(Duration::from_secs(3600))), 3), None);
        let mut never = Busy::new(Some(Duration::ZERO));
        never.extend(true, true);
        assert_eq!(polls(never, 3), None);
    }
}
