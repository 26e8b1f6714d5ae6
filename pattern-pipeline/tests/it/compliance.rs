//! PUSH, PULL, SCATTER and GATHER pass what every pattern has to pass.

use ferromq_compliance::pattern::{Profile, single_frames};
use ferromq_core::Message;
use ferromq_pattern_pipeline::{Gather, Pull, Push, Scatter};

pub(crate) struct PushProfile;

impl Profile for PushProfile {
    type Pattern = Push;
    const EXCEPTIONS: &'static [(&'static str, &'static str)] = &[
        ("inbound", "a PUSH never receives"),
        (
            "peers::what_one_sent_before_it_left_is_received",
            "a PUSH never receives",
        ),
        (
            "peers::what_a_disconnected_one_sent_is_discarded",
            "a PUSH never receives",
        ),
    ];
}

pub(crate) struct PullProfile;

impl Profile for PullProfile {
    type Pattern = Pull;
    const EXCEPTIONS: &'static [(&'static str, &'static str)] = &[
        ("outbound", "a PULL never sends"),
        ("slots", "a PULL never sends"),
        (
            "peers::what_was_sent_to_one_still_leaves",
            "a PULL never sends",
        ),
    ];
}

pub(crate) struct ScatterProfile;

impl Profile for ScatterProfile {
    type Pattern = Scatter;
    const EXCEPTIONS: &'static [(&'static str, &'static str)] = PushProfile::EXCEPTIONS;

    fn bodies() -> Vec<Message> {
        single_frames()
    }
}

pub(crate) struct GatherProfile;

impl Profile for GatherProfile {
    type Pattern = Gather;
    const EXCEPTIONS: &'static [(&'static str, &'static str)] = PullProfile::EXCEPTIONS;

    fn bodies() -> Vec<Message> {
        single_frames()
    }
}

mod push {
    ferromq_compliance::pattern_suite!(super::PushProfile);
}

mod pull {
    ferromq_compliance::pattern_suite!(super::PullProfile);
}

mod scatter {
    ferromq_compliance::pattern_suite!(super::ScatterProfile);
}

mod gather {
    ferromq_compliance::pattern_suite!(super::GatherProfile);
}
