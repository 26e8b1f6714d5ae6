//! Zero-copy: a large body is shared by all who send, queue and receive it.
//!
//! A clone of a message shares its bodies. Bodies from 4 KiB on stay where they are:
//! over a wire they are written from there, and inside a process the receiver gets
//! the very same bytes.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use ferromq::prelude::*;

type Error = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let source = PushSocket::new();
    source.bind("inproc://pictures").await?;
    let sinks = [PullSocket::new(), PullSocket::new()];
    for sink in &sinks {
        sink.connect("inproc://pictures")?;
    }

    let picture = Message::from(vec![7; 8 << 20]);
    for _ in &sinks {
        source.send(picture.clone()).await?;
    }
    for sink in &sinks {
        let received = sink.recv().await?;
        assert_eq!(received.body().as_ptr(), picture.body().as_ptr());
        println!("{} bytes received, none of them copied", received.size());
    }
    source.close().await;
    Ok(())
}
