//! High-water marks: how many messages wait for a peer before a PUSH waits too,
//! and a PUB drops.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use ferromq::prelude::*;

type Error = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let sends = Options::new().send_high_water(3);
    let receives = Options::new().receive_high_water(2);

    // Inside a process there is one queue from socket to socket, and the marks of
    // both ends add up. Over a wire there is a queue at each end, and what the
    // operating system holds between them.
    let push = PushSocket::with_options(sends.clone());
    let pull = PullSocket::with_options(receives.clone());
    pull.bind("inproc://work").await?;
    push.connect("inproc://work")?;
    let mut queued = 0;
    let refused = loop {
        match push.try_send(format!("{queued}")) {
            Ok(()) => queued += 1,
            Err(error) => break error,
        }
    };
    println!("PUSH: {queued} messages wait, then: {refused}");
    // `send` would wait now. A message that was refused comes back in the error.
    assert_eq!(refused.reason(), SendFailure::WouldBlock);
    assert_eq!(refused.into_message().as_str()?, "5");
    let mut received = 0;
    while !push.is_writable() {
        pull.recv().await?;
        received += 1;
    }
    // The receiver tells of room half a mark at a time.
    println!("PUSH: there is room again after {received} were received");

    let publisher = PubSocket::with_options(sends);
    let subscriber = SubSocket::with_options(receives);
    publisher.bind("inproc://news").await?;
    subscriber.connect("inproc://news")?;
    subscriber.subscribe("")?;
    for number in 0..100 {
        publisher.send(format!("{number}")).await?;
    }
    let mut received = 0;
    while subscriber.try_recv().is_ok() {
        received += 1;
    }
    println!("PUB: of 100 messages a subscriber that was busy gets {received}");

    push.close().await;
    publisher.close().await;
    Ok(())
}
