//! A multithreaded server: several threads answer requests from one socket.
//!
//! A socket may be used by any number of threads at once. So they share the ROUTER
//! that clients connect to, and no second socket has to pass the work on.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::thread;
use std::time::Duration;

use ferromq::Message;
use ferromq::blocking::{ReqSocket, RouterSocket};

type Error = Box<dyn std::error::Error + Send + Sync>;

const THREADS: usize = 4;
const CLIENTS: usize = 8;

fn main() -> Result<(), Error> {
    let server = RouterSocket::new();
    let endpoint = server.bind("tcp://127.0.0.1:*")?;
    let threads = [(); THREADS].map(|()| {
        let server = server.clone();
        thread::spawn(move || serve(&server))
    });

    let clients = [(); CLIENTS].map(|()| ReqSocket::new());
    for client in &clients {
        client.connect(endpoint.as_str())?;
        client.send("work")?;
    }
    for client in &clients {
        assert_eq!(client.recv()?.as_str()?, "done");
        client.close();
    }

    server.close();
    let mut served = Vec::new();
    for thread in threads {
        served.push(thread.join().map_err(|_| "a thread panicked")?);
    }
    println!("{CLIENTS} requests, {served:?} of them by each of {THREADS} threads");
    Ok(())
}

/// Answers requests until the socket closes, and says how many they were.
fn serve(server: &RouterSocket) -> usize {
    let mut served = 0;
    // The client's routing id, the empty frame that a REQ puts in front, the request.
    while let Ok(request) = server.recv() {
        thread::sleep(Duration::from_millis(10));
        let mut reply = request.into_frames();
        reply.truncate(2);
        reply.push("done".into());
        if server.send(Message::from_frames(reply)).is_err() {
            break;
        }
        served += 1;
    }
    served
}
