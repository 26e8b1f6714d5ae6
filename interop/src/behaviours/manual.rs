//! Subscriptions that the application makes for its peers.

use ferromq::SocketType::{Sub, XPub, XSub};

use super::{both_ways, chapter, meet};
use crate::failure::Outcome;
use crate::frames::{Frames, frame, frames};
use crate::lab::Lab;
use crate::option::Opt;
use crate::peer::{Peer, PeerExt, await_subscription};

chapter!("Subscriptions by the application":
    what_a_subscriber_asks_for_and_what_it_gets_is_the_applications_choice,
    it_chooses_for_the_peer_that_it_has_heard_of_last,
    all_that_was_asked_for_ends_with_a_peer_and_all_that_was_granted,
    the_last_value_is_for_whoever_has_just_asked,
    what_does_not_begin_with_a_subscription_has_none_if_only_the_first_frame_counts,
    every_end_is_passed_on_if_an_xsub_is_to,
);

fn cancel(topic: &str) -> Frames {
    frame(format!("\0{topic}"))
}

/// A subscriber asks for a topic, and gets another.
fn ask(publisher: &dyn Peer, sub: &dyn Peer, topic: &str, granted: &str) -> Outcome {
    sub.set(&Opt::Subscribe.bytes(topic))?;
    await_subscription(publisher, sub, topic.as_bytes())?;
    publisher.set(&Opt::Subscribe.bytes(granted))
}

fn what_a_subscriber_asks_for_and_what_it_gets_is_the_applications_choice(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let publisher = lab.either(ours, XPub, &[Opt::XpubManual.int(1)])?;
        // It filters nothing itself.
        let xsub = lab.either(!ours, XSub, &[])?;
        meet(&*publisher, &*xsub)?;
        xsub.put(&frame("\x01a"))?;
        publisher.expect(&frame("\x01a"))?;
        publisher.set(&Opt::Subscribe.bytes("xa"))?;
        xsub.put(&frame("\x01b"))?;
        publisher.expect(&frame("\x01b"))?;
        publisher.set(&Opt::Subscribe.bytes("xb"))?;
        for topic in ["a", "xa", "xb"] {
            publisher.put(&frame(topic))?;
        }
        xsub.expect(&frame("xa"))?;
        xsub.expect(&frame("xb"))?;
        xsub.put(&cancel("a"))?;
        publisher.expect(&cancel("a"))?;
        publisher.set(&Opt::Unsubscribe.bytes("xa"))?;
        publisher.set(&Opt::Unsubscribe.bytes("never"))?;
        publisher.put(&frame("xa"))?;
        publisher.put(&frame("xb"))?;
        xsub.expect(&frame("xb"))
    })
}

fn it_chooses_for_the_peer_that_it_has_heard_of_last(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let publisher = lab.either(ours, XPub, &[Opt::XpubManual.int(1)])?;
        let subs = [lab.either(!ours, Sub, &[])?, lab.either(!ours, Sub, &[])?];
        let endpoint = meet(&*publisher, &*subs[0])?;
        subs[1].connect(&endpoint)?;
        ask(&*publisher, &*subs[0], "topic", "topic/0")?;
        ask(&*publisher, &*subs[1], "topic", "topic/1")?;
        ask(&*publisher, &*subs[0], "mark", "mark")?;
        publisher.put(&frame("topic/0"))?;
        publisher.put(&frame("topic/1"))?;
        publisher.put(&frame("mark"))?;
        subs[0].expect(&frame("topic/0"))?;
        subs[0].expect(&frame("mark"))?;
        subs[1].expect(&frame("topic/1"))?;
        subs[1].expect_nothing()
    })
}

fn all_that_was_asked_for_ends_with_a_peer_and_all_that_was_granted(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let publisher = lab.either(ours, XPub, &[Opt::XpubManual.int(1)])?;
        let [first, second] = [lab.either(!ours, Sub, &[])?, lab.either(!ours, Sub, &[])?];
        let endpoint = meet(&*publisher, &*first)?;
        second.connect(&endpoint)?;
        ask(&*publisher, &*first, "topic", "granted")?;
        ask(&*publisher, &*second, "topic", "granted")?;
        drop(first);
        publisher.expect(&cancel("topic"))?;
        // This is for nobody.
        publisher.set(&Opt::Subscribe.bytes("late"))?;
        drop(second);
        publisher.expect(&cancel("topic"))?;
        let third = lab.either(!ours, XSub, &[])?;
        third.connect(&endpoint)?;
        third.put(&frame("\x01mark"))?;
        publisher.expect(&frame("\x01mark"))?;
        publisher.set(&Opt::Subscribe.bytes("mark"))?;
        for topic in ["granted", "late", "mark"] {
            publisher.put(&frame(topic))?;
        }
        third.expect(&frame("mark"))
    })
}

fn the_last_value_is_for_whoever_has_just_asked(lab: &Lab) -> Outcome {
    both_ways(|ours| {
        let publisher = lab.either(ours, XPub, &[Opt::XpubManualLastValue.int(1)])?;
        let [first, second] = [lab.either(!ours, Sub, &[])?, lab.either(!ours, Sub, &[])?];
        let endpoint = meet(&*publisher, &*first)?;
        second.connect(&endpoint)?;
        ask(&*publisher, &*first, "a", "a")?;
        ask(&*publisher, &*second, "a", "a")?;
        for message in [["a", "1"], ["a", "2"]] {
            publisher.put(&frames(message))?;
        }
        second.expect(&frames(["a", "1"]))?;
        second.expect(&frames(["a", "2"]))?;
        first.expect(&frames(["a", "2"]))?;
        first.expect_nothing()
    })
}

fn what_does_not_begin_with_a_subscription_has_none_if_only_the_first_frame_counts(
    lab: &Lab,
) -> Outcome {
    both_ways(|ours| {
        let only_first = [Opt::OnlyFirstSubscribe.int(1)];
        let publisher = lab.either(ours, XPub, &only_first)?;
        let xsub = lab.either(!ours, XSub, &only_first)?;
        meet(&*publisher, &*xsub)?;
        for message in [["user", "\x01a"], ["user", "\0a"]] {
            xsub.put(&frames(message))?;
            publisher.expect(&frames(message))?;
        }
        xsub.put(&frames(["\x01a", "\x01b"]))?;
        publisher.expect(&frame("\x01a"))?;
        publisher.expect(&frame("\x01b"))
    })
}

fn every_end_is_passed_on_if_an_xsub_is_to(lab: &Lab) -> Outcome {
    // Builds of libzmq without drafts have no such option: the XSUB is ferromq's.
    let publisher = lab.theirs(XPub, &[Opt::XpubVerboser.int(1)])?;
    let xsub = lab.ours(XSub, &[Opt::XsubVerboseUnsubscribe.int(1)])?;
    meet(&*publisher, &xsub)?;
    // The connection is there from here on.
    xsub.put(&frame("\x01mark"))?;
    publisher.expect(&frame("\x01mark"))?;
    let says = ["\0a", "\x01a", "\x01a", "\0a", "\0a"];
    for message in says {
        xsub.put(&frame(message))?;
    }
    says.iter()
        .try_for_each(|message| publisher.expect(&frame(message)))
}
