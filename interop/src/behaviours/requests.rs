//! Requests, and what their envelopes look like.

use std::time::Duration;

use ferromq::SocketType::{Dealer, Rep, Req, Router};

use super::{both_ways, chapter, meet};
use crate::failure::{Outcome, ensure, ensure_eq};
use crate::frames::{describe, frame, frames, joined};
use crate::lab::{Lab, Transport};
use crate::option::{Opt, Setting};
use crate::peer::{PeerExt, until};

chapter!("Requests":
    a_request_has_an_empty_frame_in_front,
    a_correlated_request_has_a_number_in_front_and_wants_it_back,
    a_relaxed_request_may_be_given_up_for_another_and_a_late_reply_is_ignored,
    a_relaxed_request_is_made_anew_where_the_service_is_back,
    replies_that_nobody_asked_for_are_ignored,
    a_reply_keeps_the_whole_envelope_of_its_request,
    a_request_without_an_envelope_is_ignored,
    requests_take_turns_among_services,
);

fn relaxed() -> [Setting; 2] {
    [Opt::ReqRelaxed.int(1), Opt::ReqCorrelate.int(1)]
}

fn a_request_has_an_empty_frame_in_front(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let req = lab.either(ours, Req, &[])?;
        let router = lab.either(!ours, Router, &[])?;
        meet(&*router, &*req)?;
        req.put(&frames(["a", "", "b"]))?;
        let got = router.take()?;
        ensure_eq!(got[1..], frames(["", "a", "", "b"])[..]);
        router.put(&joined(&got[..1], &frames(["", "reply"])))?;
        req.expect(&frame("reply"))
    })
}

fn a_correlated_request_has_a_number_in_front_and_wants_it_back(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let req = lab.either(ours, Req, &[Opt::ReqCorrelate.int(1)])?;
        let router = lab.either(!ours, Router, &[])?;
        meet(&*router, &*req)?;
        req.put(&frame("a question"))?;
        let got = router.take()?;
        ensure!(
            got.len() == 4 && got[1].len() == 4 && got[2].is_empty(),
            "the request arrives as {}",
            describe(&got)
        );
        ensure_eq!(got[3..], frame("a question")[..]);
        let wrong = frames([&got[0][..], b"none", b"", b"not the answer"]);
        router.put(&wrong)?;
        router.put(&joined(&got[..3], &frame("the answer")))?;
        req.expect(&frame("the answer"))?;
        // And with a REP, which gives all of the envelope back.
        let req = lab.either(ours, Req, &[Opt::ReqCorrelate.int(1)])?;
        let rep = lab.either(!ours, Rep, &[])?;
        meet(&*rep, &*req)?;
        for number in ["1", "2", "3"] {
            req.put(&frame(number))?;
            rep.expect(&frame(number))?;
            rep.put(&frames(["reply", number]))?;
            req.expect(&frames(["reply", number]))?;
        }
        Ok(())
    })
}

fn a_relaxed_request_may_be_given_up_for_another_and_a_late_reply_is_ignored(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let req = lab.either(ours, Req, &relaxed())?;
        let router = lab.either(!ours, Router, &[])?;
        meet(&*router, &*req)?;
        req.put(&frame("first"))?;
        let first = router.take()?;
        req.put(&frame("second"))?;
        let second = router.take()?;
        ensure_eq!(second.last(), Some(&frame("second")[0]));
        router.put(&joined(&first[..3], &frame("late")))?;
        router.put(&joined(&second[..3], &frame("in time")))?;
        req.expect(&frame("in time"))
    })
}

fn a_relaxed_request_is_made_anew_where_the_service_is_back(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let req = lab.either(ours, Req, &relaxed())?;
        req.set(&Opt::ReconnectIvl.int(10))?;
        let process = lab.process(!ours)?;
        let rep = process.socket(Rep)?;
        let endpoint = rep.bind(&Transport::Tcp.unused()?)?;
        req.connect(&endpoint)?;
        req.put(&frame("lost"))?;
        rep.expect(&frame("lost"))?;
        process.kill()?;
        let process = lab.process(!ours)?;
        let rep = process.socket(Rep)?;
        rep.bind(&endpoint)?;
        req.put(&frame("again"))?;
        rep.expect(&frame("again"))?;
        rep.put(&frame("the answer"))?;
        req.expect(&frame("the answer"))
    })
}

fn replies_that_nobody_asked_for_are_ignored(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let req = lab.either(ours, Req, &[])?;
        let router = lab.either(!ours, Router, &[])?;
        meet(&*router, &*req)?;
        req.put(&frame("first"))?;
        let got = router.take()?;
        let answer = |text: &str| joined(&got[..1], &frames(["", text]));
        router.put(&answer("its answer"))?;
        router.put(&answer("a second answer"))?;
        req.expect(&frame("its answer"))?;
        req.put(&frame("another"))?;
        router.take()?;
        router.put(&answer("the right answer"))?;
        let reply = req.take()?;
        // The second answer may have come after the request: nothing tells it from
        // an answer to that. But each request has one.
        ensure!(
            [frame("the right answer"), frame("a second answer")].contains(&reply),
            "the reply is {}",
            describe(&reply)
        );
        Ok(())
    })
}

fn a_reply_keeps_the_whole_envelope_of_its_request(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let rep = lab.either(ours, Rep, &[])?;
        let dealer = lab.either(!ours, Dealer, &[])?;
        meet(&*rep, &*dealer)?;
        dealer.put(&frames(["a", "long", "envelope", "", "body", "", "more"]))?;
        rep.expect(&frames(["body", "", "more"]))?;
        rep.put(&frames(["reply", ""]))?;
        dealer.expect(&frames(["a", "long", "envelope", "", "reply", ""]))
    })
}

fn a_request_without_an_envelope_is_ignored(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let rep = lab.either(ours, Rep, &[])?;
        let dealer = lab.either(!ours, Dealer, &[])?;
        meet(&*rep, &*dealer)?;
        dealer.put(&frames(["no", "envelope"]))?;
        dealer.put(&frames(["", "a question"]))?;
        rep.expect(&frame("a question"))?;
        rep.put(&frame("an answer"))?;
        dealer.expect(&frames(["", "an answer"]))
    })
}

fn requests_take_turns_among_services(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let req = lab.either(ours, Req, &[])?;
        let services = [lab.either(!ours, Rep, &[])?, lab.either(!ours, Rep, &[])?];
        for service in &services {
            meet(&**service, &*req)?;
        }
        // Whoever is connected first is first; then they alternate.
        let mut last = None;
        for round in 0..6 {
            req.put(&frame(round.to_string()))?;
            let mut served = None;
            until("a service is asked", || {
                for (place, service) in services.iter().enumerate() {
                    if service.recv(Duration::from_millis(5))?.is_some() {
                        served = Some(place);
                    }
                }
                Ok(served.is_some())
            })?;
            ensure!(served != last, "service {served:?} is asked twice in a row");
            last = served;
            if let Some(service) = served.and_then(|place| services.get(place)) {
                service.put(&frame("done"))?;
            }
            req.expect(&frame("done"))?;
        }
        Ok(())
    })
}
