//! Whole messages in a row, stored as the bytes they are on the wire.

mod pop;
mod push;
mod single;

use alloc::collections::VecDeque;

use bytes::{Bytes, BytesMut};

use crate::frame::{Decoded, Frame, FrameHeader, MORE};
use crate::packed;

/// A run of whole messages, encoded as plain ZMTP data frames.
///
/// This is how messages wait in a queue: the form is the same in ZMTP 2.0, 3.0
/// and 3.1, so what a sender pushes is what the wire takes, and what the wire
/// brings is what a receiver pops. Small bodies stand in one arena, one behind
/// the other; bodies from [`share_from`](Self::sharing_from) on are kept as the
/// [`Bytes`] they came as, with a note where in the arena they belong.
#[derive(Debug)]
pub struct Records {
    /// The frames, headers and small bodies.
    arena: BytesMut,
    /// Bytes of the arena that were consumed.
    at: usize,
    /// Bytes that were cut off in front of the arena.
    base: usize,
    /// Bodies outside of the arena, by the point where they belong, counted from
    /// where the arena began.
    shared: VecDeque<(usize, Bytes)>,
    /// Bodies of at least this size are not copied into the arena.
    share_from: usize,
    /// The bytes in `shared`.
    shared_len: usize,
    /// The size of the allocation that `arena` is a part of.
    backing: usize,
    messages: usize,
}

/// Bodies of at least this size are shared by default.
const SHARE_FROM: usize = 4096;

impl Default for Records {
    fn default() -> Self {
        Self::sharing_from(SHARE_FROM)
    }
}

impl Records {
    /// Nothing yet; bodies of `share_from` bytes or more will be shared.
    ///
    /// Bodies that fit inside a [`Message`](crate::Message) are copied all the same.
    #[must_use]
    pub fn sharing_from(share_from: usize) -> Self {
        Self {
            arena: BytesMut::new(),
            at: 0,
            base: 0,
            shared: VecDeque::new(),
            share_from: share_from.max(packed::CAPACITY),
            shared_len: 0,
            backing: 0,
            messages: 0,
        }
    }

    /// Becomes empty, and keeps the arena for the next messages if it is its own
    /// and holds no more than `limit` bytes. An arena that it does not keep, but that
    /// others may use, is returned. Bodies from `share_from` bytes on will be shared.
    #[inline]
    pub fn recycle(&mut self, share_from: usize, limit: usize) -> Option<BytesMut> {
        self.forget();
        self.share_from = share_from.max(packed::CAPACITY);
        if self.backing > 0 {
            self.backing = 0;
            self.arena = BytesMut::new();
        }
        (self.arena.capacity() > limit).then(|| core::mem::take(&mut self.arena))
    }

    /// Uses another arena from now on, which must be empty; there must be no messages.
    pub fn set_arena(&mut self, arena: BytesMut) {
        debug_assert!(self.is_empty() && arena.is_empty());
        self.forget();
        self.arena = arena;
        self.arena.clear();
    }

    /// Drops all messages.
    #[inline]
    fn forget(&mut self) {
        self.arena.clear();
        (self.at, self.base, self.messages) = (0, 0, 0);
        if self.shared_len > 0 || !self.shared.is_empty() {
            self.shared.clear();
            self.shared_len = 0;
        }
    }

    /// Takes `messages` whole messages as they were received.
    ///
    /// The caller has seen that `wire` is data frames, whole messages, and so
    /// many of them. `backing` is the size of the buffer that `wire` is a part
    /// of and keeps alive.
    #[must_use]
    pub(crate) fn from_wire(wire: BytesMut, messages: usize, backing: usize) -> Self {
        Self {
            arena: wire,
            backing,
            messages,
            ..Self::default()
        }
    }

    /// How many messages are left.
    #[must_use]
    #[inline]
    pub fn messages(&self) -> usize {
        self.messages
    }

