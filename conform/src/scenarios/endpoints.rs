//! Where sockets are, and where they are not.

use ferromq::SocketType::{Dealer, Pair, Pull, Push, Router};

use crate::event::Happening::{Accepted, Connected, HandshakeSucceeded};
use crate::scenario::Role::{A, B};
use crate::scenario::{Carrier, Scenario};
use crate::step::Step::{
    Await, Bind, BindTo, BindWhere, Close, Connect, ConnectEarly, ConnectTo, Disconnect, Happens,
    LastEndpoint, Meet, Open, Receive, Send, Unbind, UnbindFrom,
};

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario::new(
        "what is no endpoint is refused where it is bound",
        "test_bind_fuzzer",
        &[(Pull, &[])],
        &[
            BindTo(A, "nothing"),
            BindTo(A, "tcp://"),
            BindTo(A, "tcp://127.0.0.1:70000"),
            BindTo(A, "tcp://127.0.0.1:x"),
            BindTo(A, "://127.0.0.1:1"),
            BindTo(A, "nonsense://here"),
            BindTo(A, "ipc://@"),
            BindTo(A, "inproc://"),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "what is no endpoint is refused where it is connected to",
        "test_connect_resolve",
        &[(Push, &[])],
        &[
            ConnectTo(A, "nothing"),
            ConnectTo(A, "tcp://"),
            ConnectTo(A, "tcp://127.0.0.1"),
            ConnectTo(A, "tcp://127.0.0.1:*"),
            ConnectTo(A, "tcp://127.0.0.1:x"),
            ConnectTo(A, "tcp://local host:1"),
            ConnectTo(A, "tcp://:1"),
            ConnectTo(A, "nonsense://there"),
            ConnectTo(A, "inproc://"),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "an endpoint is for one",
        "test_inproc_connect",
        &[(Pull, &[]), (Pull, &[])],
        &[Bind(A), BindWhere(B, A), Unbind(A), BindWhere(B, A)],
    )
    .over(Carrier::INPROC),
    Scenario::new(
        "a port is for one",
        "zmq_bind(3)",
        &[(Pull, &[]), (Pull, &[])],
        &[Bind(A), BindWhere(B, A)],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "the file of an endpoint is taken over",
        "test_rebind_ipc",
        &[(Pull, &[]), (Pull, &[])],
        &[Bind(A), BindWhere(B, A)],
    )
    .over(&[Carrier::Ipc]),
    Scenario::new(
        "what is bound again at once is there at once",
        "test_rebind_ipc",
        &[(Pull, &[]), (Push, &[])],
        &[
            Meet(A, B),
            Send(B, &["1"]),
            Receive(A),
            Close(A),
            Open(A),
            BindWhere(A, A),
            Connect(B, A),
            Send(B, &["2"]),
            Send(B, &["2"]),
            Receive(A),
        ],
    )
    .over(&[Carrier::Ipc]),
    Scenario::new(
        "the last endpoint is where a socket was bound or connected last",
        "test_last_endpoint",
        &[(Pull, &[]), (Push, &[])],
        &[
            LastEndpoint(A, A),
            Bind(A),
            LastEndpoint(A, A),
            Connect(B, A),
            LastEndpoint(B, A),
        ],
    ),
    Scenario::new(
        "what was not connected cannot be let go",
        "test_term_endpoint",
        &[(Push, &[]), (Pull, &[])],
        &[
            Bind(B),
            Disconnect(A, B),
            Connect(A, B),
            Disconnect(A, B),
            Disconnect(A, B),
        ],
    ),
    Scenario::new(
        "what was not bound cannot be let go",
        "test_term_endpoint",
        &[(Pull, &[])],
        &[Bind(A), Unbind(A), Unbind(A)],
    ),
    Scenario::new(
        "a wildcard is let go by what it has become",
        "test_unbind_wildcard",
        &[(Pull, &[])],
        &[Bind(A), UnbindFrom(A, "tcp://127.0.0.1:*"), Unbind(A)],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "a DEALER that connects twice is connected once",
        "test_reqrep_tcp",
        &[(Dealer, &[]), (Router, &[])],
        &[
            Bind(B),
            Connect(A, B),
            Connect(A, B),
            Await(A, HandshakeSucceeded),
            Await(B, Accepted),
            Happens(B, Accepted),
        ],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "a PUSH that connects twice is connected twice",
        "test_reqrep_tcp",
        &[(Push, &[]), (Pull, &[])],
        &[
            Bind(B),
            Connect(A, B),
            Connect(A, B),
            Await(B, Accepted),
            Happens(B, Accepted),
        ],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "one call lets both connections to an endpoint go",
        "zmq_disconnect(3)",
        &[(Push, &[]), (Pull, &[])],
        &[
            Bind(B),
            Connect(A, B),
            Connect(A, B),
            Disconnect(A, B),
            Disconnect(A, B),
        ],
    ),
    Scenario::new(
        "names within a process are for all socket types",
        "test_inproc_connect",
        &[(Pair, &[]), (Pull, &[])],
        &[Meet(B, A), Send(A, &["hello"]), Receive(B)],
    )
    .over(Carrier::INPROC),
    Scenario::new(
        "what is unbound within a process is connected still",
        "test_inproc_connect",
        &[(Pull, &[]), (Push, &[])],
        &[Meet(A, B), Unbind(A), Send(B, &["1"]), Receive(A)],
    )
    .over(Carrier::INPROC),
    Scenario::new(
        "a socket can connect to itself",
        "zmq_connect(3)",
        &[(Dealer, &[])],
        &[Bind(A), Connect(A, A), Send(A, &["1"]), Receive(A)],
    )
    .over(Carrier::INPROC),
    Scenario::new(
        "who connects to nobody connects once somebody is there",
        "test_bind_after_connect_tcp",
        &[(Push, &[]), (Pull, &[])],
        &[
            ConnectEarly(A, B),
            BindWhere(B, B),
            Await(A, Connected),
            Await(A, HandshakeSucceeded),
        ],
    )
    .over(Carrier::WIRES),
];
