//! Peers that are killed and started anew.

use std::collections::BTreeSet;
use std::time::Duration;

use ferromq::SocketType::{Dealer, Pub, Pull, Push, Rep, Req, Router, Sub, XPub};

use super::{both_ways, chapter};
use crate::event::Happening;
use crate::failure::{Outcome, ensure_eq};
use crate::frames::{frame, frames};
use crate::lab::{Lab, Transport};
use crate::option::{Opt, Setting};
use crate::peer::{PeerExt, Sent, await_subscription, subscription, until};

chapter!("Reconnection":
    what_is_sent_while_a_bound_peer_is_away_arrives_in_order_when_it_is_back,
    what_a_bound_peer_sends_after_its_return_arrives,
    subscriptions_are_made_again_at_a_publisher_that_is_back,
    a_peer_that_was_killed_makes_room_for_its_successor,
    the_queue_of_a_bound_socket_dies_with_its_connection,
    a_service_outlives_a_client_that_dies_waiting,
);

/// libzmq waits 100 ms by default.
fn quick() -> [Setting; 1] {
    [Opt::ReconnectIvl.int(10)]
}

fn what_is_sent_while_a_bound_peer_is_away_arrives_in_order_when_it_is_back(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        for transport in Transport::ALL {
            let process = lab.process(ours)?;
            let pull = process.socket(Pull)?;
            let endpoint = pull.bind(&transport.unused()?)?;
            let push = lab.either(!ours, Push, &quick())?;
            push.watch()?;
            push.connect(&endpoint)?;
            push.put(&frame("before"))?;
            pull.expect(&frame("before"))?;

            process.kill()?;
            push.wait_for(Happening::DISCONNECTED)?;
            for number in 0..500 {
                push.put(&frames(["away", &number.to_string()]))?;
            }
            let process = lab.process(ours)?;
            let pull = process.socket(Pull)?;
            pull.bind(&endpoint)?;
            for number in 0..500 {
                pull.expect(&frames(["away", &number.to_string()]))?;
            }
            push.put(&frame("after"))?;
            pull.expect(&frame("after"))?;
        }
        Ok(())
    })
}

fn what_a_bound_peer_sends_after_its_return_arrives(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let process = lab.process(ours)?;
        let push = process.socket(Push)?;
        let endpoint = push.bind(&Transport::Tcp.unused()?)?;
        let pull = lab.either(!ours, Pull, &quick())?;
        pull.connect(&endpoint)?;
        push.put(&frame("before"))?;
        pull.expect(&frame("before"))?;
        process.kill()?;
        for round in 0..3 {
            let process = lab.process(ours)?;
            let push = process.socket(Push)?;
            push.bind(&endpoint)?;
            push.put(&frames(["after", &round.to_string()]))?;
            pull.expect(&frames(["after", &round.to_string()]))?;
            process.kill()?;
        }
        Ok(())
    })
}

