//! Accepting: whoever connects is let in once, whatever becomes of the futures.

use std::collections::HashSet;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use ferromq_core::{Connection, Listener};
use tokio::io::AsyncReadExt;

use super::stream::write_all;
use super::{Fixture, accept_from, within};

/// So many peers come at once: fewer than the listeners' default backlog.
const PEERS: u8 = 60;

/// Runs these checks.
pub async fn run(fixture: &Fixture) {
    within("cancelled accept", a_cancelled_accept_loses_nobody(fixture)).await;
    within(
        "cancelled connect",
        a_cancelled_connect_leaves_nothing(fixture),
    )
    .await;
    within("many", many_may_come_at_once(fixture)).await;
    within("two acceptors", two_may_accept_at_one_listener(fixture)).await;
}

/// An accept that is dropped, before or after a peer has come, takes no peer with it.
pub async fn a_cancelled_accept_loses_nobody(fixture: &Fixture) {
    let listener = fixture.bind().await;
    let mut near = Vec::new();
    let mut accepted = 0;
    for _ in 0..PEERS {
        accepted += usize::from(accepts_at_once(&*listener).await);
        near.push(fixture.connect(&*listener).await);
        accepted += usize::from(accepts_at_once(&*listener).await);
    }
    for _ in accepted..near.len() {
        drop(accept_from(&*listener).await);
    }
    assert!(
        !accepts_at_once(&*listener).await,
        "more were let in than had come"
    );
}

/// A connect that is dropped in the midst does not keep others from connecting.
pub async fn a_cancelled_connect_leaves_nothing(fixture: &Fixture) {
    let listener = fixture.bind().await;
    for _ in 0..PEERS {
        let mut connect = pin!(fixture.try_connect(listener.local_endpoint()));
        drop(poll_fn(|cx| Poll::Ready(connect.as_mut().poll(cx))).await);
    }
    drop(fixture.connect(&*listener).await);
    // Who has come and gone again may be an error of that one connection.
    while listener.accept().await.is_err() {}
}

/// Peers that come at the same time are all let in, each once.
pub async fn many_may_come_at_once(fixture: &Fixture) {
    let listener = fixture.bind().await;
    let mut connecting = Vec::new();
    for number in 0..PEERS {
        let transport = Arc::clone(&fixture.transport);
        let endpoint = listener.local_endpoint().clone();
        let options = fixture.options.clone();
        connecting.push(tokio::spawn(async move {
            let connected = transport.connect(&endpoint, &options).await;
            let connection = connected.unwrap_or_else(|error| panic!("{error}"));
            if let Connection::Stream(stream) = &connection {
                write_all(&*stream.writer, &[number]).await;
            }
            connection
        }));
    }
    let mut numbers = HashSet::new();
    let mut accepted = Vec::new();
    for number in 0..PEERS {
        let mut connection = accept_from(&*listener).await;
        let number = match &mut connection {
            Connection::Stream(stream) => stream.reader.read_u8().await.expect("its number"),
            _ => number,
        };
        assert!(numbers.insert(number), "peer {number} came twice");
        accepted.push(connection);
    }
    for connection in connecting {
        drop(connection.await.expect("a connection"));
    }
}

/// A listener may be waited for by several tasks, and each peer goes to one of them.
pub async fn two_may_accept_at_one_listener(fixture: &Fixture) {
    if fixture.transport.is_immediate() {
        return;
    }
    let listener: Arc<dyn Listener> = Arc::from(fixture.bind().await);
    let acceptors: Vec<_> = (0..2)
        .map(|_| {
            let listener = Arc::clone(&listener);
            tokio::spawn(async move { accept_from(&*listener).await })
        })
        .collect();
    // Lets both wait before somebody comes.
    tokio::task::yield_now().await;
    let _near = (
        fixture.connect(&*listener).await,
        fixture.connect(&*listener).await,
    );
    for acceptor in acceptors {
        drop(acceptor.await.expect("a connection"));
    }
}

/// Polls an accept once, and drops it.
async fn accepts_at_once(listener: &dyn Listener) -> bool {
    let mut accept = pin!(listener.accept());
    let polled = poll_fn(|cx| Poll::Ready(accept.as_mut().poll(cx))).await;
    match polled {
        Poll::Ready(Ok(_)) => true,
        Poll::Ready(Err(error)) => panic!("cannot accept: {error}"),
        Poll::Pending => false,
    }
}
