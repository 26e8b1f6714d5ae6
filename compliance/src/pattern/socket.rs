//! A socket without an engine.

use std::marker::PhantomData;
use std::sync::Arc;

use bytes::Bytes;
use ferromq_core::{
    Attend, Dropped, Halves, Inbound, Layout, Message, OptionError, Outbound, Pattern,
    PatternOption, Peer, PeerId, PeerInfo, Sent, Signal, Slot, TryRecvError, TrySendError, Wakes,
    pipe,
};

use super::Profile;
use super::far_end::{FarEnd, Marks, config};

/// A socket of the profile's pattern: its halves, and peers whose far ends the test
/// holds. Peers come through the lanes, as they do from an engine.
///
/// Each send and receive also checks that the socket has said rightly whether it
/// is writable or readable. Every other message is sent as one that the sender has no
/// further use for, and is still whole where it was not queued.
pub struct Socket<P: Profile> {
    halves: <P::Pattern as Pattern>::Halves,
    peers: u32,
    sends: u32,
    profile: PhantomData<P>,
}

impl<P: Profile> Default for Socket<P> {
    fn default() -> Self {
        Self::new()
    }
}

impl<P: Profile> Socket<P> {
    const LAYOUT: Layout = <<P::Pattern as Pattern>::Halves as Halves>::LAYOUT;

    /// A socket without peers, prepared by the profile.
    #[must_use]
    pub fn new() -> Self {
        let mut socket = Self {
            halves: P::Pattern::halves(),
            peers: 0,
            sends: 0,
            profile: PhantomData,
        };
        P::set_up(&mut socket);
        socket
    }

    /// A peer that has connected to the socket, welcomed by the profile.
    pub fn join(&mut self, marks: Marks) -> FarEnd {
        let info = P::info(self.peers + 1);
        let mut peer = self.attach(marks, Some(info), None);
        self.welcome(&mut peer);
        peer
    }

    /// A peer that the socket connects to and that is not there yet.
    pub fn dial(&mut self, marks: Marks) -> FarEnd {
        self.attach(marks, None, None)
    }

    /// A peer, as an engine attaches it.
    pub fn attach(
        &mut self,
        marks: Marks,
        info: Option<PeerInfo>,
        assigned_id: Option<Bytes>,
    ) -> FarEnd {
        self.peers += 1;
        let id = PeerId::new(self.peers);
        let (mut writer, source) = pipe(config(marks.send));
        let (sink, mut reader) = pipe(config(marks.receive));
        let info = info.map(Arc::new);
        let name = match (&assigned_id, &info) {
            (Some(id), _) => id.clone(),
            (None, Some(info)) => info.identity.clone(),
            (None, None) => Bytes::new(),
        };
        let (outbound, inbound) = (self.halves.outbound().lane(), self.halves.inbound().lane());
        let (for_writer, for_reader) = match Self::LAYOUT {
            Layout::Split | Layout::Joint => (outbound, inbound),
            Layout::SendOnly => (outbound, outbound),
            Layout::ReceiveOnly => (inbound, inbound),
        };
        writer.set_waker(&for_writer.writable_waker(id));
        reader.set_waker(&for_reader.readable_waker(id));
        let peer = |writer, reader| {
            Signal::Attach(Box::new(Peer {
                id,
                writer,
                reader,
                info: info.clone(),
                direct: false,
                takes_all: false,
                assigned_id: assigned_id.clone(),
            }))
        };
        if Self::LAYOUT == Layout::Split {
            for_writer.send(peer(Some(writer), None));
            for_reader.send(peer(None, Some(reader)));
        } else {
            for_writer.send(peer(Some(writer), Some(reader)));
        }
        FarEnd {
            source,
            sink,
            id,
            nth: self.peers,
            name,
            welcomed: false,
        }
    }

    /// The peer's handshake has ended well, with what the profile says of it; the
    /// first time the profile welcomes it.
    pub fn ready(&mut self, peer: &mut FarEnd) {
        let info = P::info(peer.nth);
        if peer.name.is_empty() {
            peer.name = info.identity.clone();
        }
        let info = Arc::new(info);
        self.signal(|| Signal::Ready(peer.id, Arc::clone(&info)));
        if !peer.welcomed {
            self.welcome(peer);
        }
    }