fn subscriptions_are_made_again_at_a_publisher_that_is_back(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let process = lab.process(ours)?;
        let publisher = process.socket(XPub)?;
        let endpoint = publisher.bind(&Transport::Tcp.unused()?)?;
        let sub = lab.either(!ours, Sub, &quick())?;
        sub.watch()?;
        sub.connect(&endpoint)?;
        for topic in ["kept", "dropped"] {
            sub.set(&Opt::Subscribe.bytes(topic))?;
            await_subscription(&*publisher, &*sub, topic.as_bytes())?;
        }
        process.kill()?;
        sub.wait_for(Happening::DISCONNECTED)?;
        sub.set(&Opt::Unsubscribe.bytes("dropped"))?;
        sub.set(&Opt::Subscribe.bytes("made"))?;

        let process = lab.process(ours)?;
        let publisher = process.socket(XPub)?;
        publisher.bind(&endpoint)?;
        // Changes from while it was away may come besides, behind all that is wanted
        // now: what counts is what is left.
        let mut told = subscription(&*publisher, &*sub)?;
        let mut wanted = BTreeSet::new();
        loop {
            let topic = told[0].slice(1..);
            match told[0][0] {
                1 => wanted.insert(topic),
                _ => wanted.remove(&topic),
            };
            match publisher.recv(Duration::from_millis(200))? {
                Some(next) => told = next,
                None => break,
            }
        }
        let wanted: Vec<_> = wanted.into_iter().collect();
        ensure_eq!(wanted, frames(["kept", "made"]));
        for topic in ["dropped", "made", "kept"] {
            publisher.put(&frames([topic, "news"]))?;
        }
        sub.expect(&frames(["made", "news"]))?;
        sub.expect(&frames(["kept", "news"]))
    })?;
    // The same with a plain PUB, which tells nobody.
    both_ways(|ours| {
        let process = lab.process(ours)?;
        let endpoint = process.socket(Pub)?.bind(&Transport::Ipc.unused()?)?;
        process.kill()?;
        let sub = lab.either(!ours, Sub, &quick())?;
        sub.set(&Opt::Subscribe.bytes(""))?;
        sub.connect(&endpoint)?;
        let process = lab.process(ours)?;
        let publisher = process.socket(Pub)?;
        publisher.bind(&endpoint)?;
        until("a subscriber hears", || {
            publisher.put(&frame("news"))?;
            Ok(sub.recv(Duration::from_millis(10))?.is_some())
        })
    })
}

fn a_peer_that_was_killed_makes_room_for_its_successor(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let router = lab.either(!ours, Router, &[Opt::RouterMandatory.int(1)])?;
        let endpoint = router.bind(&Transport::Tcp.unused()?)?;
        for round in 0..3 {
            let process = lab.process(ours)?;
            let dealer = process.socket(Dealer)?;
            dealer.set(&Opt::RoutingId.bytes("the same"))?;
            dealer.connect(&endpoint)?;
            let hello = round.to_string();
            dealer.put(&frame(&hello))?;
            router.expect(&frames(["the same", &hello]))?;
            router.put(&frames(["the same", "welcome"]))?;
            dealer.expect(&frame("welcome"))?;
            process.kill()?;
            until("a ROUTER forgets its peer", || {
                let sent = router.send(&frames(["the same", "lost"]), Duration::ZERO)?;
                Ok(sent == Sent::Unroutable)
            })?;
            // libzmq says so while the name is still taken, and then ignores who comes
            // with it; it needs to be entered to let go of it.
            router.expect_nothing()?;
        }
        Ok(())
    })
}

fn the_queue_of_a_bound_socket_dies_with_its_connection(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let push = lab.either(!ours, Push, &[])?;
        push.watch()?;
        let endpoint = push.bind(&Transport::Tcp.unused()?)?;
        let process = lab.process(ours)?;
        let pull = process.socket(Pull)?;
        pull.connect(&endpoint)?;
        push.put(&frame("before"))?;
        pull.expect(&frame("before"))?;
        process.kill()?;
        push.wait_for(Happening::DISCONNECTED)?;
        until("a PUSH has nobody to send to", || {
            Ok(push.send(&frame("lost"), Duration::ZERO)? == Sent::Full)
        })?;
        let pull = lab.either(ours, Pull, &[])?;
        pull.connect(&endpoint)?;
        push.put(&frame("after"))?;
        pull.expect(&frame("after"))
    })
}

fn a_service_outlives_a_client_that_dies_waiting(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let rep = lab.either(!ours, Rep, &[])?;
        rep.watch()?;
        let endpoint = rep.bind(&Transport::Tcp.unused()?)?;
        let process = lab.process(ours)?;
        let client = process.socket(Req)?;
        client.connect(&endpoint)?;
        client.put(&frame("a question"))?;
        rep.expect(&frame("a question"))?;
        process.kill()?;
        rep.wait_for(Happening::DISCONNECTED)?;
        rep.put(&frame("an answer for nobody"))?;
        let client = lab.either(ours, Req, &[])?;
        client.connect(&endpoint)?;
        client.put(&frame("another"))?;
        rep.expect(&frame("another"))?;
        rep.put(&frame("its answer"))?;
        client.expect(&frame("its answer"))
    })
}
