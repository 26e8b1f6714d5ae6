//! PUB, SUB, XPUB, XSUB, RADIO and DISH pass what every pattern has to pass.

use ferromq_compliance::pattern::{FarEnd, Profile, Socket, WhenRefused, single_frames};
use ferromq_core::{Message, PatternOption, TrySendError};
use ferromq_pattern_pubsub::{Dish, Pub, Radio, Sub, XPub, XSub};

type Exceptions = &'static [(&'static str, &'static str)];

const TO_ALL: &str = "messages go to all peers, not to one after the other";
const ABSENT: &str = "a peer that is not there has not subscribed";
const OPEN: &str = "who gets a message is decided when it is sent, not before";
const ONE_QUEUE: &str = "what subscribers send is read when it comes, and waits in one queue";

const TAKES_ROOM: &str = "a subscription has taken room, as a message does";
const ENDS: &str = "the end of its subscription is received after it";

/// The peer subscribes to everything.
fn subscribe(peer: &mut FarEnd) {
    assert_eq!(peer.push(&Message::from(b"\x01")), Ok(()));
}

struct PubProfile;

impl Profile for PubProfile {
    type Pattern = Pub;
    const WHEN_FULL: WhenRefused = WhenRefused::Drops;
    const WHEN_ALONE: WhenRefused = WhenRefused::Drops;
    const HAS_SUBSCRIBERS: bool = true;
    const EXCEPTIONS: Exceptions = &[
        ("inbound", "a PUB never receives"),
        (
            "peers::what_one_sent_before_it_left_is_received",
            "a PUB never receives",
        ),
        (
            "peers::what_a_disconnected_one_sent_is_discarded",
            "a PUB never receives",
        ),
        ("outbound::each_peer_has_its_turn", TO_ALL),
        ("outbound::a_full_peer_is_passed_over", TO_ALL),
        ("outbound::a_peer_that_still_connects_has_its_turn", ABSENT),
        ("slots::they_count_against_the_mark", OPEN),
    ];

    fn welcome(_socket: &mut Socket<Self>, peer: &mut FarEnd) {
        subscribe(peer);
    }
}

/// A PUB that waits for peers without room.
struct PatientProfile;

impl Profile for PatientProfile {
    type Pattern = Pub;
    const WHEN_FULL: WhenRefused = WhenRefused::Fails(TrySendError::Full);
    const WHEN_ALONE: WhenRefused = WhenRefused::Drops;
    const WRITABLE_IS_EXACT: bool = false;
    const HAS_SUBSCRIBERS: bool = true;
    const EXCEPTIONS: Exceptions = &[
        ("inbound", "a PUB never receives"),
        (
            "peers::what_one_sent_before_it_left_is_received",
            "a PUB never receives",
        ),
        (
            "peers::what_a_disconnected_one_sent_is_discarded",
            "a PUB never receives",
        ),
        ("outbound::each_peer_has_its_turn", TO_ALL),
        ("outbound::a_full_peer_is_passed_over", TO_ALL),
        ("outbound::a_peer_that_still_connects_has_its_turn", ABSENT),
        ("slots::they_count_against_the_mark", OPEN),
        ("slots::one_can_be_given_back", OPEN),
    ];

    fn set_up(socket: &mut Socket<Self>) {
        assert_eq!(socket.set(&PatternOption::XpubNoDrop(true)), Ok(()));
    }

    fn welcome(_socket: &mut Socket<Self>, peer: &mut FarEnd) {
        subscribe(peer);
    }
}

struct XPubProfile;

impl Profile for XPubProfile {
    type Pattern = XPub;
    const WHEN_FULL: WhenRefused = WhenRefused::Drops;
    const WHEN_ALONE: WhenRefused = WhenRefused::Drops;
    const HAS_SUBSCRIBERS: bool = true;
    const EXCEPTIONS: Exceptions = &[
        ("outbound::each_peer_has_its_turn", TO_ALL),
        ("outbound::a_full_peer_is_passed_over", TO_ALL),
        ("outbound::a_peer_that_still_connects_has_its_turn", ABSENT),
        ("slots::they_count_against_the_mark", OPEN),
        ("inbound::each_peer_is_heard_in_turn", ONE_QUEUE),
        ("inbound::marks_are_exact", TAKES_ROOM),
        ("peers::what_one_sent_before_it_left_is_received", ENDS),
        ("peers::what_a_disconnected_one_sent_is_discarded", ENDS),
    ];

