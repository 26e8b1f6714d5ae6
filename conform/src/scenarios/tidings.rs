//! Messages that stand for events: ZMQ_HELLO_MSG, ZMQ_DISCONNECT_MSG, ZMQ_HICCUP_MSG.

use ferromq::SocketType::{Client, Dealer, Pair, Pull, Push, Router, Server};

use crate::opt::Opt::{DisconnectMsg, HelloMsg, HiccupMsg, RoutingId};
use crate::scenario::Role::{A, B, C};
use crate::scenario::{Carrier, Scenario};
use crate::step::Step::{
    Bind, Close, Cut, Disconnect, Meet, MeetByWire, Nothing, Receive, Restart, Send,
};

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario::new(
        "both sides say hello before anything else",
        "test_hello_msg",
        &[
            (Router, &[HelloMsg("I am a ROUTER")]),
            (Dealer, &[HelloMsg("I am a DEALER"), RoutingId("b")]),
        ],
        &[
            Meet(A, B),
            Send(B, &["1"]),
            Receive(A),
            Receive(A),
            Send(A, &["b", "2"]),
            Receive(B),
            Receive(B),
        ],
    )
    .either_way(),
    Scenario::new(
        "a CLIENT says hello to a SERVER",
        "test_hello_msg",
        &[(Client, &[HelloMsg("hello")]), (Server, &[])],
        &[Meet(A, B), Send(A, &["1"]), Receive(B), Receive(B)],
    )
    .over(Carrier::WIRES)
    .either_way(),
    Scenario::new(
        "sockets that have no such messages",
        "test_hello_msg",
        &[
            (Push, &[HelloMsg("hello")]),
            (Pull, &[DisconnectMsg("gone")]),
            (Pair, &[HiccupMsg("lost")]),
        ],
        &[Bind(A), Bind(B), Bind(C)],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "who comes back says hello again",
        "test_hello_msg",
        &[
            (Router, &[]),
            (Dealer, &[HelloMsg("hello"), RoutingId("b")]),
        ],
        &[
            MeetByWire(A, B),
            Receive(A),
            Cut,
            Receive(A),
            Send(B, &["1"]),
            Receive(A),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "the last message of a peer that closes tells that it is gone",
        "test_disconnect_msg",
        &[
            (Router, &[DisconnectMsg("gone")]),
            (Dealer, &[RoutingId("b")]),
        ],
        &[
            Meet(A, B),
            Send(B, &["1"]),
            Receive(A),
            Close(B),
            Receive(A),
        ],
    ),
    Scenario::new(
        "the last message of a peer that disconnects tells that it is gone",
        "test_disconnect_msg",
        &[
            (Router, &[DisconnectMsg("gone")]),
            (Dealer, &[RoutingId("b")]),
        ],
        &[
            Meet(A, B),
            Send(B, &["1"]),
            Receive(A),
            Disconnect(B, A),
            Receive(A),
        ],
    ),
    Scenario::new(
        "a SERVER is told of a CLIENT that is gone",
        "test_disconnect_msg",
        &[(Server, &[DisconnectMsg("gone")]), (Client, &[])],
        &[
            Meet(A, B),
            Send(B, &["1"]),
            Receive(A),
            Close(B),
            Receive(A),
        ],
    ),
    Scenario::new(
        "a lost connection is a message to who had made it",
        "test_hiccup_msg",
        &[(Router, &[]), (Dealer, &[HiccupMsg("lost")])],
        &[
            MeetByWire(A, B),
            Send(B, &["1"]),
            Receive(A),
            Cut,
            Receive(B),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "a CLIENT is told of a SERVER that comes back",
        "test_hiccup_msg",
        &[(Server, &[]), (Client, &[HiccupMsg("lost")])],
        &[
            Meet(A, B),
            Send(B, &["1"]),
            Receive(A),
            Restart(A),
            Receive(B),
            Send(B, &["2"]),
            Receive(A),
        ],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "who is bound has no hiccups",
        "test_hiccup_msg",
        &[(Dealer, &[HiccupMsg("lost")]), (Dealer, &[])],
        &[
            Meet(A, B),
            Send(B, &["1"]),
            Receive(A),
            Close(B),
            Nothing(A),
        ],
    ),
];
