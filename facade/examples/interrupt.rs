//! Handling interrupts: on Ctrl-C a program stops taking work, and what it has sent
//! still leaves before it ends.
//!
//! Nobody sits in front of this one when it is tested, so a clock interrupts it too.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::time::Duration;

use ferromq::prelude::*;
use ferromq::{DefaultContext, Defaults};
use tokio::signal::ctrl_c;
use tokio::time::sleep;

type Error = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let (source, sink) = (PushSocket::new(), PullSocket::new());
    let endpoint = sink.bind("tcp://127.0.0.1:*").await?;
    source.connect(endpoint.as_str())?;

    let mut sent = 0;
    let interrupted = async {
        tokio::select! {
            pressed = ctrl_c() => pressed,
            () = sleep(Duration::from_millis(200)) => Ok(()),
        }
    };
    let work = async {
        loop {
            source.send(format!("{sent}")).await?;
            sent += 1;
        }
        #[expect(unreachable_code, reason = "the loop ends with the interrupt")]
        Ok::<(), SendError>(())
    };
    let drain = tokio::spawn({
        let sink = sink.clone();
        async move {
            let mut received = 0;
            while sink.recv().await.is_ok_and(|message| !message.is_empty()) {
                received += 1;
            }
            received
        }
    });
    // A send that is dropped while it waits has sent nothing.
    tokio::select! {
        interrupted = interrupted => interrupted?,
        failed = work => failed?,
    }
    source.send("").await?;
    source.close().await;
    let received = drain.await?;
    println!("interrupted: {sent} messages were sent, {received} have arrived");
    assert_eq!(received, sent);
    // All sockets, and whatever they still have to send.
    DefaultContext::context().term().await;
    Ok(())
}
