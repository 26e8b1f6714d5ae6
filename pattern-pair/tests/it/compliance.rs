//! PAIR passes what every pattern has to pass.

use ferromq_compliance::pattern::Profile;
use ferromq_pattern_pair::Pair;

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

const ONE_PEER: &str = "a PAIR has one peer";

ferromq_compliance::pattern_suite!(PairProfile);
