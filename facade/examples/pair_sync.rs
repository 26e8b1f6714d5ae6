//! Threads that wait for each other: each of three steps tells the next one that
//! it is ready, over a pair of sockets (PAIR, inproc).

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::thread;

use ferromq::blocking::PairSocket;

type Error = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Error> {
    let from_second = PairSocket::new();
    from_second.bind("inproc://third")?;
    let second = thread::spawn(move || {
        let from_first = PairSocket::new();
        from_first.bind("inproc://second")?;
        let first = thread::spawn(|| ready("first", "inproc://second"));
        from_first.recv()?;
        first.join().map_err(|_| "the first step panicked")??;
        ready("second", "inproc://third")
    });

    from_second.recv()?;
    println!("third step ready: everything is");
    second.join().map_err(|_| "the second step panicked")??;
    Ok(())
}

/// Tells the next step.
fn ready(step: &str, next: &str) -> Result<(), Error> {
    println!("{step} step ready");
    let to_next = PairSocket::new();
    to_next.connect(next)?;
    to_next.send("ready")?;
    to_next.close();
    Ok(())
}
