//! High-water marks: how much may wait.

/// How much one side of a pipe lets wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mark {
    messages: usize,
}

impl Mark {
    /// No mark: as much as comes.
    pub const NONE: Self = Self::messages(0);

    /// So many messages at the most; 0 is no mark.
    #[must_use]
    pub const fn messages(messages: usize) -> Self {
        Self { messages }
    }
}

/// One of the two sides of a pipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Sending,
    Receiving,
}

/// What each side lets wait; a side that is no socket's adds nothing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Marks {
    pub(super) sending: Option<Mark>,
    pub(super) receiving: Option<Mark>,
}

impl Marks {
    pub(super) fn set(&mut self, side: Side, mark: Mark) {
        match side {
            Side::Sending => self.sending = Some(mark),
            Side::Receiving => self.receiving = Some(mark),
        }
    }

    /// How many messages may wait: those of both sides together; no mark on either is
    /// no mark.
    pub(super) fn messages(self) -> u64 {
        let marks = [self.sending, self.receiving].into_iter().flatten();
        marks
            .map(|mark| mark.messages as u64)
            .reduce(|one, other| match (one, other) {
                (0, _) | (_, 0) => 0,
                _ => one.saturating_add(other),
            })
            .filter(|mark| *mark > 0)
            .unwrap_or(u64::MAX)
    }
}