    /// The peer's connection has ended and will be made again.
    pub fn lost(&mut self, peer: &FarEnd) {
        self.signal(|| Signal::Lost(peer.id));
    }

    /// The application disconnects the peer.
    pub fn detach(&mut self, peer: &FarEnd) {
        self.signal(|| Signal::Detach(peer.id));
        self.settle();
    }

    /// The socket closes.
    pub fn close(&mut self) {
        let mut wakes = Wakes::new();
        self.halves.outbound().lock(&mut wakes).detach_all();
        self.halves.inbound().lock(&mut wakes).detach_all();
    }

    /// Sets an option, as an engine does.
    ///
    /// # Errors
    ///
    /// As [`Attend::set_option`].
    pub fn set(&mut self, option: &PatternOption) -> Result<(), OptionError> {
        let mut wakes = Wakes::new();
        let outbound = self.halves.outbound().set_option(option, &mut wakes);
        match Self::LAYOUT {
            Layout::Joint | Layout::SendOnly => outbound,
            Layout::Split | Layout::ReceiveOnly => {
                let inbound = self.halves.inbound().set_option(option, &mut wakes);
                outbound.or(inbound)
            }
        }
    }

    /// The halves, to be locked and asked what only this pattern has.
    #[must_use]
    pub fn halves(&self) -> &<P::Pattern as Pattern>::Halves {
        &self.halves
    }

    /// Lets the halves see what has happened.
    pub fn settle(&mut self) {
        let mut wakes = Wakes::new();
        drop(self.halves.outbound().lock(&mut wakes));
        drop(self.halves.inbound().lock(&mut wakes));
    }

    /// Sends a message without waiting for those that lag.
    ///
    /// # Errors
    ///
    /// As [`Outbound::try_send`].
    pub fn send(&mut self, message: &Message) -> Result<(), TrySendError> {
        let writable = self.is_writable();
        let mut wakes = Wakes::new();
        let mut outbound = self.halves.outbound().lock(&mut wakes);
        let mut owned = message.clone();
        let sent = match self.sends % 2 {
            0 => outbound.try_send(message, &mut wakes),
            _ => outbound.try_send_owned(&mut owned, &mut wakes),
        };
        let whole = owned == *message;
        assert!(whole || sent == Ok(Sent::Queued), "it was not sent");
        self.sends += 1;
        if sent == Ok(Sent::Lagging) {
            outbound.try_send_late(message, true, &mut wakes);
        }
        drop(outbound);
        assert!(writable || sent.is_err(), "sent, but was not writable");
        let malformed = sent == Err(TrySendError::Malformed);
        let exact = !P::WRITABLE_IS_EXACT || !writable || sent.is_ok() || malformed;
        assert!(exact, "was writable, but {sent:?}");
        sent.map(drop)
    }

    /// Sends a message that says `body` to the peer.
    ///
    /// # Errors
    ///
    /// As [`Outbound::try_send`].
    pub fn say(&mut self, peer: &FarEnd, body: &Message) -> Result<(), TrySendError> {
        self.send(&P::to_socket(peer, body))
    }

    /// Takes a slot for something to say to the peer.
    ///
    /// # Errors
    ///
    /// As [`Outbound::reserve`].
    pub fn reserve(&mut self, peer: &FarEnd) -> Result<Slot, TrySendError> {
        self.reserve_for(&P::head(peer))
    }

    /// Takes a slot for a message that begins with that frame.
    ///
    /// # Errors
    ///
    /// As [`Outbound::reserve`].
    pub fn reserve_for(&mut self, head: &[u8]) -> Result<Slot, TrySendError> {
        let mut wakes = Wakes::new();
        let mut outbound = self.halves.outbound().lock(&mut wakes);
        outbound.reserve(head, &mut wakes)
    }

