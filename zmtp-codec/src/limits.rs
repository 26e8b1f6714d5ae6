//! What a peer may make this side hold.

/// Caps on what one connection may send; beyond one of them it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes in one frame. Default 256 MiB.
    pub frame: u64,
    /// Bytes in one message, all frames together. Default 256 MiB.
    pub message: u64,
    /// Frames in one message. Default 4,096.
    pub frames: usize,
    /// Bytes in the whole handshake, the greeting included. Default 8 KiB.
    pub handshake: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            frame: 256 << 20,
            message: 256 << 20,
            frames: 4096,
            handshake: 8 << 10,
        }
    }
}

impl Limits {
    /// No caps but what this machine can address; for peers that are trusted.
    pub const NONE: Self = Self {
        frame: u64::MAX,
        message: u64::MAX,
        frames: usize::MAX,
        handshake: usize::MAX,
    };

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
