//! What both ends of a pipe share, under its lock.

use std::task::Waker;

use zmtp_codec::Message;

use super::account::ByteAccount;
use super::chunks::Chunks;
use super::mark::{self, Marks};
use super::progress::Batches;
use super::{Conflate, PipeConfig};
use crate::caller::Caller;
use crate::wakes::Wakes;

#[derive(Debug)]
pub(super) struct State {
    pub(super) chunks: Chunks,
    pub(super) conflate: Conflate,
    pub(super) marks: Marks,
    /// Messages pushed since the beginning, but for those that others have replaced.
    pub(super) sent: u64,
    /// Messages that others have replaced.
    pub(super) replaced: u64,
    /// Messages that the consumer has dropped unread.
    pub(super) expired: u64,
    /// Messages that nobody had read when the reader left.
    pub(super) lost: u64,
    /// Messages whose room the consumer has given back.
    pub(super) returned: u64,
    /// The pipe is full when so many were sent.
    pub(super) limit: u64,
    /// Room is given back so much at a time.
    pub(super) batch: u64,
    /// The same in bytes, if there is a mark.
    pub(super) bytes: Option<ByteAccount>,
    /// Whether a message is simply added: it replaces none, and its bytes do not count.
    pub(super) plain: bool,
    /// Who has pushed last.
    pub(super) producer: Caller,
    pub(super) writer: End,
    pub(super) reader: End,
    /// What the consumer wants to be told last.
    pub(super) farewell: Option<Box<Message>>,
}

impl State {
    pub(super) fn new(config: PipeConfig) -> Self {
        let end = |asleep| End {
            asleep,
            eager: false,
            closed: false,
            waker: None,
        };
        let mut state = Self {
            chunks: Chunks::new(config.share_from),
            conflate: config.conflate,
            marks: Marks {
                sending: config.send_mark,
                receiving: config.receive_mark,
            },
            sent: 0,
            replaced: 0,
            expired: 0,
            lost: 0,
            returned: 0,
            limit: 0,
            batch: 0,
            bytes: None,
            plain: true,
            producer: Caller::NOBODY,
            writer: end(false),
            reader: end(true),
            farewell: None,
        };
        state.measure(0);
        state
    }

    /// How many messages wait, if so many were read.
    pub(super) fn left(&self, read: u64) -> usize {
        usize::try_from(self.sent.saturating_sub(read)).unwrap_or(usize::MAX)
    }

    /// How many messages may wait now.
    pub(super) fn mark(&self) -> u64 {
        match self.conflate {
            Conflate::All => u64::MAX,
            _ => self.marks.messages(),
        }
    }

    /// Sees to it that what depends on the marks fits them; so many bytes were read.
    pub(super) fn measure(&mut self, bytes_read: u64) {
        let mark = self.marks.bytes();
        let counted = mark < u64::MAX && self.conflate != Conflate::All;
        self.bytes = counted.then(|| ByteAccount::new(mark, &self.chunks, bytes_read));
        self.plain = !counted && self.conflate == Conflate::No;
        self.batch = mark::half(self.mark());
        self.limit = self.find_limit();
    }

    pub(super) fn find_limit(&self) -> u64 {
        match &self.bytes {
            Some(bytes) if bytes.is_full() => 0,
            _ => self.returned.saturating_add(self.mark()),
        }
    }

    /// Gives the room of what was read back, in whole batches.
    pub(super) fn give_back(&mut self, read: u64, bytes_read: u64, wakes: &mut Wakes) {
        let unreturned = read.saturating_sub(self.returned);
        let due = unreturned >= self.batch;
        if due {
            self.returned = read - unreturned % self.batch;
        }
        let bytes = self.bytes.as_mut();
        if bytes.is_some_and(|bytes| bytes.give_back(bytes_read)) || due {
            self.limit = self.find_limit();
            self.writer.wake(wakes);
        }
    }

    /// How much room is given back at a time.
    pub(super) fn batches(&self) -> Batches {
        Batches {
            messages: self.batch,
            bytes: self.bytes.as_ref().map(ByteAccount::batch),
        }
    }

    /// Takes out all that waits, so many messages being read: nobody reads on.
    pub(super) fn lose(&mut self, read: u64) -> Chunks {
        self.lost += self.left(read) as u64;
        let passed = self.chunks.taken() + self.chunks.waiting().bytes as u64;
        std::mem::replace(&mut self.chunks, Chunks::after(passed))
    }

    /// Drops what waits, for a message that replaces it.
    pub(super) fn replace(&mut self) {
        let replaced = self.chunks.clear() as u64;
        self.sent -= replaced;
        self.replaced += replaced;
    }
}

/// What the other end has to know of one.
#[derive(Debug)]
pub(super) struct End {
    pub(super) asleep: bool,
    /// Whether it is woken for each whole chunk.
    pub(super) eager: bool,
    pub(super) closed: bool,
    pub(super) waker: Option<Waker>,
}

impl End {
    #[inline]
    pub(super) fn wake(&mut self, wakes: &mut Wakes) {
        if self.asleep {
            self.asleep = false;
            self.kick(wakes);
        }
    }

    /// Wakes it for a whole chunk.
    #[cold]
    pub(super) fn press(&mut self, wakes: &mut Wakes) {
        if self.eager {
            self.asleep = false;
            self.kick(wakes);
        }
    }

    #[cold]
    pub(super) fn kick(&self, wakes: &mut Wakes) {
        if let Some(waker) = &self.waker {
            wakes.push(waker.clone());
        }
    }

    /// Registers a waker, and wakes it for what it has missed.
    pub(super) fn register(&mut self, waker: &Waker, missed: bool, wakes: &mut Wakes) {
        if !self
            .waker
            .as_ref()
            .is_some_and(|known| known.will_wake(waker))
        {
            self.waker = Some(waker.clone());
            if missed {
                wakes.push(waker.clone());
            }
        }
    }
}
