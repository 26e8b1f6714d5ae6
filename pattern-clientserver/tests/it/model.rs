//! CLIENT, SERVER and PEER against a model of queues, whatever happens to them.

use ferromq_compliance::pattern::model::{Queues, Step};
use ferromq_pattern_clientserver::{Peer, Server};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::compliance::{Addressed, ClientProfile};

fn steps() -> impl Strategy<Value = Vec<Step>> {
    vec(any::<(u8, u8)>().prop_map(Step::from), 0..150)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn client_does_as_the_model(steps in steps()) {
        Queues::<ClientProfile>::check(steps);
    }

    #[test]
    fn server_does_as_the_model(steps in steps()) {
        Queues::<Addressed<Server>>::check(steps);
    }

    #[test]
    fn peer_does_as_the_model(steps in steps()) {
        Queues::<Addressed<Peer>>::check(steps);
    }
}
