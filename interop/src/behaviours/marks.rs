//! High-water marks.

use std::time::Duration;

use ferromq::SocketType::{Dealer, Pub, Pull, Push, Router, Sub, XPub};

use super::{both_ways, chapter, meet};
use crate::failure::{Failure, Outcome, ensure, ensure_eq};
use crate::frames::{Frames, frame, frames, pattern};
use crate::lab::{Lab, Transport};
use crate::option::{Opt, Setting};
use crate::peer::{Peer, PeerExt, Sent, await_subscription, until};

chapter!("High-water marks":
    a_push_is_full_when_both_queues_are_and_nothing_is_lost,
    marks_can_be_moved_while_peers_are_connected,
    a_publisher_drops_what_a_slow_subscriber_has_no_room_for_and_never_a_part,
    a_publisher_that_must_not_drop_is_full_and_loses_nothing,
    a_mandatory_router_is_full_for_a_slow_peer_and_knows_who_is_not_there,
    a_slow_worker_does_not_hold_up_the_others,
    a_conflated_queue_keeps_the_last_message,
);

const MARK: usize = 10;

/// Small queues of the kernel's, so that they do not count.
fn small(mark: Opt) -> [Setting; 3] {
    [mark.int(10), Opt::SndBuf.int(4096), Opt::RcvBuf.int(4096)]
}

/// A message that fills the kernel's queues, with a number.
fn numbered(number: usize) -> Frames {
    vec![number.to_string().into(), pattern(64 << 10)]
}

/// Sends until there is no room for a while; says how many had it.
fn fill(from: &dyn Peer, message: impl Fn(usize) -> Frames) -> Outcome<usize> {
    for number in 0..10_000 {
        match from.send(&message(number), Duration::from_millis(200))? {
            Sent::Yes => {}
            Sent::Full => return Ok(number),
            Sent::Unroutable => return Err(from.complain("nobody is there")),
        }
    }
    Err(from.complain("never full"))
}

fn a_push_is_full_when_both_queues_are_and_nothing_is_lost(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let push = lab.either(ours, Push, &small(Opt::SndHwm))?;
        let pull = lab.either(!ours, Pull, &small(Opt::RcvHwm))?;
        meet(&*pull, &*push)?;
        let sent = fill(&*push, numbered)?;
        // Besides, each side holds a message or two that it is about to pass on.
        ensure!(
            (2 * MARK..=2 * MARK + 4).contains(&sent),
            "{sent} messages find room in two queues of {MARK}"
        );
        for number in 0..sent {
            pull.expect(&numbered(number))?;
        }
        push.put(&frame("room"))?;
        pull.expect(&frame("room"))
    })
}

fn marks_can_be_moved_while_peers_are_connected(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let push = lab.either(ours, Push, &small(Opt::SndHwm))?;
        let pull = lab.either(!ours, Pull, &small(Opt::RcvHwm))?;
        meet(&*pull, &*push)?;
        push.put(&frame("connected"))?;
        pull.expect(&frame("connected"))?;
        push.set(&Opt::SndHwm.int(30))?;
        pull.set(&Opt::RcvHwm.int(20))?;
        let sent = fill(&*push, numbered)?;
        // Of the 20 that the receiver takes the sender hears by halves of its own mark.
        ensure!(
            (44..=48).contains(&sent),
            "{sent} messages find room in queues of 30 and 20"
        );
        push.set(&Opt::SndHwm.int(MARK as i32))?;
        for number in 0..sent {
            pull.expect(&numbered(number))?;
        }
        push.put(&frame("room"))?;
        pull.expect(&frame("room"))
    })
}

fn a_publisher_drops_what_a_slow_subscriber_has_no_room_for_and_never_a_part(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let publisher = lab.either(ours, XPub, &small(Opt::SndHwm))?;
        let sub = lab.either(!ours, Sub, &small(Opt::RcvHwm))?;
        sub.set(&Opt::Subscribe.bytes(""))?;
        meet(&*publisher, &*sub)?;
        await_subscription(&*publisher, &*sub, b"")?;
        let count = 200;
        for number in 0..count {
            let sent = publisher.send(&numbered(number), Duration::ZERO)?;
            ensure_eq!(sent, Sent::Yes);
        }
        // What it hears is whole, in order, and less than all.
        let (mut heard, mut last) = (0, None);
        let number = |message: &Frames| {
            let number = String::from_utf8_lossy(&message[0]).parse::<usize>();
            number.map_err(|_| Failure::new("no number"))
        };
        let mut listen = |message: Frames| {
            let now = number(&message)?;
            ensure_eq!(message, numbered(now));
            ensure!(last < Some(now), "{now} comes after {last:?}");
            (heard, last) = (heard + 1, Some(now));
            Ok(now)
        };
        while let Some(message) = sub.recv(Duration::from_millis(200))? {
            listen(message)?;
        }
        let mut next = count;
        until("there is room again", || {
            publisher.put(&numbered(next))?;
            next += 1;
            let message = sub.recv(Duration::from_millis(20))?;
            Ok(message.map(&mut listen).transpose()?.is_some())
        })?;
        ensure!(
            (MARK..count).contains(&heard),
            "{heard} of {count} messages were heard"
        );
        Ok(())
    })
}

