//! High-water marks, to the message.

use ferromq::SocketType::{Dealer, Pub, Pull, Push, Router, Sub, XPub};

use crate::opt::Opt::{RcvHwm, RouterMandatory, RoutingId, SndHwm, Subscribe, XpubNoDrop};
use crate::scenario::Role::{A, B};
use crate::scenario::{Carrier, Scenario};
use crate::step::Step::{
    AwaitTopics, BindWhere, ConnectEarly, Drain, Fill, Meet, Readiness, Receive, RoomFor, Send,
    Set, TrySend, TrySendTimes,
};

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario::new(
        "a PUSH keeps 1 message for who is not there yet",
        "test_hwm",
        &[(Push, &[SndHwm(1)]), (Pull, &[RcvHwm(1)])],
        &[ConnectEarly(A, B), Fill(A), BindWhere(B, B), Drain(B)],
    ),
    Scenario::new(
        "a PUSH keeps 2 messages for who is not there yet",
        "test_hwm",
        &[(Push, &[SndHwm(2)]), (Pull, &[RcvHwm(2)])],
        &[ConnectEarly(A, B), Fill(A), BindWhere(B, B), Drain(B)],
    ),
    Scenario::new(
        "a PUSH keeps 1000 messages for who is not there yet, by default",
        "test_hwm",
        &[(Push, &[]), (Pull, &[])],
        &[ConnectEarly(A, B), Fill(A), BindWhere(B, B), Drain(B)],
    ),
    Scenario::new(
        "the marks 1 and 1 of both sides add up",
        "test_hwm",
        &[(Push, &[SndHwm(1)]), (Pull, &[RcvHwm(1)])],
        &[Meet(A, B), Fill(A), Drain(B)],
    )
    .over(Carrier::INPROC)
    .either_way(),
    Scenario::new(
        "the marks 2 and 2 of both sides add up",
        "test_hwm",
        &[(Push, &[SndHwm(2)]), (Pull, &[RcvHwm(2)])],
        &[Meet(A, B), Fill(A), Drain(B)],
    )
    .over(Carrier::INPROC)
    .either_way(),
    Scenario::new(
        "the marks 1000 and 1000 of both sides add up, by default",
        "test_hwm",
        &[(Push, &[]), (Pull, &[])],
        &[Meet(A, B), Fill(A), Drain(B)],
    )
    .over(Carrier::INPROC)
    .either_way(),
    Scenario::new(
        "a mark of zero on one side is none",
        "test_hwm",
        &[(Push, &[SndHwm(1)]), (Pull, &[RcvHwm(0)])],
        &[Meet(A, B), TrySendTimes(A, 5000, "x"), Drain(B)],
    )
    .over(Carrier::INPROC),
    Scenario::new(
        "credit comes by halves of a mark",
        "test_monitor",
        &[(Push, &[SndHwm(5)]), (Pull, &[RcvHwm(5)])],
        &[
            Meet(A, B),
            Fill(A),
            Receive(B),
            TrySend(A, &["after 1"]),
            Receive(B),
            TrySend(A, &["after 2"]),
            Receive(B),
            TrySend(A, &["after 3"]),
            Receive(B),
            TrySend(A, &["after 4"]),
            Receive(B),
            TrySend(A, &["after 5"]),
            Receive(B),
            TrySend(A, &["after 6"]),
            Drain(B),
        ],
    )
    .over(Carrier::INPROC),
    Scenario::new(
        "whole messages count, and not their frames",
        "zmq_setsockopt(3), ZMQ_SNDHWM",
        &[(Push, &[SndHwm(2)]), (Pull, &[])],
        &[
            ConnectEarly(A, B),
            TrySend(A, &["1", "1", "1", "1"]),
            TrySend(A, &["2", "2"]),
            TrySend(A, &["3"]),
            BindWhere(B, B),
            Receive(B),
            Receive(B),
        ],
    ),
    Scenario::new(
        "a mark that is raised counts at once",
        "test_sockopt_hwm",
        &[(Push, &[SndHwm(1)]), (Pull, &[RcvHwm(1)])],
        &[Meet(B, A), Set(A, SndHwm(5)), Fill(A)],
    )
    .over(Carrier::INPROC),
    Scenario::new(
        "a mark that is raised while the queue is full",
        "test_sockopt_hwm",
        &[(Push, &[SndHwm(1)]), (Pull, &[RcvHwm(1)])],
        &[
            Meet(B, A),
            Fill(A),
            Set(A, SndHwm(5)),
            TrySend(A, &["more"]),
        ],
    )
    .over(Carrier::INPROC),
    Scenario::new(
        "a PUB drops what a SUB has no room for",
        "RFC 29, test_hwm_pubsub",
        &[(Pub, &[SndHwm(2)]), (Sub, &[RcvHwm(2), Subscribe("")])],
        &[
            Meet(A, B),
            AwaitTopics(A, 1),
            Send(A, &["1"]),
            Send(A, &["2", "frames"]),
            Send(A, &["3"]),
            Send(A, &["4"]),
            Send(A, &["5", "of", "them"]),
            Readiness(A),
            Drain(B),
            Send(A, &["6"]),
            Drain(B),
        ],
    )
    .over(Carrier::INPROC),
    Scenario::new(
        "an XPUB that must not drop is full",
        "test_xpub_nodrop",
        &[
            (XPub, &[SndHwm(2), XpubNoDrop(1)]),
            (Sub, &[RcvHwm(2), Subscribe("")]),
        ],
        &[
            Meet(A, B),
            Receive(A),
            Fill(A),
            Readiness(A),
            Drain(B),
            TrySend(A, &["again"]),
            Receive(B),
        ],
    )
    .over(Carrier::INPROC),
    Scenario::new(
        "a ROUTER drops what a peer has no room for",
        "RFC 28",
        &[
            (Router, &[SndHwm(1)]),
            (Dealer, &[RcvHwm(1), RoutingId("d")]),
        ],
        &[
            Meet(A, B),
            TrySend(A, &["d", "1"]),
            TrySend(A, &["d", "2"]),
            TrySend(A, &["d", "3"]),
            TrySend(A, &["d", "4"]),
            Drain(B),
        ],
    )
    .over(Carrier::INPROC),
    Scenario::new(
        "a mandatory ROUTER is full for a peer without room",
        "test_router_mandatory_hwm",
        &[
            (Router, &[SndHwm(1), RouterMandatory(1)]),
            (Dealer, &[RcvHwm(1), RoutingId("d")]),
        ],
        &[
            Meet(A, B),
            RoomFor(A, "d"),
            TrySend(A, &["d", "1"]),
            TrySend(A, &["d", "2"]),
            TrySend(A, &["d", "3"]),
            RoomFor(A, "d"),
            Readiness(A),
            Drain(B),
            RoomFor(A, "d"),
        ],
    )
    .over(Carrier::INPROC),
];
