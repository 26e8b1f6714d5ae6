//! Conversations of libzmq with peers of old, which zmtp-codec's tests keep:
//! `zmtp-codec/tests/golden/capture.py` recorded them and says what the lines mean.

use std::fs;

use bytes::Bytes;
use ferromq::SocketType;

use crate::failure::{Failure, Outcome};
use crate::frames::Frames;
use crate::remote::root;

/// What was said, by libzmq's socket and by its peer, in order.
#[derive(Debug)]
pub(crate) struct Conversation {
    pub(crate) name: String,
    /// The type of libzmq's socket, in whose place ferromq's will be.
    pub(crate) kind: SocketType,
    pub(crate) identity: Bytes,
    pub(crate) peer_identity: Bytes,
    pub(crate) lines: Vec<Line>,
}

/// Who does something, and what.
#[derive(Debug)]
pub(crate) struct Line {
    /// Whether it is libzmq's socket, or else its peer.
    pub(crate) socket: bool,
    pub(crate) what: What,
}

/// What is done.
#[derive(Debug)]
pub(crate) enum What {
    /// Sends a message.
    Send(Frames),
    /// Subscribes to a topic.
    Subscribe(Bytes),
    /// Does so no more.
    Cancel(Bytes),
    /// Writes bytes.
    Wire(Bytes),
}

/// All conversations of a file.
pub(crate) fn read(file: &str) -> Outcome<Vec<Conversation>> {
    let path = root().join("zmtp-codec/tests/golden").join(file);
    let text =
        fs::read_to_string(&path).map_err(|error| Failure::new(error).during(path.display()))?;
    let conversations = text.split("\nconversation ").skip(1);
    conversations
        .map(|text| Conversation::parse(text).map_err(|failure| failure.during(file)))
        .collect()
}

impl Conversation {
    fn parse(text: &str) -> Outcome<Self> {
        let mut lines = text.lines().filter(|line| !line.is_empty());
        let mut conversation = Self {
            name: lines.next().unwrap_or_default().to_owned(),
            kind: SocketType::Pair,
            identity: Bytes::new(),
            peer_identity: Bytes::new(),
            lines: Vec::new(),
        };
        for line in lines.filter(|line| *line != "lockstep") {
            let words: Vec<&str> = line.split(' ').collect();
            match words[..] {
                ["socket", "a", kind, ref options @ ..] => {
                    conversation.kind =
                        SocketType::from_name(kind.as_bytes()).ok_or_else(|| Failure::new(kind))?;
                    conversation.identity = identity(options)?;
                }
                ["socket", _, _, ref options @ ..] => {
                    conversation.peer_identity = identity(options)?;
                }
                [verb, who, what] => conversation.lines.push(Line {
                    socket: who == "a",
                    what: What::parse(verb, what)?,
                }),
                _ => return Err(Failure::new(line)),
            }
        }
        Ok(conversation)
    }
}

impl What {
    fn parse(verb: &str, what: &str) -> Outcome<Self> {
        Ok(match verb {
            "send" => Self::Send(what.split(',').map(bytes).collect::<Outcome<_>>()?),
            "subscribe" => Self::Subscribe(bytes(what)?),
            "cancel" => Self::Cancel(bytes(what)?),
            "wire" => Self::Wire(bytes(what)?),
            _ => return Err(Failure::new(format_args!("{verb} is no verb here"))),
        })
    }
}

fn identity(options: &[&str]) -> Outcome<Bytes> {
    let identity = options
        .iter()
        .find_map(|word| word.strip_prefix("identity="));
    identity.map_or(Ok(Bytes::new()), bytes)
}

/// `6162+63*3` is `abccc`, and `-` is nothing.
fn bytes(text: &str) -> Outcome<Bytes> {
    let mut all = Vec::new();
    for piece in text.split('+').filter(|piece| *piece != "-") {
        let (digits, count) = piece.split_once('*').unwrap_or((piece, "1"));
        let octets = (0..digits.len() / 2).map(|place| {
            let octet = digits.get(2 * place..2 * place + 2).unwrap_or_default();
            u8::from_str_radix(octet, 16)
        });
        let octets: Vec<u8> = octets.collect::<Result<_, _>>()?;
        all.extend(octets.repeat(count.parse()?));
    }
    Ok(all.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read() {
        assert_eq!(bytes("6162+63*3"), Ok(Bytes::from_static(b"abccc")));
        assert_eq!(bytes("-"), Ok(Bytes::new()));
        assert!(bytes("zz").is_err());
    }
}
