//! A connected TCP stream as the engine uses it.

use std::io::{self, IoSlice, Read};
use std::net::{Shutdown, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use ferromq_core::{Connection, Reader, Stream, Writer};
use socket2::SockRef;
use tokio::io::{AsyncRead, Interest, ReadBuf};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

/// The system takes so many pieces at once (`IOV_MAX`).
const PIECES: usize = 1024;

/// A peer that is gone must not end the process by a signal, whatever the process
/// does with `SIGPIPE`: where the system has a flag for that, writes carry it
/// (`MSG_NOSIGNAL`); on Apple's it is the socket's, set when it is made.
const FLAGS: i32 = if cfg!(any(target_os = "linux", target_os = "android")) {
    0x4000
} else if cfg!(any(target_os = "freebsd", target_os = "dragonfly")) {
    0x2_0000
} else if cfg!(any(target_os = "netbsd", target_os = "openbsd")) {
    0x400
} else {
    0
};

/// Makes a connection of a stream.
pub(crate) fn connection(stream: TcpStream, peer: SocketAddr) -> Connection {
    let (reader, writer) = stream.into_split();
    Connection::Stream(Stream {
        reader: Box::new(TcpReader(reader)),
        writer: Arc::new(TcpWriter(writer)),
        peer_address: peer.ip().to_string().into(),
    })
}

/// The reading side.
struct TcpReader(OwnedReadHalf);

impl AsyncRead for TcpReader {
    #[inline]
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, bytes)
    }
}

impl Reader for TcpReader {
    /// What the runtime believes stays as it is. It says that there is nothing only
    /// where a read has found nothing, and what came after that has its event yet to
    /// be seen; so to take bytes without it is at worst one event for nothing.
    #[inline]
    fn try_read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        (&*SockRef::from(self.0.as_ref())).read(bytes)
    }
}

/// The writing side; callers write through it while the driver reads.
struct TcpWriter(OwnedWriteHalf);

impl Writer for TcpWriter {
    #[inline]
    fn try_write_vectored(&self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        let stream = self.0.as_ref();
        stream.try_io(Interest::WRITABLE, || {
            let socket = SockRef::from(stream);
            match pieces {
                [piece] => socket.send_with_flags(piece, FLAGS),
                pieces => {
                    let pieces = pieces.get(..PIECES).unwrap_or(pieces);
                    socket.send_vectored_with_flags(pieces, FLAGS)
                }
            }
        })
    }

    fn poll_write_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.as_ref().poll_write_ready(cx)
    }

    fn poll_shutdown(&self, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(SockRef::from(self.0.as_ref()).shutdown(Shutdown::Write))
    }
}
