//! The way in of a connection: from its wire to a peer's pipe.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use ferromq_core::{PipeWriter, PushError, Wakes};
use tokio::io::{AsyncRead, AsyncReadExt};
use zmtp_codec::{Received, Rx};

use crate::end::End;
use crate::scratch::{self, READ};

/// What a peer declares is reserved up to this; beyond, buffers grow with what arrives.
const RESERVED: usize = 1 << 20;

/// What is left of a read moves to a buffer of its own if it is no larger, and
/// the thread's buffer is free for the next connection.
const LEFTOVER: usize = 4 << 10;

/// The driver lets other tasks run after so many reads, or after reading so much:
/// who receives it then finds it in the cache, and lets memory go that comes next.
const READS: usize = 16;
const BUDGET: usize = 256 << 10;

/// The reading side of one connection: the stream, the parser, and the bytes
/// between them.
pub(crate) struct Ingress {
    reader: Box<dyn AsyncRead + Send + Unpin>,
    rx: Rx,
    /// Received and not parsed.
    buffer: BytesMut,
}

/// What the peer did, as far as the rest of the connection has to know.
#[derive(Debug)]
pub(crate) enum Heard {
    /// It sent something, and the task will be woken when it sends more.
    Traffic,
    /// It wants this sent back, and the connection closed when it is silent for
    /// so long.
    Ping { ttl: Duration, context: Bytes },
    /// Its messages have no room: reading rests until there is some.
    Full,
}

impl Ingress {
    /// Reads on where the handshake stopped, with the bytes it had too many.
    pub(crate) fn new(reader: Box<dyn AsyncRead + Send + Unpin>, rx: Rx, buffer: BytesMut) -> Self {
        Self { reader, rx, buffer }
    }

    /// Moves what arrives into the pipe, until nothing more does; with `discard`,
    /// nowhere.
    ///
    /// # Errors
    ///
    /// How the connection ended.
    pub(crate) fn poll_next(
        &mut self,
        cx: &mut Context<'_>,
        sink: &mut PipeWriter,
        discard: bool,
        wakes: &mut Wakes,
    ) -> Poll<Result<Heard, End>> {
        let mut heard = false;
        let (mut reads, mut bytes) = (0, 0);
        loop {
            let room = match sink.room(wakes) {
                _ if discard => usize::MAX,
                Ok(room) => room,
                Err(PushError::Full) => return Poll::Ready(Ok(Heard::Full)),
                // Nobody wants what this peer sends.
                Err(PushError::Closed) => usize::MAX,
            };
            match self.rx.poll_event(&mut self.buffer, room)? {
                Some(Received::Messages(records)) => {
                    heard = true;
                    if !discard {
                        // Only a reader that is gone refuses, and then nobody misses them.
                        let _ = sink.push_records(records, wakes);
                    }
                    continue;
                }
                Some(Received::Ping { ttl, context }) => {
                    return Poll::Ready(Ok(Heard::Ping { ttl, context }));
                }
                Some(Received::Alive) => {
                    heard = true;
                    continue;
                }
                None => {}
            }
            if reads == READS || bytes >= BUDGET {
                cx.waker().wake_by_ref();
                break;
            }
            self.make_space();
            let read = pin!(self.reader.read_buf(&mut self.buffer)).poll(cx);
            match read {
                Poll::Ready(Ok(0)) => return Poll::Ready(Err(End::ClosedByPeer)),
                Poll::Ready(Ok(read)) => {
                    reads += 1;
                    bytes += read;
                }
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error.into())),
                Poll::Pending => break,
            }
        }
        self.free_scratch();
        match heard {
            true => Poll::Ready(Ok(Heard::Traffic)),
            false => Poll::Pending,
        }
    }

    /// Makes room for a read: for the rest of the frame under way, or for as
    /// much as usually comes.
    fn make_space(&mut self) {
        let needed = self.rx.needed(&self.buffer);
        let space = self.buffer.capacity() - self.buffer.len();
        if needed > READ / 2 {
            // A large frame: room for it and no more, so that it ends with its buffer.
            let room = needed.min(RESERVED.max(self.buffer.len()));
            if space < room {
                self.exchange(BytesMut::with_capacity(self.buffer.len() + room));
            }
        } else if space < READ / 8 {
            self.exchange(scratch::take());
        }
    }

    /// Reads on into another buffer.
    fn exchange(&mut self, mut buffer: BytesMut) {
        buffer.extend_from_slice(&self.buffer);
        scratch::give(std::mem::replace(&mut self.buffer, buffer));
    }

    /// Gives the thread's buffer back, but for what is left in it.
    fn free_scratch(&mut self) {
        if self.buffer.len() <= LEFTOVER && self.buffer.capacity() > LEFTOVER {
            self.exchange(BytesMut::new());
        }
    }
}
