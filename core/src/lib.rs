//! The contracts of ferromq: what a transport is, what a pattern is, and the
//! pipe between them.
//!
//! No sockets, no tasks, no clock: those are the engine's. Whoever writes a new
//! transport implements [`Transport`]; whoever writes a new pattern implements
//! [`Pattern`] with the policies in [`routing`].

#![forbid(unsafe_code)]

mod caller;
mod datagrams;
mod drops;
mod endpoint;
mod half;
mod introduction;
mod lane;
mod option;
mod pattern;
mod peer;
mod pipe;
pub mod place;
pub mod routing;
mod stream;
mod sync;
mod transport;
mod wait;
mod wakes;

pub use datagrams::{Datagrams, Loss};
pub use drops::{DropReason, Dropped, Drops};
pub use endpoint::{Endpoint, EndpointError};
pub use half::{Half, Halves, Joint, Layout, Nothing, ReceiveOnly, SendOnly, Split};
pub use introduction::Introduction;
pub use lane::{Lane, Signal};
pub use option::{OptionError, PatternOption};
pub use pattern::{
    Attend, CanAddress, CanJoin, CanReceive, CanRequest, CanRoute, CanSend, CanSubscribe,
    HasSubscribers, HasTopics, Inbound, Outbound, Pattern, Prologue, Row, Sent, Slot, TryRecvError,
    TrySendError,
};
pub use peer::{Peer, PeerHasher, PeerId, PeerInfo, PeerMap};
pub use pipe::{
    Conflate, Mark, PipeConfig, PipeGauge, PipeReader, PipeTotals, PipeWriter, PopError, PushError,
    QueueDepth, pipe,
};
pub use stream::{Reader, Stream, Writer};
pub use sync::{Mutex, MutexGuard, QuickGuard};
pub use transport::{
    Connection, Link, LinkOptions, Listener, Transport, TransportError, TransportOptions,
};
pub use wait::{Ticket, WaitList};
pub use wakes::Wakes;
pub use zmtp_codec::{Frame, IntoMessage, Lent, Message, Metadata, SocketType};
