//! STREAM: bytes, and no messages.

use ferromq::SocketType::{Dealer, Stream};

use crate::event::Happening::Disconnected;
use crate::opt::Opt::StreamNotify;
use crate::scenario::Role::{A, B};
use crate::scenario::{Carrier, Scenario};
use crate::step::Step::{
    Answer, Await, Bind, Close, Connect, KnowNewest, Meet, Nothing, Receive, TrySend,
};

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario::new(
        "two STREAMs exchange bytes",
        "test_stream",
        &[(Stream, &[]), (Stream, &[])],
        &[
            Meet(A, B),
            Receive(A),
            Receive(B),
            Answer(B, &["hello"]),
            Receive(A),
            Answer(A, &["hello yourself"]),
            Receive(B),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "a STREAM closes a connection with an empty frame",
        "test_stream_disconnect",
        &[(Stream, &[]), (Stream, &[])],
        &[
            Meet(A, B),
            Receive(A),
            Receive(B),
            Answer(B, &["last words"]),
            Receive(A),
            Answer(A, &[""]),
            Receive(B),
            Answer(A, &["to nobody"]),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "a STREAM is told of a connection that ends",
        "test_stream_disconnect",
        &[(Stream, &[]), (Stream, &[])],
        &[Meet(A, B), Receive(A), Close(B), Receive(A)],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "a STREAM that is not to tell tells nothing",
        "ZMQ_STREAM_NOTIFY",
        &[(Stream, &[StreamNotify(0)]), (Stream, &[StreamNotify(0)])],
        &[
            Meet(A, B),
            KnowNewest(B),
            Answer(B, &["hello"]),
            Receive(A),
            Answer(A, &["hello yourself"]),
            Receive(B),
            Close(B),
            Nothing(A),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "a STREAM sends nothing to whom it does not know",
        "test_stream",
        &[(Stream, &[])],
        &[TrySend(A, &["nobody", "hello"])],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "a STREAM's message has a frame behind the name",
        "test_stream",
        &[(Stream, &[]), (Stream, &[])],
        &[Meet(A, B), Receive(B), Answer(B, &[])],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "a STREAM sees the first ten bytes of a greeting, and no more unasked",
        "test_stream",
        &[(Stream, &[]), (Dealer, &[])],
        &[
            Bind(A),
            Connect(B, A),
            Receive(A),
            Receive(A),
            Nothing(A),
            Answer(A, &[""]),
            Await(B, Disconnected),
        ],
    )
    .over(Carrier::TCP),
    Scenario::new(
        "a DEALER greets a STREAM in three steps",
        "test_stream",
        &[(Stream, &[]), (Dealer, &[])],
        &[
            Bind(A),
            Connect(B, A),
            Receive(A),
            Receive(A),
            Answer(A, &["\x7f"]),
            Nothing(A),
        ],
    )
    .over(Carrier::TCP),
];
