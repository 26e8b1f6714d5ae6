//! Models of the waiting line and the lane: no wake-up is lost.
#![cfg(loom)]

use std::future::poll_fn;
use std::task::Poll;

use ferromq_core::routing::FairQueue;
use ferromq_core::{
    Attend, Conflate, Half, Inbound, Lane, Message, Peer, PeerId, PipeConfig, Signal, TryRecvError,
    WaitList, Wakes, pipe,
};
use loom::future::block_on;
use loom::sync::Arc;
use loom::sync::atomic::{AtomicUsize, Ordering};
use loom::thread;

/// Something to wait for: how many there are, and who waits.
struct Store {
    goods: AtomicUsize,
    line: Arc<WaitList>,
}

impl Store {
    fn new() -> Self {
        Self {
            goods: AtomicUsize::new(0),
            line: Arc::new(WaitList::new()),
        }
    }

    fn put(&self) {
        self.goods.fetch_add(1, Ordering::SeqCst);
        self.line.wake_one();
    }

    fn try_take(&self) -> bool {
        self.goods
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |goods| {
                goods.checked_sub(1)
            })
            .is_ok()
    }

    /// Takes one, waiting in line.
    fn take(&self) {
        let mut ticket = None;
        block_on(poll_fn(|cx| {
            if self.try_take() {
                return Poll::Ready(());
            }
            match &ticket {
                None => ticket = Some(self.line.wait(cx.waker())),
                Some(ticket) => self.line.wait_on(ticket, cx.waker()),
            }
            match self.try_take() {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        }));
        if let Some(ticket) = ticket {
            self.line.leave(ticket, true);
        }
    }

    /// Joins the line and gives up at once.
    fn give_up(&self) {
        block_on(poll_fn(|cx| {
            let ticket = self.line.wait(cx.waker());
            self.line.leave(ticket, false);
            Poll::Ready(())
        }));
    }
}

#[test]
fn two_receivers_both_get_theirs() {
    loom::model(|| {
        let store = Arc::new(Store::new());
        let receivers = [(); 2].map(|()| {
            let store = Arc::clone(&store);
            thread::spawn(move || store.take())
        });
        store.put();
        store.put();
        for receiver in receivers {
            receiver.join().expect("every receiver is served");
        }
    });
}

#[test]
fn a_cancelled_receiver_passes_its_wake_on() {
    loom::model(|| {
        let store = Arc::new(Store::new());
        let cancelled = {
            let store = Arc::clone(&store);
            thread::spawn(move || store.give_up())
        };
        let receiver = {
            let store = Arc::clone(&store);
            thread::spawn(move || store.take())
        };
        store.put();
        cancelled.join().expect("giving up ends");
        receiver.join().expect("the receiver is served");
    });
}

/// One line for two things, as where both halves of a socket are one.
#[test]
fn whoever_waits_for_something_else_is_not_in_the_way() {
    loom::model(|| {
        let line = Arc::new(WaitList::new());
        let [room, message] = [(); 2].map(|()| {
            Arc::new(Store {
                goods: AtomicUsize::new(0),
                line: Arc::clone(&line),
            })
        });
        let [for_room, for_message] = [&room, &message].map(|store| {
            let store = Arc::clone(store);
            thread::spawn(move || store.take())
        });
        message.put();
        for_message.join().expect("there is a message");
        room.put();
        for_room.join().expect("there is room");
    });
}

#[test]
fn a_signal_reaches_an_owner_that_goes_to_sleep() {
    loom::model(|| {
        let lane = std::sync::Arc::new(Lane::new());
        let driver = {
            let lane = std::sync::Arc::clone(&lane);
            thread::spawn(move || lane.readable_waker(PeerId::new(1)).wake())
        };
        let mut ticket = None;
        block_on(poll_fn(|cx| {
            for _ in 0..2 {
                if lane.is_pending() {
                    assert!(matches!(lane.pop(), Some(Signal::Readable(_))));
                    return Poll::Ready(());
                }
                match &ticket {
                    None => ticket = Some(lane.waiters().wait(cx.waker())),
                    Some(ticket) => lane.waiters().wait_on(ticket, cx.waker()),
                }
            }
            Poll::Pending
        }));
        driver.join().expect("the driver ends");
    });
}

