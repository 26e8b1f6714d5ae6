//! Connections that are lost, and found again or not.

use ferromq::SocketType::{Dealer, Pull, Push, Router, Stream, Sub, XPub};

use crate::event::Happening::{
    Closed, ConnectRetried, Connected, Disconnected, HandshakeFailedNoDetail, HandshakeSucceeded,
};
use crate::opt::Opt::{Immediate, ReconnectIvl, ReconnectStop, RoutingId, Subscribe};
use crate::scenario::Role::{A, B, C};
use crate::scenario::{Carrier, Scenario};
use crate::step::Step::{
    Answer, Await, AwaitWritable, Bind, BindWhere, Close, Connect, ConnectEarly, Cut, Disconnect,
    Drain, Happens, Meet, MeetByWire, Nothing, Open, Receive, Restart, Send, TrySend, TrySendTimes,
    TrySendUntilRefused,
};

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario::new(
        "what is sent while a bound peer is away arrives when it is back",
        "test_bind_after_connect_tcp",
        &[(Push, &[ReconnectIvl(10)]), (Pull, &[])],
        &[
            Meet(B, A),
            Send(A, &["1"]),
            Receive(B),
            Close(B),
            Await(A, Disconnected),
            Send(A, &["2"]),
            Send(A, &["3", "frames"]),
            Open(B),
            BindWhere(B, B),
            Receive(B),
            Receive(B),
        ],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "subscriptions are made again at a publisher that is back",
        "test_reconnect_options",
        &[
            (Sub, &[Subscribe("a"), Subscribe("b"), ReconnectIvl(10)]),
            (XPub, &[]),
        ],
        &[
            Meet(B, A),
            Receive(B),
            Receive(B),
            Restart(B),
            Receive(B),
            Receive(B),
            Send(B, &["b"]),
            Receive(A),
        ],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "a wire that is cut ends what it carried, and no subscription",
        "RFC 37",
        &[(XPub, &[]), (Sub, &[Subscribe("a"), ReconnectIvl(10)])],
        &[
            MeetByWire(A, B),
            Receive(A),
            Cut,
            Receive(A),
            Receive(A),
            Send(A, &["a"]),
            Receive(B),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "a peer that comes back has its name again",
        "test_issue_566",
        &[(Router, &[]), (Dealer, &[RoutingId("b"), ReconnectIvl(10)])],
        &[
            MeetByWire(A, B),
            Send(B, &["1"]),
            Receive(A),
            Cut,
            Await(A, Disconnected),
            Await(A, HandshakeSucceeded),
            Send(B, &["2"]),
            Receive(A),
            Send(A, &["b", "3"]),
            Receive(B),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "without an interval nobody connects again",
        "test_reconnect_ivl",
        &[(Push, &[ReconnectIvl(-1)]), (Pull, &[])],
        &[
            Meet(B, A),
            Send(A, &["1"]),
            Receive(B),
            Restart(B),
            Await(A, Disconnected),
            Happens(A, Connected),
            Connect(A, B),
            Await(A, HandshakeSucceeded),
            Send(A, &["2"]),
            Receive(B),
        ],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "nothing is queued for who is not there, if that is to be so at once",
        "test_immediate",
        &[(Push, &[Immediate(1), ReconnectIvl(10)]), (Pull, &[])],
        &[
            ConnectEarly(A, B),
            TrySend(A, &["1"]),
            BindWhere(B, B),
            AwaitWritable(A),
            Send(A, &["2"]),
            Receive(B),
            Close(B),
            Await(A, Disconnected),
            TrySendUntilRefused(A, &["3"]),
            Open(B),
            BindWhere(B, B),
            AwaitWritable(A),
            Send(A, &["4"]),
            Receive(B),
        ],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "who is not there has no turn, if that is to be so at once",
        "test_immediate",
        &[(Push, &[Immediate(1)]), (Pull, &[]), (Pull, &[])],
        &[
            Meet(B, A),
            ConnectEarly(A, C),
            TrySendTimes(A, 10, "x"),
            Drain(B),
        ],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "a refusal ends the attempts, if it is to",
        "test_reconnect_options",
        &[(Push, &[ReconnectStop(1), ReconnectIvl(10)]), (Pull, &[])],
        &[
            ConnectEarly(A, B),
            Await(A, Closed),
            Happens(A, ConnectRetried),
            BindWhere(B, B),
            Connect(A, B),
            Await(A, HandshakeSucceeded),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "a handshake that fails ends the attempts, if it is to",
        "test_reconnect_options",
        &[
            (Dealer, &[ReconnectStop(2), ReconnectIvl(10)]),
            (Stream, &[]),
        ],
        &[
            Bind(B),
            Connect(A, B),
            Receive(B),
            Receive(B),
            Answer(B, &[""]),
            Await(A, HandshakeFailedNoDetail),
            Await(A, Disconnected),
            Happens(A, ConnectRetried),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "a handshake that fails is tried again",
        "test_reconnect_options",
        &[(Dealer, &[ReconnectIvl(10)]), (Stream, &[])],
        &[
            Bind(B),
            Connect(A, B),
            Receive(B),
            Receive(B),
            Answer(B, &[""]),
            Await(A, HandshakeFailedNoDetail),
            Await(A, Disconnected),
            Happens(A, Connected),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "a disconnect ends the attempts, if it is to",
        "test_reconnect_options",
        &[(Push, &[ReconnectStop(4), ReconnectIvl(10)]), (Pull, &[])],
        &[
            Meet(B, A),
            Close(B),
            Await(A, ConnectRetried),
            Disconnect(A, B),
            Open(B),
            BindWhere(B, B),
            Happens(B, crate::event::Happening::Accepted),
        ],
    )
    .over(Carrier::WIRES),
    Scenario::new(
        "a bound socket's queue dies with its connection",
        "RFC 28",
        &[(Dealer, &[]), (Dealer, &[])],
        &[
            Meet(A, B),
            Close(B),
            Await(A, Disconnected),
            TrySendUntilRefused(A, &["to nobody"]),
            Open(B),
            Connect(B, A),
            AwaitWritable(A),
            Nothing(B),
            Send(A, &["to somebody"]),
            Receive(B),
        ],
    )
    .over(Carrier::WIRES),
];
