//! SUB and DISH against a model of who receives what it wants, whatever it wants
//! meanwhile: what is passed over is counted and makes room, and peers know of all wishes.

use std::marker::PhantomData;

use bytes::Bytes;
use ferromq_compliance::pattern::Profile;
use ferromq_compliance::pattern::model::{Act, Choosy, Filters};
use ferromq_core::{Pattern, PatternOption};
use ferromq_pattern_pubsub::{Dish, Sub};
use proptest::collection::vec;
use proptest::prelude::*;

/// Sockets that have asked for nothing yet.
struct Quiet<P>(PhantomData<P>);

impl<P: Pattern> Profile for Quiet<P> {
    type Pattern = P;
}

impl Filters for Quiet<Sub> {
    fn option(topic: Bytes, wanted: bool) -> PatternOption {
        match wanted {
            true => PatternOption::Subscribe(topic),
            false => PatternOption::Unsubscribe(topic),
        }
    }

    fn wants(asked: &str, topic: &str) -> bool {
        topic.starts_with(asked)
    }
}

impl Filters for Quiet<Dish> {
    const COUNTS: bool = false;

    fn option(group: Bytes, wanted: bool) -> PatternOption {
        match wanted {
            true => PatternOption::Join(group),
            false => PatternOption::Leave(group),
        }
    }

    fn wants(joined: &str, group: &str) -> bool {
        group == joined
    }
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    vec(any::<(u8, u8, u8)>().prop_map(Act::from), 0..150)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn sub_does_as_the_model(acts in acts()) {
        Choosy::<Quiet<Sub>>::check(acts);
    }

    #[test]
    fn dish_does_as_the_model(acts in acts()) {
        Choosy::<Quiet<Dish>>::check(acts);
    }
}
