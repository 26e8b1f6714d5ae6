//! Messages that do not travel as plain frames.

use alloc::boxed::Box;

use bytes::{Buf, BytesMut};

use super::{Plain, Received};
use crate::error::ProtocolError;
use crate::frame::{Decoded, Frame};
use crate::limits::Limits;
use crate::mechanism::Open;

/// Turns what travels into plain frames, a bounded stretch at a time.
pub(super) struct Opener {
    open: Box<dyn Open>,
    /// The largest frame.
    limit: u64,
    /// Frames opened but not yet taken.
    plain: BytesMut,
    /// How many bytes the input lacked when a frame was last asked of it.
    needed: usize,
}

/// How many bytes of frames are opened at once.
const STRETCH: usize = 64 << 10;

impl Opener {
    pub(super) fn new(open: Box<dyn Open>, limits: Limits) -> Self {
        Self {
            open,
            limit: limits.addressable().frame,
            plain: BytesMut::new(),
            needed: 0,
        }
    }

    /// Puts a frame before those that the peer will send.
    pub(super) fn precede(&mut self, frame: Frame<'_>) {
        frame.encode(&mut self.plain);
    }

    /// How many bytes the input lacked when it was last looked at.
    pub(super) fn needed(&self) -> usize {
        self.needed
    }

    pub(super) fn poll(
        &mut self,
        plain: &mut Plain,
        input: &mut BytesMut,
        room: usize,
    ) -> Result<Option<Received>, ProtocolError> {
        loop {
            let received = plain.poll(&mut self.plain, room)?;
            if received.is_some() || room == 0 || !self.advance(input)? {
                return Ok(received);
            }
        }
    }

    /// Opens a stretch of frames; says whether there was one.
    fn advance(&mut self, input: &mut BytesMut) -> Result<bool, ProtocolError> {
        let before = self.plain.len();
        self.needed = 0;
        while self.plain.len() - before < STRETCH {
            match self.open.open(input, self.limit, &mut self.plain) {
                Ok(Decoded::Complete { consumed, .. }) => input.advance(consumed.min(input.len())),
                Ok(Decoded::Incomplete { needed }) => {
                    self.needed = needed;
                    break;
                }
                // What came before the fault goes out first.
                Err(_) if self.plain.len() > before => break,
                Err(error) => return Err(error),
            }
        }
        Ok(self.plain.len() > before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Message;
    use crate::rx::Rx;
    use crate::v1;
    use alloc::vec;
    use alloc::vec::Vec;

    fn rx() -> Rx {
        Rx::new(Limits::default(), None, Some(Box::new(v1::Framing)))
    }

    fn poll(rx: &mut Rx, input: &mut BytesMut) -> Vec<Message> {
        match rx.poll_event(input, 1000).expect("no fault") {
            Some(Received::Messages(mut records)) => {
                core::iter::from_fn(|| records.pop()).collect()
            }
            None => Vec::new(),
            other => panic!("{other:?} is no messages"),
        }
    }

    fn part(body: &[u8], more: bool, input: &mut BytesMut) {
        let frame = Frame {
            more,
            ..Frame::last(body)
        };
        v1::encode(frame, input);
    }

    #[test]
    fn frames_are_opened_a_stretch_at_a_time() {
        let (mut rx, mut input) = (rx(), BytesMut::new());
        let body = vec![b'x'; 1000];
        for _ in 0..200 {
            part(&body, false, &mut input);
        }
        let counts: Vec<_> = (0..5).map(|_| poll(&mut rx, &mut input).len()).collect();
        assert_eq!(counts, [65, 65, 65, 5, 0]);
    }

    #[test]
    fn what_is_missing_is_what_the_other_form_lacks() {
        let (mut rx, mut input) = (rx(), BytesMut::new());
        part(b"whole", false, &mut input);
        part(&[b'x'; 1000], true, &mut input);
        let rest = input.split_off(input.len() - 100);
        assert_eq!(poll(&mut rx, &mut input), [Message::from("whole")]);
        assert_eq!(rx.needed(&input), 100);
        assert_eq!(poll(&mut rx, &mut input), []);
        input.unsplit(rest);
        part(b"end", false, &mut input);
        assert_eq!(poll(&mut rx, &mut input)[0].len(), 2);
        assert!(input.is_empty());
    }

    #[test]
    fn a_message_longer_than_a_stretch_is_whole_at_last() {
        let (mut rx, mut input) = (rx(), BytesMut::new());
        for _ in 0..2000 {
            part(&[b'x'; 100], true, &mut input);
        }
        part(b"", false, &mut input);
        assert_eq!(poll(&mut rx, &mut input)[0].len(), 2001);
    }

    #[test]
    fn messages_before_a_fault_come_out_first() {
        let (mut rx, mut input) = (rx(), BytesMut::from(&b"\x02\0a\x02\0b\0"[..]));
        assert_eq!(poll(&mut rx, &mut input).len(), 2);
        let fault = rx.poll_event(&mut input, 9).err();
        assert_eq!(fault, Some(ProtocolError::MalformedFrame));
    }
}
