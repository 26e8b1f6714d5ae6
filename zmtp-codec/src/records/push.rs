//! Messages put behind the others of a row.

use bytes::Bytes;

use super::Records;
use crate::frame::Frame;
use crate::message::{Lent, Message};

impl Records {
    /// Adds a message: first `prefix`, which is whole frames with MORE set as
    /// they stand on the wire, then the message's frames but the first `skip`.
    ///
    /// `skip` must leave a frame.
    #[inline]
    pub fn push(&mut self, prefix: &[u8], message: &Message, skip: usize) {
        self.arena.extend_from_slice(prefix);
        let Self {
            arena,
            base,
            shared,
            share_from,
            shared_len,
            ..
        } = self;
        message.encode(skip, *share_from, arena, |at, body| {
            *shared_len += body.len();
            shared.push_back((*base + at, body.clone()));
        });
        self.messages += 1;
    }

    /// Adds a message of one frame: first `prefix`, as for [`push`](Self::push), then
    /// a frame with this body, which is copied once.
    #[inline]
    pub fn push_frame(&mut self, prefix: &[u8], body: &[u8]) {
        self.arena.extend_from_slice(prefix);
        let frame = Frame::last(body);
        if body.len() < self.share_from {
            frame.encode(&mut self.arena);
        } else {
            frame.header().encode(&mut self.arena);
            self.share(Bytes::copy_from_slice(body));
        }
        self.messages += 1;
    }

    /// Adds a message as [`push`](Self::push) does, but takes the body of an only frame out
    /// of it, if that is to be shared: so nobody counts who shares it.
    #[inline]
    pub fn push_owned(&mut self, message: &mut Message) {
        match message.take_large(self.share_from) {
            None => self.push(&[], message, 0),
            Some(body) => {
                Frame::last(&body).header().encode(&mut self.arena);
                self.share(body);
                self.messages += 1;
            }
        }
    }

    /// Adds a body that stays as it is, behind its header.
    fn share(&mut self, body: Bytes) {
        self.shared_len += body.len();
        self.shared.push_back((self.base + self.arena.len(), body));
    }

    /// Adds a message that is only lent, as [`push`](Self::push) and
    /// [`push_frame`](Self::push_frame) do.
    #[inline]
    pub fn push_lent(&mut self, message: &Lent<'_>) {
        match message {
            Lent::Frame(body) => self.push_frame(&[], body),
            Lent::Message(message) => self.push(&[], message, 0),
        }
    }
}
