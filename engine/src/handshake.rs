//! The handshake: from a stream of bytes to a peer that is understood.

use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::sync::Arc;

use bytes::BytesMut;
use ferromq_core::{PeerInfo, SocketType, Stream, Writer};
use tokio::io::AsyncReadExt;
use zmtp_codec::{Config, Event, Heartbeat, ProtocolError, Session, Tx};

use crate::end::End;
use crate::hub::Hub;
use crate::ingress::Ingress;

/// A connection whose handshake has ended well.
pub(crate) struct Ready {
    pub(crate) info: Arc<PeerInfo>,
    pub(crate) tx: Tx,
    pub(crate) writer: Arc<dyn Writer>,
    pub(crate) ingress: Ingress,
    pub(crate) heartbeat: Heartbeat,
}

/// Speaks the handshake over `stream`, within the socket's deadline.
///
/// The future is several times as large as what a connection needs later: it is for a
/// box that goes with it.
///
/// # Errors
///
/// Why peer and socket do not understand each other.
pub(crate) async fn handshake(hub: &Hub, stream: Stream) -> Result<Box<Ready>, End> {
    let deadline = hub.options().handshake_timeout;
    let speak = speak(hub, stream);
    match deadline {
        None => speak.await,
        Some(deadline) => tokio::time::timeout(deadline, speak)
            .await
            .unwrap_or(Err(End::Protocol(ProtocolError::HandshakeTimeout))),
    }
}

async fn speak(hub: &Hub, stream: Stream) -> Result<Box<Ready>, End> {
    let Stream {
        mut reader,
        writer,
        peer_address,
    } = stream;
    let mut session = new_session(hub)?;
    let mut input = BytesMut::new();
    loop {
        while let Some(bytes) = session.poll_transmit() {
            write_all(&*writer, &bytes).await?;
        }
        if let Some(Event::Ready(peer)) = session.poll_event() {
            if let Some(hello) = hub.options().messages.hello() {
                session.send(&hello);
                while let Some(bytes) = session.poll_transmit() {
                    write_all(&*writer, &bytes).await?;
                }
            }
            let info = Arc::new(PeerInfo {
                socket_type: peer.socket_type(),
                identity: peer.identity().clone(),
                metadata: peer.metadata().clone(),
                address: Some(peer_address),
            });
            let Ok(parts) = session.split() else {
                // It has just said that it is ready.
                return Err(End::Protocol(ProtocolError::UnexpectedCommand));
            };
            let ingress = Ingress::new(reader, parts.rx, parts.input);
            let heartbeat = parts.heartbeat;
            return Ok(Box::new(Ready {
                info,
                tx: parts.tx,
                writer,
                ingress,
                heartbeat,
            }));
        }
        if reader.read_buf(&mut input).await? == 0 {
            return Err(End::ClosedByPeer);
        }
        if let Err(error) = session.handle_input(hub.now(), &mut input) {
            // The peer is told why, if that costs no waiting.
            while let Some(bytes) = session.poll_transmit() {
                let _ = writer.try_write_vectored(&[IoSlice::new(&bytes)]);
            }
            return Err(error.into());
        }
    }
}

fn new_session(hub: &Hub) -> Result<Session, End> {
    let options = hub.options();
    if hub.socket_type == SocketType::Stream {
        return Ok(Session::raw(options.limits));
    }
    let mut config = Config::new(hub.socket_type)
        .limits(options.limits)
        // The deadline is the engine's, over the connection as a whole.
        .handshake_timeout(None);
    if let Some(heartbeat) = options.heartbeat {
        config = config.heartbeat(heartbeat);
    }
    if !options.routing_id.is_empty() {
        let identity = options.routing_id.clone();
        config = config
            .identity(identity)
            .map_err(|_| ProtocolError::IdentityTooLong)?;
    }
    for (name, value) in &options.properties {
        // The option was checked when it was given.
        config = config
            .property(name, value.clone())
            .map_err(|_| ProtocolError::MalformedMetadata)?;
    }
    Ok(Session::new(config, hub.now()))
}

async fn write_all(writer: &dyn Writer, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match writer.try_write_vectored(&[IoSlice::new(bytes)]) {
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                poll_fn(|cx| writer.poll_write_ready(cx)).await?;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
