//! The way in of a connection: from its wire to a peer's pipe.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{BufMut, Bytes, BytesMut};
use ferromq_core::{PipeWriter, PushError, Reader, Wakes};
use tokio::io::AsyncReadExt;
use zmtp_codec::{Received, Rx};

use crate::end::End;
use crate::scratch::{Buffer, READ};

/// What a peer declares is reserved up to this; beyond, buffers grow with what arrives.
const RESERVED: usize = 1 << 20;

/// What is left of a read moves to a buffer of its own if it is no larger, and
/// the thread's buffer is free for the next connection.
const LEFTOVER: usize = 4 << 10;

/// Frames from this size on are read so that a read ends where one does.
const LARGE: usize = READ / 16;

/// The longest header of a frame.
const HEADER: usize = 9;

/// The driver lets other tasks run after so many reads, or after reading so much:
/// who receives it then finds it in the cache, and lets memory go that comes next.
const READS: usize = 16;
const BUDGET: usize = 256 << 10;

/// Who looks for itself does so at the most so often in a row before others have their
/// turn: some five microseconds, for a look that finds nothing is a short system call.
const LOOKS: usize = 16;

/// What a look takes at the most: more is read as always.
const GLANCE: usize = 1 << 10;

/// The reading side of one connection: the stream, the parser, and the bytes
/// between them.
pub(crate) struct Ingress {
    reader: Box<dyn Reader>,
    rx: Rx,
    /// Received and not parsed.
    buffer: Buffer,
    /// What the last frame took that was large, and the next may take; or zero.
    stride: usize,
}

/// What the peer did, as far as the rest of the connection has to know.
#[derive(Debug)]
pub(crate) enum Heard {
    /// It sent something, and the task will be woken when it sends more; so many
    /// messages are among it.
    Traffic { messages: usize },
    /// It wants this sent back, and the connection closed when it is silent for
    /// so long.
    Ping { ttl: Duration, context: Bytes },
    /// Its messages have no room: reading rests until there is some.
    Full,
}

impl Ingress {
    /// Reads on where the handshake stopped, with the bytes it had too many.
    pub(crate) fn new(reader: Box<dyn Reader>, rx: Rx, buffer: BytesMut) -> Self {
        Self {
            reader,
            rx,
            buffer: buffer.into(),
            stride: 0,
        }
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
        let (mut heard, mut messages) = (false, 0);
        let (mut reads, mut bytes) = (0, 0);
        loop {
            // There may be nothing to ask for before something was read: then the pipe's
            // lock is not taken either.
            if !self.rx.is_exhausted(&self.buffer.bytes) {
                let room = match sink.room(wakes) {
                    _ if discard => usize::MAX,
                    Ok(room) => room,
                    Err(PushError::Full) => return Poll::Ready(Ok(Heard::Full)),
                    // Nobody wants what this peer sends.
                    Err(PushError::Closed) => usize::MAX,
                };
                match self.rx.poll_event(&mut self.buffer.bytes, room)? {
                    Some(Received::Messages(records)) => {
                        heard = true;
                        messages += records.messages();
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
            }
            if reads == READS || bytes >= BUDGET {
                cx.waker().wake_by_ref();
                break;
            }
            let limit = self.make_space();
            let mut space = (&mut self.buffer.bytes).limit(limit);
            let read = pin!(self.reader.read_buf(&mut space)).poll(cx);
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
            true => Poll::Ready(Ok(Heard::Traffic { messages })),
            false => Poll::Pending,
        }
    }

    /// Looks for itself whether something has come, a few times in a row, and takes the
    /// beginning; whether there was something. It waits to be parsed.
    ///
    /// # Errors
    ///
    /// How the connection ended.
    pub(crate) fn look(&mut self) -> Result<bool, End> {
        let mut bytes = [0; GLANCE];
        for _ in 0..LOOKS {
            match self.reader.try_read(&mut bytes) {
                Ok(0) => return Err(End::ClosedByPeer),
                Ok(read) => {
                    self.make_space_for(read);
                    self.buffer
                        .bytes
                        .extend_from_slice(bytes.get(..read).unwrap_or_default());
                    return Ok(true);
                }
                Err(error) => match error.kind() {
                    io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted => {}
                    _ => return Err(error.into()),
                },
            }
        }
        Ok(false)
    }

    /// Makes room for a read, and says how much it is to bring: as much as usually
    /// comes, but of large frames whole ones, for what is not whole is copied when
    /// the buffer ends.
    fn make_space(&mut self) -> usize {
        if self.stride == 0 && self.buffer.bytes.is_empty() {
            self.make_space_for(READ / 8);
            return self.space();
        }
        let bytes = &self.buffer.bytes;
        let (begun, needed) = (self.rx.begun(bytes), self.rx.needed(bytes));
        if needed > HEADER {
            let frame = begun + needed;
            self.stride = if frame < LARGE { 0 } else { frame };
        }
        if self.stride == 0 {
            self.make_space_for(READ / 8);
            return self.space();
        }
        let missing = match needed > HEADER {
            true => needed,
            // Little is read where a frame begins that gets a buffer of its own.
            false if self.stride > READ => LEFTOVER,
            false => self.stride.saturating_sub(begun).max(needed),
        };
        self.make_space_for(missing);
        match self.space().checked_sub(missing) {
            Some(more) => missing + more / self.stride * self.stride,
            None => self.space(),
        }
    }

    /// Has space for `room` more bytes: in a usual buffer, or beyond that in one that is
    /// made for them, unless that is far more than has come.
    fn make_space_for(&mut self, room: usize) {
        let length = self.buffer.bytes.len();
        if self.space() >= room {
            return;
        }
        let room = match length + room <= READ {
            true => room,
            false => room.min(RESERVED.max(length)).max(length / 2),
        };
        if self.space() < room {
            self.exchange(Buffer::take(length + room));
        }
    }

    fn space(&self) -> usize {
        self.buffer.bytes.capacity() - self.buffer.bytes.len()
    }

    /// Reads on into another buffer.
    fn exchange(&mut self, mut buffer: Buffer) {
        if !self.buffer.bytes.is_empty() {
            buffer.bytes.extend_from_slice(&self.buffer.bytes);
        }
        std::mem::replace(&mut self.buffer, buffer).give();
    }

    /// Gives the thread's buffer back, but for what is left in it.
    fn free_scratch(&mut self) {
        let bytes = &self.buffer.bytes;
        if bytes.len() <= LEFTOVER && bytes.capacity() > LEFTOVER {
            self.exchange(Buffer::default());
        }
    }
}
