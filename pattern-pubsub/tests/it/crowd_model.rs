//! PUB, XPUB, RADIO and XSUB against a model of a crowd: who gets which message, who
//! misses it, and what the socket tells of that.

use std::marker::PhantomData;

use ferromq_compliance::pattern::model::{Act, Broadcasts, Crowd};
use ferromq_compliance::pattern::{Profile, WhenRefused};
use ferromq_core::Pattern;
use ferromq_pattern_pubsub::{Pub, Radio, XPub, XSub};
use proptest::collection::vec;
use proptest::prelude::*;

/// Sockets whose peers have asked for nothing yet.
struct Quiet<P>(PhantomData<P>);

/// How a socket differs from the others.
trait Sends: Pattern {
    const HAS_SUBSCRIBERS: bool = true;
    const INVERTS: bool = true;
    const HEARS: bool = false;

    fn wants(asked: &str, topic: &str) -> bool {
        topic.starts_with(asked)
    }
}

impl Sends for Pub {}

impl Sends for XPub {
    const HEARS: bool = true;
}

impl Sends for Radio {
    const INVERTS: bool = false;

    fn wants(asked: &str, topic: &str) -> bool {
        topic == asked
    }
}

impl Sends for XSub {
    const HAS_SUBSCRIBERS: bool = false;
    const INVERTS: bool = false;
}

impl<P: Sends> Profile for Quiet<P> {
    type Pattern = P;
    const WHEN_FULL: WhenRefused = WhenRefused::Drops;
    const WHEN_ALONE: WhenRefused = WhenRefused::Drops;
    const HAS_SUBSCRIBERS: bool = P::HAS_SUBSCRIBERS;
    const WRITABLE_IS_EXACT: bool = false;
}

impl<P: Sends> Broadcasts for Quiet<P> {
    const INVERTS: bool = P::INVERTS;
    const HEARS: bool = P::HEARS;

    fn wants(asked: &str, topic: &str) -> bool {
        P::wants(asked, topic)
    }
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    vec(any::<(u8, u8, u8)>().prop_map(Act::from), 0..150)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn pub_does_as_the_model(acts in acts()) {
        Crowd::<Quiet<Pub>>::check(acts);
    }

    #[test]
    fn xpub_does_as_the_model(acts in acts()) {
        Crowd::<Quiet<XPub>>::check(acts);
    }

    #[test]
    fn radio_does_as_the_model(acts in acts()) {
        Crowd::<Quiet<Radio>>::check(acts);
    }

    #[test]
    fn xsub_does_as_the_model(acts in acts()) {
        Crowd::<Quiet<XSub>>::check(acts);
    }
}
