//! The end of sockets and endpoints, and what was under way.

use std::time::Duration;

use ferromq::SocketType::{Dealer, Pull, Push, Rep, Req};

use super::{both_ways, chapter, meet};
use crate::event::Happening;
use crate::failure::{Outcome, ensure_eq};
use crate::frames::{Frames, frame, pattern};
use crate::lab::{Lab, Transport};
use crate::option::{Opt, Setting};
use crate::peer::{PeerExt, Sent, until};

chapter!("Closing":
    what_is_sent_just_before_the_end_arrives,
    what_is_sent_before_there_is_a_connection_outlives_its_socket,
    what_is_sent_before_a_disconnect_arrives,
    what_has_arrived_stays_when_its_sender_leaves,
    a_disconnected_peer_gets_nothing_more,
    an_unbound_endpoint_is_free_and_its_connections_end,
    a_request_whose_client_leaves_is_answered_into_the_void,
);

fn lingers() -> [Setting; 1] {
    [Opt::Linger.int(-1)]
}

/// Messages that no kernel takes at once.
fn numbered(number: u32) -> Frames {
    vec![number.to_string().into(), pattern(50_000)]
}

fn what_is_sent_just_before_the_end_arrives(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        for transport in Transport::ALL {
            let push = lab.either(ours, Push, &lingers())?;
            let pull = lab.either(!ours, Pull, &[])?;
            push.connect(&pull.bind(&transport.any())?)?;
            for number in 0..800 {
                push.put(&numbered(number))?;
            }
            drop(push);
            for number in 0..800 {
                pull.expect(&numbered(number))?;
            }
            // The same, with the sender bound.
            let push = lab.either(ours, Push, &lingers())?;
            let pull = lab.either(!ours, Pull, &[])?;
            pull.connect(&push.bind(&transport.any())?)?;
            for number in 0..800 {
                push.put(&numbered(number))?;
            }
            drop(push);
            for number in 0..800 {
                pull.expect(&numbered(number))?;
            }
        }
        Ok(())
    })
}

fn what_is_sent_before_there_is_a_connection_outlives_its_socket(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let endpoint = Transport::Tcp.unused()?;
        let push = lab.either(ours, Push, &lingers())?;
        push.set(&Opt::ReconnectIvl.int(10))?;
        push.connect(&endpoint)?;
        for number in 0..100 {
            push.put(&numbered(number))?;
        }
        drop(push);
        let pull = lab.either(!ours, Pull, &[])?;
        pull.bind(&endpoint)?;
        for number in 0..100 {
            pull.expect(&numbered(number))?;
        }
        Ok(())
    })
}

fn what_is_sent_before_a_disconnect_arrives(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let push = lab.either(ours, Push, &lingers())?;
        let pull = lab.either(!ours, Pull, &[])?;
        let endpoint = meet(&*pull, &*push)?;
        for number in 0..800 {
            push.put(&numbered(number))?;
        }
        push.disconnect(&endpoint)?;
        for number in 0..800 {
            pull.expect(&numbered(number))?;
        }
        ensure_eq!(push.send(&frame("lost"), Duration::ZERO)?, Sent::Full);
        Ok(())
    })
}

fn what_has_arrived_stays_when_its_sender_leaves(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let pull = lab.either(ours, Pull, &[])?;
        pull.watch()?;
        let push = lab.either(!ours, Push, &lingers())?;
        meet(&*pull, &*push)?;
        for number in 0..100 {
            push.put(&frame(number.to_string()))?;
        }
        drop(push);
        pull.wait_for(Happening::DISCONNECTED)?;
        for number in 0..100 {
            pull.expect(&frame(number.to_string()))?;
        }
        pull.expect_nothing()
    })
}

fn a_disconnected_peer_gets_nothing_more(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let push = lab.either(ours, Push, &[])?;
        let pulls = [lab.either(!ours, Pull, &[])?, lab.either(!ours, Pull, &[])?];
        let gone = meet(&*pulls[0], &*push)?;
        meet(&*pulls[1], &*push)?;
        for _ in 0..4 {
            push.put(&frame("for both"))?;
        }
        for pull in [&pulls[0], &pulls[1]].into_iter().cycle().take(4) {
            pull.expect(&frame("for both"))?;
        }
        push.disconnect(&gone)?;
        for _ in 0..20 {
            push.put(&frame("for one"))?;
        }
        for _ in 0..20 {
            pulls[1].expect(&frame("for one"))?;
        }
        pulls[0].expect_nothing()
    })
}

fn an_unbound_endpoint_is_free_and_its_connections_end(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        for transport in Transport::ALL {
            let one = lab.either(ours, Dealer, &[])?;
            let other = lab.either(!ours, Dealer, &[Opt::ReconnectIvl.int(10)])?;
            other.watch()?;
            let endpoint = one.bind(&transport.unused()?)?;
            other.connect(&endpoint)?;
            other.put(&frame("before"))?;
            one.expect(&frame("before"))?;
            one.disconnect(&endpoint)?;
            until("its connection ends", || {
                // libzmq ends it when its application enters the socket.
                let rest = one.recv(Duration::ZERO)?;
                ensure_eq!(rest, None);
                Ok(other.events()?.contains(&Happening::DISCONNECTED))
            })?;
            let successor = lab.either(ours, Dealer, &[])?;
            until("the endpoint is free", || {
                Ok(successor.bind(&endpoint).is_ok())
            })?;
            other.put(&frame("after"))?;
            successor.expect(&frame("after"))?;
        }
        Ok(())
    })
}

fn a_request_whose_client_leaves_is_answered_into_the_void(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let rep = lab.either(ours, Rep, &[])?;
        rep.watch()?;
        let req = lab.either(!ours, Req, &[])?;
        let endpoint = meet(&*rep, &*req)?;
        req.put(&frame("a question"))?;
        rep.expect(&frame("a question"))?;
        drop(req);
        rep.wait_for(Happening::DISCONNECTED)?;
        rep.put(&frame("for nobody"))?;
        let req = lab.either(!ours, Req, &[])?;
        req.connect(&endpoint)?;
        req.put(&frame("another"))?;
        rep.expect(&frame("another"))?;
        rep.put(&frame("its answer"))?;
        req.expect(&frame("its answer"))
    })
}
