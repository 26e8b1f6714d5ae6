//! Frames as hexadecimal digits.

use ferromq::Message;

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Appends two digits for each byte.
pub(super) fn encode(bytes: &[u8], output: &mut Vec<u8>) {
    for byte in bytes {
        let digit = |value: u8| DIGITS[usize::from(value & 15)];
        output.extend([digit(byte >> 4), digit(*byte)]);
    }
}

/// The bytes that an even number of digits stands for.
pub(super) fn decode(digits: &[u8]) -> Option<Vec<u8>> {
    let value = |digit: u8| char::from(digit).to_digit(16).map(|value| value as u8);
    let byte = |pair: &[u8]| match pair {
        [high, low] => Some(value(*high)? << 4 | value(*low)?),
        _ => None,
    };
    digits.chunks(2).map(byte).collect()
}

/// A message of frames in hexadecimal.
pub(super) fn decode_frames(line: &[u8], delimiter: u8) -> Result<Message, String> {
    let frames = line.split(|byte| *byte == delimiter).map(decode);
    let frames: Option<Vec<_>> = frames.collect();
    let frames =
        frames.ok_or("is not hexadecimal: two of the digits 0 to 9 and a to f per byte")?;
    Ok(Message::from_frames(frames))
}
