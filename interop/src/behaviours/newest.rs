//! Queues that keep the newest message of each topic, an option of ferromq's.

use std::time::Duration;

use ferromq::SocketType::{Sub, XPub};

use super::{chapter, meet};
use crate::failure::{Outcome, ensure, ensure_eq};
use crate::frames::{Frames, pattern};
use crate::lab::Lab;
use crate::option::Opt;
use crate::peer::{Peer, PeerExt, await_subscription};

chapter!("The newest of each topic":
    a_publisher_keeps_the_newest_of_each_topic_for_who_does_not_read,
    a_subscriber_keeps_the_newest_of_each_topic,
);

const TOPICS: [&str; 3] = ["a", "b", "c"];
const ROUNDS: usize = 1000;

/// A message of three frames that fills the kernel's queues.
fn quote(topic: &'static str, round: usize) -> Frames {
    vec![topic.into(), round.to_string().into(), pattern(16 << 10)]
}

fn publish(publisher: &dyn Peer) -> Outcome {
    for round in 0..ROUNDS {
        for topic in TOPICS {
            publisher.put(&quote(topic, round))?;
        }
    }
    Ok(())
}

fn a_publisher_keeps_the_newest_of_each_topic_for_who_does_not_read(lab: &Lab) -> Outcome {
    let small = [Opt::SndBuf.int(4096), Opt::RcvBuf.int(4096)];
    let publisher = lab.ours(XPub, &[small[0].clone(), Opt::ConflateByTopic.int(1)])?;
    let slow = lab.theirs(Sub, &[small[1].clone(), Opt::RcvHwm.int(1)])?;
    slow.set(&Opt::Subscribe.bytes(""))?;
    meet(&publisher, &*slow)?;
    await_subscription(&publisher, &*slow, b"")?;
    publish(&publisher)?;
    let (mut rounds, mut received) = ([0; TOPICS.len()], 0);
    while rounds != [ROUNDS - 1; TOPICS.len()] {
        let message = slow.take()?;
        let place = TOPICS.iter().position(|topic| message[0] == *topic);
        let place = place.unwrap_or_default();
        let round = std::str::from_utf8(&message[1])?.parse()?;
        ensure_eq!(message, quote(TOPICS[place], round));
        ensure!(round >= rounds[place], "{round} after {}", rounds[place]);
        rounds[place] = round;
        received += 1;
    }
    ensure!(
        received < ROUNDS,
        "{received} messages of {} were kept",
        ROUNDS * TOPICS.len()
    );
    slow.expect_nothing()
}

fn a_subscriber_keeps_the_newest_of_each_topic(lab: &Lab) -> Outcome {
    let publisher = lab.theirs(XPub, &[Opt::SndHwm.int(0)])?;
    let slow = lab.ours(Sub, &[Opt::ConflateByTopic.int(1)])?;
    slow.set(&Opt::Subscribe.bytes(""))?;
    meet(&*publisher, &slow)?;
    await_subscription(&*publisher, &slow, b"")?;
    publish(&*publisher)?;
    // Nobody says when the last has arrived; until then older ones may be received.
    std::thread::sleep(Duration::from_millis(500));
    for topic in TOPICS {
        slow.expect(&quote(topic, ROUNDS - 1))?;
    }
    slow.expect_nothing()
}
