//! A shared queue: a proxy between a ROUTER and a DEALER lets any number of clients
//! and services come and go, and no client knows a service.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use ferromq::prelude::*;
use ferromq::{Proxy, ProxyEnd};

type Error = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let (frontend, backend) = (RouterSocket::new(), DealerSocket::new());
    let for_clients = frontend.bind("tcp://127.0.0.1:*").await?;
    let for_services = backend.bind("tcp://127.0.0.1:*").await?;
    let queue = tokio::spawn(Proxy::new(frontend.clone(), backend.clone()).run());

    for name in ["first", "second"] {
        let service = RepSocket::new();
        service.connect(for_services.as_str())?;
        tokio::spawn(serve(name, service));
    }
    for client in 0..4 {
        let socket = ReqSocket::new();
        socket.connect(for_clients.as_str())?;
        let reply = socket.request(format!("client {client}")).await?;
        println!("{}", reply.as_str()?);
        socket.close().await;
    }

    frontend.close().await;
    backend.close().await;
    assert_eq!(queue.await?, ProxyEnd::Closed);
    Ok(())
}

/// Answers requests.
async fn serve(name: &str, service: RepSocket) -> Result<(), Error> {
    loop {
        let request = service.recv().await?;
        let reply = format!("{} is served by the {name} service", request.as_str()?);
        service.send(reply).await?;
    }
}