#[test]
fn a_lane_that_closes_keeps_no_signal_that_comes_later() {
    loom::model(|| {
        let lane = std::sync::Arc::new(Lane::new());
        let driver = {
            let lane = std::sync::Arc::clone(&lane);
            thread::spawn(move || lane.send(Signal::Lost(PeerId::new(1))))
        };
        lane.close();
        let before = usize::from(lane.pop().is_some());
        driver.join().expect("the driver ends");
        let after = usize::from(lane.pop().is_some());
        assert!(
            before <= 1 && after == 0,
            "{before} before, {after} after the end"
        );
    });
}

/// Something that happens once and concerns everybody, as a peer that is there.
#[test]
fn everybody_in_line_sees_what_has_happened() {
    loom::model(|| {
        let line = Arc::new(WaitList::new());
        let happened = Arc::new(AtomicUsize::new(0));
        let waiting = [(); 2].map(|()| {
            let (line, happened) = (Arc::clone(&line), Arc::clone(&happened));
            thread::spawn(move || {
                let mut ticket = None;
                let look = || match happened.load(Ordering::SeqCst) {
                    0 => Poll::Pending,
                    _ => Poll::Ready(()),
                };
                block_on(poll_fn(|cx| {
                    match &ticket {
                        None => ticket = Some(line.wait(cx.waker())),
                        Some(ticket) => line.wait_on(ticket, cx.waker()),
                    }
                    look()
                }));
                if let Some(ticket) = ticket {
                    line.leave(ticket, true);
                }
            })
        });
        happened.store(1, Ordering::SeqCst);
        line.wake_all();
        for waiting in waiting {
            waiting.join().expect("whoever waits sees it");
        }
    });
}

/// A half that receives from one pipe.
struct Inbox(FairQueue);

impl Attend for Inbox {
    fn attach(&mut self, peer: Peer, _wakes: &mut Wakes) {
        self.0.attach(peer.id, peer.reader.expect("a pipe to read"));
    }

    fn handle_readable(&mut self, peer: PeerId, _wakes: &mut Wakes) {
        self.0.handle_readable(peer);
    }

    fn detach(&mut self, _peer: PeerId) {}

    fn detach_all(&mut self) {}
}

impl Inbound for Inbox {
    fn try_recv(&mut self, into: &mut Message, wakes: &mut Wakes) -> Result<(), TryRecvError> {
        match self.0.pop(into, wakes) {
            true => Ok(()),
            false => Err(TryRecvError::Empty),
        }
    }

    fn is_readable(&mut self, _wakes: &mut Wakes) -> bool {
        self.0.is_readable()
    }
}

/// As an engine receives: who has looked in vain looks again from within the line only if
/// something has happened.
#[test]
fn a_quiet_lane_need_not_be_looked_at_again() {
    loom::model(|| {
        let half = Arc::new(Half::new(Inbox(FairQueue::new())));
        let (mut writer, mut reader) = pipe(PipeConfig {
            send_mark: None,
            receive_mark: None,
            share_from: 4096,
            conflate: Conflate::No,
        });
        let peer = PeerId::new(1);
        reader.set_waker(&half.lane().readable_waker(peer));
        half.lock(&mut Wakes::new()).0.attach(peer, reader);
        let driver = thread::spawn(move || {
            let mut wakes = Wakes::new();
            let pushed = writer.push(&[], &Message::from("m"), 0, &mut wakes);
            assert_eq!(pushed, Ok(()));
            wakes.wake();
            writer
        });
        // Whoever else uses the half takes the signal out of the lane, and not the message.
        let other = {
            let half = Arc::clone(&half);
            thread::spawn(move || drop(half.lock(&mut Wakes::new())))
        };
        let mut ticket = None;
        block_on(poll_fn(|cx| {
            let attempt = || {
                let mut wakes = Wakes::new();
                half.try_recv(&mut Message::new(), &mut wakes).is_ok()
            };
            if attempt() {
                return Poll::Ready(());
            }
            let line = half.lane().waiters();
            match &ticket {
                None => ticket = Some(line.wait(cx.waker())),
                Some(ticket) => line.wait_on(ticket, cx.waker()),
            }
            match !half.lane().is_quiet() && attempt() {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        }));
        other.join().expect("the other ends");
        drop(driver.join().expect("the driver ends"));
    });
}
