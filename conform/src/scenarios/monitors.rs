//! What monitors tell, event by event.

use ferromq::SocketType::{Dealer, Pull, Push, Rep, Req};

use crate::event::Happening::{BindFailed, Closed, HandshakeSucceeded};
use crate::opt::Opt::ReconnectIvl;
use crate::scenario::Role::{A, B};
use crate::scenario::{Carrier, Scenario};
use crate::step::Step::{
    Await, Bind, BindWhere, Close, Connect, ConnectEarly, Cut, Disconnect, Events, Hail, HangUp,
    Happens, Knock, Meet, MeetByWire, Queues, Receive, Send, Unbind,
};

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario::new(
        "both sides see a connection begin, over tcp",
        "test_monitor",
        &[(Rep, &[]), (Req, &[])],
        &[Bind(A), Connect(B, A), Events(A, 3), Events(B, 3)],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "both sides see a connection begin, over ipc",
        "test_monitor",
        &[(Rep, &[]), (Req, &[])],
        &[
            Bind(A),
            Connect(B, A),
            Events(A, 3),
            Await(B, HandshakeSucceeded),
        ],
    )
    .over(&[Carrier::Ipc]),
    Scenario::new(
        "who connects sees a connection end, and tries again",
        "test_monitor",
        &[(Pull, &[]), (Push, &[ReconnectIvl(10)])],
        &[
            Bind(A),
            Connect(B, A),
            Await(B, HandshakeSucceeded),
            Close(A),
            Events(B, 6),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "who is bound sees a connection end",
        "test_monitor",
        &[(Pull, &[]), (Push, &[])],
        &[Bind(A), Connect(B, A), Events(A, 3), Close(B), Events(A, 1)],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "who is bound sees a connection end that is cut",
        "test_monitor",
        &[(Pull, &[]), (Push, &[ReconnectIvl(10)])],
        &[MeetByWire(A, B), Cut, Events(A, 3)],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "who disconnects sees the connection end",
        "test_monitor",
        &[(Pull, &[]), (Push, &[])],
        &[
            Bind(A),
            Connect(B, A),
            Events(A, 3),
            Await(B, HandshakeSucceeded),
            Disconnect(B, A),
            Events(A, 1),
        ],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "who connects to nobody sees itself try again",
        "test_monitor",
        &[(Push, &[ReconnectIvl(10)]), (Pull, &[])],
        &[ConnectEarly(A, B), Events(A, 6)],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "who is unbound sees its listener closed",
        "test_monitor",
        &[(Pull, &[]), (Push, &[])],
        &[
            Bind(A),
            Connect(B, A),
            Events(A, 3),
            Send(B, &["1"]),
            Receive(A),
            Unbind(A),
            Await(A, Closed),
        ],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "who cannot be bound sees that",
        "zmq_socket_monitor(3)",
        &[(Pull, &[]), (Pull, &[])],
        &[Bind(A), BindWhere(B, A), Await(B, BindFailed)],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "who leaves in its handshake is seen to fail and to go",
        "test_monitor",
        &[(Pull, &[])],
        &[Bind(A), Knock(A), HangUp, Events(A, 4)],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "who leaves after its handshake is seen to go",
        "test_monitor",
        &[(Pull, &[])],
        &[Bind(A), Hail(A, "PUSH"), HangUp, Events(A, 4)],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "nothing is told of connections within a process",
        "zmq_socket_monitor(3)",
        &[(Pull, &[]), (Push, &[])],
        &[
            Bind(A),
            Connect(B, A),
            Send(B, &["1"]),
            Receive(A),
            Happens(A, HandshakeSucceeded),
            Happens(B, HandshakeSucceeded),
        ],
    )
    .over(Carrier::INPROC),
    Scenario::new(
        "how much waits within a process is told",
        "zmq_socket_monitor_pipes_stats(3)",
        &[(Dealer, &[]), (Dealer, &[])],
        &[
            Queues(A),
            Meet(A, B),
            Queues(A),
            Send(A, &["1"]),
            Send(A, &["2", "frames"]),
            Send(B, &["3"]),
            Queues(A),
            Queues(B),
        ],
    )
    .over(Carrier::INPROC),
    Scenario::new(
        "what was received waits no more",
        "zmq_socket_monitor_pipes_stats(3)",
        &[(Dealer, &[]), (Dealer, &[])],
        &[
            Meet(A, B),
            Send(A, &["1"]),
            Send(A, &["2"]),
            Receive(B),
            Queues(B),
        ],
    )
    .over(Carrier::INPROC),
    Scenario::new(
        "how much waits for nobody is told",
        "zmq_socket_monitor_pipes_stats(3)",
        &[(Push, &[]), (Pull, &[])],
        &[
            ConnectEarly(A, B),
            Send(A, &["1"]),
            Send(A, &["2", "frames"]),
            Queues(A),
        ],
    )
    .over(Carrier::WIRES),
];
