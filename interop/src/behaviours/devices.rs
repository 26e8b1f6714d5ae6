//! Devices, which pass messages on, and chains of them.

use std::sync::Arc;

use ferromq::SocketType::{self, Dealer, Pull, Push, Rep, Req, Router, Sub, XPub, XSub};

use super::{both_ways, chapter};
use crate::failure::Outcome;
use crate::frames::{frame, frames, pattern};
use crate::lab::{Lab, Transport};
use crate::option::Opt;
use crate::peer::{Peer, PeerExt, await_subscription};
use crate::remote::Process;

chapter!("Devices":
    requests_pass_a_device_of_the_other_side,
    requests_pass_a_chain_of_devices_of_both_sides,
    several_clients_get_their_own_answers_through_a_device,
    subscriptions_pass_a_device_upstream_and_messages_downstream,
    work_passes_a_device,
);

/// A device between two new endpoints, in a process of its own.
fn device(lab: &Lab, ours: bool, kinds: [SocketType; 2]) -> Outcome<(Arc<Process>, [String; 2])> {
    let process = lab.process(ours)?;
    let any = Transport::Tcp.any();
    let ends = process.device(kinds.map(|kind| (kind, any.as_str())))?;
    Ok((process, ends))
}

fn requests_pass_a_device_of_the_other_side(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let (_process, [front, back]) = device(lab, ours, [Router, Dealer])?;
        let client = lab.either(!ours, Req, &[])?;
        client.connect(&front)?;
        let service = lab.either(!ours, Rep, &[])?;
        service.connect(&back)?;
        exchange(&*client, &*service)
    })
}

/// Requests of several forms, each with its answer.
fn exchange(client: &dyn Peer, service: &dyn Peer) -> Outcome {
    let bodies = [
        frame("a question"),
        frame(""),
        frames(["several", "", "frames"]),
        vec![pattern(100_000)],
    ];
    for body in bodies.iter().cycle().take(40) {
        client.put(body)?;
        service.expect(body)?;
        let answer = [frame("answer"), body.clone()].concat();
        service.put(&answer)?;
        client.expect(&answer)?;
    }
    Ok(())
}

fn requests_pass_a_chain_of_devices_of_both_sides(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let (_last, [mut front, back]) = device(lab, ours, [Router, Dealer])?;
        let mut chain = Vec::new();
        for ours in [!ours, ours, !ours] {
            let process = lab.process(ours)?;
            let before = format!(">{front}");
            let ends = [(Router, &Transport::Tcp.any()[..]), (Dealer, &before)];
            [front, _] = process.device(ends)?;
            chain.push(process);
        }
        let client = lab.either(ours, Req, &[])?;
        client.connect(&front)?;
        let service = lab.either(!ours, Rep, &[])?;
        service.connect(&back)?;
        exchange(&*client, &*service)
    })
}

fn several_clients_get_their_own_answers_through_a_device(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let (_process, [front, back]) = device(lab, ours, [Router, Dealer])?;
        let client = |ours| {
            let client = lab.either(ours, Req, &[])?;
            client.connect(&front).map(|()| client)
        };
        let clients = [client(true)?, client(false)?, client(!ours)?];
        let service = lab.either(!ours, Rep, &[])?;
        service.connect(&back)?;
        for round in 0..10 {
            let request = |place: usize| frame(format!("{place} in round {round}"));
            for (place, client) in clients.iter().enumerate() {
                client.put(&request(place))?;
            }
            for _ in &clients {
                let asked = service.take()?;
                service.put(&asked)?;
            }
            for (place, client) in clients.iter().enumerate() {
                client.expect(&request(place))?;
            }
        }
        Ok(())
    })
}

fn subscriptions_pass_a_device_upstream_and_messages_downstream(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let (_process, [front, back]) = device(lab, ours, [XSub, XPub])?;
        let publisher = lab.either(!ours, XPub, &[])?;
        publisher.connect(&front)?;
        let subs = [lab.either(!ours, Sub, &[])?, lab.either(!ours, Sub, &[])?];
        for (sub, topic) in subs.iter().zip(["one", "two"]) {
            sub.connect(&back)?;
            sub.set(&Opt::Subscribe.bytes(topic))?;
            await_subscription(&*publisher, &**sub, topic.as_bytes())?;
        }
        for text in ["one", "three", "two", "one and only"] {
            publisher.put(&frames([text, "body"]))?;
        }
        subs[0].expect(&frames(["one", "body"]))?;
        subs[0].expect(&frames(["one and only", "body"]))?;
        subs[1].expect(&frames(["two", "body"]))?;
        subs[1].set(&Opt::Unsubscribe.bytes("two"))?;
        publisher.expect(&frame("\0two"))?;
        subs[1].expect_nothing()
    })
}

fn work_passes_a_device(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let (_process, [front, back]) = device(lab, ours, [Pull, Push])?;
        let push = lab.either(!ours, Push, &[])?;
        push.connect(&front)?;
        let pull = lab.either(!ours, Pull, &[])?;
        pull.connect(&back)?;
        for number in 0..5000 {
            push.put(&frames(["work", &number.to_string()]))?;
            if number % 500 == 499 {
                for number in number - 499..=number {
                    pull.expect(&frames(["work", &number.to_string()]))?;
                }
            }
        }
        pull.expect_nothing()
    })
}
