//! What is left when a socket, or an endpoint, is let go.

use ferromq::SocketType::{Dealer, Pull, Push, Sub, XPub};

use crate::event::Happening::{ConnectRetried, Disconnected};
use crate::opt::Opt::{Linger, Subscribe};
use crate::scenario::Role::{A, B};
use crate::scenario::{Carrier, Scenario};
use crate::step::Step::{
    Await, AwaitReadable, BindWhere, Close, ConnectEarly, Disconnect, Drain, Meet, Nothing,
    Receive, Send, TrySend, TrySendTimes, Unbind,
};

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario::new(
        "a socket that lingers sends what is queued after its end",
        "zmq_setsockopt(3), ZMQ_LINGER",
        &[(Push, &[Linger(-1)]), (Pull, &[])],
        &[
            ConnectEarly(A, B),
            Send(A, &["1"]),
            Send(A, &["2", "frames"]),
            Close(A),
            BindWhere(B, B),
            Receive(B),
            Receive(B),
        ],
    ),
    Scenario::new(
        "a socket that does not linger drops what is queued",
        "zmq_setsockopt(3), ZMQ_LINGER",
        &[(Push, &[Linger(0)]), (Pull, &[])],
        &[
            ConnectEarly(A, B),
            Await(A, ConnectRetried),
            Send(A, &["1"]),
            Close(A),
            BindWhere(B, B),
            Nothing(B),
        ],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "an endpoint that is let go lingers too",
        "zmq_disconnect(3)",
        &[(Push, &[Linger(-1)]), (Pull, &[])],
        &[
            ConnectEarly(A, B),
            Send(A, &["1"]),
            Disconnect(A, B),
            TrySend(A, &["2"]),
            BindWhere(B, B),
            Receive(B),
            Nothing(B),
        ],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "an endpoint that is let go and does not linger drops what is queued",
        "zmq_disconnect(3)",
        &[(Push, &[Linger(0)]), (Pull, &[])],
        &[
            ConnectEarly(A, B),
            Await(A, ConnectRetried),
            Send(A, &["1"]),
            Disconnect(A, B),
            BindWhere(B, B),
            Nothing(B),
        ],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "a thousand messages outlive their socket",
        "zmq_setsockopt(3), ZMQ_LINGER",
        &[(Push, &[Linger(-1)]), (Pull, &[])],
        &[Meet(B, A), TrySendTimes(A, 900, "x"), Close(A), Drain(B)],
    ),
    Scenario::new(
        "what a peer has sent outlives it",
        "zmq_close(3)",
        &[(Pull, &[]), (Push, &[])],
        &[
            Meet(A, B),
            Send(B, &["1"]),
            AwaitReadable(A),
            Close(B),
            Await(A, Disconnected),
            Receive(A),
            Nothing(A),
        ],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "who disconnects drops what it has not received",
        "zmq_disconnect(3)",
        &[(Dealer, &[]), (Dealer, &[])],
        &[
            Meet(B, A),
            Send(B, &["1"]),
            AwaitReadable(A),
            Disconnect(A, B),
            Nothing(A),
        ],
    ),
    Scenario::new(
        "who is unbound receives what had come",
        "test_term_endpoint",
        &[(Pull, &[]), (Push, &[])],
        &[
            Meet(A, B),
            Send(B, &["1"]),
            AwaitReadable(A),
            Unbind(A),
            Receive(A),
        ],
    ),
    Scenario::new(
        "a SUB does not linger for the sake of its subscriptions",
        "zmq_setsockopt(3), ZMQ_LINGER",
        &[(Sub, &[Subscribe("a")]), (XPub, &[])],
        &[
            ConnectEarly(A, B),
            Await(A, ConnectRetried),
            Close(A),
            BindWhere(B, B),
            Nothing(B),
        ],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "who disconnects within a process lets its peer go",
        "test_disconnect_inproc",
        &[(Push, &[]), (Pull, &[])],
        &[
            Meet(B, A),
            Send(A, &["1"]),
            Receive(B),
            Disconnect(A, B),
            TrySend(A, &["2"]),
        ],
    )
    .over(Carrier::INPROC),
];