fn a_publisher_that_must_not_drop_is_full_and_loses_nothing(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let publisher = lab.either(ours, XPub, &small(Opt::SndHwm))?;
        publisher.set(&Opt::XpubNodrop.int(1))?;
        let sub = lab.either(!ours, Sub, &small(Opt::RcvHwm))?;
        sub.set(&Opt::Subscribe.bytes(""))?;
        meet(&*publisher, &*sub)?;
        await_subscription(&*publisher, &*sub, b"")?;
        let sent = fill(&*publisher, numbered)?;
        ensure!(sent >= 2 * MARK, "full after {sent} messages");
        for number in 0..sent {
            sub.expect(&numbered(number))?;
        }
        publisher.put(&frame("room"))?;
        sub.expect(&frame("room"))
    })
}

fn a_mandatory_router_is_full_for_a_slow_peer_and_knows_who_is_not_there(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let router = lab.either(ours, Router, &small(Opt::SndHwm))?;
        router.set(&Opt::RouterMandatory.int(1))?;
        let [slow, fast] = ["slow", "fast"].map(|name| {
            let dealer = lab.either(!ours, Dealer, &small(Opt::RcvHwm))?;
            dealer.set(&Opt::RoutingId.bytes(name))?;
            Ok::<_, Failure>(dealer)
        });
        let (slow, fast) = (slow?, fast?);
        let endpoint = meet(&*router, &*slow)?;
        fast.connect(&endpoint)?;
        for (name, dealer) in [("slow", &slow), ("fast", &fast)] {
            router.put_when_known(&frames([name, "hello"]))?;
            dealer.expect(&frame("hello"))?;
        }
        let to_slow = |number| [frame("slow"), numbered(number)].concat();
        let sent = fill(&*router, to_slow)?;
        // Room is given back half a mark at a time: the first message still counts.
        let queued = sent + 1;
        ensure!(
            (2 * MARK..=2 * MARK + 4).contains(&queued),
            "{queued} messages find room in two queues of {MARK}"
        );
        let unknown = router.send(&frames(["nobody", "lost"]), Duration::ZERO)?;
        ensure_eq!(unknown, Sent::Unroutable);
        router.put(&frames(["fast", "in between"]))?;
        fast.expect(&frame("in between"))?;
        for number in 0..sent {
            slow.expect(&numbered(number))?;
        }
        router.put(&frames(["slow", "room"]))?;
        slow.expect(&frame("room"))
    })
}

fn a_slow_worker_does_not_hold_up_the_others(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let push = lab.either(ours, Push, &small(Opt::SndHwm))?;
        let slow = lab.either(!ours, Pull, &small(Opt::RcvHwm))?;
        let endpoint = meet(&*push, &*slow)?;
        fill(&*push, numbered)?;
        let fast = lab.either(!ours, Pull, &small(Opt::RcvHwm))?;
        fast.connect(&endpoint)?;
        for number in 0..100 {
            push.put(&numbered(number))?;
            fast.expect(&numbered(number))?;
        }
        Ok(())
    })
}

fn a_conflated_queue_keeps_the_last_message(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let pull = lab.either(ours, Pull, &[Opt::Conflate.int(1)])?;
        let push = lab.either(!ours, Push, &[])?;
        meet(&*pull, &*push)?;
        conflates(&*push, &*pull)
    })?;
    both_ways(|ours| {
        let sub = lab.either(ours, Sub, &[Opt::Conflate.int(1)])?;
        sub.set(&Opt::Subscribe.bytes(""))?;
        let publisher = lab.either(!ours, Pub, &[])?;
        meet(&*publisher, &*sub)?;
        until("a subscription arrives", || {
            publisher.put(&frame("probe"))?;
            Ok(sub.recv(Duration::from_millis(10))?.is_some())
        })?;
        conflates(&*publisher, &*sub)
    })?;
    // The sender's queue, while there is no peer.
    both_ways(|ours| {
        let push = lab.either(ours, Push, &[Opt::Conflate.int(1)])?;
        push.set(&Opt::ReconnectIvl.int(10))?;
        let endpoint = Transport::Tcp.unused()?;
        push.connect(&endpoint)?;
        for number in 0..100 {
            push.put(&frame(number.to_string()))?;
        }
        let pull = lab.either(!ours, Pull, &[])?;
        pull.bind(&endpoint)?;
        pull.expect(&frame("99"))?;
        pull.expect_nothing()
    })
}

fn conflates(from: &dyn Peer, to: &dyn Peer) -> Outcome {
    for number in 0..100 {
        from.put(&frame(number.to_string()))?;
    }
    // Nobody says when the last has arrived; until then another may be received.
    std::thread::sleep(Duration::from_millis(500));
    to.expect(&frame("99"))?;
    to.expect_nothing()
}
