//! What should happen, in a few lines, to be held against what does.
//!
//! [`Queues`] is a model of any pattern whose peers have queues that are used in
//! turn or by address, [`Crowd`] of one whose messages go to all who want them, [`Choosy`]
//! of one that receives what it wants. A property test makes up [`Step`]s or [`Act`]s and
//! calls `check`; patterns with more rules have models of their own, made of the same
//! parts.

mod act;
mod choosy;
mod crowd;
mod gauge;
mod queues;
mod turns;

pub use act::Act;
use act::{TOPICS, pick_topic};
pub use choosy::{Choosy, Filters};
pub use crowd::{Broadcasts, Crowd};
pub use gauge::Gauge;
pub use queues::Queues;
pub use turns::Turns;

/// Something that happens to a socket. A number stands for one of the peers there
/// are, or for one of some marks.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "each says what it is")]
pub enum Step {
    Join(u8),
    Dial(u8),
    Ready(u8),
    Lost(u8),
    Leave(u8),
    Detach(u8),
    Send(u8),
    Reserve(u8),
    Commit,
    Release,
    Recv,
    PeerSends(u8),
    PeerTakes(u8),
}

impl From<(u8, u8)> for Step {
    /// A step of some kind, as a property test makes it up: what moves messages is
    /// more frequent than what makes and breaks connections.
    fn from((kind, which): (u8, u8)) -> Self {
        match kind % 24 {
            0 | 1 => Self::Join(which),
            2 => Self::Dial(which),
            3 => Self::Ready(which),
            4 => Self::Lost(which),
            5 => Self::Leave(which),
            6 => Self::Detach(which),
            7..=11 => Self::Send(which),
            12 => Self::Reserve(which),
            13 => Self::Commit,
            14 => Self::Release,
            15..=17 => Self::Recv,
            18..=20 => Self::PeerSends(which),
            _ => Self::PeerTakes(which),
        }
    }
}
