//! DEALER, ROUTER and STREAM against a model of queues, whatever happens to them.

use ferromq_compliance::pattern::model::{Queues, Step};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::compliance::{DealerProfile, MandatoryProfile, RouterProfile, StreamProfile};

fn steps() -> impl Strategy<Value = Vec<Step>> {
    vec(any::<(u8, u8)>().prop_map(Step::from), 0..150)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn dealer_does_as_the_model(steps in steps()) {
        Queues::<DealerProfile>::check(steps);
    }

    #[test]
    fn router_does_as_the_model(steps in steps()) {
        Queues::<RouterProfile>::check(steps);
    }

    #[test]
    fn mandatory_router_does_as_the_model(steps in steps()) {
        Queues::<MandatoryProfile>::check(steps);
    }

    #[test]
    fn stream_does_as_the_model(steps in steps()) {
        Queues::<StreamProfile>::check(steps);
    }
}
