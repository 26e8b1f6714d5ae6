//! What each pair of sockets is for.

use ferromq::SocketType::{Dealer, Pair, Pub, Pull, Push, Rep, Req, Router, Sub, XPub, XSub};

use crate::opt::Opt::{RouterMandatory, RoutingId, Subscribe};
use crate::scenario::Role::{A, B, C, D};
use crate::scenario::Scenario;
use crate::step::Step::{
    Answer, AwaitReadable, AwaitTopics, AwaitWritable, Connect, Meet, Readiness, Receive, Send,
    SendLarge, TrySend,
};

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario::new(
        "a PUSH sends to a PULL, in order and whole",
        "RFC 30",
        &[(Push, &[]), (Pull, &[])],
        &[
            Meet(A, B),
            Send(A, &["1"]),
            Send(A, &["two", "frames"]),
            Send(A, &[""]),
            Send(A, &["", "", ""]),
            SendLarge(A, 300_000),
            Receive(B),
            Receive(B),
            Receive(B),
            Receive(B),
            Receive(B),
            Send(B, &["back"]),
            Receive(A),
        ],
    )
    .either_way(),
    Scenario::new(
        "a REQ asks a REP",
        "RFC 28",
        &[(Req, &[]), (Rep, &[])],
        &[
            Meet(A, B),
            Send(A, &["what", "is", ""]),
            Receive(B),
            Send(B, &["", "that"]),
            Receive(A),
            SendLarge(A, 300_000),
            Receive(B),
            SendLarge(B, 70_000),
            Receive(A),
        ],
    )
    .either_way(),
    Scenario::new(
        "a REQ asks a ROUTER",
        "RFC 28, test_spec_req",
        &[(Req, &[RoutingId("me")]), (Router, &[])],
        &[
            Meet(A, B),
            Send(A, &["question"]),
            Receive(B),
            Send(B, &["me", "", "answer"]),
            Receive(A),
        ],
    )
    .either_way(),
    Scenario::new(
        "a DEALER asks a REP, with a delimiter of its own",
        "RFC 28, test_spec_rep",
        &[(Dealer, &[]), (Rep, &[])],
        &[
            Meet(A, B),
            Send(A, &["", "first"]),
            Send(A, &["", "second"]),
            Receive(B),
            Send(B, &["one"]),
            Receive(B),
            Send(B, &["two"]),
            Receive(A),
            Receive(A),
        ],
    )
    .either_way(),
    Scenario::new(
        "a DEALER and a ROUTER talk at will",
        "RFC 28",
        &[(Dealer, &[]), (Router, &[])],
        &[
            Meet(A, B),
            Send(A, &["1"]),
            Send(A, &["2", "frames"]),
            Receive(B),
            Answer(B, &["one"]),
            Answer(B, &["and", "again"]),
            Receive(B),
            Receive(A),
            Receive(A),
        ],
    )
    .either_way(),
    Scenario::new(
        "two DEALERs talk at will",
        "RFC 28",
        &[(Dealer, &[]), (Dealer, &[])],
        &[
            Meet(A, B),
            Send(A, &["1"]),
            Send(B, &["2"]),
            Receive(A),
            Receive(B),
        ],
    ),
    Scenario::new(
        "two ROUTERs know each other's names",
        "RFC 28, test_connect_rid",
        &[
            (Router, &[RoutingId("a"), RouterMandatory(1)]),
            (Router, &[RoutingId("b"), RouterMandatory(1)]),
        ],
        &[
            Meet(A, B),
            TrySend(A, &["b", "hello"]),
            Receive(B),
            Answer(B, &["hello yourself"]),
            Receive(A),
        ],
    ),
    Scenario::new(
        "two PAIRs talk at will",
        "RFC 31",
        &[(Pair, &[]), (Pair, &[])],
        &[
            Meet(A, B),
            Send(A, &["1", "with two frames"]),
            Send(B, &["2"]),
            SendLarge(B, 300_000),
            Receive(A),
            Receive(A),
            Receive(B),
        ],
    ),
    Scenario::new(
        "a PAIR has one peer",
        "RFC 31",
        &[(Pair, &[]), (Pair, &[]), (Pair, &[])],
        &[
            Meet(A, B),
            Send(B, &["first"]),
            Receive(A),
            Connect(C, A),
            Send(C, &["second"]),
            Send(A, &["for the first"]),
            Receive(B),
            Send(B, &["again"]),
            Receive(A),
        ],
    ),
    Scenario::new(
        "a PUB is heard by a SUB",
        "RFC 29",
        &[(Pub, &[]), (Sub, &[Subscribe("")])],
        &[
            Meet(A, B),
            AwaitTopics(A, 1),
            Send(A, &["1"]),
            Send(A, &["two", "frames"]),
            Send(A, &[""]),
            SendLarge(A, 300_000),
            Receive(B),
            Receive(B),
            Receive(B),
            Receive(B),
            Send(B, &["back"]),
            Receive(A),
        ],
    )
    .either_way(),
    Scenario::new(
        "a PUB is heard by an XSUB",
        "RFC 29",
        &[(Pub, &[]), (XSub, &[])],
        &[
            Meet(A, B),
            Send(B, &["\x01"]),
            AwaitTopics(A, 1),
            Send(A, &["1"]),
            Receive(B),
        ],
    )
    .either_way(),
    Scenario::new(
        "an XPUB is asked by a SUB, and heard",
        "RFC 29",
        &[(XPub, &[]), (Sub, &[Subscribe("a")])],
        &[Meet(A, B), Receive(A), Send(A, &["abc"]), Receive(B)],
    )
    .either_way(),
    Scenario::new(
        "an XPUB and an XSUB talk both ways",
        "RFC 29, test_xpub_manual",
        &[(XPub, &[]), (XSub, &[])],
        &[
            Meet(A, B),
            Send(B, &["\x01a"]),
            Receive(A),
            Send(B, &["hello", "with two frames"]),
            Receive(A),
            Send(A, &["abc"]),
            Receive(B),
        ],
    )
    .either_way(),
    Scenario::new(
        "sockets without peers are ready as far as they can do without",
        "zmq_getsockopt(3), ZMQ_EVENTS",
        &[(Router, &[]), (Pub, &[]), (Push, &[]), (Dealer, &[])],
        &[Readiness(A), Readiness(B), Readiness(C), Readiness(D)],
    )
    .over(crate::scenario::Carrier::TCP),
    Scenario::new(
        "a peer makes a DEALER writable, and a message readable",
        "zmq_getsockopt(3), ZMQ_EVENTS",
        &[(Dealer, &[]), (Dealer, &[])],
        &[
            Readiness(A),
            Meet(A, B),
            AwaitWritable(A),
            Send(B, &["1"]),
            AwaitReadable(A),
            Receive(A),
            Readiness(A),
        ],
    ),
];
