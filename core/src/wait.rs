//! A queue of tasks that wait for one half of a socket.

use std::collections::VecDeque;
use std::task::Waker;

use crate::sync::Mutex;

/// Tasks waiting for one half of a socket, first come, first woken.
///
/// A wake-up is a baton: it goes to the first task that has none yet. A task
/// that leaves with the baton, because it got what it wanted or was cancelled,
/// passes it on, so that a wake-up is never lost with a task; a task that still
/// finds nothing keeps its place and hands the baton to those behind it, who may
/// wait for something else: where both halves are one, some wait for room and
/// others for a message. `loom_wait.rs` tries all interleavings.
#[derive(Debug, Default)]
pub struct WaitList {
    queue: Mutex<Queue>,
}

#[derive(Debug, Default)]
struct Queue {
    waiting: VecDeque<Waiter>,
    next_ticket: u64,
}

#[derive(Debug)]
struct Waiter {
    ticket: u64,
    /// Absent while the task has the baton.
    waker: Option<Waker>,
}

/// A task's place in a [`WaitList`]; give it back with [`WaitList::leave`].
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a ticket that is lost keeps its place for ever"]
pub struct Ticket(u64);

impl WaitList {
    /// Nobody waits.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a place at the end.
    ///
    /// The caller then has to look once more whether what it waits for is there.
    pub fn wait(&self, waker: &Waker) -> Ticket {
        let mut queue = self.queue.lock();
        let ticket = queue.next_ticket;
        queue.next_ticket += 1;
        queue.waiting.push_back(Waiter {
            ticket,
            waker: Some(waker.clone()),
        });
        Ticket(ticket)
    }

    /// Waits on at the same place, to be woken through `waker`, and hands the baton
    /// to the next task behind.
    ///
    /// The caller then has to look once more whether what it waits for is there.
    pub fn wait_on(&self, Ticket(ticket): &Ticket, waker: &Waker) {
        let mut queue = self.queue.lock();
        let mut line = queue
            .waiting
            .iter_mut()
            .skip_while(|waiter| waiter.ticket != *ticket);
        let next = match line.next().map(|waiter| &mut waiter.waker) {
            Some(Some(known)) => {
                known.clone_from(waker);
                None
            }
            Some(none) => {
                *none = Some(waker.clone());
                line.find_map(|waiter| waiter.waker.take())
            }
            None => None,
        };
        drop(queue);
        if let Some(waker) = next {
            waker.wake();
        }
    }

    /// Gives a place up and passes the baton on.
    ///
    /// With `served` the task got what it wanted: there may be more for the
    /// next one, whether or not this one had been woken.
    pub fn leave(&self, Ticket(ticket): Ticket, served: bool) {
        let mut queue = self.queue.lock();
        let left = queue.remove(ticket);
        let had_baton = left.is_some_and(|waiter| waiter.waker.is_none());
        let next = (served || had_baton)
            .then(|| queue.first_asleep())
            .flatten();
        drop(queue);
        if let Some(waker) = next {
            waker.wake();
        }
    }

    /// Gives the baton to the first task that has none.
    pub fn wake_one(&self) {
        let next = self.queue.lock().first_asleep();
        if let Some(waker) = next {
            waker.wake();
        }
    }

    /// Wakes every task, for the end of what they wait for.
    pub fn wake_all(&self) {
        let mut queue = self.queue.lock();
        let wakers: Vec<_> = queue
            .waiting
            .iter_mut()
            .filter_map(|w| w.waker.take())
            .collect();
        drop(queue);
        wakers.into_iter().for_each(Waker::wake);
    }
}

impl Queue {
    fn remove(&mut self, ticket: u64) -> Option<Waiter> {
        // Most often it is the only one.
        if self.waiting.front()?.ticket == ticket {
            return self.waiting.pop_front();
        }
        let mut waiting = self.waiting.iter();
        let place = waiting.position(|waiter| waiter.ticket == ticket)?;
        self.waiting.remove(place)
    }

    fn first_asleep(&mut self) -> Option<Waker> {
        self.waiting
            .iter_mut()
            .find_map(|waiter| waiter.waker.take())
    }
}
