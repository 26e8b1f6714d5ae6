//! Tests of the `udp://` transport.

mod addressed;
mod compliance;
mod groups;
mod hostile;

use std::future::poll_fn;

use ferromq_core::{
    Connection, Datagrams, Endpoint, LinkOptions, Listener, Loss, Message, SocketType, Transport,
    TransportError,
};
use ferromq_transport_udp::{Udp, UdpOptions};

type Link = Box<dyn Datagrams>;

fn with(socket_type: SocketType, options: UdpOptions) -> LinkOptions {
    let mut link = LinkOptions {
        socket_type: Some(socket_type),
        ..LinkOptions::default()
    };
    link.transport.set(options);
    link
}

fn endpoint(text: &str) -> Endpoint {
    text.parse().expect("an endpoint")
}

fn link(connection: Result<Connection, TransportError>) -> Link {
    match connection {
        Ok(Connection::Datagrams(link)) => link,
        Ok(_) => unreachable!("UDP carries datagrams"),
        Err(error) => panic!("{error}"),
    }
}

/// What is bound, and its link.
async fn bind(kind: SocketType, at: &str, options: UdpOptions) -> (Box<dyn Listener>, Link) {
    let bound = Udp.bind(&endpoint(at), &with(kind, options)).await;
    let bound = bound.unwrap_or_else(|error| panic!("{error}"));
    let link = link(bound.accept().await);
    (bound, link)
}

async fn connect(to: &Endpoint, options: UdpOptions) -> Link {
    link(Udp.connect(to, &with(SocketType::Radio, options)).await)
}

async fn send(link: &mut Link, frames: [&str; 2]) -> Result<(), Loss> {
    let message = Message::from_frames(frames.map(str::to_owned));
    poll_fn(|cx| link.poll_send(cx, &message)).await
}

async fn receive(link: &mut Link) -> Result<Message, Loss> {
    let mut message = Message::new();
    poll_fn(|cx| link.poll_recv(cx, &mut message)).await?;
    Ok(message)
}

/// Sends until it is received: there are no other messages.
async fn exchange(from: &mut Link, to: &mut Link, body: &str) {
    assert_eq!(send(from, ["group", body]).await, Ok(()));
    let received = receive(to).await.expect("a message");
    assert_eq!(
        (received.head(), received.body()),
        (&b"group"[..], body.as_bytes())
    );
}
