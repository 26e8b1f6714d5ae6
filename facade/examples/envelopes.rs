//! Envelopes: a message of several frames, of which the first is the topic.
//!
//! Subscriptions look at the first frame only, and at how it begins. With the topic
//! in a frame of its own, what follows it may be anything.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use ferromq::prelude::*;

type Error = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let (publisher, subscriber) = (PubSocket::new(), SubSocket::new());
    publisher.bind("inproc://news").await?;
    subscriber.connect("inproc://news")?;
    subscriber.subscribe("B")?;

    for [topic, text] in [
        ["A", "nobody has asked for this; B does not matter here"],
        ["B", "this has been asked for"],
        ["Ba", "this too: its topic begins with B"],
        ["b", "this not: bytes are compared, not letters"],
    ] {
        publisher.send(Message::from_frames([topic, text])).await?;
    }

    for _ in 0..2 {
        let message = subscriber.recv().await?;
        let topic = std::str::from_utf8(message.head())?;
        println!("[{topic}] {}", message.as_str()?);
    }
    assert_eq!(subscriber.try_recv(), Err(RecvError::WouldBlock));

    subscriber.close().await;
    publisher.close().await;
    Ok(())
}
