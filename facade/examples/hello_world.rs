//! Hello world: a client asks, a server answers (REQ and REP).

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use ferromq::prelude::*;

type Error = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let server = RepSocket::new();
    let endpoint = server.bind("tcp://127.0.0.1:*").await?;
    tokio::spawn(serve(server.clone()));

    let client = ReqSocket::new();
    client.connect(endpoint.as_str())?;
    for name in ["Alice", "Bob", "Carol"] {
        let reply = client.request(name).await?;
        println!("{}", reply.as_str()?);
    }

    // Waits until everything has left, and ends the server's loop.
    client.close().await;
    server.close().await;
    Ok(())
}

/// Answers requests until the socket closes.
async fn serve(server: RepSocket) -> Result<(), Error> {
    loop {
        let request = server.recv().await?;
        let reply = format!("hello {}", request.as_str()?);
        server.send(reply).await?;
    }
}
