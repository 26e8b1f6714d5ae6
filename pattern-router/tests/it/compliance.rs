//! DEALER, ROUTER and STREAM pass what every pattern has to pass.

use bytes::Bytes;
use ferromq_compliance::pattern::{FarEnd, Profile, Socket, WhenRefused, named};
use ferromq_core::{Halves, Message, Outbound, PatternOption, PeerInfo, TrySendError, Wakes};
use ferromq_pattern_router::{Dealer, Router, Stream};

pub(crate) struct DealerProfile;

impl Profile for DealerProfile {
    type Pattern = Dealer;
}

/// A body behind the peer's routing id.
fn addressed(peer: &FarEnd, body: &Message) -> Message {
    let mut message = body.clone();
    message.push_front(peer.name.clone());
    message
}

const BY_ID: &str = "messages go where their routing id says";
const NOT_NAMED: &str = "a peer has no routing id before its handshake";

pub(crate) struct RouterProfile;

impl Profile for RouterProfile {
    type Pattern = Router;
    const ADDRESSED: bool = true;
    const WHEN_FULL: WhenRefused = WhenRefused::Drops;
    const WHEN_ALONE: WhenRefused = WhenRefused::Drops;
    const EXCEPTIONS: &'static [(&'static str, &'static str)] = &[
        ("outbound::a_full_peer_is_passed_over", BY_ID),
        (
            "outbound::a_peer_that_still_connects_has_its_turn",
            NOT_NAMED,
        ),
    ];

    fn info(nth: u32) -> PeerInfo {
        named(&format!("peer {nth}"))
    }

    fn to_socket(peer: &FarEnd, body: &Message) -> Message {
        addressed(peer, body)
    }

    fn at_socket(peer: &FarEnd, body: &Message) -> Message {
        addressed(peer, body)
    }
}

pub(crate) struct MandatoryProfile;

impl Profile for MandatoryProfile {
    type Pattern = Router;
    const ADDRESSED: bool = true;
    const WHEN_ALONE: WhenRefused = WhenRefused::Fails(TrySendError::Unroutable);
    const WRITABLE_IS_EXACT: bool = false;
    const EXCEPTIONS: &'static [(&'static str, &'static str)] = RouterProfile::EXCEPTIONS;

    fn set_up(socket: &mut Socket<Self>) {
        let mandatory = PatternOption::RouterMandatory(true);
        assert_eq!(socket.set(&mandatory), Ok(()));
    }

    fn info(nth: u32) -> PeerInfo {
        RouterProfile::info(nth)
    }

    fn to_socket(peer: &FarEnd, body: &Message) -> Message {
        addressed(peer, body)
    }

    fn at_socket(peer: &FarEnd, body: &Message) -> Message {
        addressed(peer, body)
    }
}

pub(crate) struct StreamProfile;

impl Profile for StreamProfile {
    type Pattern = Stream;
    const ADDRESSED: bool = true;
    const WHEN_ALONE: WhenRefused = WhenRefused::Fails(TrySendError::Unroutable);
    const WRITABLE_IS_EXACT: bool = false;
    const EXCEPTIONS: &'static [(&'static str, &'static str)] = &[
        ("outbound::a_full_peer_is_passed_over", BY_ID),
        (
            "outbound::a_peer_that_still_connects_has_its_turn",
            "messages go where their routing id says; see stream.rs",
        ),
    ];

    fn set_up(socket: &mut Socket<Self>) {
        let quiet = PatternOption::StreamNotify(false);
        assert_eq!(socket.set(&quiet), Ok(()));
    }

    fn welcome(socket: &mut Socket<Self>, peer: &mut FarEnd) {
        if peer.name.is_empty() {
            let stream = socket.halves().outbound().lock(&mut Wakes::new());
            peer.name = stream.newest_id().expect("a connection");
        }
    }

    fn bodies() -> Vec<Message> {
        vec![
            Message::from("GET / HTTP/1.1\r\n\r\n"),
            Message::from(Bytes::from(vec![b'x'; 8192])),
            Message::from_frames([Bytes::from_static(b"head "), vec![b'y'; 5000].into()]),
        ]
    }

    fn to_socket(peer: &FarEnd, body: &Message) -> Message {
        addressed(peer, body)
    }

    fn at_socket(peer: &FarEnd, body: &Message) -> Message {
        addressed(peer, body)
    }
}

mod dealer {
    ferromq_compliance::pattern_suite!(super::DealerProfile);
}

mod router {
    ferromq_compliance::pattern_suite!(super::RouterProfile);
}

mod mandatory_router {
    ferromq_compliance::pattern_suite!(super::MandatoryProfile);
}

mod stream {
    ferromq_compliance::pattern_suite!(super::StreamProfile);
}
