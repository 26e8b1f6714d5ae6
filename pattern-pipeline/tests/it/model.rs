//! PUSH, PULL, SCATTER and GATHER against a model, whatever happens to them.

use ferromq_compliance::pattern::model::{Queues, Step};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::compliance::{GatherProfile, PullProfile, PushProfile, ScatterProfile};

fn steps() -> impl Strategy<Value = Vec<Step>> {
    vec(any::<(u8, u8)>().prop_map(Step::from), 0..150)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn push_does_as_the_model(steps in steps()) {
        Queues::<PushProfile>::check(steps);
    }

    #[test]
    fn pull_does_as_the_model(steps in steps()) {
        Queues::<PullProfile>::check(steps);
    }

    #[test]
    fn scatter_does_as_the_model(steps in steps()) {
        Queues::<ScatterProfile>::check(steps);
    }

    #[test]
    fn gather_does_as_the_model(steps in steps()) {
        Queues::<GatherProfile>::check(steps);
    }
}
