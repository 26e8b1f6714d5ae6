//! What a peer may make this side hold.

/// Caps on what one connection may send; beyond one of them it ends.
///
/// ```
/// use zmtp_codec::Limits;
///
/// let limits = Limits::new().message(1 << 20).frame(1 << 20);
/// # let _ = limits;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub(crate) frame: u64,
    pub(crate) message: u64,
    pub(crate) frames: usize,
    pub(crate) handshake: usize,
}

impl Limits {
    /// 256 MiB in one frame and in one message, 4,096 frames in a message, 8 KiB in
    /// the handshake.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            frame: 256 << 20,
            message: 256 << 20,
            frames: 4096,
            handshake: 8 << 10,
        }
    }

    /// No caps but what this machine can address, for peers that are trusted. The
    /// handshake keeps its own: nobody is trusted before it ends.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            frame: u64::MAX,
            message: u64::MAX,
            frames: usize::MAX,
            ..Self::new()
        }
    }

    /// How many bytes one frame may have.
    #[must_use]
    pub const fn frame(mut self, bytes: u64) -> Self {
        self.frame = bytes;
        self
    }

    /// How many bytes one message may have, all frames together.
    #[must_use]
    pub const fn message(mut self, bytes: u64) -> Self {
        self.message = bytes;
        self
    }

    /// How many frames one message may have.
    #[must_use]
    pub const fn frames(mut self, frames: usize) -> Self {
        self.frames = frames;
        self
    }

    /// How many bytes the whole handshake may have, the greeting included.
    #[must_use]
    pub const fn handshake(mut self, bytes: usize) -> Self {
        self.handshake = bytes;
        self
    }

    /// The same, with no size beyond what an allocation can have.
    pub(crate) fn addressable(self) -> Self {
        let addressable = isize::MAX as u64;
        Self {
            frame: self.frame.min(addressable),
            message: self.message.min(addressable),
            ..self
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::new()
    }
}
