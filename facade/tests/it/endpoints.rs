//! Endpoints that are wrong, and what the error says.

use ferromq::{DealerSocket, LinkError, PullSocket, PushSocket};

async fn complaint(endpoint: &str) -> (String, String) {
    let socket = DealerSocket::new();
    let bind = socket
        .bind(endpoint)
        .await
        .err()
        .map(|error| error.to_string());
    let connect = socket
        .connect(endpoint)
        .err()
        .map(|error| error.to_string());
    (bind.unwrap_or_default(), connect.unwrap_or_default())
}

#[tokio::test]
async fn errors_quote_the_endpoint_and_say_what_to_do() {
    for (endpoint, hint) in [
        ("127.0.0.1:5555", "tcp://"),
        ("tcq://127.0.0.1:5555", "tcp, ipc, inproc"),
        ("tcp://127.0.0.1", "port"),
        ("tcp://127.0.0.1:65536", "port"),
        ("tcp://127.0.0.1:port", "port"),
        ("tcp://", "address"),
        ("inproc://", "address"),
        ("ipc://", "address"),
    ] {
        let (bind, connect) = complaint(endpoint).await;
        for said in [bind, connect] {
            assert!(
                said.contains(endpoint) && said.contains(hint),
                "{endpoint}: {said}"
            );
        }
    }
}

#[tokio::test]
async fn only_a_bind_resolves_names_and_needs_a_free_address() {
    let socket = PullSocket::new();
    let endpoint = socket.bind("tcp://127.0.0.1:*").await.expect("a free port");
    let other = PullSocket::new();
    let error = other
        .bind(endpoint.as_str())
        .await
        .expect_err("a bound port");
    assert!(error.to_string().contains("is in use"), "{error}");
    let error = other
        .bind("tcp://192.0.2.1:5555")
        .await
        .expect_err("not our address");
    assert!(error.to_string().contains("no interface"), "{error}");
    let error = other
        .bind("tcp://no-such-host.invalid:5555")
        .await
        .expect_err("no such name");
    assert!(
        error.to_string().contains("no-such-host.invalid"),
        "{error}"
    );
    PushSocket::new()
        .connect("tcp://no-such-host.invalid:5555")
        .expect("tried again for ever");
}

#[cfg(unix)]
#[tokio::test]
async fn paths_that_cannot_be_are_named() {
    let socket = PullSocket::new();
    let long = format!("ipc:///tmp/{}", "x".repeat(200));
    let error = socket
        .bind(&long)
        .await
        .expect_err("a path that is too long");
    assert!(error.to_string().contains("too long"), "{error}");
    let error = socket
        .bind("ipc:///no/such/folder/socket")
        .await
        .expect_err("no such folder");
    assert!(error.to_string().contains("does not exist"), "{error}");
    assert!(matches!(
        socket.unbind("ipc:///tmp/never"),
        Err(LinkError::NotFound(_))
    ));
}
