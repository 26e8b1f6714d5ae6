//! Errors: a call reports the caller's own mistakes, and gives back what it did not
//! send; what peers do wrong is told by a monitor.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::time::Duration;

use ferromq::prelude::*;
use ferromq::{EventKind, LinkError, RequestError};

type Error = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    // An endpoint that is none, or of a transport that there is not.
    let server = RepSocket::new();
    for endpoint in ["tcp://127.0.0.1:http", "carrier-pigeon://home"] {
        let error = server.bind(endpoint).await.expect_err("no endpoint");
        println!("{error}");
    }
    let bound = server.bind("tcp://127.0.0.1:*").await?;
    let error = RepSocket::new().bind(bound.as_str()).await;
    assert!(matches!(error, Err(LinkError::Transport(_))));

    // A REP answers; it cannot begin. The message comes back.
    let refused = server.send("hello?").await.expect_err("no request");
    assert_eq!(refused.reason(), SendFailure::OutOfTurn);
    println!("{refused}");
    assert_eq!(refused.into_message().as_str()?, "hello?");

    // A service that does not answer in time. The next request can be sent at once.
    let timeout = Duration::from_millis(20);
    let client = ReqSocket::with_options(Options::new().receive_timeout(timeout));
    client.connect(bound.as_str())?;
    match client.request("anybody there?").await {
        Err(RequestError::NoReply(RecvError::Timeout)) => println!("nobody has answered"),
        other => return Err(format!("{other:?}").into()),
    }

    // A peer of the wrong kind: both sides refuse it, and nobody else is disturbed.
    let mut monitor = server.monitor();
    let stranger = PullSocket::new();
    stranger.connect(bound.as_str())?;
    loop {
        let event = monitor.recv().await.ok_or("the socket is closed")?;
        if let EventKind::HandshakeFailed(end) = event.kind {
            println!("a peer was refused: {end}");
            break;
        }
    }
    client.close().await;
    server.close().await;
    // Whoever still uses a socket that is closed is told so.
    assert_eq!(server.recv().await, Err(RecvError::Closed));
    Ok(())
}
