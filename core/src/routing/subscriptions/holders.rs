//! Who has a topic.

/// Who has a topic, as the tree's number for it tells.
pub(super) enum Holders {
    Nobody,
    One(u32),
    /// The members at this index of `crowds`.
    Crowd(u32),
}

/// Marks numbers that are an index of `crowds`.
pub(super) const CROWD: u32 = 1 << 31;

impl Holders {
    #[inline]
    pub(super) fn of(value: u32) -> Self {
        match value {
            0 => Self::Nobody,
            _ if value & CROWD != 0 => Self::Crowd(value & !CROWD),
            _ => Self::One(value - 1),
        }
    }

    pub(super) fn value(&self) -> u32 {
        match self {
            Self::Nobody => 0,
            Self::One(member) => member + 1,
            Self::Crowd(index) => index | CROWD,
        }
    }

    #[inline]
    pub(super) fn members(self, crowds: &[Vec<u32>]) -> impl Iterator<Item = u32> + '_ {
        let (one, crowd) = match self {
            Self::Nobody => (None, None),
            Self::One(member) => (Some(member), None),
            Self::Crowd(index) => (None, crowds.get(index as usize)),
        };
        one.into_iter().chain(crowd.into_iter().flatten().copied())
    }
}
