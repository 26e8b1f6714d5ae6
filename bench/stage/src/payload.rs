//! What is sent.

use bytes::Bytes;

/// From this size on a message may share the payload's memory, as a program does that
/// has the bytes already; below, its body is copied, as a program does that has just
/// made them.
pub const SHARED_FROM: usize = 4096;

/// How many messages a batch call is given, and asks for at most.
pub const BATCH: usize = 128;

/// The body of each message.
#[derive(Debug, Clone)]
pub struct Payload {
    /// To copy from.
    pub slice: &'static [u8],
    /// To share.
    pub bytes: Bytes,
}

impl Payload {
    /// A body of `size` bytes that begins with `topic`, in memory for good.
    pub(crate) fn new(topic: &[u8], size: usize) -> Self {
        let mut body = topic.to_vec();
        body.resize(size.max(topic.len()), b'.');
        Self {
            bytes: Bytes::from(body.clone()),
            slice: body.leak(),
        }
    }

    /// Whether a message may share it.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.slice.len() >= SHARED_FROM
    }

    /// As `Bytes`: shared where that is allowed, a copy otherwise.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        if self.is_shared() {
            self.bytes.clone()
        } else {
            Bytes::copy_from_slice(self.slice)
        }
    }
}
