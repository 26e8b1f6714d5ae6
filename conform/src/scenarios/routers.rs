//! ROUTER, and the names of its peers.

use ferromq::SocketType::{Dealer, Rep, Req, Router};

use crate::event::Happening::Disconnected;
use crate::opt::Opt::{
    ConnectRoutingId, ProbeRouter, ReconnectIvl, RouterHandover, RouterMandatory, RouterNotify,
    RoutingId,
};
use crate::scenario::Role::{A, B, C};
use crate::scenario::{Carrier, Scenario};
use crate::step::Step::{
    Answer, Await, AwaitReadable, Bind, Close, Connect, ConnectEarly, Disconnect, Meet, Nothing,
    Receive, RoomFor, Send, Set, TrySend, TrySendUntilRefused,
};

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario::new(
        "a ROUTER calls its peers as they want",
        "RFC 28",
        &[
            (Router, &[]),
            (Dealer, &[RoutingId("b")]),
            (Req, &[RoutingId("c")]),
        ],
        &[
            Meet(A, B),
            Meet(A, C),
            Send(C, &["from c"]),
            Receive(A),
            Send(B, &["from b"]),
            Receive(A),
            Send(A, &["c", "", "for c"]),
            Send(A, &["b", "for b", "two"]),
            Receive(B),
            Receive(C),
        ],
    ),
    Scenario::new(
        "a ROUTER makes a name of five bytes for who has none",
        "RFC 28, test_stream",
        &[(Router, &[]), (Dealer, &[])],
        &[
            Meet(A, B),
            Send(B, &["hello"]),
            Receive(A),
            Answer(A, &["hello yourself"]),
            Receive(B),
        ],
    ),
    Scenario::new(
        "what is for nobody is dropped",
        "RFC 28, test_router_mandatory",
        &[(Router, &[]), (Dealer, &[RoutingId("b")])],
        &[
            TrySend(A, &["nobody", "1"]),
            Meet(A, B),
            TrySend(A, &["nobody", "2"]),
            TrySend(A, &["b", "3"]),
            Receive(B),
        ],
    ),
    Scenario::new(
        "what is for nobody is refused if that is mandatory",
        "test_router_mandatory",
        &[(Router, &[RouterMandatory(1)]), (Dealer, &[RoutingId("b")])],
        &[
            TrySend(A, &["b", "early"]),
            RoomFor(A, "b"),
            Meet(A, B),
            RoomFor(A, "b"),
            TrySend(A, &["nobody", "1"]),
            TrySend(A, &["b", "2"]),
            Receive(B),
        ],
    ),
    Scenario::new(
        "a mandatory ROUTER refuses what is for who is gone",
        "test_router_mandatory",
        &[(Router, &[RouterMandatory(1)]), (Dealer, &[RoutingId("b")])],
        &[
            Meet(A, B),
            TrySend(A, &["b", "1"]),
            Receive(B),
            Close(B),
            Await(A, Disconnected),
            TrySendUntilRefused(A, &["b", "2"]),
            Nothing(A),
            RoomFor(A, "b"),
        ],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "a ROUTER that does not receive is asked for who is gone",
        "zmq_socket_get_peer_state(3)",
        &[(Router, &[]), (Dealer, &[RoutingId("b")])],
        &[
            Meet(A, B),
            RoomFor(A, "b"),
            Send(B, &["unread"]),
            AwaitReadable(A),
            Close(B),
            Await(A, Disconnected),
            RoomFor(A, "b"),
            Receive(A),
            Nothing(A),
            RoomFor(A, "b"),
        ],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "a name alone is no message",
        "test_router_mandatory",
        &[(Router, &[]), (Dealer, &[RoutingId("b")])],
        &[
            Meet(A, B),
            TrySend(A, &["b"]),
            TrySend(A, &["b", "2"]),
            Receive(B),
        ],
    ),
    Scenario::new(
        "who comes with a name that is taken is not heard",
        "test_router_handover",
        &[
            (Router, &[]),
            (Dealer, &[RoutingId("x")]),
            (Dealer, &[RoutingId("x")]),
        ],
        &[
            Meet(A, B),
            Send(B, &["1"]),
            Receive(A),
            Meet(A, C),
            Send(C, &["not heard"]),
            Nothing(A),
            Send(A, &["x", "for the first"]),
            Receive(B),
            Nothing(C),
            Send(B, &["2"]),
            Receive(A),
        ],
    ),
    Scenario::new(
        "who comes with a name that is taken has it where names are handed over",
        "test_router_handover",
        &[
            (Router, &[RouterHandover(1)]),
            (Dealer, &[RoutingId("x"), ReconnectIvl(-1)]),
            (Dealer, &[RoutingId("x"), ReconnectIvl(-1)]),
        ],
        &[
            Meet(A, B),
            Send(B, &["1"]),
            Receive(A),
            Meet(A, C),
            Send(C, &["2"]),
            Receive(A),
            Send(A, &["x", "for the second"]),
            Receive(C),
            Nothing(B),
        ],
    ),
    Scenario::new(
        "a probe tells a ROUTER of a DEALER",
        "test_probe_router",
        &[(Router, &[]), (Dealer, &[ProbeRouter(1), RoutingId("b")])],
        &[Meet(A, B), Receive(A), Send(A, &["b", "hello"]), Receive(B)],
    )
    .either_way(),
    Scenario::new(
        "a probe tells a ROUTER of a ROUTER",
        "test_probe_router",
        &[
            (Router, &[RoutingId("a")]),
            (Router, &[ProbeRouter(1), RoutingId("b")]),
        ],
        &[Meet(A, B), Receive(A), Send(A, &["b", "hello"]), Receive(B)],
    )
    .either_way(),
    Scenario::new(
        "a ROUTER calls whom it connects to as it wants, at once",
        "test_connect_rid",
        &[
            (
                Router,
                &[RouterMandatory(1), ConnectRoutingId("you"), RoutingId("me")],
            ),
            (Router, &[RoutingId("another name")]),
        ],
        &[
            Bind(B),
            Connect(A, B),
            TrySend(A, &["you", "hello"]),
            Receive(B),
            Answer(B, &["hello yourself"]),
            Receive(A),
            TrySend(A, &["another name", "hello"]),
        ],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "a name that a ROUTER has given is for one connection",
        "test_connect_rid",
        &[
            (Router, &[ConnectRoutingId("first")]),
            (Dealer, &[RoutingId("b")]),
            (Dealer, &[RoutingId("c")]),
        ],
        &[
            Meet(B, A),
            Meet(C, A),
            Send(B, &["1"]),
            Receive(A),
            Send(C, &["2"]),
            Receive(A),
        ],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "peers that come and go are announced to who wants to know",
        "test_router_notify",
        &[(Router, &[RouterNotify(3)]), (Dealer, &[RoutingId("b")])],
        &[
            Meet(A, B),
            Receive(A),
            Send(B, &["hello"]),
            Receive(A),
            Close(B),
            Receive(A),
        ],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "a peer within a process is announced",
        "ZMQ_ROUTER_NOTIFY",
        &[(Router, &[RouterNotify(3)]), (Dealer, &[RoutingId("b")])],
        &[Meet(A, B), Nothing(A)],
    )
    .over(Carrier::INPROC),
    Scenario::new(
        "only those who come are announced to who wants to know that",
        "test_router_notify",
        &[(Router, &[RouterNotify(1)]), (Dealer, &[RoutingId("b")])],
        &[Meet(A, B), Receive(A), Close(B), Nothing(A)],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "only those who go are announced to who wants to know that",
        "test_router_notify",
        &[(Router, &[RouterNotify(2)]), (Dealer, &[RoutingId("b")])],
        &[Meet(A, B), Nothing(A), Close(B), Receive(A)],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "a ROUTER knows nobody whom it connects to before they are there",
        "RFC 28",
        &[(Router, &[RouterMandatory(1)]), (Dealer, &[RoutingId("b")])],
        &[
            ConnectEarly(A, B),
            TrySend(A, &["b", "early"]),
            Disconnect(A, B),
        ],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "names are of 1 to 255 bytes",
        "zmq_setsockopt(3), ZMQ_ROUTING_ID",
        &[(Dealer, &[]), (Req, &[])],
        &[Set(A, RoutingId("")), Set(B, RoutingId("b"))],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "a REP's options of a ROUTER",
        "ZMQ_ROUTER_MANDATORY",
        &[(Rep, &[])],
        &[Set(A, RouterMandatory(1)), Set(A, RouterHandover(1))],
    )
    .over(Carrier::TCP),
];
