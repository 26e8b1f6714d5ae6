//! Messages as JSON: `{"frames": ["text", {"hex": "00ff"}]}`.

use ferromq::Message;
use serde_json::Value;

use super::hex;

/// Appends a message and a newline.
pub(super) fn encode(message: &Message, output: &mut Vec<u8>) {
    output.extend_from_slice(b"{\"frames\":[");
    for (index, frame) in message.frames().enumerate() {
        if index > 0 {
            output.push(b',');
        }
        match std::str::from_utf8(frame) {
            Ok(text) => output.extend(Value::from(text).to_string().into_bytes()),
            Err(_) => {
                output.extend_from_slice(b"{\"hex\":\"");
                hex::encode(frame, output);
                output.extend_from_slice(b"\"}");
            }
        }
    }
    output.extend_from_slice(b"]}\n");
}

/// The message that an object, a list of frames or a single frame says.
pub(super) fn decode(line: &[u8]) -> Result<Message, String> {
    let value: Value =
        serde_json::from_slice(line).map_err(|error| format!("is not JSON: {error}"))?;
    let frames = match &value {
        Value::Array(frames) => frames.as_slice(),
        Value::Object(object) => match object.get("frames") {
            Some(Value::Array(frames)) => frames.as_slice(),
            _ => std::slice::from_ref(&value),
        },
        _ => std::slice::from_ref(&value),
    };
    if frames.is_empty() {
        return Err("has no frames: a message has at least one".into());
    }
    let frames: Option<Vec<_>> = frames.iter().map(frame).collect();
    let frames = frames.ok_or(r#"is no message: {"frames": ["text", {"hex": "00ff"}]}"#)?;
    Ok(Message::from_frames(frames))
}

fn frame(value: &Value) -> Option<Vec<u8>> {
    match value {
        Value::String(text) => Some(text.clone().into_bytes()),
        Value::Object(object) => hex::decode(object.get("hex")?.as_str()?.as_bytes()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_are_read() {
        let one = Message::from("a");
        for text in [
            r#""a""#,
            r#"["a"]"#,
            r#"{"frames":["a"]}"#,
            r#"{"hex":"61"}"#,
        ] {
            assert_eq!(decode(text.as_bytes()), Ok(one.clone()), "{text}");
        }
    }

    #[test]
    fn what_is_no_message_is_refused() {
        for text in [
            "",
            "a",
            "[]",
            "1",
            "[1]",
            "{}",
            r#"{"hex":"6"}"#,
            r#"{"frames":[]}"#,
        ] {
            assert!(decode(text.as_bytes()).is_err(), "{text}");
        }
    }
}
