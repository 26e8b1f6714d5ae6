//! Routing ids in lines: as they are if that is readable, else in hexadecimal.

use super::hex;

/// What an id in hexadecimal begins with.
const MARK: &[u8] = b"0x";

/// Appends an id.
pub(super) fn encode(id: &[u8], delimiter: u8, output: &mut Vec<u8>) {
    if is_readable(id, delimiter) {
        output.extend_from_slice(id);
    } else {
        output.extend_from_slice(MARK);
        hex::encode(id, output);
    }
}

/// The id that a text stands for.
pub(super) fn decode(text: &[u8]) -> Vec<u8> {
    let digits = text.strip_prefix(MARK).and_then(hex::decode);
    digits.unwrap_or_else(|| text.to_vec())
}

fn is_readable(id: &[u8], delimiter: u8) -> bool {
    let text = std::str::from_utf8(id);
    text.is_ok_and(|text| !text.chars().any(char::is_control))
        && !id.is_empty()
        && !id.contains(&delimiter)
        && !id.starts_with(MARK)
}
