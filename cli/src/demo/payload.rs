//! Messages that can be told from one another: numbered, of many sizes, in one
//! frame or several.

use ferromq::Message;

/// How many bytes the number takes, at the front of the first frame.
const NUMBER: usize = 8;

/// The message of that number.
pub(crate) fn message(number: u64) -> Message {
    let fill = vec![number as u8; size(number)];
    let mut first = number.to_be_bytes().to_vec();
    match number % 3 {
        0 => {
            first.extend_from_slice(&fill);
            Message::from(first)
        }
        1 => Message::from_frames([first, fill]),
        _ => Message::from_frames([first, Vec::new(), fill]),
    }
}

/// The number of a message, if it has one.
pub(crate) fn number(message: &Message) -> Option<u64> {
    let number = message.head().get(..NUMBER)?;
    Some(u64::from_be_bytes(number.try_into().ok()?))
}

/// The bytes of that number, for a link that carries bytes.
pub(crate) fn bytes(number: u64) -> Vec<u8> {
    message(number).frames().collect::<Vec<_>>().concat()
}

/// Mostly small, now and then large.
fn size(number: u64) -> usize {
    match number % 64 {
        63 => 30_000,
        47 | 31 | 15 => 2_000,
        small if small % 4 == 3 => 200,
        tiny => tiny as usize,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_know_their_number() {
        for expected in 0..200 {
            let message = message(expected);
            assert_eq!(number(&message), Some(expected));
            assert_eq!(message.len() as u64, expected % 3 + 1);
            assert_eq!(message.size(), bytes(expected).len());
        }
        assert_eq!(number(&Message::from("short")), None);
    }
}
