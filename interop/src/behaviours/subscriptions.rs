//! Subscriptions, and who learns of them.

use std::time::Duration;

use ferromq::SocketType::{Pub, Sub, XPub, XSub};

use super::{both_ways, chapter, meet};
use crate::failure::{Outcome, ensure_eq};
use crate::frames::{Frames, frame, frames, pattern};
use crate::lab::{Lab, Library};
use crate::option::{Opt, Setting};
use crate::peer::{PeerExt, await_subscription, until};

chapter!("Subscriptions":
    topics_are_prefixes_and_only_the_first_frame_has_one,
    subscriptions_count,
    topics_of_every_length_arrive,
    an_xpub_is_told_of_the_first_subscriber_and_of_the_last,
    a_verbose_xpub_is_told_of_every_subscriber,
    a_still_more_verbose_xpub_is_told_of_every_end_too,
    the_subscriptions_of_a_peer_that_leaves_end,
    what_an_xsub_says_besides_is_passed_on,
);

fn subscribe(topic: impl AsRef<[u8]>) -> Frames {
    frame([&[1], topic.as_ref()].concat())
}

fn cancel(topic: impl AsRef<[u8]>) -> Frames {
    frame([&[0], topic.as_ref()].concat())
}

fn topics_are_prefixes_and_only_the_first_frame_has_one(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let publisher = lab.either(ours, XPub, &[])?;
        let sub = lab.either(!ours, Sub, &[])?;
        meet(&*publisher, &*sub)?;
        for topic in ["a", "abc", "b\0", "x"] {
            sub.set(&Opt::Subscribe.bytes(topic))?;
            await_subscription(&*publisher, &*sub, topic.as_bytes())?;
        }
        let wanted = [
            frame("a"),
            frames(["abc", ""]),
            frame("abcd"),
            frame("b\0z"),
            frames(["a", "q"]),
            frame("xx"),
        ];
        let unwanted = [frame(""), frame("b"), frames(["q", "a"]), frame("A")];
        for message in unwanted.iter().chain(&wanted) {
            publisher.put(message)?;
        }
        for message in &wanted {
            sub.expect(message)?;
        }
        sub.expect_nothing()
    })
}

fn subscriptions_count(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let publisher = lab.either(ours, XPub, &[])?;
        let sub = lab.either(!ours, Sub, &[])?;
        meet(&*publisher, &*sub)?;
        sub.set(&Opt::Subscribe.bytes("twice"))?;
        sub.set(&Opt::Subscribe.bytes("twice"))?;
        await_subscription(&*publisher, &*sub, b"twice")?;
        sub.set(&Opt::Unsubscribe.bytes("never"))?;
        sub.set(&Opt::Unsubscribe.bytes("twice"))?;
        sub.set(&Opt::Subscribe.bytes("mark"))?;
        await_subscription(&*publisher, &*sub, b"mark")?;
        publisher.put(&frame("twice"))?;
        sub.expect(&frame("twice"))?;
        sub.set(&Opt::Unsubscribe.bytes("twice"))?;
        publisher.expect(&cancel("twice"))?;
        publisher.put(&frame("twice"))?;
        publisher.put(&frame("mark"))?;
        sub.expect(&frame("mark"))
    })
}

fn topics_of_every_length_arrive(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let publisher = lab.either(ours, XPub, &[])?;
        let sub = lab.either(!ours, Sub, &[])?;
        meet(&*publisher, &*sub)?;
        // libzmq 4.3.4 writes the lengths of subscriptions to such topics wrong.
        let wrong = 246..=255;
        let is_wrong = |length| ours && lab.library() == Library::System && wrong.contains(&length);
        let lengths = [0, 1, 244, 245, 246, 247, 254, 255, 256, 257, 1000, 65_536];
        for length in lengths.into_iter().filter(|length| !is_wrong(*length)) {
            let topic = pattern(length);
            sub.set(&Opt::Subscribe.bytes(&topic))?;
            await_subscription(&*publisher, &*sub, &topic)?;
            publisher.put(&vec![topic.clone()])?;
            sub.expect(&vec![topic.clone()])?;
            sub.set(&Opt::Unsubscribe.bytes(&topic))?;
            publisher.expect(&cancel(&topic))?;
        }
        Ok(())
    })
}

