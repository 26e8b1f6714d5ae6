//! PAIR, CHANNEL and DGRAM pass what every pattern has to pass.

use bytes::Bytes;
use ferromq_compliance::pattern::{FarEnd, Profile, single_frames};
use ferromq_core::Message;
use ferromq_pattern_pair::{Channel, Dgram, Pair};

#[derive(Default)]
pub(crate) struct PairProfile;

impl Profile for PairProfile {
    type Pattern = Pair;
    const EXCEPTIONS: &'static [(&'static str, &'static str)] = &[
        ("outbound::each_peer_has_its_turn", ONE_PEER),
        ("outbound::a_full_peer_is_passed_over", ONE_PEER),
        (
            "outbound::a_peer_that_still_connects_has_its_turn",
            ONE_PEER,
        ),
        ("inbound::each_peer_is_heard_in_turn", ONE_PEER),
        ("inbound::messages_tell_whose_they_are", ONE_PEER),
    ];
}

const ONE_PEER: &str = "there is one peer";

#[derive(Default)]
pub(crate) struct ChannelProfile;

impl Profile for ChannelProfile {
    type Pattern = Channel;
    const EXCEPTIONS: &'static [(&'static str, &'static str)] = PairProfile::EXCEPTIONS;

    fn bodies() -> Vec<Message> {
        single_frames()
    }
}

#[derive(Default)]
pub(crate) struct DgramProfile;

impl Profile for DgramProfile {
    type Pattern = Dgram;
    const EXCEPTIONS: &'static [(&'static str, &'static str)] = PairProfile::EXCEPTIONS;

    fn bodies() -> Vec<Message> {
        single_frames()
    }

    fn to_socket(_peer: &FarEnd, body: &Message) -> Message {
        addressed(body)
    }

    fn at_peer(body: &Message) -> Message {
        addressed(body)
    }

    fn to_pipe(body: &Message) -> Message {
        addressed(body)
    }

    fn at_socket(_peer: &FarEnd, body: &Message) -> Message {
        addressed(body)
    }
}

/// The message with that body.
fn addressed(body: &Message) -> Message {
    Message::from_frames([
        Bytes::from_static(b"127.0.0.1:5555"),
        body.clone().into_body(),
    ])
}

mod pair {
    ferromq_compliance::pattern_suite!(super::PairProfile);
}

mod channel {
    ferromq_compliance::pattern_suite!(super::ChannelProfile);
}

mod dgram {
    ferromq_compliance::pattern_suite!(super::DgramProfile);
}
