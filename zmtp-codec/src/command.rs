//! Commands: frames from one protocol engine to the other.
//!
//! ```text
//!  length    name              data
//! +--------+-----------------+------------- - -
//! | 1 byte | 1 to 255 bytes  | to the frame's end
//! +--------+-----------------+------------- - -
//! ```
//!
//! Each command that this crate knows has a file below this one.

pub(crate) mod error;
pub(crate) mod heartbeat;
pub(crate) mod ready;
pub(crate) mod subscription;

use bytes::{BufMut, BytesMut};

use crate::error::ProtocolError;
use crate::frame::FrameHeader;

/// The body of a command frame, split into its name and what follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Command<'a> {
    /// What the command is called: `READY`, for example.
    pub name: &'a [u8],
    /// What it says; the name decides on the grammar.
    pub data: &'a [u8],
}

impl<'a> Command<'a> {
    /// Reads the body of a command frame.
    ///
    /// A name that is not made of letters is taken as well, as libzmq takes it:
    /// it is no name that anyone knows.
    ///
    /// # Errors
    ///
    /// [`ProtocolError::MalformedCommand`] if the name is empty or reaches
    /// beyond the frame ([RFC 37, Formal Grammar](https://rfc.zeromq.org/spec/37/#formal-grammar)).
    pub fn decode(body: &'a [u8]) -> Result<Self, ProtocolError> {
        let parts = body.split_first().and_then(|(length, rest)| {
            let name_and_data = rest.split_at_checked(usize::from(*length));
            name_and_data.filter(|(name, _)| !name.is_empty())
        });
        let (name, data) = parts.ok_or(ProtocolError::MalformedCommand)?;
        Ok(Self { name, data })
    }

    /// Writes the body of the command's frame.
    pub fn encode(&self, output: &mut BytesMut) {
        debug_assert!((1..=255).contains(&self.name.len()));
        output.put_u8(self.name.len() as u8);
        output.put_slice(self.name);
        output.put_slice(self.data);
    }

    /// Writes the whole frame.
    pub(crate) fn encode_frame(&self, output: &mut BytesMut) {
        let size = (1 + self.name.len() + self.data.len()) as u64;
        FrameHeader {
            more: false,
            command: true,
            size,
        }
        .encode(output);
        self.encode(output);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_survives_the_wire() {
        let command = Command {
            name: b"HELLO",
            data: b"\x05admin",
        };
        let mut frame = BytesMut::new();
        command.encode_frame(&mut frame);
        assert_eq!(&frame[..], b"\x04\x0c\x05HELLO\x05admin");
        assert_eq!(Command::decode(&frame[2..]), Ok(command));
    }

    #[test]
    fn a_long_command_has_a_long_frame() {
        let mut frame = BytesMut::new();
        Command {
            name: b"SUBSCRIBE",
            data: &[b't'; 246],
        }
        .encode_frame(&mut frame);
        assert_eq!(frame[..9], [0b110, 0, 0, 0, 0, 0, 0, 1, 0]);
    }

    #[test]
    fn names_that_are_not_there_are_malformed() {
        for body in [&b""[..], b"\0", b"\0data", b"\x01", b"\x06READY"] {
            assert_eq!(
                Command::decode(body),
                Err(ProtocolError::MalformedCommand),
                "{body:?}"
            );
        }
    }
}
