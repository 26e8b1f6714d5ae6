//! A peer, as a pattern sees it.

use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use bytes::Bytes;
use zmtp_codec::{Metadata, SocketType};

use crate::pipe::{PipeReader, PipeWriter};

/// The property under which libzmq keeps where a peer is; it never travels.
const PEER_ADDRESS: &str = "Peer-Address";

/// A peer of one socket. Ids are never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PeerId(u32);

impl PeerId {
    /// The peer with that number, counted from 1.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// The peer's number, for [`Message::set_origin`](zmtp_codec::Message::set_origin).
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// A peer that joins a socket.
///
/// A half takes the ends it works with and drops the others; when both ends of
/// a peer are dropped, its connection ends. A peer that the socket connects to
/// exists from `connect` on, with its queue, and before its handshake.
#[derive(Debug)]
pub struct Peer {
    /// Its id.
    pub id: PeerId,
    /// The pipe to the peer; absent in the inbound half of a split pattern.
    pub writer: Option<PipeWriter>,
    /// The pipe from the peer; absent in the outbound half of a split pattern.
    pub reader: Option<PipeReader>,
    /// What its handshake told; absent for a peer that has not connected yet.
    pub info: Option<Arc<PeerInfo>>,
    /// Whether the pipes lead straight to another socket: there is no driver that
    /// would send a [`Prologue`](crate::Prologue).
    pub direct: bool,
    /// Whether it is sent everything, because there is nobody who could ask: it is a link
    /// [without connections](crate::Transport::is_connectionless).
    pub takes_all: bool,
    /// The routing id that the application chose for it (`ZMQ_CONNECT_ROUTING_ID`).
    pub assigned_id: Option<Bytes>,
}

/// What is known of a peer once it is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeerInfo {
    /// Its socket type; absent where the wire does not tell (ZMTP 1.0, inproc, raw).
    pub socket_type: Option<SocketType>,
    /// Its routing id; often empty.
    pub identity: Bytes,
    /// All properties of the handshake.
    pub metadata: Metadata,
    /// Its address as the transport gives it (the "Peer-Address" property).
    pub address: Option<Box<str>>,
}

impl PeerInfo {
    /// A property by its name, in any case: those of the [metadata](Self::metadata),
    /// among them "Socket-Type", "Identity", "User-Id" (who an authenticator says it is)
    /// and the application's own ("X-…"), and "Peer-Address". (`zmq_msg_gets`)
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&[u8]> {
        // What the peer says of its address is not asked.
        if name.eq_ignore_ascii_case(PEER_ADDRESS) {
            return self.address.as_deref().map(str::as_bytes);
        }
        self.metadata.get(name).map(|value| &value[..])
    }
}

/// A map by peer. Ids are counted, so they hash well as they are.
pub type PeerMap<T> = std::collections::HashMap<PeerId, T, BuildHasherDefault<PeerHasher>>;

/// The hasher of a [`PeerMap`]: one multiplication.
#[derive(Debug, Default)]
pub struct PeerHasher(u64);

impl Hasher for PeerHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes
            .iter()
            .for_each(|byte| self.write_u32(u32::from(*byte)));
    }

    fn write_u32(&mut self, number: u32) {
        // Fibonacci hashing: the multiplier is 2^64 divided by the golden ratio.
        self.0 = (self.0 ^ u64::from(number)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}
