//! A message, as both libraries know it.

/// The frames of a message, and what libzmq keeps beside them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Parcel {
    /// The frames; a RADIO's or DISH's is the body alone.
    pub(crate) frames: Vec<Vec<u8>>,
    /// The group, of a RADIO or DISH.
    pub(crate) group: Option<String>,
    /// The number of the peer, of a SERVER or PEER; 0 where there is none.
    pub(crate) peer: u32,
}

impl Parcel {
    /// A message of these frames.
    pub(crate) fn new<F: AsRef<[u8]>>(frames: impl IntoIterator<Item = F>) -> Self {
        let frames = frames.into_iter().map(|frame| frame.as_ref().to_vec());
        Self {
            frames: frames.collect(),
            ..Self::default()
        }
    }

    /// The same in a group.
    #[must_use]
    pub(crate) fn in_group(mut self, group: impl Into<String>) -> Self {
        self.group = Some(group.into());
        self
    }

    /// The same for a peer.
    #[must_use]
    pub(crate) fn to(mut self, peer: u32) -> Self {
        self.peer = peer;
        self
    }
}
