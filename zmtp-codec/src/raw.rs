//! No protocol at all, for STREAM sockets: whatever arrives is one message.

use bytes::{BufMut, BytesMut};

use crate::error::ProtocolError;
use crate::frame::{Decoded, Frame};
use crate::mechanism::{Open, Seal};

/// Bare bytes as a form in which frames travel.
#[derive(Debug)]
pub(crate) struct Bare;

impl Seal for Bare {
    fn seal(&mut self, frame: Frame<'_>, output: &mut BytesMut) {
        output.put_slice(frame.body);
    }
}

impl Open for Bare {
    fn open(
        &mut self,
        input: &[u8],
        limit: u64,
        output: &mut BytesMut,
    ) -> Result<Decoded<()>, ProtocolError> {
        if input.is_empty() {
            return Ok(Decoded::Incomplete { needed: 1 });
        }
        // Bytes have no frames, so a limit can only cut them.
        let limit = usize::try_from(limit).unwrap_or(usize::MAX).max(1);
        let body = input.get(..limit).unwrap_or(input);
        Frame::last(body).encode(output);
        Ok(Decoded::Complete {
            value: (),
            consumed: body.len(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_arrives_together_is_one_frame_up_to_the_limit() {
        let mut plain = BytesMut::new();
        let opened = Bare.open(b"GET /", 4, &mut plain);
        assert_eq!(
            opened,
            Ok(Decoded::Complete {
                value: (),
                consumed: 4
            })
        );
        assert_eq!(&plain[..], b"\0\x04GET ");
        assert_eq!(
            Bare.open(b"", 4, &mut plain),
            Ok(Decoded::Incomplete { needed: 1 })
        );
    }

    #[test]
    fn bodies_leave_as_they_are() {
        let mut wire = BytesMut::new();
        for body in [&b"HTTP/1.1 "[..], b"", b"200 OK"] {
            Bare.seal(Frame::last(body), &mut wire);
        }
        assert_eq!(&wire[..], b"HTTP/1.1 200 OK");
    }
}
