//! Endpoints: what it means to be bound to one, and what is said of bad ones.

use ferromq_core::{Connection, Endpoint, TransportError};

use super::{Fixture, accept_from, within};

/// Runs these checks.
pub async fn run(fixture: &Fixture) {
    within("connectable", a_bound_endpoint_is_connectable(fixture)).await;
    within("distinct", two_binds_are_at_two_endpoints(fixture)).await;
    within("in use", an_endpoint_has_one_listener(fixture)).await;
    within("freed", a_dropped_listener_frees_its_endpoint(fixture)).await;
    within("nobody", a_connect_to_nobody_says_so(fixture)).await;
    within("malformed", errors_quote_what_is_malformed(fixture)).await;
}

/// What bind returns can be connected to.
pub async fn a_bound_endpoint_is_connectable(fixture: &Fixture) {
    let listener = fixture.bind().await;
    let endpoint = listener.local_endpoint();
    assert_eq!(endpoint.scheme(), fixture.transport.scheme());
    let checked = fixture.transport.check(endpoint, &fixture.options);
    checked.unwrap_or_else(|error| panic!("bound to what cannot be connected to: {error}"));
    let both = fixture.pair(&*listener).await;
    let immediate = fixture.transport.is_immediate();
    let as_promised = match both {
        (Connection::Stream(_), Connection::Stream(_)) => !immediate,
        (Connection::Pipe(_), Connection::Pipe(_)) => true,
        _ => false,
    };
    assert!(as_promised, "the ends are not of the transport's kind");
}

/// Listeners that may choose their endpoints do not get the same one.
pub async fn two_binds_are_at_two_endpoints(fixture: &Fixture) {
    let (first, second) = (fixture.bind().await, fixture.bind().await);
    assert_ne!(first.local_endpoint(), second.local_endpoint());
}

/// A second bind to an endpoint is refused, or takes it over where the transport
/// does that.
pub async fn an_endpoint_has_one_listener(fixture: &Fixture) {
    let first = fixture.bind().await;
    let endpoint = first.local_endpoint();
    let second = fixture.try_bind(endpoint).await;
    let serving = match &second {
        Ok(second) if fixture.takes_over => &**second,
        Ok(_) => panic!("{endpoint} has two listeners"),
        Err(TransportError::AddressInUse(at)) if !fixture.takes_over => {
            assert_eq!(at, endpoint);
            &*first
        }
        Err(error) => panic!("{error}"),
    };
    drop(fixture.pair(serving).await);
}

/// Once a listener is dropped nobody gets in, its endpoint can be bound to again,
/// and those who are in stay.
pub async fn a_dropped_listener_frees_its_endpoint(fixture: &Fixture) {
    let listener = fixture.bind().await;
    let (near, far) = fixture.pair(&*listener).await;
    let endpoint = listener.local_endpoint().clone();
    drop(listener);
    if !fixture.transport.is_immediate() {
        expect_nobody(fixture, &endpoint).await;
    }
    let again = fixture.try_bind(&endpoint).await;
    let again = again.unwrap_or_else(|error| panic!("the endpoint is not free: {error}"));
    assert_eq!(*again.local_endpoint(), endpoint);
    drop(fixture.pair(&*again).await);
    match (near, far) {
        (Connection::Stream(mut near), Connection::Stream(mut far)) => {
            super::stream::exchange(&mut near, &mut far).await;
        }
        (Connection::Pipe(near), Connection::Pipe(far)) => {
            assert!(!near.writer.is_closed() && !far.writer.is_closed());
        }
        _ => panic!("one end carries bytes and the other messages"),
    }
}

/// Where nobody listens a connect fails, and says that; over a transport that is
/// immediate it waits for a listener, and is accepted when there is one.
pub async fn a_connect_to_nobody_says_so(fixture: &Fixture) {
    let Some(vacant) = &fixture.vacant else {
        return;
    };
    if !fixture.transport.is_immediate() {
        expect_nobody(fixture, vacant).await;
        return;
    }
    let early = fixture.try_connect(vacant).await;
    let _early = early.unwrap_or_else(|error| panic!("nobody was waited for: {error}"));
    let listener = fixture.try_bind(vacant).await;
    let listener = listener.unwrap_or_else(|error| panic!("cannot bind: {error}"));
    drop(accept_from(&*listener).await);
}

/// What is wrong by its syntax is refused by check and by connect, with an error
/// that quotes the endpoint and a part of it.
pub async fn errors_quote_what_is_malformed(fixture: &Fixture) {
    for endpoint in &fixture.malformed {
        let Err(checked) = fixture.transport.check(endpoint, &fixture.options) else {
            panic!("{endpoint:?} passes for an endpoint");
        };
        let Err(connected) = fixture.try_connect(endpoint).await else {
            panic!("{endpoint:?} was connected to");
        };
        assert_eq!(checked.to_string(), connected.to_string());
        let quoted = endpoint.as_str().escape_debug().to_string();
        assert!(
            checked.to_string().contains(&quoted),
            "{checked} does not quote {quoted}"
        );
        if let TransportError::Endpoint(error) = checked {
            assert_eq!(error.endpoint(), endpoint.as_str());
            let part = endpoint.as_str().get(error.range());
            assert!(part.is_some(), "{error} is about a part that is not there");
        }
    }
}

async fn expect_nobody(fixture: &Fixture, endpoint: &Endpoint) {
    match fixture.try_connect(endpoint).await {
        Err(TransportError::Refused(at) | TransportError::NotFound(at)) => {
            assert_eq!(at, *endpoint);
        }
        Err(error) => panic!("an unexpected reason: {error}"),
        Ok(_) => panic!("somebody listens at {endpoint}"),
    }
}
