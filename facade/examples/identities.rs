//! Identities: what a ROUTER puts in front of messages from peers that have chosen
//! their routing id, and from one that has not.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use ferromq::prelude::*;

type Error = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let router = RouterSocket::new();
    let endpoint = router.bind("tcp://127.0.0.1:*").await?;

    let nameless_req = ReqSocket::new();
    nameless_req.connect(endpoint.as_str())?;
    nameless_req
        .send("a REQ, and the ROUTER makes an id up")
        .await?;
    show(&router.recv().await?);

    let named_req = ReqSocket::with_options(Options::new().routing_id("PEER2")?);
    named_req.connect(endpoint.as_str())?;
    named_req.send("a REQ that has chosen its id").await?;
    show(&router.recv().await?);

    let dealer = DealerSocket::with_options(Options::new().routing_id("PEER3")?);
    dealer.connect(endpoint.as_str())?;
    dealer.send("a DEALER puts no empty frame in front").await?;
    show(&router.recv().await?);

    // Back to one of them, by its id.
    router
        .send(Message::from_frames(["PEER3", "to you alone"]))
        .await?;
    println!("PEER3 has received: {}", dealer.recv().await?.as_str()?);

    for socket in [nameless_req, named_req] {
        socket.close().await;
    }
    dealer.close().await;
    router.close().await;
    Ok(())
}

/// Prints a message, one frame per line.
fn show(message: &Message) {
    println!("---");
    for frame in message.frames() {
        println!("[{:03}] {}", frame.len(), frame.escape_ascii());
    }
}