/// Two subscribers come to a topic and leave it, one after the other; what the XPUB
/// is told of it.
fn told(lab: &Lab, ours: bool, settings: &[Setting]) -> Outcome<Vec<Frames>> {
    let publisher = lab.either(ours, XPub, settings)?;
    let subs = [lab.either(!ours, Sub, &[])?, lab.either(!ours, Sub, &[])?];
    let endpoint = meet(&*publisher, &*subs[0])?;
    subs[1].connect(&endpoint)?;
    for (place, sub) in subs.iter().enumerate() {
        let here = format!("here {place}");
        sub.set(&Opt::Subscribe.bytes(&here))?;
        while publisher.take()? != subscribe(&here) {}
    }
    let mut told = Vec::new();
    let steps = [
        (0, Opt::Subscribe),
        (1, Opt::Subscribe),
        (0, Opt::Unsubscribe),
        (1, Opt::Unsubscribe),
    ];
    for (number, (place, verb)) in steps.into_iter().enumerate() {
        subs[place].set(&verb.bytes("topic"))?;
        // Then something of its own, of which an XPUB is always told.
        let mark = number.to_string();
        subs[place].set(&Opt::Subscribe.bytes(&mark))?;
        loop {
            let got = publisher.take()?;
            if got == subscribe(&mark) {
                break;
            }
            // What was subscribed to before there was a connection may be told twice.
            if got == subscribe("topic") || got == cancel("topic") {
                told.push(got);
            }
        }
    }
    Ok(told)
}

fn an_xpub_is_told_of_the_first_subscriber_and_of_the_last(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let told = told(lab, ours, &[])?;
        ensure_eq!(told, [subscribe("topic"), cancel("topic")]);
        Ok(())
    })
}

fn a_verbose_xpub_is_told_of_every_subscriber(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let told = told(lab, ours, &[Opt::XpubVerbose.int(1)])?;
        let (begin, end) = (subscribe("topic"), cancel("topic"));
        ensure_eq!(told, [begin.clone(), begin, end]);
        Ok(())
    })
}

fn a_still_more_verbose_xpub_is_told_of_every_end_too(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let told = told(lab, ours, &[Opt::XpubVerboser.int(1)])?;
        let (begin, end) = (subscribe("topic"), cancel("topic"));
        ensure_eq!(told, [begin.clone(), begin, end.clone(), end]);
        Ok(())
    })
}

fn the_subscriptions_of_a_peer_that_leaves_end(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let publisher = lab.either(ours, XPub, &[])?;
        let stays = lab.either(!ours, Sub, &[])?;
        let leaves = lab.either(!ours, Sub, &[])?;
        let endpoint = meet(&*publisher, &*stays)?;
        leaves.connect(&endpoint)?;
        stays.set(&Opt::Subscribe.bytes("shared"))?;
        await_subscription(&*publisher, &*stays, b"shared")?;
        leaves.set(&Opt::Subscribe.bytes("shared"))?;
        leaves.set(&Opt::Subscribe.bytes("own"))?;
        await_subscription(&*publisher, &*leaves, b"own")?;
        drop(leaves);
        publisher.expect(&cancel("own"))?;
        publisher.expect_nothing()?;
        publisher.put(&frame("shared"))?;
        stays.expect(&frame("shared"))
    })
}

fn what_an_xsub_says_besides_is_passed_on(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let publisher = lab.either(ours, XPub, &[])?;
        let xsub = lab.either(!ours, XSub, &[])?;
        meet(&*publisher, &*xsub)?;
        xsub.put(&frames(["up", "there"]))?;
        publisher.expect(&frames(["up", "there"]))?;
        xsub.put(&subscribe("topic"))?;
        publisher.expect(&subscribe("topic"))?;
        publisher.put(&frame("topic"))?;
        xsub.expect(&frame("topic"))
    })?;
    both_ways(|ours| {
        let publisher = lab.either(ours, Pub, &[])?;
        let xsub = lab.either(!ours, XSub, &[])?;
        meet(&*publisher, &*xsub)?;
        xsub.put(&frame("a PUB hears nothing"))?;
        xsub.put(&subscribe("topic"))?;
        until("a subscription arrives", || {
            publisher.put(&frame("topic"))?;
            Ok(xsub.recv(Duration::from_millis(10))?.is_some())
        })
    })
}
