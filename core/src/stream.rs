//! Byte streams, as transports give them to the engine.

use std::io::{self, IoSlice};
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::AsyncRead;

/// A connection that carries bytes.
pub struct Stream {
    /// What the peer sends.
    pub reader: Box<dyn Reader>,
    /// The way to the peer.
    pub writer: Arc<dyn Writer>,
    /// The peer's address, for people and for the "Peer-Address" property.
    pub peer_address: Box<str>,
}

/// The reading side of a byte stream.
///
/// It is read through `poll_read`, which clears readiness on a short read, so that
/// no read finds nothing. [`try_read`](Self::try_read) is a second door, for whoever
/// would rather ask again and again than sleep. Bytes come in one order, through
/// whichever door.
pub trait Reader: AsyncRead + Send + Unpin + 'static {
    /// Takes what has come, up to the length of `bytes`, which is not zero; zero is the
    /// end of the stream. It asks the stream itself, and not whether the runtime has
    /// been told that something has come.
    ///
    /// Nobody is woken by it, or for it, and it takes no wake-up away: who waits in
    /// `poll_read` is woken for what comes next and for what is left, at worst also
    /// for what was taken here. By default it never finds anything.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::WouldBlock`] if there is nothing now; any other error ends
    /// the connection.
    fn try_read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let _ = bytes;
        Err(io::ErrorKind::WouldBlock.into())
    }
}

/// The writing side of a byte stream, shared by a driver and by callers.
///
/// Only the driver polls; callers only try. A caller that polled would take the
/// driver's place as the one to be woken, and stall the connection.
pub trait Writer: Send + Sync + 'static {
    /// Writes what the stream takes now, from the front of `pieces`.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::WouldBlock`] if it takes nothing now; any other error
    /// ends the connection.
    fn try_write_vectored(&self, pieces: &[IoSlice<'_>]) -> io::Result<usize>;

    /// Waits until the stream takes something.
    ///
    /// # Errors
    ///
    /// Why the connection has ended.
    fn poll_write_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>>;

    /// Tells the peer that nothing more comes.
    ///
    /// # Errors
    ///
    /// Why the connection has ended.
    fn poll_shutdown(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>>;
}
