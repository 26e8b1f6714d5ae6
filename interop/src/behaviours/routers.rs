//! ROUTERs and the names of their peers.

use std::time::Duration;

use ferromq::SocketType::{Dealer, Rep, Req, Router};

use super::{both_ways, chapter, meet};
use crate::failure::{Outcome, ensure, ensure_eq};
use crate::frames::{describe, frame, frames, joined, pattern};
use crate::lab::{Lab, Transport};
use crate::option::Opt;
use crate::peer::{PeerExt, Sent, until};

chapter!("Routers and names":
    a_router_calls_its_peers_as_they_want,
    a_router_names_those_who_want_no_name,
    a_probe_tells_a_router_of_its_peer,
    who_comes_with_a_name_that_is_taken_is_ignored,
    who_comes_with_a_name_that_is_taken_has_it_where_names_are_handed_over,
    a_router_calls_whom_it_connects_to_as_it_wants,
    a_message_for_nobody_is_dropped,
    the_news_of_peers_that_come_and_go_are_told_to_those_who_ask,
);

fn a_router_calls_its_peers_as_they_want(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let router = lab.either(ours, Router, &[])?;
        let long = pattern(255).slice(1..);
        let names = [&b"n"[..], b"a\0name\xff", &long];
        let mut endpoint = None;
        for name in names {
            for kind in [Dealer, Req] {
                let name = [name, &[kind.number()]].concat();
                let peer = lab.either(!ours, kind, &[Opt::RoutingId.bytes(&name)])?;
                match &endpoint {
                    None => endpoint = Some(meet(&*router, &*peer)?),
                    Some(endpoint) => peer.connect(endpoint)?,
                }
                peer.put(&frame("hello"))?;
                let got = router.take()?;
                ensure_eq!(got[0], name);
                router.put(&joined(&got[..got.len() - 1], &frame("welcome")))?;
                peer.expect(&frame("welcome"))?;
            }
        }
        Ok(())
    })
}

fn a_router_names_those_who_want_no_name(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let router = lab.either(ours, Router, &[])?;
        let peers = [
            lab.either(!ours, Dealer, &[])?,
            lab.either(!ours, Dealer, &[])?,
        ];
        let endpoint = meet(&*router, &*peers[0])?;
        peers[1].connect(&endpoint)?;
        let mut names = Vec::new();
        for peer in &peers {
            peer.put(&frame("hello"))?;
            let name = router.take()?.swap_remove(0);
            ensure!(
                name.len() == 5 && name[0] == 0,
                "a ROUTER's own name is {}",
                describe(&[name])
            );
            names.push(name);
        }
        ensure!(names[0] != names[1], "two peers have one name");
        for (name, peer) in names.into_iter().zip(&peers).rev() {
            router.put(&vec![name.clone(), name.clone()])?;
            peer.expect(&vec![name])?;
        }
        Ok(())
    })
}

fn a_probe_tells_a_router_of_its_peer(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        for kind in [Dealer, Router] {
            let router = lab.either(ours, Router, &[])?;
            let settings = [Opt::ProbeRouter.int(1), Opt::RoutingId.bytes("probe")];
            let peer = lab.either(!ours, kind, &settings)?;
            meet(&*router, &*peer)?;
            router.expect(&frames(["probe", ""]))?;
            router.put(&frames(["probe", "hello"]))?;
            let got = peer.take()?;
            ensure_eq!(got.last(), Some(&frame("hello")[0]));
        }
        Ok(())
    })?;
    // A REP has no use for the empty message, and none for a request without envelope.
    both_ways(|ours| {
        let rep = lab.either(ours, Rep, &[])?;
        let req = lab.either(!ours, Req, &[Opt::ProbeRouter.int(1)])?;
        meet(&*rep, &*req)?;
        req.put(&frame("a question"))?;
        rep.expect(&frame("a question"))?;
        rep.put(&frame("an answer"))?;
        req.expect(&frame("an answer"))
    })
}

