//! What else publishers do.

use ferromq::SocketType::{Sub, XPub};

use super::{both_ways, chapter, meet};
use crate::captures::{self, Line, What};
use crate::failure::{Outcome, ensure, ensure_eq};
use crate::frames::{frame, frames};
use crate::lab::{Lab, Transport};
use crate::option::Opt;
use crate::peer::{PeerExt, await_subscription};
use crate::replay::{self, Replay};

chapter!("Publishers":
    a_publisher_welcomes_those_who_want_to_hear_it,
    where_matching_is_inverted_all_is_heard_but_the_topics,
    a_subscriber_of_two_publishers_hears_both,
    a_publisher_reaches_each_of_many_subscribers,
    one_publication_reaches_subscribers_of_every_version_in_their_own_words,
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

fn one_publication_reaches_subscribers_of_every_version_in_their_own_words(lab: &Lab) -> Outcome {
    let files = ["1.0.txt", "1.0-versioned.txt", "2.0.txt"];
    let mut conversations = Vec::new();
    for file in files {
        let found = captures::read(file)?.into_iter();
        let found = found.filter(|conversation| conversation.kind == XPub);
        conversations.extend(found);
    }
    ensure_eq!(conversations.len(), files.len());
    let ours = replay::socket(lab, &conversations[0])?;
    let mut replays = Vec::new();
    for conversation in &conversations {
        let is_sent = |line: &Line| matches!(line.what, What::Send(_));
        let first = conversation.lines.iter().position(is_sent);
        let (before, rest) = conversation.lines.split_at(first.unwrap_or(0));
        let mut replay = Replay::meet(&ours, conversation, true, usize::MAX)?;
        replay.lines(before)?;
        // Two lines for each message: that it is sent, and what it looks like.
        replays.push((replay, rest.chunks_exact(2)));
    }
    let today = lab.theirs(Sub, &[])?;
    meet(&ours, &*today)?;
    for topic in ["z", "one"] {
        today.set(&Opt::Subscribe.bytes(topic))?;
        ours.expect(&frame([b"\x01", topic.as_bytes()].concat()))?;
    }
    let mut sent = 0;
    while let Some(
        [
            Line {
                what: What::Send(message),
                ..
            },
            _,
        ],
    ) = replays[0].1.clone().next()
    {
        ours.put(message)?;
        sent += 1;
        today.expect(message)?;
        for (replay, rest) in &mut replays {
            let lines = rest.next().unwrap_or_default();
            lines.get(1).map_or(Ok(()), |wire| replay.line(wire))?;
        }
    }
    ensure!(sent > 5, "{sent} messages were sent");
    Ok(())
}