    fn welcome(socket: &mut Socket<Self>, peer: &mut FarEnd) {
        subscribe(peer);
        // The first subscription is news.
        socket.settle();
        let _ = socket.recv();
    }
}

struct SubProfile;

impl Profile for SubProfile {
    type Pattern = Sub;
    const EXCEPTIONS: Exceptions = &[
        ("outbound", "a SUB never sends"),
        ("slots", "a SUB never sends"),
        (
            "peers::what_was_sent_to_one_still_leaves",
            "a SUB never sends",
        ),
    ];

    fn set_up(socket: &mut Socket<Self>) {
        let everything = PatternOption::Subscribe(Default::default());
        assert_eq!(socket.set(&everything), Ok(()));
    }
}

struct XSubProfile;

impl Profile for XSubProfile {
    type Pattern = XSub;
    const WHEN_FULL: WhenRefused = WhenRefused::Drops;
    const WHEN_ALONE: WhenRefused = WhenRefused::Drops;
    const EXCEPTIONS: Exceptions = &[
        ("outbound::each_peer_has_its_turn", TO_ALL),
        ("outbound::a_full_peer_is_passed_over", TO_ALL),
        ("outbound::a_peer_that_still_connects_has_its_turn", TO_ALL),
        ("slots::they_count_against_the_mark", OPEN),
    ];
}

/// A body in the group that everybody has joined.
fn in_group(body: &Message) -> Message {
    let mut message = body.clone();
    message.push_front("group");
    message
}

struct RadioProfile;

impl Profile for RadioProfile {
    type Pattern = Radio;
    const WHEN_FULL: WhenRefused = WhenRefused::Drops;
    const WHEN_ALONE: WhenRefused = WhenRefused::Drops;
    const HAS_SUBSCRIBERS: bool = true;
    const EXCEPTIONS: Exceptions = PubProfile::EXCEPTIONS;

    fn welcome(_socket: &mut Socket<Self>, peer: &mut FarEnd) {
        assert_eq!(peer.push(&Message::from(b"\x01group")), Ok(()));
    }

    fn bodies() -> Vec<Message> {
        single_frames()
    }

    fn to_socket(_peer: &FarEnd, body: &Message) -> Message {
        in_group(body)
    }

    fn at_peer(body: &Message) -> Message {
        in_group(body)
    }
}

struct DishProfile;

impl Profile for DishProfile {
    type Pattern = Dish;
    const EXCEPTIONS: Exceptions = SubProfile::EXCEPTIONS;

    fn set_up(socket: &mut Socket<Self>) {
        let join = PatternOption::Join("group".into());
        assert_eq!(socket.set(&join), Ok(()));
    }

    fn bodies() -> Vec<Message> {
        single_frames()
    }

    fn to_pipe(body: &Message) -> Message {
        in_group(body)
    }

    fn at_socket(_peer: &FarEnd, body: &Message) -> Message {
        in_group(body)
    }
}

mod publisher {
    ferromq_compliance::pattern_suite!(super::PubProfile);
}

mod patient {
    ferromq_compliance::pattern_suite!(super::PatientProfile);
}

mod xpub {
    ferromq_compliance::pattern_suite!(super::XPubProfile);
}

mod subscriber {
    ferromq_compliance::pattern_suite!(super::SubProfile);
}

mod xsub {
    ferromq_compliance::pattern_suite!(super::XSubProfile);
}

mod radio {
    ferromq_compliance::pattern_suite!(super::RadioProfile);
}

mod dish {
    ferromq_compliance::pattern_suite!(super::DishProfile);
}
