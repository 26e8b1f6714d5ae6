//! Single messages of a row, as they stand on the wire.

use bytes::Buf;

use super::Records;

impl Records {
    /// The body of the first message's first frame; empty if there is no message.
    #[must_use]
    pub fn first_frame(&self) -> &[u8] {
        self.frames().next().map_or(&[], |frame| frame.body)
    }

    /// Moves the first message behind those of `into`; says whether there was one. It is
    /// copied, or, if it is a large part of what was received, stays where it is and `into`
    /// is empty before.
    pub fn move_first(&mut self, into: &mut Self) -> bool {
        let Some(extent) = self.first_message() else {
            return false;
        };
        let (here, length) = (self.point(), extent.length);
        if self.arena_len() < length {
            return false;
        }
        let bodies = self.shared.drain(..extent.shared);
        let stays = into.is_empty() && self.backing > 0 && length >= self.backing / 16;
        if stays {
            into.forget();
        }
        let shift = into.base + into.arena.len();
        into.shared
            .extend(bodies.map(|(point, body)| (shift + point - here, body)));
        into.shared_len += extent.shared_len;
        self.shared_len -= extent.shared_len;
        if stays {
            self.arena.advance(self.at);
            self.base = here + length;
            self.at = 0;
            into.arena = self.arena.split_to(length);
            into.backing = self.backing;
        } else {
            let wire = self.rest().get(..length).unwrap_or_default();
            into.arena.extend_from_slice(wire);
            self.at += length;
        }
        self.messages = self.messages.saturating_sub(1);
        into.messages += 1;
        true
    }
}
