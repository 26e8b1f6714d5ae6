//! High-water marks: how much may wait.

/// How much one side of a pipe lets wait, in messages and in bytes; whatever is reached
/// first counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mark {
    messages: usize,
    bytes: usize,
}

impl Mark {
    /// No mark: as much as comes.
    pub const NONE: Self = Self::messages(0);

    /// So many messages at the most; 0 is no mark.
    #[must_use]
    pub const fn messages(messages: usize) -> Self {
        Self { messages, bytes: 0 }
    }

    /// No more once so many bytes wait; 0 is no mark. The message that reaches it still
    /// has room, so that an empty pipe takes one of any size.
    #[must_use]
    pub const fn bytes(self, bytes: usize) -> Self {
        Self { bytes, ..self }
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
    /// Sets one side's; says whether that is another one.
    pub(super) fn set(&mut self, side: Side, mark: Mark) -> bool {
        let place = match side {
            Side::Sending => &mut self.sending,
            Side::Receiving => &mut self.receiving,
        };
        place.replace(mark) != Some(mark)
    }

    /// How many messages may wait.
    pub(super) fn messages(self) -> u64 {
        self.together(|mark| mark.messages)
    }

    /// How many bytes may wait.
    pub(super) fn bytes(self) -> u64 {
        self.together(|mark| mark.bytes)
    }

    /// What both sides let wait; no mark on either is no mark.
    fn together(self, of: impl Fn(Mark) -> usize) -> u64 {
        let marks = [self.sending, self.receiving].into_iter().flatten();
        marks
            .map(|mark| of(mark) as u64)
            .reduce(|one, other| match (one, other) {
                (0, _) | (_, 0) => 0,
                _ => one.saturating_add(other),
            })
            .filter(|mark| *mark > 0)
            .unwrap_or(u64::MAX)
    }
}

/// libzmq's low-water mark: credit travels half a high-water mark at a time. Where there
/// is no mark nobody waits for it.
pub(super) fn half(mark: u64) -> u64 {
    match mark {
        u64::MAX => u64::MAX,
        _ => mark.div_ceil(2).max(1),
    }
}
