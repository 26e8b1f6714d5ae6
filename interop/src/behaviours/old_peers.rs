//! Peers of old: what they sent is replayed to a socket of ferromq, which has to
//! send, octet for octet, what libzmq's sent then.

use ferromq::SocketType::Pub;

use super::chapter;
use crate::captures;
use crate::failure::{Outcome, ensure};
use crate::lab::Lab;
use crate::replay::{Replay, socket};

chapter!("Old peers", with REPLAYED:
    zmtp_1_0_is_spoken_with_peers_that_say_no_version,
    zmtp_1_0_is_spoken_with_peers_that_say_so,
    zmtp_2_0_is_spoken_with_peers_of_it,
    zmtp_3_0_is_spoken_with_peers_of_it,
);

fn zmtp_1_0_is_spoken_with_peers_that_say_no_version(lab: &Lab) -> Outcome {
    replay_all(lab, "1.0.txt")
}

fn zmtp_1_0_is_spoken_with_peers_that_say_so(lab: &Lab) -> Outcome {
    replay_all(lab, "1.0-versioned.txt")
}

fn zmtp_2_0_is_spoken_with_peers_of_it(lab: &Lab) -> Outcome {
    replay_all(lab, "2.0.txt")
}

fn zmtp_3_0_is_spoken_with_peers_of_it(lab: &Lab) -> Outcome {
    replay_all(lab, "3.0.txt")
}

/// Each conversation of a file, with ferromq bound and connecting, and what the peer
/// says in large pieces and octet by octet.
fn replay_all(lab: &Lab, file: &str) -> Outcome {
    // Nothing says when a PUB has heard a subscription. An XPUB is a PUB that tells.
    let mut conversations = captures::read(file)?;
    conversations.retain(|conversation| conversation.kind != Pub);
    ensure!(!conversations.is_empty(), "{file} has no conversations");
    for conversation in &conversations {
        for binds in [true, false] {
            for piece in [usize::MAX, 1] {
                let run = || {
                    let ours = socket(lab, conversation)?;
                    let mut replay = Replay::meet(&ours, conversation, binds, piece)?;
                    replay.lines(&conversation.lines)
                };
                run().map_err(|failure| {
                    let name = &conversation.name;
                    failure.during(format_args!("{name}, binds: {binds}, {piece} at once"))
                })?;
            }
        }
    }
    Ok(())
}
