//! What the engine does, step by step, so that a test decides what happens when.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use ferromq_core::{
    Attend, Conflate, Half, Halves, Inbound, Layout, Mark, Message, Outbound, Pattern,
    PatternOption, Peer, PeerId, PeerInfo, PipeConfig, PipeReader, PipeWriter, PopError, Prologue,
    Sent, Signal, Wakes, pipe,
};

/// A socket without an engine.
pub(crate) struct Socket<P: Pattern> {
    pub(crate) halves: P::Halves,
    peers: u32,
}

/// Marks of the pipes to make.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Marks(pub(crate) usize);

impl Marks {
    pub(crate) fn pipe(self) -> (PipeWriter, PipeReader) {
        pipe(PipeConfig {
            send_mark: Some(Mark::messages(self.0)),
            receive_mark: None,
            share_from: 4096,
            conflate: Conflate::No,
        })
    }
}

impl<P: Pattern> Socket<P> {
    pub(crate) fn new() -> Self {
        Self {
            halves: P::halves(),
            peers: 0,
        }
    }

    /// Gives the socket a peer with these ends.
    pub(crate) fn attach(
        &mut self,
        writer: PipeWriter,
        reader: PipeReader,
        connected: bool,
        direct: bool,
    ) -> PeerId {
        self.attach_as(writer, reader, connected, direct, false)
    }

    /// Gives the socket a link to nobody in particular.
    pub(crate) fn attach_link(&mut self, writer: PipeWriter, reader: PipeReader) -> PeerId {
        self.attach_as(writer, reader, false, false, true)
    }

    fn attach_as(
        &mut self,
        mut writer: PipeWriter,
        mut reader: PipeReader,
        connected: bool,
        direct: bool,
        takes_all: bool,
    ) -> PeerId {
        self.peers += 1;
        let id = PeerId::new(self.peers);
        let (outbound, inbound) = (self.halves.outbound().lane(), self.halves.inbound().lane());
        let one = match P::Halves::LAYOUT {
            Layout::ReceiveOnly => inbound,
            _ => outbound,
        };
        let split = P::Halves::LAYOUT == Layout::Split;
        let (to, from) = if split {
            (outbound, inbound)
        } else {
            (one, one)
        };
        writer.set_waker(&to.writable_waker(id));
        reader.set_waker(&from.readable_waker(id));
        let attach = |writer, reader| {
            let info = connected.then(|| Arc::new(PeerInfo::default()));
            Signal::Attach(Box::new(Peer {
                id,
                writer,
                reader,
                info,
                direct,
                takes_all,
                assigned_id: None,
            }))
        };
        if split {
            to.send(attach(Some(writer), None));
            from.send(attach(None, Some(reader)));
        } else {
            one.send(attach(Some(writer), Some(reader)));
        }
        id
    }

    pub(crate) fn signal(&self, signal: impl Fn() -> Signal) {
        if P::Halves::LAYOUT != Layout::ReceiveOnly {
            self.halves.outbound().lane().send(signal());
        }
        if matches!(P::Halves::LAYOUT, Layout::Split | Layout::ReceiveOnly) {
            self.halves.inbound().lane().send(signal());
        }
    }

    /// Lets both halves see their signals.
    pub(crate) fn enter(&self) {
        drop(self.halves.outbound().lock(&mut Wakes::new()));
        drop(self.halves.inbound().lock(&mut Wakes::new()));
    }

    pub(crate) fn set(&self, option: PatternOption) {
        let set = self
            .halves
            .outbound()
            .set_option(&option, &mut Wakes::new());
        set.expect("the socket has the option");
    }

    pub(crate) fn subscribe(&self, topic: &str) {
        self.set(PatternOption::Subscribe(Bytes::copy_from_slice(
            topic.as_bytes(),
        )));
    }

    pub(crate) fn unsubscribe(&self, topic: &str) {
        self.set(PatternOption::Unsubscribe(Bytes::copy_from_slice(
            topic.as_bytes(),
        )));
    }

    /// Subscribes or unsubscribes while the drivers do something, between the look
    /// at the lane and the change.
    pub(crate) fn set_while(&self, option: &PatternOption, meanwhile: impl FnOnce()) {
        let mut wakes = Wakes::new();
        let half: &Half<_> = self.halves.outbound();
        let mut state = half.lock(&mut wakes);
        meanwhile();
        state.set_option(option).expect("the socket has the option");
        state.handle_option(&mut wakes);
        drop(state);
    }

    /// Sends as the engine does; says whether the socket took it.
    pub(crate) fn send(&self, message: impl Into<Message>) -> bool {
        let message = message.into();
        let half = self.halves.outbound();
        let mut wakes = Wakes::new();
        let sent = half.lock(&mut wakes).try_send(&message, &mut wakes);
        wakes.wake();
        if sent == Ok(Sent::Lagging) {
            half.lock(&mut wakes)
                .try_send_late(&message, true, &mut wakes);
        }
        sent.is_ok()
    }

    pub(crate) fn recv(&self) -> Option<Message> {
        let mut message = Message::new();
        let mut wakes = Wakes::new();
        let received = self
            .halves
            .inbound()
            .lock(&mut wakes)
            .try_recv(&mut message, &mut wakes);
        received.ok().map(|()| message)
    }

    /// All that is there, each message as its frames' text, with 1 and 0 in front
    /// of topics made legible.
    pub(crate) fn recv_all(&self) -> Vec<String> {
        std::iter::from_fn(|| self.recv())
            .map(|message| legible(&message))
            .collect()
    }

