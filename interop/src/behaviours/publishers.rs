//! What else publishers do.

use ferromq::SocketType::{Sub, XPub};

use super::{both_ways, chapter, meet};
use crate::failure::Outcome;
use crate::frames::{frame, frames};
use crate::lab::{Lab, Transport};
use crate::option::Opt;
use crate::peer::{PeerExt, await_subscription};

chapter!("Publishers":
    a_publisher_welcomes_those_who_want_to_hear_it,
    where_matching_is_inverted_all_is_heard_but_the_topics,
    a_subscriber_of_two_publishers_hears_both,
    a_publisher_reaches_each_of_many_subscribers,
);

fn a_publisher_welcomes_those_who_want_to_hear_it(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let publisher = lab.either(ours, XPub, &[Opt::XpubWelcomeMsg.bytes("welcome")])?;
        let sub = lab.either(!ours, Sub, &[Opt::Subscribe.bytes("w")])?;
        let endpoint = meet(&*publisher, &*sub)?;
        publisher.expect(&frame("\x01w"))?;
        publisher.put(&frame("weather"))?;
        sub.expect(&frame("welcome"))?;
        sub.expect(&frame("weather"))?;
        let second = lab.either(!ours, Sub, &[Opt::Subscribe.bytes("")])?;
        second.connect(&endpoint)?;
        publisher.expect(&frame("\x01"))?;
        second.expect(&frame("welcome"))?;
        sub.expect_nothing()
    })
}

fn where_matching_is_inverted_all_is_heard_but_the_topics(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let inverted = [Opt::InvertMatching.int(1)];
        let publisher = lab.either(ours, XPub, &inverted)?;
        let sub = lab.either(!ours, Sub, &inverted)?;
        meet(&*publisher, &*sub)?;
        sub.set(&Opt::Subscribe.bytes("no"))?;
        await_subscription(&*publisher, &*sub, b"no")?;
        for topic in ["none", "yes", "no", "n"] {
            publisher.put(&frames([topic, "body"]))?;
        }
        sub.expect(&frames(["yes", "body"]))?;
        sub.expect(&frames(["n", "body"]))?;
        sub.expect_nothing()
    })
}

fn a_subscriber_of_two_publishers_hears_both(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let sub = lab.either(ours, Sub, &[Opt::Subscribe.bytes("a")])?;
        let publishers = [lab.either(!ours, XPub, &[])?, lab.theirs(XPub, &[])?];
        for publisher in &publishers {
            meet(&**publisher, &*sub)?;
            await_subscription(&**publisher, &*sub, b"a")?;
        }
        sub.set(&Opt::Subscribe.bytes("b"))?;
        for (publisher, text) in publishers.iter().zip(["b one", "b two"]) {
            await_subscription(&**publisher, &*sub, b"b")?;
            publisher.put(&frame(text))?;
            sub.expect(&frame(text))?;
        }
        Ok(())
    })
}

fn a_publisher_reaches_each_of_many_subscribers(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let publisher = lab.either(ours, XPub, &[])?;
        let mut subs = Vec::new();
        let endpoint = publisher.bind(&Transport::Tcp.any())?;
        for number in 0..50 {
            let sub = lab.either(!ours, Sub, &[])?;
            sub.connect(&endpoint)?;
            let topic = format!("{number:02}");
            sub.set(&Opt::Subscribe.bytes("all"))?;
            sub.set(&Opt::Subscribe.bytes(&topic))?;
            subs.push((topic, sub));
        }
        // The first subscription to "all" is told, and one to each topic.
        for _ in 0..=50 {
            publisher.take()?;
        }
        publisher.put(&frames(["all", "of you"]))?;
        for (topic, _) in subs.iter().rev() {
            publisher.put(&frames([topic, "only"]))?;
        }
        for (topic, sub) in &subs {
            sub.expect(&frames(["all", "of you"]))?;
            sub.expect(&frames([topic, "only"]))?;
        }
        Ok(())
    })
}
