//! PUSH and PULL.

use ferromq::SocketType::{Dealer, Pull, Push};

use crate::event::Happening::Disconnected;
use crate::opt::Opt::Conflate;
use crate::scenario::Role::{A, B, C};
use crate::scenario::{Carrier, Scenario};
use crate::step::Step::{
    Await, BindWhere, Close, ConnectEarly, Drain, Meet, Nothing, Readiness, Receive, Send, TrySend,
    TrySendTimes, TrySendUntilRefused, Unbind,
};

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario::new(
        "a PUSH serves its peers in turn",
        "RFC 30, test_spec_pushpull",
        &[(Push, &[]), (Pull, &[]), (Pull, &[])],
        &[
            Meet(A, B),
            Meet(A, C),
            Send(A, &["1"]),
            Send(A, &["2", "frames"]),
            Send(A, &["3"]),
            Send(A, &["4"]),
            Receive(B),
            Receive(B),
            Receive(C),
            Receive(C),
        ],
    ),
    Scenario::new(
        "a DEALER serves its peers in turn",
        "RFC 28, test_spec_dealer",
        &[(Dealer, &[]), (Dealer, &[]), (Dealer, &[])],
        &[
            Meet(B, A),
            Meet(C, A),
            Send(A, &["1"]),
            Send(A, &["2"]),
            Send(A, &["3"]),
            Receive(B),
            Receive(B),
            Receive(C),
        ],
    ),
    Scenario::new(
        "a PULL hears all of its peers",
        "RFC 30, test_spec_pushpull",
        &[(Pull, &[]), (Push, &[]), (Push, &[])],
        &[
            Meet(A, B),
            Meet(A, C),
            TrySendTimes(B, 20, "x"),
            TrySendTimes(C, 20, "x"),
            Drain(A),
        ],
    ),
    Scenario::new(
        "a PUSH without peers sends nothing",
        "RFC 30, test_spec_pushpull",
        &[(Push, &[])],
        &[TrySend(A, &["1"]), Readiness(A)],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "a bound PUSH whose peer is gone sends nothing",
        "RFC 30",
        &[(Push, &[]), (Pull, &[])],
        &[
            Meet(A, B),
            Send(A, &["1"]),
            Receive(B),
            Close(B),
            Await(A, Disconnected),
            TrySendUntilRefused(A, &["2"]),
            Readiness(A),
        ],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "a PUSH that is unbound sends nothing",
        "test_term_endpoint",
        &[(Push, &[]), (Pull, &[])],
        &[
            Meet(A, B),
            Send(A, &["1"]),
            Receive(B),
            Unbind(A),
            Await(B, Disconnected),
            TrySendUntilRefused(A, &["2"]),
        ],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "a peer that is yet to come takes its turn",
        "test_immediate",
        &[(Push, &[]), (Pull, &[]), (Pull, &[])],
        &[
            Meet(B, A),
            ConnectEarly(A, C),
            TrySendTimes(A, 10, "x"),
            Drain(B),
            BindWhere(C, C),
            Drain(C),
        ],
    ),
    Scenario::new(
        "what is sent before anybody is bound arrives in order",
        "test_bind_after_connect_tcp",
        &[(Push, &[]), (Pull, &[])],
        &[
            ConnectEarly(A, B),
            Send(A, &["1"]),
            Send(A, &["2", "frames"]),
            BindWhere(B, B),
            Receive(B),
            Receive(B),
            Send(A, &["3"]),
            Receive(B),
        ],
    ),
    Scenario::new(
        "a conflated PUSH keeps the last message",
        "test_conflate",
        &[(Push, &[Conflate(1)]), (Pull, &[])],
        &[
            ConnectEarly(A, B),
            Send(A, &["1"]),
            Send(A, &["2"]),
            Send(A, &["3"]),
            BindWhere(B, B),
            Receive(B),
            Nothing(B),
        ],
    )
    .over(Carrier::WIRES),
];
