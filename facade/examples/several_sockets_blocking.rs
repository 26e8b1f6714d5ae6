//! Reading from several sockets on one thread, without a runtime: a poller waits
//! until one of them can be received from.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::thread;

use ferromq::blocking::{PullSocket, PushSocket};
use ferromq::{Interest, Poller};

type Error = Box<dyn std::error::Error + Send + Sync>;

const LEFT: usize = 0;
const RIGHT: usize = 1;

fn main() -> Result<(), Error> {
    let sockets = [PullSocket::new(), PullSocket::new()];
    let endpoints = [
        sockets[LEFT].bind("tcp://127.0.0.1:*")?,
        sockets[RIGHT].bind("inproc://right")?,
    ];
    let senders = endpoints.map(|endpoint| {
        thread::spawn(move || -> Result<(), Error> {
            let sender = PushSocket::new();
            sender.connect(endpoint.as_str())?;
            for number in 0..10 {
                sender.send(format!("{number}"))?;
            }
            sender.close();
            Ok(())
        })
    });

    let mut poller = Poller::new()?;
    poller.add(sockets[LEFT].clone(), LEFT, Interest::Readable);
    poller.add(sockets[RIGHT].clone(), RIGHT, Interest::Readable);
    let mut received = [0; 2];
    while received != [10; 2] {
        for ready in poller.wait(None)? {
            // What is not taken now is reported again.
            sockets[ready.key].try_recv()?;
            received[ready.key] += 1;
        }
    }
    println!("ten messages from the left, ten from the right");

    for sender in senders {
        sender.join().map_err(|_| "a sender panicked")??;
    }
    Ok(())
}
