//! REQ: a request, then its reply.

mod half;
mod servers;

use std::hash::{BuildHasher, RandomState};

use ferromq_core::{
    CanReceive, CanRequest, CanSend, Joint, Message, Pattern, PeerId, SocketType, Wakes,
};

use crate::envelope::{Reply, RequestId, strip};
use servers::Servers;

/// The asking end of request-reply
/// ([RFC 28](https://rfc.zeromq.org/spec/28/), "The REQ Socket Type").
///
/// ```text
///           send               the reply comes
///  idle ────────────▶ waiting ─────────────────▶ answered
///   ▲                    │                          │
///   └────── abandon ─────┴────── recv, abandon ─────┘
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
/// [`ZMQ_REQ_CORRELATE`](ferromq_core::PatternOption::ReqCorrelate) requests are numbered and none
/// of this matters; but then a service behind a ROUTER must expect a frame more in
/// front of the delimiter, and give it back.
#[derive(Debug)]
pub struct Req {
    servers: Servers,
    turn: Turn,
    /// The reply, once it is here; until it is received.
    reply: Message,
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
    Answered(Request),
}

/// A request that was sent.
#[derive(Debug)]
struct Request {
    peer: PeerId,
    id: Option<RequestId>,
    /// Whether the connection that it left on, or the peer, is gone.
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
            reply: Message::new(),
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
            self.reply = Message::new();
            return None;
        };
        if request.id.is_some() || !self.servers.has(request.peer) {
            return None;
        }
        if request.lost || request.doubtful {
            self.servers.detach(request.peer);
            return Some(request.peer);
        }
        self.servers.abandon(request.peer);
        None
    }

    /// Whether a request waits for a reply that will hardly come: the peer asked has
    /// left, or the connection that the request left on has ended.
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
        let frames = loop {
            match (self.servers.pop(peer, &mut self.reply, wakes), request.id) {
                (Some(Reply::Plain), None) => break 1,
                (Some(Reply::Numbered(id)), Some(wanted)) if id == wanted => break 2,
                (Some(_), _) => self.servers.note_late(peer),
                (None, _) => {
                    request.lost |= !self.servers.has(peer);
                    return;
                }
            }
        };
        strip(&mut self.reply, frames);
        self.reply.set_origin(peer.get());
        if let Turn::Waiting(request) = std::mem::take(&mut self.turn) {
            self.turn = Turn::Answered(request);
        }
    }
}