    /// Whether no message is left.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.messages == 0
    }

    /// How many bytes the messages left take on the wire.
    #[must_use]
    #[inline]
    pub fn wire_len(&self) -> usize {
        self.arena_len() + self.shared_len
    }

    /// How many bytes the arena holds, shared bodies not counted.
    #[must_use]
    #[inline]
    pub fn arena_len(&self) -> usize {
        self.arena.len() - self.at
    }

    /// How many bytes the arena could hold.
    #[must_use]
    pub fn arena_capacity(&self) -> usize {
        self.arena.capacity()
    }

    /// Whether the arena takes `length` more bytes as it is.
    #[must_use]
    pub fn has_space(&self, length: usize) -> bool {
        self.arena.capacity() - self.arena.len() >= length
    }

    /// Moves all messages of `more` behind those here, by copying its arena.
    pub fn append(&mut self, more: Self) {
        let shift = self.base + self.arena.len();
        self.arena.extend_from_slice(more.rest());
        for (point, body) in more.shared {
            let point = shift + point - more.base - more.at;
            self.shared.push_back((point, body));
        }
        self.shared_len += more.shared_len;
        self.messages += more.messages;
    }

    /// Drops a message that takes `length` bytes of the arena.
    #[inline]
    fn discard(&mut self, length: usize) {
        self.at = (self.at + length).min(self.arena.len());
        self.messages = self.messages.saturating_sub(1);
    }

    /// What is left of the arena.
    #[inline]
    fn rest(&self) -> &[u8] {
        self.arena.get(self.at..).unwrap_or(&[])
    }

    /// Drops the messages that end within the first `written` bytes of the
    /// wire, and says how many they are and how many bytes they took.
    pub fn discard_written(&mut self, written: usize) -> (usize, usize) {
        if written == self.wire_len() {
            let messages = self.messages;
            self.forget();
            return (messages, written);
        }
        let (mut messages, mut length) = (0, 0);
        while let Some(extent) = self.first_message() {
            let wire_len = extent.length + extent.shared_len;
            if length + wire_len > written {
                break;
            }
            self.discard_first(&extent);
            messages += 1;
            length += wire_len;
        }
        (messages, length)
    }

    /// Measures the first message.
    #[inline]
    fn first_message(&self) -> Option<Extent> {
        let mut extent = Extent {
            frames: 0,
            length: 0,
            shared: 0,
            shared_len: 0,
            packs: true,
        };
        loop {
            let rest = self.arena.get(self.at + extent.length..)?;
            let Decoded::Complete {
                value: header,
                consumed,
            } = FrameHeader::decode(rest)
            else {
                return None;
            };
            extent.packs &= *rest.first()? <= MORE;
            extent.frames += 1;
            extent.length += consumed;
            match self.shared.get(extent.shared) {
                Some((point, body)) if *point == self.point() + extent.length => {
                    extent.shared += 1;
                    extent.shared_len += body.len();
                }
                _ => {
                    let size = usize::try_from(header.size).ok()?;
                    extent.length = extent.length.checked_add(size)?;
                }
            }
            if !header.more {
                extent.packs &= extent.length <= packed::CAPACITY && extent.shared == 0;
                return Some(extent);
            }
        }
    }

    /// Drops the first `count` messages.
    pub fn discard_messages(&mut self, count: usize) {
        for _ in 0..count {
            let Some(extent) = self.first_message() else {
                return;
            };
            self.discard_first(&extent);
        }
    }

    fn discard_first(&mut self, extent: &Extent) {
        self.shared.drain(..extent.shared);
        self.shared_len -= extent.shared_len;
        self.discard(extent.length);
    }

    /// The frames of all messages left, first to last.
    pub(crate) fn frames(&self) -> impl Iterator<Item = Frame<'_>> {
        let mut rest = self.rest();
        let mut at = self.point();
        let mut shared = self.shared.iter().peekable();
        core::iter::from_fn(move || {
            let Decoded::Complete {
                value: header,
                consumed,
            } = FrameHeader::decode(rest)
            else {
                return None;
            };
            at += consumed;
            rest = rest.get(consumed..)?;
            let body = match shared.next_if(|(point, _)| *point == at) {
                Some((_, body)) => &body[..],
                None => {
                    let size = usize::try_from(header.size).ok()?;
                    let (body, behind) = rest.split_at_checked(size)?;
                    (rest, at) = (behind, at + size);
                    body
                }
            };
            Some(Frame {
                more: header.more,
                command: header.command,
                body,
            })
        })
    }

    /// Where the first byte left stands, counted from where the arena began.
    #[inline]
    fn point(&self) -> usize {
        self.base + self.at
    }

    /// The messages left, but their first `skip` bytes, if no body is shared and so they
    /// are one piece, which is not empty.
    #[must_use]
    #[inline]
    pub fn only_piece(&self, skip: usize) -> Option<&[u8]> {
        let piece = self.rest().get(skip..)?;
        (self.shared.is_empty() && !piece.is_empty()).then_some(piece)
    }

    /// The messages left, but their first `skip` bytes, as pieces for a vectored
    /// write, in order and none empty.
    pub fn pieces(&self, mut skip: usize) -> impl Iterator<Item = &[u8]> {
        let mut at = self.point();
        let mut rest = self.rest();
        let mut shared = self.shared.iter();
        let mut body = None;
        let mut next_piece = move || {
            if let Some(body) = body.take() {
                return Some(body);
            }
            let Some((point, next)) = shared.next() else {
                return (!rest.is_empty()).then(|| core::mem::take(&mut rest));
            };
            body = Some(&next[..]);
            let (piece, behind) = rest.split_at_checked(point - at)?;
            (at, rest) = (*point, behind);
            Some(piece)
        };
        core::iter::from_fn(move || {
            loop {
                let piece = next_piece()?;
                match piece.get(skip..) {
                    Some(piece) if !piece.is_empty() => {
                        skip = 0;
                        return Some(piece);
                    }
                    _ => skip -= piece.len(),
                }
            }
        })
    }
}

/// How far a message reaches.
struct Extent {
    frames: usize,
    /// Bytes of the arena.
    length: usize,
    /// Bodies outside of the arena, and their bytes.
    shared: usize,
    shared_len: usize,
    /// Whether it is small and plain enough to become a packed message.
    packs: bool,
}

#[cfg(test)]
mod tests;