    pub(crate) fn is_readable(&self) -> bool {
        let mut wakes = Wakes::new();
        self.halves
            .inbound()
            .lock(&mut wakes)
            .is_readable(&mut wakes)
    }

    pub(crate) fn topics(&self) -> usize {
        let topics = self.halves.outbound().lock(&mut Wakes::new()).topics();
        topics.expect("the socket has topics")
    }

    pub(crate) fn prologue(&self) -> Option<Arc<dyn Prologue>> {
        self.halves.outbound().lock(&mut Wakes::new()).prologue()
    }
}

pub(crate) fn legible(message: &Message) -> String {
    let frames = message.frames().map(|frame| {
        let (sign, text) = match frame {
            [1, topic @ ..] => ("+", topic),
            [0, topic @ ..] => ("-", topic),
            text => ("", text),
        };
        format!("{sign}{}", String::from_utf8_lossy(text))
    });
    frames.collect::<Vec<_>>().join("|")
}

/// Connects two sockets of one process.
pub(crate) fn connect<A: Pattern, B: Pattern>(
    a: &mut Socket<A>,
    b: &mut Socket<B>,
    marks: Marks,
) -> (PeerId, PeerId) {
    let ((to_b, from_a), (to_a, from_b)) = (marks.pipe(), marks.pipe());
    (
        a.attach(to_b, from_b, true, true),
        b.attach(to_a, from_a, true, true),
    )
}

/// An endpoint that a subscriber connects to, with the driver's ends of its pipes.
pub(crate) struct Wire {
    source: PipeReader,
    sink: PipeWriter,
    peer: PeerId,
    prologue: Arc<dyn Prologue>,
    /// Taken out of the pipe when the connection was made, for behind the prologue.
    kept: VecDeque<Message>,
    connection: Option<Connection>,
    marks: Marks,
}

struct Connection {
    source: PipeReader,
    sink: PipeWriter,
    /// Whether the prologue is out, and its last frame.
    begun: bool,
    last: Option<Bytes>,
}

impl Wire {
    pub(crate) fn new<S: Pattern>(subscriber: &mut Socket<S>, marks: Marks) -> Self {
        let ((writer, source), (sink, reader)) = (marks.pipe(), marks.pipe());
        let prologue = subscriber.prologue().expect("subscribers have one");
        let peer = subscriber.attach(writer, reader, false, false);
        Self {
            source,
            sink,
            peer,
            prologue,
            kept: VecDeque::new(),
            connection: None,
            marks,
        }
    }

    pub(crate) fn is_connected(&self) -> bool {
        self.connection.is_some()
    }

    /// Connects: the subscriber hears of it before anything is pulled.
    pub(crate) fn connect<S: Pattern, P: Pattern>(&mut self, from: &Socket<S>, to: &mut Socket<P>) {
        if self.connection.is_none() {
            let info = Arc::new(PeerInfo::default());
            from.signal(|| Signal::Ready(self.peer, Arc::clone(&info)));
            self.drop_requests();
            let ((writer, source), (sink, reader)) = (self.marks.pipe(), self.marks.pipe());
            to.attach(writer, reader, true, false);
            self.connection = Some(Connection {
                source,
                sink,
                begun: true,
                last: None,
            });
        }
    }

    /// What waits is out of date once the prologue is pulled: a driver drops it.
    fn drop_requests(&mut self) {
        let mut wakes = Wakes::new();
        let mut message = Message::new();
        let mut kept = Vec::new();
        while self.source.pop(&mut message, &mut wakes).is_ok() {
            let is_request = message.len() == 1 && matches!(message.head(), [0 | 1, ..]);
            kept.extend((!is_request).then(|| message.clone()));
        }
        self.kept = kept.into();
    }

    /// Loses the connection, and what was under way.
    pub(crate) fn lose<S: Pattern>(&mut self, from: &Socket<S>) {
        if self.connection.take().is_some() {
            from.signal(|| Signal::Lost(self.peer));
        }
    }

    /// Moves up to so many messages from the subscriber to the publisher, those of
    /// the prologue first; says how many.
    pub(crate) fn up(&mut self, count: usize) -> usize {
        let Some(connection) = &mut self.connection else {
            return 0;
        };
        let mut wakes = Wakes::new();
        let mut message = Message::new();
        let mut moved = 0;
        while moved < count && connection.sink.room(&mut wakes).is_ok() {
            if connection.begun {
                match self.prologue.next(connection.last.as_ref()) {
                    Some(topic) => {
                        message = [b"\x01", &topic[..]].concat().into();
                        connection.last = Some(topic);
                    }
                    None => {
                        connection.begun = false;
                        continue;
                    }
                }
            } else if let Some(kept) = self.kept.pop_front() {
                message = kept;
            } else if self.source.pop(&mut message, &mut wakes).is_err() {
                break;
            }
            if connection.sink.push(&[], &message, 0, &mut wakes).is_err() {
                break;
            }
            moved += 1;
        }
        moved
    }

    /// Moves up to so many messages from the publisher to the subscriber; says how many.
    pub(crate) fn down(&mut self, count: usize) -> usize {
        let Some(connection) = &mut self.connection else {
            return 0;
        };
        let mut wakes = Wakes::new();
        let mut message = Message::new();
        let mut moved = 0;
        while moved < count && self.sink.room(&mut wakes).is_ok() {
            match connection.source.pop(&mut message, &mut wakes) {
                Ok(()) => {}
                Err(PopError::Empty | PopError::Closed) => break,
            }
            let _ = self.sink.push(&[], &message, 0, &mut wakes);
            moved += 1;
        }
        moved
    }
}
