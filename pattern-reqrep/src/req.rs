//! REQ: a request, then its reply.

mod servers;

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use ferromq_core::{
    Attend, CanReceive, CanRequest, CanSend, Inbound, Joint, Message, OptionError, Outbound,
    Pattern, PatternOption, Peer, PeerId, PeerInfo, Sent, Slot, SocketType, TryRecvError,
    TrySendError, Wakes,
};

use crate::envelope::{Heading, Reply, RequestId, strip};
use servers::Servers;

/// The asking end of request-reply
/// ([RFC 28](https://rfc.zeromq.org/spec/28/), "The REQ Socket Type").
///
/// ```text
///                send                       the reply comes
///  idle ────────────────────▶ waiting ─────────────────────▶ answered
///   ▲                            │                               │
///   │◀────────────────────────── │ ◀─────────────────────────────┘
///   │          abandon           ▼            recv
///   └────────────────────────────┘
/// ```
///
/// A request goes to the next peer in turn that has room, and only that peer can
/// answer it: what others send, and what is no reply, is discarded. Sending is
/// allowed when idle, receiving when not; the other is `OutOfTurn`.
///
/// # A peer that dies
///
/// The socket goes on waiting, as libzmq's does; [`is_lost`](Self::is_lost) says
/// that there is little hope, and [`abandon`](Self::abandon) ends it.
///
/// # Requests that nobody waits for any more
///
/// [`abandon`](Self::abandon) frees the socket at once. The reply may still come,
/// and must not be taken for that of a later request: each peer's late replies
/// are counted, and as many are discarded. A peer that owes one is asked only when
/// no other has room, and let go if it gives none again, to be connected to anew:
/// it may have lost a request, and would seem to be one reply late for ever.
///
/// The count is right as long as a peer answers each request once and in order, as
/// a REP does. A service behind a ROUTER may not: it may lose a request, which at
/// worst costs the next one its reply, or answer in another order. With
/// [`ZMQ_REQ_CORRELATE`](PatternOption::ReqCorrelate) requests are numbered and none
/// of this matters; but then a service behind a ROUTER must expect a frame more in
/// front of the delimiter, and give it back.
#[derive(Debug)]
pub struct Req {
    servers: Servers,
    turn: Turn,
    /// Whether somebody holds the slot for the next request.
    promised: bool,
    last_id: u32,
    correlate: bool,
    relaxed: bool,
    probe: bool,
}

#[derive(Debug, Default)]
enum Turn {
    #[default]
    Idle,
    Waiting(Request),
    /// The reply is here and was not received yet.
    Answered(Request, Message),
}

/// A request that was sent.
#[derive(Debug)]
struct Request {
    peer: PeerId,
    id: Option<RequestId>,
    /// Whether a connection took it.
    taken: bool,
    /// Whether that connection, or the peer, is gone.
    lost: bool,
    /// Whether the peer owed a reply already.
    doubtful: bool,
}

impl Pattern for Req {
    const SOCKET_TYPE: SocketType = SocketType::Req;
    type Halves = Joint<Self>;

    fn halves() -> Self::Halves {
        Joint::new(Self::default())
    }
}

impl CanSend for Req {}
impl CanReceive for Req {}

impl CanRequest for Req {
    fn abandon(outbound: &mut Self) -> Option<PeerId> {
        outbound.abandon()
    }
}

impl Default for Req {
    fn default() -> Self {
        Self {
            servers: Servers::default(),
            turn: Turn::Idle,
            promised: false,
            // At random, so that a new socket's ids are not those of the last one.
            last_id: RandomState::new().hash_one(()) as u32,
            correlate: false,
            relaxed: false,
            probe: false,
        }
    }
}

impl Req {
    /// Forgets the request that waits for its reply, or the reply that nobody has
    /// received, so that the next request can be sent; see [`Req`] for what
    /// becomes of a late reply.
    ///
    /// Returns the peer if it was let go, to be connected to anew: it owed a reply
    /// already when it was asked, or it had to be connected to again since, and
    /// nobody knows whether that sent the request again.
    pub fn abandon(&mut self) -> Option<PeerId> {
        let Turn::Waiting(request) = std::mem::take(&mut self.turn) else {
            return None;
        };
        if request.id.is_some() || !self.servers.has(request.peer) {
            return None;
        }
        if request.lost || request.doubtful {
            self.servers.detach(request.peer);
            return Some(request.peer);
        }
        self.servers.abandon(request.peer, request.taken);
        None
    }

