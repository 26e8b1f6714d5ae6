//! Messages in text, and back.

mod hex;
mod json;
mod routing;

use ferromq::Message;

use super::args::{Form, Kind};

/// A way to write messages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Format {
    pub(crate) kind: Kind,
    /// What stands between frames.
    delimiter: u8,
    /// Whether a line is cut into frames.
    cuts: bool,
    /// Whether the first frame is a routing id.
    routes: bool,
}

impl Format {
    /// As the arguments say, for a socket that sees routing ids or not.
    pub(crate) fn new(form: &Form, routes: bool) -> Self {
        Self {
            kind: form.format,
            delimiter: form.delimiter.unwrap_or(b'\t'),
            cuts: routes || form.delimiter.is_some(),
            routes,
        }
    }

    /// The message that a line says, without its newline, or what the line lacks.
    pub(crate) fn decode(&self, line: &[u8]) -> Result<Message, String> {
        match self.kind {
            Kind::Lines if !self.cuts => Ok(Message::from(line)),
            Kind::Lines => Ok(self.decode_frames(line)),
            Kind::Raw => Ok(Message::from(line)),
            Kind::Hex => hex::decode_frames(line, self.delimiter),
            Kind::Json => json::decode(line),
        }
    }

    /// Appends a message, with a newline where the format has any.
    pub(crate) fn encode(&self, message: &Message, output: &mut Vec<u8>) {
        match self.kind {
            Kind::Raw => message
                .frames()
                .for_each(|frame| output.extend_from_slice(frame)),
            Kind::Json => json::encode(message, output),
            Kind::Lines => self.encode_frames(message, output, |frame, output| {
                output.extend_from_slice(frame);
            }),
            Kind::Hex => self.encode_frames(message, output, hex::encode),
        }
    }

    fn decode_frames(&self, line: &[u8]) -> Message {
        let frames = line.split(|byte| *byte == self.delimiter).enumerate();
        Message::from_frames(frames.map(|(index, frame)| match index {
            0 if self.routes => routing::decode(frame),
            _ => frame.to_vec(),
        }))
    }

    fn encode_frames(
        &self,
        message: &Message,
        output: &mut Vec<u8>,
        encode: impl Fn(&[u8], &mut Vec<u8>),
    ) {
        for (index, frame) in message.frames().enumerate() {
            if index > 0 {
                output.push(self.delimiter);
            }
            match index {
                0 if self.routes && self.kind == Kind::Lines => {
                    routing::encode(frame, self.delimiter, output);
                }
                _ => encode(frame, output),
            }
        }
        output.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(kind: Kind, delimiter: Option<u8>, routes: bool) -> Format {
        let form = Form {
            format: kind,
            delimiter,
        };
        Format::new(&form, routes)
    }

    fn encoded(format: Format, message: &Message) -> String {
        let mut output = Vec::new();
        format.encode(message, &mut output);
        String::from_utf8_lossy(&output).into_owned()
    }

    #[test]
    fn a_line_is_one_frame_unless_it_is_to_be_cut() {
        let whole = format(Kind::Lines, None, false);
        assert_eq!(whole.decode(b"a\tb"), Ok(Message::from("a\tb")));
        let parts = Message::from_frames(["a", "", "b"]);
        assert_eq!(encoded(whole, &parts), "a\t\tb\n");
        let cut = format(Kind::Lines, Some(b','), false);
        assert_eq!(cut.decode(b"a,,b"), Ok(parts.clone()));
        assert_eq!(encoded(cut, &parts), "a,,b\n");
    }

    #[test]
    fn every_message_comes_back_from_hex_and_json() {
        for message in [
            Message::new(),
            Message::from_frames(["", "text \"quoted\"", "ünï"]),
            Message::from_frames([vec![0, 255], vec![], b"\n\t".to_vec()]),
        ] {
            for kind in [Kind::Hex, Kind::Json] {
                let format = format(kind, None, false);
                let text = encoded(format, &message);
                let line = text.strip_suffix('\n').expect("a line");
                assert!(!line.contains('\n'), "{line}");
                assert_eq!(format.decode(line.as_bytes()), Ok(message.clone()));
            }
        }
    }

    #[test]
    fn every_routing_id_comes_back() {
        let format = format(Kind::Lines, None, true);
        for id in [
            &b"alice"[..],
            b"0x00",
            b"\0\x01\x02\x03\x04",
            b"a\tb",
            b"\xff",
        ] {
            let message = Message::from_frames([id.to_vec(), Vec::new(), b"body".to_vec()]);
            let text = encoded(format, &message);
            let line = text.strip_suffix('\n').expect("a line");
            assert_eq!(format.decode(line.as_bytes()), Ok(message), "{line}");
        }
        assert!(encoded(format, &Message::from_frames(["alice", "x"])).starts_with("alice\t"));
    }

    #[test]
    fn raw_has_nothing_between() {
        let raw = format(Kind::Raw, None, false);
        assert_eq!(encoded(raw, &Message::from_frames(["a", "b"])), "ab");
    }
}
