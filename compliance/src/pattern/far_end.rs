//! The far ends of a peer's pipes.

use std::sync::{Arc, Weak};
use std::task::{Wake, Waker};

use bytes::Bytes;
use ferromq_core::{
    Conflate, Mark, Message, PeerId, PipeConfig, PipeReader, PipeWriter, PopError, PushError,
    Wakes, pipe,
};

/// The high-water marks of a peer, in messages; 0 is none.
#[derive(Debug, Clone, Copy)]
pub struct Marks {
    /// Of what the socket sends.
    pub send: usize,
    /// Of what the socket receives.
    pub receive: usize,
}

impl Default for Marks {
    fn default() -> Self {
        Self {
            send: 1000,
            receive: 1000,
        }
    }
}

/// The far ends of a peer's pipes, which a connection's driver would hold.
#[derive(Debug)]
pub struct FarEnd {
    /// What the socket sends.
    pub source: PipeReader,
    /// What the peer sends.
    pub sink: PipeWriter,
    /// The peer's id in the socket.
    pub id: PeerId,
    /// The peer's number, counted from 1.
    pub nth: u32,
    /// The peer's routing id in the socket, where it has one.
    pub name: Bytes,
    pub(super) welcomed: bool,
}

/// Tells when both pipes of a peer are gone at both ends.
#[derive(Debug)]
pub struct Watch(Weak<Count>);

struct Count;

impl FarEnd {
    /// The peer sends a message, as it stands.
    ///
    /// # Errors
    ///
    /// As [`PipeWriter::push`].
    pub fn push(&mut self, message: &Message) -> Result<(), PushError> {
        let mut wakes = Wakes::new();
        self.sink.push(&[], message, 0, &mut wakes)
    }

    /// The peer takes a message, as it stands.
    ///
    /// # Errors
    ///
    /// As [`PipeReader::pop`].
    pub fn pop(&mut self) -> Result<Message, PopError> {
        let mut wakes = Wakes::new();
        let mut message = Message::new();
        self.source.pop(&mut message, &mut wakes).map(|()| message)
    }

    /// All that the socket has sent and the peer has not taken.
    pub fn pop_all(&mut self) -> Vec<Message> {
        std::iter::from_fn(|| self.pop().ok()).collect()
    }

    /// All that the socket has sent since, as [`pop_all`](Self::pop_all) gives it; but
    /// its room stays taken until it is [given back](Self::release).
    pub fn drain(&mut self) -> Vec<Message> {
        let mut drained = Vec::new();
        while let Ok(mut records) = self.source.take() {
            drained.extend(std::iter::from_fn(|| records.pop()));
        }
        drained
    }

    /// Gives the room of so many messages back.
    pub fn release(&mut self, messages: usize) {
        self.source.release(messages, usize::MAX, &mut Wakes::new());
    }

    /// The peer leaves: drops its ends, in the order in which a driver does.
    pub fn leave(&mut self) {
        let (sink, source) = (pipe(config(0)).0, pipe(config(0)).1);
        self.source = source;
        self.sink = sink;
    }

    /// Whether the socket has let the peer go, both ways.
    #[must_use]
    pub fn is_let_go(&self) -> bool {
        self.source.is_closed() && self.sink.is_closed()
    }

    /// Watches the peer's pipes, as long as there are any.
    pub fn watch(&mut self) -> Watch {
        let count = Arc::new(Count);
        let watch = Watch(Arc::downgrade(&count));
        let waker = Waker::from(count);
        self.source.set_waker(&waker);
        self.sink.set_waker(&waker);
        watch
    }
}

impl Watch {
    /// Whether the pipes are gone at both ends.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.0.strong_count() == 0
    }
}

impl Wake for Count {
    fn wake(self: Arc<Self>) {}
}

pub(super) fn config(high_water: usize) -> PipeConfig {
    PipeConfig {
        send_mark: Some(Mark::messages(high_water)),
        receive_mark: None,
        share_from: 4096,
        conflate: Conflate::No,
    }
}