fn who_comes_with_a_name_that_is_taken_is_ignored(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let router = lab.either(ours, Router, &[])?;
        let named = [Opt::RoutingId.bytes("taken")];
        let first = lab.either(!ours, Dealer, &named)?;
        let endpoint = meet(&*router, &*first)?;
        first.put(&frame("first"))?;
        router.expect(&frames(["taken", "first"]))?;
        let second = lab.either(!ours, Dealer, &named)?;
        second.connect(&endpoint)?;
        second.put(&frame("second"))?;
        router.expect_nothing()?;
        router.put(&frames(["taken", "for the first"]))?;
        first.expect(&frame("for the first"))?;
        first.put(&frame("again"))?;
        router.expect(&frames(["taken", "again"]))
    })
}

fn who_comes_with_a_name_that_is_taken_has_it_where_names_are_handed_over(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let router = lab.either(ours, Router, &[Opt::RouterHandover.int(1)])?;
        let named = [Opt::RoutingId.bytes("taken")];
        let first = lab.either(!ours, Dealer, &named)?;
        let endpoint = meet(&*router, &*first)?;
        first.put(&frame("first"))?;
        router.expect(&frames(["taken", "first"]))?;
        let second = lab.either(!ours, Dealer, &named)?;
        second.connect(&endpoint)?;
        second.put(&frame("second"))?;
        router.expect(&frames(["taken", "second"]))?;
        router.put(&frames(["taken", "for the second"]))?;
        second.expect(&frame("for the second"))
    })
}

fn a_router_calls_whom_it_connects_to_as_it_wants(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let named = [Opt::RoutingId.bytes("y")];
        let router = lab.either(ours, Router, &named)?;
        let bound = lab.either(!ours, Router, &[Opt::RoutingId.bytes("x")])?;
        let endpoint = bound.bind(&Transport::Tcp.any())?;
        router.set(&Opt::ConnectRoutingId.bytes("given"))?;
        router.connect(&endpoint)?;
        router.put(&frames(["given", "hello"]))?;
        bound.expect(&frames(["y", "hello"]))?;
        bound.put(&frames(["y", "welcome"]))?;
        router.expect(&frames(["given", "welcome"]))?;
        // That was for one connection: the next peer has the name that it gives itself.
        let next = lab.either(!ours, Dealer, &[Opt::RoutingId.bytes("next")])?;
        let endpoint = next.bind(&Transport::Tcp.any())?;
        router.connect(&endpoint)?;
        next.put(&frame("hello"))?;
        router.expect(&frames(["next", "hello"]))
    })
}

fn a_message_for_nobody_is_dropped(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let router = lab.either(ours, Router, &[])?;
        let dealer = lab.either(!ours, Dealer, &[Opt::RoutingId.bytes("somebody")])?;
        meet(&*router, &*dealer)?;
        ensure_eq!(
            router.send(&frames(["nobody", "lost"]), Duration::ZERO)?,
            Sent::Yes
        );
        let mandatory = [Opt::RouterMandatory.int(1)];
        router.set(&mandatory[0])?;
        router.put_when_known(&frames(["somebody", "hello"]))?;
        dealer.expect(&frame("hello"))?;
        drop(dealer);
        until("a ROUTER forgets its peer", || {
            let sent = router.send(&frames(["somebody", "lost"]), Duration::ZERO)?;
            Ok(sent == Sent::Unroutable)
        })
    })
}

fn the_news_of_peers_that_come_and_go_are_told_to_those_who_ask(lab: &Lab) -> Outcome {
    // Builds of libzmq without drafts have no such option: the ROUTER is ferromq's.
    let router = lab.ours(Router, &[Opt::RouterNotify.int(3)])?;
    let dealer = lab.theirs(Dealer, &[Opt::RoutingId.bytes("guest")])?;
    meet(&router, &*dealer)?;
    router.expect(&frames(["guest", ""]))?;
    dealer.put(&frame("hello"))?;
    router.expect(&frames(["guest", "hello"]))?;
    drop(dealer);
    router.expect(&frames(["guest", ""]))
}
