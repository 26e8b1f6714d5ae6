//! A bridge: a proxy of XSUB and XPUB takes publications from one network to
//! another, and subscriptions the other way.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use ferromq::Proxy;
use ferromq::prelude::*;

type Error = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    // The publisher is on the inside, and knows the bridge only.
    let inside = if cfg!(unix) {
        "ipc://*"
    } else {
        "inproc://inside"
    };
    let (from_inside, to_outside) = (XSubSocket::new(), XPubSocket::new());
    let inside = from_inside.bind(inside).await?;
    let outside = to_outside.bind("tcp://127.0.0.1:*").await?;
    tokio::spawn(Proxy::new(from_inside.clone(), to_outside.clone()).run());

    let subscriber = SubSocket::new();
    subscriber.connect(outside.as_str())?;
    subscriber.subscribe("weather")?;

    let publisher = XPubSocket::new();
    publisher.connect(inside.as_str())?;
    // The subscription has come all the way through the bridge.
    let subscription = publisher.recv().await?;
    assert_eq!(subscription.body(), b"\x01weather");
    for report in ["traffic: dense", "weather: fog", "weather: sun"] {
        publisher.send(report).await?;
    }

    for _ in 0..2 {
        println!("{}", subscriber.recv().await?.as_str()?);
    }
    publisher.close().await;
    subscriber.close().await;
    from_inside.close().await;
    to_outside.close().await;
    Ok(())
}
