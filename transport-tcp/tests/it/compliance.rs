//! The rules that hold for every transport.

use std::net::SocketAddr;

use ferromq_compliance::transport::{Fixture, run};
use ferromq_transport_tcp::{Tcp, TcpOptions};
use socket2::{Domain, Socket, Type};

use crate::{endpoint, with};

const MALFORMED: &[&str] = &[
    "tcp://localhost",
    "tcp://localhost:",
    "tcp://localhost:port",
    "tcp://localhost:65536",
    "tcp://localhost:0",
    "tcp://127.0.0.1:*",
    "tcp://*:5555",
    "tcp://in val id:1234",
    "tcp://[::1:5555",
    "tcp://a;b;c:1",
];

/// A port that nobody else gets, because it is bound, and that nobody listens at.
fn vacant() -> (Socket, String) {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    socket.bind(&any.into()).expect("a port");
    let address = socket.local_addr().expect("its address").as_socket();
    (socket, format!("tcp://{}", address.expect("an IP address")))
}

async fn complies(wildcard: &'static str, options: TcpOptions) {
    let (_guard, vacant) = vacant();
    let fixture = Fixture::new(Tcp, || endpoint(wildcard))
        .options(with(options))
        .vacant(endpoint(&vacant))
        .malformed(MALFORMED.iter().map(|text| endpoint(text)))
        .looks();
    run(&fixture).await;
}

#[tokio::test]
async fn on_one_thread() {
    complies("tcp://127.0.0.1:*", TcpOptions::new()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_several_threads() {
    complies("tcp://127.0.0.1:*", TcpOptions::new()).await;
}

#[tokio::test]
async fn over_ipv6() {
    complies("tcp://[::1]:*", TcpOptions::new().ipv6(true)).await;
}

#[tokio::test]
async fn with_small_buffers() {
    let options = TcpOptions::new().send_buffer(4096).receive_buffer(4096);
    complies("tcp://127.0.0.1:*", options).await;
}
