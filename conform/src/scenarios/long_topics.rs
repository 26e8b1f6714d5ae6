//! Topics at the lengths where a subscription or a message changes its form: a frame of
//! up to 255 bytes is short (RFC 37), and a subscription is one byte more as a message,
//! ten more as a command.

use ferromq::SocketType::{Pub, Sub, XPub, XSub};

use crate::opt::Opt::{Subscribe, Unsubscribe};
use crate::scenario::Role::{A, B};
use crate::scenario::Scenario;
use crate::step::Step::{AwaitTopics, Meet, ReceiveShape, Send, Set, Topics};

/// 240 letters and some more.
macro_rules! topic {
    ($rest:literal) => {
        concat!(
            "tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt",
            "tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt",
            "tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt",
            "tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt",
            $rest
        )
    };
}

/// A topic comes, is heard by both, and goes.
macro_rules! comes_and_goes {
    ($name:literal, $rest:literal) => {
        Scenario::new(
            $name,
            "RFC 29, RFC 37",
            &[(XPub, &[]), (Sub, &[])],
            &[
                Meet(A, B),
                Set(B, Subscribe(topic!($rest))),
                ReceiveShape(A),
                Send(A, &[topic!($rest), "body"]),
                ReceiveShape(B),
                Set(B, Unsubscribe(topic!($rest))),
                ReceiveShape(A),
                Topics(A),
            ],
        )
        .either_way()
    };
}

pub(super) const SCENARIOS: &[Scenario] = &[
    comes_and_goes!("a topic of 244 bytes", "4444"),
    comes_and_goes!("a topic of 245 bytes", "55555"),
    comes_and_goes!("a topic of 246 bytes", "666666"),
    comes_and_goes!("a topic of 247 bytes", "7777777"),
    comes_and_goes!("a topic of 254 bytes", "44444444444444"),
    comes_and_goes!("a topic of 255 bytes", "555555555555555"),
    comes_and_goes!("a topic of 256 bytes", "6666666666666666"),
    Scenario::new(
        "topics that differ in the last of 256 bytes are two",
        "RFC 29",
        &[
            (Pub, &[]),
            (
                Sub,
                &[
                    Subscribe(topic!("666666666666666a")),
                    Subscribe(topic!("666666666666666b")),
                ],
            ),
        ],
        &[
            Meet(A, B),
            AwaitTopics(A, 2),
            Send(A, &[topic!("666666666666666c")]),
            Send(A, &[topic!("666666666666666b"), "1"]),
            ReceiveShape(B),
            Set(B, Unsubscribe(topic!("666666666666666a"))),
            AwaitTopics(A, 1),
            Send(A, &[topic!("666666666666666a")]),
            Send(A, &[topic!("666666666666666bc")]),
            ReceiveShape(B),
        ],
    ),
    Scenario::new(
        "a long subscription that an XSUB sends itself",
        "RFC 29",
        &[(XPub, &[]), (XSub, &[])],
        &[
            Meet(A, B),
            Send(B, &[concat!("\x01", topic!("55555"))]),
            ReceiveShape(A),
            Send(B, &[concat!("\x01", topic!("555555555555555"))]),
            ReceiveShape(A),
            Send(A, &[topic!("555555555555555"), "body"]),
            ReceiveShape(B),
            Send(B, &[concat!("\x00", topic!("555555555555555"))]),
            ReceiveShape(A),
        ],
    )
    .either_way(),
];
