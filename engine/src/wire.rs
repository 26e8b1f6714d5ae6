//! A connection's wire and what is being written to it.

use std::io::{self, IoSlice};
use std::sync::Arc;

use bytes::{Buf, Bytes};
use ferromq_core::{Prologue, Writer};
use zmtp_codec::{Batch, Records, Tx};

/// How many pieces one write takes at the most.
const PIECES: usize = 64;

/// The prologue is pulled in portions of about so many bytes.
const PORTION: usize = 64 << 10;

/// The writing side of one connection: the encoder, the stream, and the bytes
/// between them.
///
/// Order on the wire: the prologue, then messages, with commands between two
/// messages wherever there are some.
pub(crate) struct Wire {
    pub(crate) tx: Tx,
    pub(crate) writer: Arc<dyn Writer>,
    /// Commands being written. There are none while a message is half written.
    control: Bytes,
    /// Messages being written, and how many of their bytes are.
    batch: Option<Batch>,
    written: usize,
    prologue: Option<Pull>,
}

/// A prologue and the last frame that was pulled from it.
struct Pull {
    source: Arc<dyn Prologue>,
    last: Option<Bytes>,
}

/// What one write did.
pub(crate) enum Written {
    /// So many bytes left, with which so many messages of `ended` bytes ended; the arena
    /// of a batch that is done can be used again.
    Some {
        bytes: usize,
        messages: usize,
        ended: usize,
        spent: Option<Records>,
    },
    /// The stream takes nothing now.
    Blocked,
    /// The stream is broken.
    Broken(io::Error),
}

impl Wire {
    /// A wire on which `prologue` goes first and `unfinished` next.
    pub(crate) fn new(
        mut tx: Tx,
        writer: Arc<dyn Writer>,
        prologue: Option<Arc<dyn Prologue>>,
        unfinished: Option<Records>,
    ) -> Self {
        let batch = unfinished.map(|records| tx.encode(records));
        let prologue = prologue.map(|source| Pull { source, last: None });
        Self {
            tx,
            writer,
            control: Bytes::new(),
            batch,
            written: 0,
            prologue,
        }
    }

    /// Whether nothing is being written or waits to be, but for the pipe.
    #[inline]
    pub(crate) fn is_idle(&self) -> bool {
        self.batch.is_none()
            && self.control.is_empty()
            && self.prologue.is_none()
            && !self.tx.has_control()
    }

    /// Takes messages to write, when idle.
    #[inline]
    pub(crate) fn load(&mut self, records: Records) {
        self.batch = Some(self.tx.encode(records));
    }

    /// How many messages were taken and are not written to their end.
    pub(crate) fn messages(&self) -> usize {
        self.batch.as_ref().map_or(0, Batch::messages)
    }

    /// The messages that were not written to their end.
    pub(crate) fn into_unfinished(self) -> Option<Records> {
        self.batch.map(Batch::into_records)
    }

    /// Writes once, as much as the stream takes.
    pub(crate) fn write(&mut self) -> Written {
        if self.written == 0 && self.control.is_empty() {
            self.load_control();
        }
        match self.try_write() {
            Ok(bytes) => self.account(bytes),
            Err(error) => match error.kind() {
                io::ErrorKind::WouldBlock => Written::Blocked,
                io::ErrorKind::Interrupted => Written::Some {
                    bytes: 0,
                    messages: 0,
                    ended: 0,
                    spent: None,
                },
                _ => Written::Broken(error),
            },
        }
    }

    fn try_write(&self) -> io::Result<usize> {
        let batch = self.batch.as_ref().filter(|_| self.prologue.is_none());
        // Small messages and nothing else: by far the most writes.
        let only = batch.and_then(|batch| batch.only_piece(self.written));
        match only.filter(|_| self.control.is_empty()) {
            Some(piece) => self.writer.try_write_vectored(&[IoSlice::new(piece)]),
            None => self.try_write_pieces(batch),
        }
    }

    fn try_write_pieces(&self, batch: Option<&Batch>) -> io::Result<usize> {
        let messages = batch
            .into_iter()
            .flat_map(|batch| batch.pieces(self.written));
        let mut pieces = Some(&self.control[..])
            .into_iter()
            .chain(messages)
            .filter(|p| !p.is_empty());
        let Some(first) = pieces.next() else {
            return Ok(0);
        };
        let first = IoSlice::new(first);
        let Some(second) = pieces.next() else {
            return self.writer.try_write_vectored(&[first]);
        };
        let mut slices = [first; PIECES];
        slices[1] = IoSlice::new(second);
        let mut count = 2;
        for (slice, piece) in slices[2..].iter_mut().zip(pieces) {
            *slice = IoSlice::new(piece);
            count += 1;
        }
        self.writer.try_write_vectored(&slices[..count])
    }

    fn account(&mut self, bytes: usize) -> Written {
        let commands = bytes.min(self.control.len());
        self.control.advance(commands);
        self.written += bytes - commands;
        let Some(batch) = &mut self.batch else {
            return Written::Some {
                bytes,
                messages: 0,
                ended: 0,
                spent: None,
            };
        };
        let (messages, ended) = batch.discard_written(self.written);
        self.written -= ended;
        let spent = match batch.messages() {
            0 => self.batch.take().map(Batch::into_records),
            _ => None,
        };
        Written::Some {
            bytes,
            messages,
            ended,
            spent,
        }
    }

    /// Takes commands to write, between two messages.
    fn load_control(&mut self) {
        if let Some(pull) = &mut self.prologue {
            let mut pulled = 0;
            while pulled < PORTION {
                let Some(frame) = pull.source.next(pull.last.as_ref()) else {
                    self.prologue = None;
                    break;
                };
                pulled += frame.len();
                self.tx.subscribe(&frame);
                pull.last = Some(frame);
            }
        }
        if self.tx.has_control() {
            self.control = self.tx.take_control();
        }
    }
}
