//! Peers that come late.

use std::time::Duration;

use ferromq::SocketType::{Pub, Pull, Push, Rep, Req, Sub, XPub};

use super::{both_ways, chapter, meet};
use crate::failure::{Outcome, ensure_eq};
use crate::frames::{frame, frames};
use crate::lab::{Lab, Transport};
use crate::option::Opt;
use crate::ours::Ours;
use crate::peer::{PeerExt, Sent, await_subscription, until};

chapter!("Late joiners":
    what_is_sent_before_anybody_listens_arrives,
    a_request_waits_for_a_service_that_is_yet_to_be_bound,
    a_subscriber_that_connects_first_hears_a_publisher_that_binds_later,
    a_subscriber_that_comes_late_hears_what_follows_and_nothing_before,
    a_publisher_that_waits_for_its_subscriber_is_heard_from_the_first_message_on,
    a_socket_that_is_to_wait_for_connections_queues_nothing_without_one,
    a_socket_that_is_to_wait_for_connections_sends_to_those_who_are_there,
    a_worker_that_comes_late_gets_its_share,
);

fn what_is_sent_before_anybody_listens_arrives(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        for transport in Transport::ALL {
            let endpoint = transport.unused()?;
            let push = lab.either(ours, Push, &[Opt::ReconnectIvl.int(10)])?;
            push.connect(&endpoint)?;
            for number in 0..500 {
                push.put(&frames(["early", &number.to_string()]))?;
            }
            let pull = lab.either(!ours, Pull, &[])?;
            pull.bind(&endpoint)?;
            for number in 0..500 {
                pull.expect(&frames(["early", &number.to_string()]))?;
            }
        }
        Ok(())
    })
}

fn a_request_waits_for_a_service_that_is_yet_to_be_bound(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let endpoint = Transport::Tcp.unused()?;
        let client = lab.either(ours, Req, &[Opt::ReconnectIvl.int(10)])?;
        client.connect(&endpoint)?;
        client.put(&frame("early"))?;
        let service = lab.either(!ours, Rep, &[])?;
        service.bind(&endpoint)?;
        service.expect(&frame("early"))?;
        service.put(&frame("welcome"))?;
        client.expect(&frame("welcome"))
    })
}

fn a_subscriber_that_connects_first_hears_a_publisher_that_binds_later(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let endpoint = Transport::Tcp.unused()?;
        let sub = lab.either(ours, Sub, &[Opt::ReconnectIvl.int(10)])?;
        sub.connect(&endpoint)?;
        sub.set(&Opt::Subscribe.bytes("news"))?;
        let publisher = lab.either(!ours, XPub, &[])?;
        publisher.bind(&endpoint)?;
        await_subscription(&*publisher, &*sub, b"news")?;
        publisher.put(&frame("old"))?;
        publisher.put(&frame("news of today"))?;
        sub.expect(&frame("news of today"))
    })
}

fn a_subscriber_that_comes_late_hears_what_follows_and_nothing_before(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let publisher = lab.either(ours, Pub, &[])?;
        let first = lab.either(!ours, Sub, &[Opt::Subscribe.bytes("")])?;
        let endpoint = meet(&*publisher, &*first)?;
        until("the first hears", || {
            publisher.put(&frame("early"))?;
            Ok(first.recv(Duration::from_millis(10))?.is_some())
        })?;
        let late = lab.either(!ours, Sub, &[Opt::Subscribe.bytes("")])?;
        late.connect(&endpoint)?;
        let mut heard = None;
        until("the second hears", || {
            publisher.put(&frame("late"))?;
            heard = late.recv(Duration::from_millis(10))?;
            Ok(heard.is_some())
        })?;
        ensure_eq!(heard, Some(frame("late")));
        publisher.put(&frame("end"))?;
        for sub in [first, late] {
            while sub.take()? != frame("end") {}
        }
        Ok(())
    })
}

fn a_publisher_that_waits_for_its_subscriber_is_heard_from_the_first_message_on(
    lab: &Lab,
) -> Outcome {
    let process = lab.their_process()?;
    for _ in 0..20 {
        let publisher = lab.ours(Pub, &[])?;
        let sub = process.socket(Sub)?;
        sub.set(&Opt::Subscribe.bytes(""))?;
        meet(&publisher, &*sub)?;
        Ours::run(publisher.socket().wait_for_subscribers(1))??;
        for number in 1..=1000 {
            publisher.put(&frame(number.to_string()))?;
        }
        for number in 1..=1000 {
            sub.expect(&frame(number.to_string()))?;
        }
    }
    Ok(())
}

fn a_socket_that_is_to_wait_for_connections_queues_nothing_without_one(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let endpoint = Transport::Tcp.unused()?;
        let settings = [Opt::Immediate.int(1), Opt::ReconnectIvl.int(10)];
        let push = lab.either(ours, Push, &settings)?;
        push.connect(&endpoint)?;
        ensure_eq!(push.send(&frame("lost"), Duration::ZERO)?, Sent::Full);
        let pull = lab.either(!ours, Pull, &[])?;
        pull.bind(&endpoint)?;
        push.put(&frame("arrives"))?;
        pull.expect(&frame("arrives"))
    })
}

fn a_socket_that_is_to_wait_for_connections_sends_to_those_who_are_there(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let push = lab.either(ours, Push, &[Opt::Immediate.int(1)])?;
        push.connect(&Transport::Tcp.unused()?)?;
        let pull = lab.either(!ours, Pull, &[])?;
        meet(&*pull, &*push)?;
        for number in 0..20 {
            push.put(&frame(number.to_string()))?;
        }
        for number in 0..20 {
            pull.expect(&frame(number.to_string()))?;
        }
        Ok(())
    })
}

fn a_worker_that_comes_late_gets_its_share(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let push = lab.either(ours, Push, &[])?;
        let first = lab.either(!ours, Pull, &[])?;
        let endpoint = meet(&*push, &*first)?;
        push.put(&frame("first"))?;
        first.expect(&frame("first"))?;
        let late = lab.either(!ours, Pull, &[])?;
        late.connect(&endpoint)?;
        until("the second gets work", || {
            push.put(&frame("work"))?;
            Ok(late.recv(Duration::from_millis(10))?.is_some())
        })?;
        while first.recv(Duration::from_millis(50))?.is_some() {}
        for _ in 0..10 {
            push.put(&frame("more"))?;
        }
        for _ in 0..5 {
            first.expect(&frame("more"))?;
            late.expect(&frame("more"))?;
        }
        Ok(())
    })
}
