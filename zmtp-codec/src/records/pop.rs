//! Messages taken out of a row, one by one.

use alloc::vec::Vec;

use bytes::{Buf, Bytes};

use super::Records;
use crate::frame::{Decoded, FrameHeader};
use crate::message::{Body, Message};

impl Records {
    /// Takes the first message out.
    pub fn pop(&mut self) -> Option<Message> {
        let mut message = Message::new();
        self.pop_into(&mut message, 0, Bytes::copy_from_slice)
            .then_some(message)
    }

    /// Takes the first message out, into the place of another, and gives it this
    /// [origin](Message::origin); says whether there was one. A small message is written
    /// once, where it stays; a body that neither fits there nor may keep the arena alive
    /// goes where `copy` puts it.
    #[inline]
    pub fn pop_into(
        &mut self,
        into: &mut Message,
        origin: u32,
        copy: impl FnMut(&[u8]) -> Bytes,
    ) -> bool {
        self.pop_small(into, origin)
            || (self.messages > 0 && self.pop_any(into, origin, copy).is_some())
    }

    /// Takes the first message out if it is one short frame.
    #[inline]
    fn pop_small(&mut self, into: &mut Message, origin: u32) -> bool {
        // By far the most messages: one frame, short enough to be packed.
        match *self.rest() {
            [0, size, ..] => self.pop_packed(usize::from(size) + 2, into, origin),
            _ => false,
        }
    }

    /// Takes the first messages out, up to `limit`, and puts them behind those in
    /// `into`, each written once, where it stays; says how many they were. Their
    /// [origin](Message::origin) will be `origin`, and bodies are copied as by
    /// [`pop_into`](Self::pop_into).
    pub fn pop_many(
        &mut self,
        into: &mut Vec<Message>,
        limit: usize,
        origin: u32,
        mut copy: impl FnMut(&[u8]) -> Bytes,
    ) -> usize {
        // From where it is as it has to be: one that is made in place is made in parts.
        const EMPTY: Message = Message::new();
        let limit = limit.min(self.messages);
        into.reserve(limit);
        for popped in 0..limit {
            into.push(EMPTY);
            let last = into.last_mut();
            if !last.is_some_and(|message| self.pop_into(message, origin, &mut copy)) {
                into.pop();
                return popped;
            }
        }
        limit
    }

    #[inline]
    fn pop_packed(&mut self, length: usize, into: &mut Message, origin: u32) -> bool {
        let packed = into.fill(self.rest(), length, origin);
        if packed {
            self.discard(length);
        }
        packed
    }

    /// Takes the first message out, whatever its frames are.
    fn pop_any(
        &mut self,
        into: &mut Message,
        origin: u32,
        mut copy: impl FnMut(&[u8]) -> Bytes,
    ) -> Option<()> {
        let (header, consumed) = self.first_header()?;
        if !header.more {
            self.messages -= 1;
            let body = self.take_body(&header, consumed, copy)?;
            *into = Body::Single(body, origin).into();
            return Some(());
        }
        let extent = self.first_message()?;
        if extent.packs {
            return self.pop_packed(extent.length, into, origin).then_some(());
        }
        self.messages -= 1;
        let mut frames = Vec::with_capacity(extent.frames);
        for _ in 0..extent.frames {
            let (header, consumed) = self.first_header()?;
            frames.push(self.take_body(&header, consumed, &mut copy)?);
        }
        *into = Body::Multi(frames, origin).into();
        Some(())
    }

    /// The header of the first frame left, and how many bytes it takes.
    #[inline]
    fn first_header(&self) -> Option<(FrameHeader, usize)> {
        match FrameHeader::decode(self.rest()) {
            Decoded::Complete { value, consumed } => Some((value, consumed)),
            Decoded::Incomplete { .. } => None,
        }
    }

    /// Takes the first frame off, and its body out; its header takes `consumed` bytes.
    #[inline]
    fn take_body(
        &mut self,
        header: &FrameHeader,
        consumed: usize,
        mut copy: impl FnMut(&[u8]) -> Bytes,
    ) -> Option<Bytes> {
        self.at += consumed;
        let here = self.point();
        if self.shared.front().is_some_and(|(point, _)| *point == here) {
            let (_, body) = self.shared.pop_front()?;
            self.shared_len -= body.len();
            return Some(body);
        }
        let size = usize::try_from(header.size).ok()?;
        let body = self.rest().get(..size)?;
        // A small body must not keep a large buffer alive.
        if size < self.backing / 16 || self.backing == 0 {
            let body = copy(body);
            self.at += size;
            return Some(body);
        }
        self.arena.advance(self.at);
        self.base += self.at + size;
        self.at = 0;
        Some(self.arena.split_to(size).freeze())
    }
}
