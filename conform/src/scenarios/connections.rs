//! Handshakes, heartbeats, sizes, and ways to a peer.

use ferromq::SocketType::{Dealer, Pub, Pull, Push, Rep, Req, Router, Sub};

use crate::event::Happening::{
    ConnectRetried, Disconnected, HandshakeFailedNoDetail, HandshakeSucceeded,
};
use crate::opt::Opt::{
    BusyPoll, HandshakeIvl, HeartbeatIvl, HeartbeatTimeout, HeartbeatTtl, MaxMsgSize, Priority,
    RcvBuf, ReconnectIvl, SndBuf, Subscribe,
};
use crate::scenario::Role::{A, B};
use crate::scenario::{Carrier, Scenario};
use crate::step::Step::{
    Await, Bind, Connect, ConnectBySocks, Cut, Happens, Hear, Knock, Meet, MeetByWire, Receive,
    Send, SendLarge, Stall,
};

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario::new(
        "a message that is too large ends its connection, and who has sent it comes back",
        "zmq_setsockopt(3), ZMQ_MAXMSGSIZE",
        &[(Pull, &[MaxMsgSize(100)]), (Push, &[ReconnectIvl(10)])],
        &[
            Meet(A, B),
            SendLarge(B, 100),
            Receive(A),
            SendLarge(B, 101),
            Await(A, Disconnected),
            Await(B, HandshakeSucceeded),
            Await(A, HandshakeSucceeded),
            Send(B, &["after"]),
            Receive(A),
        ],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "who connects to a peer with too large a message does not come back",
        "zmq_setsockopt(3), ZMQ_MAXMSGSIZE",
        &[(Pull, &[MaxMsgSize(100), ReconnectIvl(10)]), (Push, &[])],
        &[
            Meet(B, A),
            SendLarge(B, 101),
            Await(A, Disconnected),
            Happens(A, ConnectRetried),
        ],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "sockets that do not go together part",
        "RFC 37",
        &[(Pull, &[]), (Sub, &[])],
        &[Bind(A), Connect(B, A), Await(B, Disconnected)],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "a REQ and a PUB part",
        "RFC 37",
        &[(Pub, &[]), (Req, &[])],
        &[Bind(A), Connect(B, A), Await(B, Disconnected)],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "who says nothing is dropped in time",
        "ZMQ_HANDSHAKE_IVL, test_stream",
        &[(Dealer, &[HandshakeIvl(100)])],
        &[
            Bind(A),
            Knock(A),
            Await(A, HandshakeFailedNoDetail),
            Await(A, Disconnected),
            Hear(10),
            Hear(1),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "an idle connection lasts with heartbeats",
        "test_heartbeats",
        &[
            (Dealer, &[HeartbeatIvl(20), HeartbeatTimeout(5000)]),
            (Router, &[HeartbeatIvl(20), HeartbeatTimeout(5000)]),
        ],
        &[
            Meet(A, B),
            Happens(A, Disconnected),
            Send(A, &["1"]),
            Receive(B),
        ],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "who connects gives a silent peer up, and finds it again",
        "test_heartbeats",
        &[
            (Pull, &[]),
            (
                Push,
                &[HeartbeatIvl(50), HeartbeatTimeout(200), ReconnectIvl(10)],
            ),
        ],
        &[
            MeetByWire(A, B),
            Stall,
            Await(B, Disconnected),
            Cut,
            Await(B, HandshakeSucceeded),
            Send(B, &["1"]),
            Receive(A),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "who is bound gives a silent peer up",
        "test_heartbeats",
        &[
            (Pull, &[HeartbeatIvl(50), HeartbeatTimeout(200)]),
            (Push, &[]),
        ],
        &[MeetByWire(A, B), Stall, Await(A, Disconnected)],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "who was told how long to wait gives a silent peer up",
        "test_heartbeats",
        &[
            (Pull, &[]),
            (
                Push,
                &[
                    HeartbeatIvl(50),
                    HeartbeatTimeout(60_000),
                    HeartbeatTtl(300),
                ],
            ),
        ],
        &[
            MeetByWire(A, B),
            Send(B, &["1"]),
            Receive(A),
            Happens(A, Disconnected),
            Stall,
            Await(A, Disconnected),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "a peer is reached by way of a SOCKS5 proxy",
        "test_socks",
        &[(Push, &[]), (Pull, &[])],
        &[
            Bind(B),
            ConnectBySocks(A, B, ["", ""]),
            Send(A, &["1"]),
            SendLarge(A, 300_000),
            Receive(B),
            Receive(B),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "a SOCKS5 proxy is given a user and a password",
        "test_socks",
        &[(Req, &[]), (Rep, &[])],
        &[
            Bind(B),
            ConnectBySocks(A, B, ["user", "secret"]),
            Send(A, &["question"]),
            Receive(B),
            Send(B, &["answer"]),
            Receive(A),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "small buffers of the system lose nothing",
        "zmq_setsockopt(3), ZMQ_SNDBUF",
        &[
            (Push, &[SndBuf(4096), RcvBuf(4096)]),
            (Pull, &[SndBuf(4096), RcvBuf(4096)]),
        ],
        &[
            Meet(A, B),
            SendLarge(A, 300_000),
            Send(A, &["1"]),
            Receive(B),
            Receive(B),
        ],
    )
    .over(Carrier::TCP)
    .either_way(),
    Scenario::new(
        "a priority is set on both sides, and nobody is worse off",
        "ZMQ_PRIORITY, test_setsockopt",
        &[(Push, &[Priority(5)]), (Pull, &[Priority(5)])],
        &[Meet(A, B), Send(A, &["1"]), Receive(B)],
    )
    .over(Carrier::TCP)
    .either_way(),
    Scenario::new(
        "busy polling is set, and nobody is worse off",
        "ZMQ_BUSY_POLL, test_busy_poll",
        &[(Pub, &[BusyPoll(1)]), (Sub, &[BusyPoll(1), Subscribe("")])],
        &[
            Meet(A, B),
            crate::step::Step::AwaitTopics(A, 1),
            Send(A, &["1"]),
            Receive(B),
        ],
    )
    .over(Carrier::TCP)
    .either_way(),
];
