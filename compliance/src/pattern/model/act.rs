//! What happens where messages are of topics.

/// What messages are of, and what peers ask for.
pub(super) const TOPICS: [&str; 5] = ["", "a", "ab", "abc", "b"];

/// Something that happens to a socket whose messages are of topics. A first number stands for one of the peers
/// there are, or for one of some marks; a last for one of some topics.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "each says what it is")]
pub enum Act {
    Join(u8),
    Leave(u8),
    Detach(u8),
    Ask(u8, u8),
    Cancel(u8, u8),
    Send(u8),
    Reserve(u8),
    Commit(u8),
    Release,
    Recv,
    PeerSends(u8, u8),
    PeerTakes(u8),
    NoDrop(bool),
    Invert(bool),
}

impl From<(u8, u8, u8)> for Act {
    /// What moves messages is more frequent than what makes and breaks connections.
    fn from((kind, which, topic): (u8, u8, u8)) -> Self {
        match kind % 30 {
            0 | 1 => Self::Join(which),
            2 => Self::Leave(which),
            3 => Self::Detach(which),
            4..=7 => Self::Ask(which, topic),
            8 | 9 => Self::Cancel(which, topic),
            10..=15 => Self::Send(topic),
            16 => Self::Reserve(topic),
            17 => Self::Commit(topic),
            18 => Self::Release,
            19 => Self::NoDrop(which % 2 == 0),
            20 => Self::Invert(which % 4 == 0),
            21..=23 => Self::Recv,
            24..=27 => Self::PeerSends(which, topic),
            _ => Self::PeerTakes(which),
        }
    }
}

/// The topic of that number.
pub(super) fn pick_topic(n: u8) -> &'static str {
    TOPICS[usize::from(n) % TOPICS.len()]
}
