//! Out of descriptors: an error that says so, and no end of the listener.

use std::process::Command;

use ferromq_core::{LinkOptions, Transport};
use ferromq_transport_tcp::Tcp;

use crate::endpoint;

/// Runs the test below in a process that may have few descriptors.
#[test]
fn running_out_of_descriptors_is_exhaustion() {
    let itself = std::env::current_exe().expect("this program");
    let script = "ulimit -n 40 && exec \"$0\" --exact exhaustion::with_few_descriptors --ignored";
    let run = Command::new("sh").args(["-c", script]).arg(itself).output();
    let run = run.expect("a shell");
    let output = String::from_utf8_lossy(&run.stdout);
    assert!(
        run.status.success() && output.contains("1 passed"),
        "{output}"
    );
}

#[tokio::test]
#[ignore = "run by `descriptors_running_out_is_told`"]
async fn with_few_descriptors() {
    let options = LinkOptions::default();
    let bound = Tcp.bind(&endpoint("tcp://127.0.0.1:*"), &options).await;
    let listener = bound.unwrap_or_else(|error| panic!("{error}"));
    let mut connections = Vec::new();
    let exhausted = loop {
        match Tcp.connect(listener.local_endpoint(), &options).await {
            Ok(connection) => connections.push(connection),
            Err(error) => break error,
        }
        assert!(connections.len() < 40, "there is no limit");
    };
    assert!(exhausted.is_exhaustion(), "{exhausted:?}");
    // All came by this process's own descriptors, so that none is left to accept with.
    let Err(error) = listener.accept().await else {
        panic!("a descriptor was left");
    };
    assert!(error.is_exhaustion(), "{error:?}");
    connections.truncate(connections.len() / 2);
    for _ in 0..connections.len() {
        drop(
            listener
                .accept()
                .await
                .unwrap_or_else(|error| panic!("{error}")),
        );
    }
}
