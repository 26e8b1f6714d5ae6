//! Hello world without a runtime: the same sockets, whose calls block the thread.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::thread;

use ferromq::blocking::{RepSocket, ReqSocket};

type Error = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Error> {
    let server = RepSocket::new();
    let endpoint = server.bind("tcp://127.0.0.1:*")?;
    let serving = thread::spawn({
        let server = server.clone();
        move || serve(&server)
    });

    let client = ReqSocket::new();
    client.connect(endpoint.as_str())?;
    for name in ["Alice", "Bob", "Carol"] {
        let reply = client.request(name)?;
        println!("{}", reply.as_str()?);
    }

    client.close();
    server.close();
    let ended = serving.join().map_err(|_| "the server panicked")?;
    println!(
        "the server says: {}",
        ended.expect_err("it ends with an error")
    );
    Ok(())
}

/// Answers requests until the socket closes, which is an error to whoever receives.
fn serve(server: &RepSocket) -> Result<(), Error> {
    loop {
        let request = server.recv()?;
        let reply = format!("hello {}", request.as_str()?);
        server.send(reply)?;
    }
}
