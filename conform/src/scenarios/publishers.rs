//! What publishers can be told to do.

use ferromq::SocketType::{Pub, Sub, XPub, XSub};

use crate::opt::Opt::{
    InvertMatching, Subscribe, Unsubscribe, XpubManual, XpubManualLastValue, XpubWelcomeMsg,
};
use crate::scenario::Role::{A, B, C};
use crate::scenario::Scenario;
use crate::step::Step::{AwaitTopics, Close, Meet, Nothing, Receive, Send, Set};

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario::new(
        "an XPUB welcomes who wants to hear it",
        "test_xpub_welcome_msg",
        &[(XPub, &[XpubWelcomeMsg("W")]), (Sub, &[Subscribe("W")])],
        &[
            Meet(A, B),
            Receive(B),
            Receive(A),
            Send(A, &["Watch"]),
            Receive(B),
        ],
    ),
    Scenario::new(
        "a welcome is an XSUB's first message",
        "test_xpub_welcome_msg",
        &[(XPub, &[XpubWelcomeMsg("W")]), (XSub, &[])],
        &[Meet(A, B), Receive(B), Nothing(A)],
    ),
    Scenario::new(
        "where matching is inverted all is heard but the topics",
        "test_pub_invert_matching",
        &[
            (Pub, &[InvertMatching(1)]),
            (Sub, &[InvertMatching(1), Subscribe("no")]),
            (Sub, &[InvertMatching(1), Subscribe("yes")]),
        ],
        &[
            Meet(A, B),
            Meet(A, C),
            AwaitTopics(A, 2),
            Send(A, &["not this"]),
            Send(A, &["yes"]),
            Send(A, &["maybe"]),
            Receive(B),
            Receive(B),
            Receive(C),
            Receive(C),
        ],
    ),
    Scenario::new(
        "a manual XPUB subscribes for who has asked last",
        "test_xpub_manual",
        &[(XPub, &[XpubManual(1)]), (XSub, &[])],
        &[
            Meet(A, B),
            Send(B, &["\x01a"]),
            Receive(A),
            Send(A, &["a"]),
            Set(A, Subscribe("b")),
            Send(A, &["a"]),
            Send(A, &["b"]),
            Receive(B),
            Send(B, &["\0a"]),
            Receive(A),
            Send(A, &["b again"]),
            Receive(B),
            Set(A, Unsubscribe("b")),
            Send(A, &["b"]),
            Nothing(B),
        ],
    ),
    Scenario::new(
        "a manual XPUB is told of the end of all that was asked for",
        "test_xpub_manual",
        &[
            (XPub, &[XpubManual(1)]),
            (Sub, &[Subscribe("a")]),
            (Sub, &[Subscribe("a")]),
        ],
        &[
            Meet(A, B),
            Receive(A),
            Set(A, Subscribe("b")),
            Meet(A, C),
            Receive(A),
            Close(B),
            Receive(A),
            Close(C),
            Receive(A),
            Nothing(A),
        ],
    ),
    Scenario::new(
        "the last value is for whoever has just asked",
        "test_xpub_manual_last_value",
        &[
            (XPub, &[XpubManualLastValue(1)]),
            (Sub, &[Subscribe("a")]),
            (Sub, &[Subscribe("a")]),
        ],
        &[
            Meet(A, B),
            Receive(A),
            Set(A, Subscribe("a")),
            Send(A, &["a: the last"]),
            Receive(B),
            Meet(A, C),
            Receive(A),
            Set(A, Subscribe("a")),
            Send(A, &["a: the last again"]),
            Send(A, &["a: news"]),
            Receive(B),
            Receive(C),
            Receive(C),
        ],
    ),
    Scenario::new(
        "an XPUB that is not manual does not subscribe for its peers",
        "test_xpub_manual",
        &[(XPub, &[]), (Sub, &[Subscribe("a")])],
        &[Meet(A, B), Receive(A), Set(A, Subscribe("b"))],
    ),
];
