//! Peers that say what no socket says, well-formed or not.

use ferromq::SocketType::{Dealer, Pub, Pull, Rep, Router, XPub};

use crate::event::Happening::{Accepted, Disconnected};
use crate::opt::Opt::RouterNotify;
use crate::scenario::Role::A;
use crate::scenario::{Carrier, Scenario};
use crate::step::Step::{
    Answer, Await, AwaitTopics, Bind, Hail, HangUp, Happens, Hear, Knock, Nothing, Receive, Send,
    Utter,
};

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario::new(
        "a subscription is a command or a message",
        "RFC 37, test_mock_pub_sub",
        &[(XPub, &[])],
        &[
            Bind(A),
            Hail(A, "SUB"),
            Utter(b"\x04\x0b\x09SUBSCRIBEa"),
            Receive(A),
            Utter(b"\x00\x02\x01b"),
            Receive(A),
            Send(A, &["ax"]),
            Hear(4),
            Utter(b"\x04\x08\x06CANCELa"),
            Receive(A),
            Utter(b"\x00\x02\x00b"),
            Receive(A),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "an end without a beginning ends nothing",
        "RFC 37",
        &[(Pub, &[])],
        &[
            Bind(A),
            Hail(A, "SUB"),
            Utter(b"\x04\x08\x06CANCELa"),
            Utter(b"\x04\x0b\x09SUBSCRIBEb"),
            AwaitTopics(A, 1),
            Send(A, &["b"]),
            Hear(3),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "a PUB takes no JOIN, and goes on",
        "RFC 48",
        &[(Pub, &[])],
        &[
            Bind(A),
            Hail(A, "SUB"),
            Utter(b"\x04\x06\x04JOINg"),
            Utter(b"\x04\x0b\x09SUBSCRIBEb"),
            AwaitTopics(A, 1),
            Send(A, &["b"]),
            Hear(3),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "an unknown command is ignored",
        "RFC 37",
        &[(Pull, &[])],
        &[
            Bind(A),
            Hail(A, "PUSH"),
            Utter(b"\x04\x06\x05HELLO"),
            Utter(b"\x00\x01x"),
            Receive(A),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "a second READY is ignored",
        "RFC 37",
        &[(Pull, &[])],
        &[
            Bind(A),
            Hail(A, "PUSH"),
            Utter(b"\x04\x06\x05READY"),
            Utter(b"\x00\x01x"),
            Receive(A),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "a PING is answered with what it said",
        "RFC 37, test_heartbeats",
        &[(Dealer, &[])],
        &[
            Bind(A),
            Hail(A, "DEALER"),
            Utter(b"\x04\x0a\x04PING\x00\x00abc"),
            Hear(10),
            Utter(b"\x04\x07\x04PING\x00\x00\x04\x08\x04PING\x00\x00d"),
            Hear(7),
            Hear(8),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "a PONG that nobody has asked for is ignored",
        "RFC 37",
        &[(Dealer, &[])],
        &[
            Bind(A),
            Hail(A, "DEALER"),
            Utter(b"\x04\x05\x04PONG"),
            Utter(b"\x00\x01x"),
            Receive(A),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "a command whose name is longer than it",
        "RFC 37",
        &[(Dealer, &[])],
        &[
            Bind(A),
            Hail(A, "DEALER"),
            Utter(b"\x04\x03\x09AB"),
            Happens(A, Disconnected),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "half a message is no message",
        "RFC 37",
        &[(Pull, &[])],
        &[
            Bind(A),
            Hail(A, "PUSH"),
            Utter(b"\x00\x01x\x01\x01a\x01\x01b"),
            Receive(A),
            HangUp,
            Await(A, Disconnected),
            Nothing(A),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "half a message of a peer that is announced is none either",
        "test_router_notify",
        &[(Router, &[RouterNotify(3)])],
        &[
            Bind(A),
            Hail(A, "DEALER"),
            Receive(A),
            Utter(b"\x01\x01a"),
            HangUp,
            Receive(A),
            Nothing(A),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "who hangs up in its handshake is not announced",
        "test_router_notify",
        &[(Router, &[RouterNotify(3)])],
        &[
            Bind(A),
            Knock(A),
            HangUp,
            Await(A, Disconnected),
            Nothing(A),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "a REP wants a delimiter of whoever asks",
        "RFC 28",
        &[(Rep, &[])],
        &[
            Bind(A),
            Hail(A, "REQ"),
            Utter(b"\x00\x01x"),
            Utter(b"\x01\x00\x00\x01y"),
            Receive(A),
            Send(A, &["z"]),
            Hear(5),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "who hails as nobody it talks to is dropped",
        "RFC 37",
        &[(Pull, &[])],
        &[Bind(A), Hail(A, "SUB"), Await(A, Disconnected)],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "reserved bits of a frame mean nothing",
        "RFC 37",
        &[(Router, &[])],
        &[
            Bind(A),
            Hail(A, "DEALER"),
            Utter(b"\x00\x01x"),
            Receive(A),
            Utter(b"\xf8\x01y"),
            Happens(A, Disconnected),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "what has one peer dropped does not trouble another",
        "RFC 37",
        &[(Router, &[])],
        &[
            Bind(A),
            Hail(A, "SUB"),
            Await(A, Disconnected),
            Hail(A, "DEALER"),
            Await(A, Accepted),
            Utter(b"\x00\x01x"),
            Receive(A),
            Answer(A, &["y"]),
            Hear(3),
        ],
    )
    .over(Carrier::TCP),
];