    /// Whether a request waits for a reply that will hardly come: the peer asked has
    /// left, or the connection that took the request has ended.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        matches!(&self.turn, Turn::Waiting(request) if request.lost)
    }

    /// The request that waits, if this peer was asked.
    fn asked(&mut self, peer: PeerId) -> Option<&mut Request> {
        match &mut self.turn {
            Turn::Waiting(request) if request.peer == peer => Some(request),
            _ => None,
        }
    }

    fn may_send(&self) -> bool {
        !self.promised && (self.relaxed || matches!(self.turn, Turn::Idle))
    }

    fn next_id(&mut self) -> Option<RequestId> {
        self.correlate.then(|| {
            self.last_id = self.last_id.wrapping_add(1);
            // As libzmq sends it.
            self.last_id.to_ne_bytes()
        })
    }

    /// Takes in what a peer has sent: the reply that is waited for; the rest is
    /// discarded.
    fn read(&mut self, peer: PeerId, wakes: &mut Wakes) {
        match self.asked(peer) {
            Some(_) => self.fetch(wakes),
            None => self.servers.skim(peer, wakes),
        }
    }

    /// Looks for the reply that is waited for.
    fn fetch(&mut self, wakes: &mut Wakes) {
        let Turn::Waiting(request) = &mut self.turn else {
            return;
        };
        let peer = request.peer;
        let mut message = Message::new();
        let frames = loop {
            match (self.servers.pop(peer, &mut message, wakes), request.id) {
                (Some(Reply::Plain), None) => break 1,
                (Some(Reply::Numbered(id)), Some(wanted)) if id == wanted => break 2,
                (Some(_), _) => {}
                (None, _) => {
                    request.lost |= !self.servers.has(peer);
                    return;
                }
            }
        };
        strip(&mut message, frames);
        message.set_origin(peer.get());
        if let Turn::Waiting(request) = std::mem::take(&mut self.turn) {
            self.turn = Turn::Answered(request, message);
        }
    }
}

impl Attend for Req {
    fn attach(&mut self, peer: Peer, wakes: &mut Wakes) {
        let (Some(mut writer), Some(reader)) = (peer.writer, peer.reader) else {
            return;
        };
        if self.probe {
            // Nobody is there to be told if a new pipe refuses.
            let _ = writer.push(&[], &Message::new(), 0, wakes);
        }
        let connected = peer.info.is_some();
        self.servers.attach(peer.id, writer, reader, connected);
    }

    fn handle_ready(&mut self, peer: PeerId, _info: &Arc<PeerInfo>, _wakes: &mut Wakes) {
        self.servers.handle_ready(peer);
        if let Some(request) = self.asked(peer) {
            request.taken = true;
        }
    }

    fn handle_lost(&mut self, peer: PeerId, wakes: &mut Wakes) {
        self.read(peer, wakes);
        self.servers.handle_lost(peer);
        if let Some(request) = self.asked(peer) {
            request.lost |= request.taken;
        }
    }

    fn handle_readable(&mut self, peer: PeerId, wakes: &mut Wakes) {
        self.read(peer, wakes);
    }

    fn handle_writable(&mut self, peer: PeerId, _wakes: &mut Wakes) {
        self.servers.handle_writable(peer);
    }

    fn detach(&mut self, peer: PeerId) {
        self.servers.detach(peer);
        self.turn = match std::mem::take(&mut self.turn) {
            Turn::Waiting(request) | Turn::Answered(request, _) if request.peer == peer => {
                Turn::Waiting(Request {
                    lost: true,
                    ..request
                })
            }
            turn => turn,
        };
    }

    fn detach_all(&mut self) {
        self.servers = Servers::default();
        self.turn = Turn::Idle;
    }

    fn set_option(&mut self, option: &PatternOption) -> Result<(), OptionError> {
        match option {
            PatternOption::ReqCorrelate(correlate) => self.correlate = *correlate,
            PatternOption::ReqRelaxed(relaxed) => self.relaxed = *relaxed,
            PatternOption::ProbeRouter(probe) => self.probe = *probe,
            _ => return Err(OptionError::Unsupported(option.name())),
        }
        Ok(())
    }
}

impl Outbound for Req {
    fn try_send(&mut self, message: &Message, wakes: &mut Wakes) -> Result<Sent, TrySendError> {
        let slot = self.reserve(message.head(), wakes)?;
        self.commit(slot, message, wakes);
        Ok(Sent::Queued)
    }

    fn reserve(&mut self, _head: &[u8], wakes: &mut Wakes) -> Result<Slot, TrySendError> {
        if !self.may_send() {
            return Err(TrySendError::OutOfTurn);
        }
        let peer = self.servers.reserve(wakes).ok_or(TrySendError::Full)?;
        self.promised = true;
        Ok(Slot::Peer(peer))
    }

    fn commit(&mut self, slot: Slot, message: &Message, wakes: &mut Wakes) {
        let Slot::Peer(peer) = slot else { return };
        self.promised = false;
        // What has come so far is no reply to what is not sent yet.
        self.servers.skim(peer, wakes);
        let id = self.next_id();
        self.turn = Turn::Waiting(Request {
            peer,
            id,
            taken: self.servers.is_connected(peer),
            lost: !self.servers.has(peer),
            doubtful: self.servers.owes(peer),
        });
        let heading = Heading::new(id);
        self.servers.commit(peer, heading.as_wire(), message, wakes);
    }

    fn release(&mut self, slot: Slot) {
        if let Slot::Peer(peer) = slot {
            self.promised = false;
            self.servers.release(peer);
        }
    }

    fn is_writable(&mut self, wakes: &mut Wakes) -> bool {
        self.may_send() && self.servers.is_writable(wakes)
    }
}

impl Inbound for Req {
    fn try_recv(&mut self, into: &mut Message, wakes: &mut Wakes) -> Result<(), TryRecvError> {
        self.fetch(wakes);
        match std::mem::take(&mut self.turn) {
            Turn::Idle => Err(TryRecvError::OutOfTurn),
            Turn::Answered(_, message) => {
                *into = message;
                Ok(())
            }
            waiting @ Turn::Waiting(_) => {
                self.turn = waiting;
                Err(TryRecvError::Empty)
            }
        }
    }

    fn is_readable(&mut self, wakes: &mut Wakes) -> bool {
        self.fetch(wakes);
        matches!(self.turn, Turn::Answered(..))
    }
}
