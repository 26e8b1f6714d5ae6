//! What a message tells of its sender: zmq_msg_gets, ZMQ_METADATA.

use ferromq::SocketType::{Dealer, Pull, Push, Rep, Req, Router};

use crate::opt::Opt::{Metadata, RoutingId};
use crate::scenario::Role::{A, B, C};
use crate::scenario::{Carrier, Scenario};
use crate::step::Step::{Bind, Meet, Property, Receive, Send, Set};

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario::new(
        "a message tells what kind of socket has sent it",
        "test_metadata, RFC 37",
        &[(Router, &[]), (Dealer, &[]), (Req, &[])],
        &[
            Meet(A, B),
            Meet(A, C),
            Send(B, &["1"]),
            Receive(A),
            Property(A, "Socket-Type"),
            Send(C, &["2"]),
            Receive(A),
            Property(A, "Socket-Type"),
            Property(A, "X-nothing"),
        ],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "properties by their names in small letters",
        "RFC 23, Metadata",
        &[(Dealer, &[]), (Dealer, &[])],
        &[
            Meet(A, B),
            Send(B, &["1"]),
            Receive(A),
            Property(A, "socket-type"),
        ],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "a message tells its sender's routing id",
        "zmq_msg_gets(3)",
        &[(Rep, &[]), (Req, &[RoutingId("me")])],
        &[
            Meet(A, B),
            Send(B, &["1"]),
            Receive(A),
            Property(A, "Identity"),
            Property(A, "Routing-Id"),
            Send(A, &["2"]),
            Receive(B),
            Property(B, "Socket-Type"),
            Property(B, "Identity"),
        ],
    )
    .over(Carrier::WIRES)
    .either_way(),
    Scenario::new(
        "a message tells its sender's address",
        "test_metadata",
        &[(Pull, &[]), (Push, &[])],
        &[
            Meet(A, B),
            Send(B, &["1"]),
            Receive(A),
            Property(A, "Peer-Address"),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "a message tells what its sender's application wants known",
        "test_metadata",
        &[
            (
                Dealer,
                &[Metadata("X-hello:hello"), Metadata("X-other:two")],
            ),
            (Dealer, &[Metadata("X-hello:from b")]),
        ],
        &[
            Meet(A, B),
            Send(A, &["1", "2"]),
            Receive(B),
            Property(B, "X-hello"),
            Property(B, "X-other"),
            Send(B, &["3"]),
            Receive(A),
            Property(A, "X-hello"),
            Property(A, "X-other"),
        ],
    )
    .over(Carrier::WIRES)
    .either_way(),
    Scenario::new(
        "properties of the application have names of their own",
        "test_metadata",
        &[(Dealer, &[]), (Dealer, &[]), (Dealer, &[])],
        &[
            Set(A, Metadata("hello:hello")),
            Set(B, Metadata("X-")),
            Set(C, Metadata("X-hello")),
            Bind(A),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "a message within a process tells nothing of its sender",
        "zmq_msg_gets(3)",
        &[(Pull, &[]), (Push, &[Metadata("X-hello:hello")])],
        &[
            Meet(A, B),
            Send(B, &["1"]),
            Receive(A),
            Property(A, "Socket-Type"),
            Property(A, "X-hello"),
        ],
    )
    .over(Carrier::INPROC),
];
