//! A connected TCP stream as the engine uses it.

use std::io::{self, IoSlice};
use std::sync::Arc;
use std::task::{Context, Poll};

use ferromq_core::{Connection, Stream, Writer};
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedWriteHalf;

/// The writing side; callers write through it while the driver reads.
struct TcpWriter(OwnedWriteHalf);

/// Makes a connection of a stream, without Nagle's delay.
pub(crate) fn connection(stream: TcpStream) -> io::Result<Connection> {
    stream.set_nodelay(true)?;
    let peer_address = stream.peer_addr()?.ip().to_string().into();
    let (reader, writer) = stream.into_split();
    Ok(Connection::Stream(Stream {
        reader: Box::new(reader),
        writer: Arc::new(TcpWriter(writer)),
        peer_address,
    }))
}

impl Writer for TcpWriter {
    #[inline]
    fn try_write_vectored(&self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        match pieces {
            [piece] => self.0.try_write(piece),
            pieces => self.0.try_write_vectored(pieces),
        }
    }

    fn poll_write_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.as_ref().poll_write_ready(cx)
    }

    fn poll_shutdown(&self, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let socket = socket2::SockRef::from(self.0.as_ref());
        Poll::Ready(socket.shutdown(std::net::Shutdown::Write))
    }
}