    /// Says `body` to the peer for which the slot was taken.
    pub fn commit(&mut self, peer: &FarEnd, slot: Slot, body: &Message) {
        self.commit_as_is(slot, &P::to_socket(peer, body));
    }

    /// Sends a message, as it stands, into a slot.
    pub fn commit_as_is(&mut self, slot: Slot, message: &Message) {
        let mut wakes = Wakes::new();
        let mut outbound = self.halves.outbound().lock(&mut wakes);
        outbound.commit(slot, message, &mut wakes);
    }

    /// Gives a slot back.
    pub fn release(&mut self, slot: Slot) {
        let mut wakes = Wakes::new();
        self.halves.outbound().lock(&mut wakes).release(slot);
    }

    /// Receives a message.
    ///
    /// # Errors
    ///
    /// As [`Inbound::try_recv`].
    pub fn recv(&mut self) -> Result<Message, TryRecvError> {
        let readable = self.is_readable();
        let mut wakes = Wakes::new();
        let mut message = Message::from("left over");
        let mut inbound = self.halves.inbound().lock(&mut wakes);
        let received = inbound.try_recv(&mut message, &mut wakes);
        drop(inbound);
        assert_eq!(readable, received.is_ok(), "readable or not: {received:?}");
        received.map(|()| message)
    }

    /// Whether the socket says that it can send.
    pub fn is_writable(&mut self) -> bool {
        let mut wakes = Wakes::new();
        self.halves
            .outbound()
            .lock(&mut wakes)
            .is_writable(&mut wakes)
    }

    /// Whether the socket says that it has something to receive.
    pub fn is_readable(&mut self) -> bool {
        let mut wakes = Wakes::new();
        self.halves
            .inbound()
            .lock(&mut wakes)
            .is_readable(&mut wakes)
    }

    /// Whether a sender that waits has been called.
    #[must_use]
    pub fn calls_sender(&self) -> bool {
        self.halves.outbound().lane().is_pending()
    }

    /// Whether a receiver that waits has been called.
    #[must_use]
    pub fn calls_receiver(&self) -> bool {
        self.halves.inbound().lane().is_pending()
    }

    /// What the socket tells of messages that it has dropped, in all.
    #[must_use]
    pub fn dropped(&self) -> Dropped {
        let mut all = Dropped::default();
        self.tell_drops(&mut |_, dropped| all.add_all(dropped));
        all
    }

    /// What it tells of messages that it has dropped of this peer, or for it.
    #[must_use]
    pub fn dropped_of(&self, peer: &FarEnd) -> Dropped {
        let mut of_peer = Dropped::default();
        self.tell_drops(&mut |whose, dropped| {
            if whose == Some(peer.id) {
                of_peer.add_all(dropped);
            }
        });
        of_peer
    }

    /// How many would be sent a message with that topic, or have subscribed at all, if
    /// the socket says so.
    pub fn subscribers(&mut self, topic: Option<&[u8]>) -> Option<usize> {
        let mut wakes = Wakes::new();
        let mut outbound = self.halves.outbound().lock(&mut wakes);
        outbound.subscribers(topic, &mut wakes)
    }

    fn tell_drops(&self, tell: &mut dyn FnMut(Option<PeerId>, &Dropped)) {
        let mut wakes = Wakes::new();
        if Self::LAYOUT != Layout::ReceiveOnly {
            self.halves.outbound().lock(&mut wakes).tell_drops(tell);
        }
        if matches!(Self::LAYOUT, Layout::Split | Layout::ReceiveOnly) {
            self.halves.inbound().lock(&mut wakes).tell_drops(tell);
        }
    }

    fn welcome(&mut self, peer: &mut FarEnd) {
        peer.welcomed = true;
        P::welcome(self, peer);
    }

    /// Leaves a signal for whichever half is concerned with peers.
    pub fn signal(&self, signal: impl Fn() -> Signal) {
        if Self::LAYOUT != Layout::ReceiveOnly {
            self.halves.outbound().lane().send(signal());
        }
        if matches!(Self::LAYOUT, Layout::Split | Layout::ReceiveOnly) {
            self.halves.inbound().lane().send(signal());
        }
    }
}
