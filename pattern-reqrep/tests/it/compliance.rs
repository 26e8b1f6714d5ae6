//! REQ and REP pass what every pattern has to pass.

use ferromq_compliance::pattern::{FarEnd, Profile, Socket, WhenRefused};
use ferromq_core::{Message, TrySendError};
use ferromq_pattern_reqrep::{Rep, Req};

/// A body as a REQ and a REP send it.
fn enveloped(body: &Message) -> Message {
    let mut message = body.clone();
    message.push_front("");
    message
}

pub(crate) struct ReqProfile;

impl Profile for ReqProfile {
    type Pattern = Req;
    const EXCEPTIONS: &'static [(&'static str, &'static str)] = &[
        (
            "slots::they_count_against_the_mark",
            "a REQ sends one request at a time, so it has one slot",
        ),
        (
            "inbound::messages_queue_in_order",
            "a REQ receives one reply to each request",
        ),
        (
            "inbound::each_peer_is_heard_in_turn",
            "a REQ hears only the peer it has asked",
        ),
        (
            "inbound::marks_are_exact",
            "a REQ discards what it has not asked for, whenever it comes",
        ),
    ];

    fn at_peer(body: &Message) -> Message {
        enveloped(body)
    }

    fn to_pipe(body: &Message) -> Message {
        enveloped(body)
    }

    fn after_send(socket: &mut Socket<Self>, peer: &mut FarEnd) {
        assert_eq!(peer.push(&enveloped(&Message::from("reply"))), Ok(()));
        assert_eq!(socket.recv(), Ok(Message::from("reply")));
    }

    fn before_receive(socket: &mut Socket<Self>, _peer: &mut FarEnd) {
        assert_eq!(socket.send(&Message::from("request")), Ok(()));
    }
}

pub(crate) struct RepProfile;

impl Profile for RepProfile {
    type Pattern = Rep;
    const ADDRESSED: bool = true;
    const WHEN_FULL: WhenRefused = WhenRefused::Drops;
    const WHEN_ALONE: WhenRefused = WhenRefused::Fails(TrySendError::OutOfTurn);
    const EXCEPTIONS: &'static [(&'static str, &'static str)] = &[
        (
            "outbound::a_full_peer_is_passed_over",
            "a REP replies to who has asked, or to nobody",
        ),
        (
            "outbound::a_peer_that_still_connects_has_its_turn",
            "a REP replies to who has asked",
        ),
        (
            "slots::they_count_against_the_mark",
            "a REP sends one reply at a time, so it has one slot",
        ),
    ];

    fn at_peer(body: &Message) -> Message {
        enveloped(body)
    }

    fn to_pipe(body: &Message) -> Message {
        enveloped(body)
    }

    fn before_send(socket: &mut Socket<Self>, peer: &mut FarEnd) {
        assert_eq!(peer.push(&enveloped(&Message::from("request"))), Ok(()));
        assert_eq!(socket.recv(), Ok(Message::from("request")));
    }

    fn after_receive(socket: &mut Socket<Self>, _peer: &mut FarEnd) {
        assert_eq!(socket.send(&Message::from("reply")), Ok(()));
    }
}

mod req {
    ferromq_compliance::pattern_suite!(super::ReqProfile);
}

mod rep {
    ferromq_compliance::pattern_suite!(super::RepProfile);
}
