//! Messages, in a form that no implementation owns.

use std::fmt::Write;
use std::sync::OnceLock;

use bytes::Bytes;

/// The frames of a message.
pub(crate) type Frames = Vec<Bytes>;

/// A message of these frames.
pub(crate) fn frames<F: AsRef<[u8]>>(bodies: impl IntoIterator<Item = F>) -> Frames {
    let copy = |body: F| Bytes::copy_from_slice(body.as_ref());
    bodies.into_iter().map(copy).collect()
}

/// A message of one frame.
pub(crate) fn frame(body: impl AsRef<[u8]>) -> Frames {
    frames([body])
}

/// The frames of two messages, one after the other.
#[must_use]
pub(crate) fn joined(envelope: &[Bytes], body: &[Bytes]) -> Frames {
    envelope.iter().chain(body).cloned().collect()
}

/// So many bytes, at most 64 Mi, in which each place can be told from others nearby.
#[must_use]
pub(crate) fn pattern(length: usize) -> Bytes {
    static PATTERN: OnceLock<Bytes> = OnceLock::new();
    // 251 is prime: no power of two is a period.
    let all = PATTERN.get_or_init(|| (0..=250).cycle().take(64 << 20).collect());
    all.slice(..length)
}

/// A message for people to read: large frames only by their length and beginning.
#[must_use]
pub(crate) fn describe(frames: &[Bytes]) -> String {
    let mut text = String::from("[");
    for (place, frame) in frames.iter().enumerate() {
        if place == 8 {
            // A string takes all that is written to it.
            let _ = write!(text, ", … {} frames", frames.len());
            break;
        }
        let comma = if place == 0 { "" } else { ", " };
        let shown = &frame[..frame.len().min(32)];
        let _ = write!(text, "{comma}\"{}\"", shown.escape_ascii());
        if frame.len() > shown.len() {
            let _ = write!(text, "… {} bytes", frame.len());
        }
    }
    text + "]"
}

/// Where two messages differ, if they do.
#[must_use]
pub(crate) fn difference(got: &[Bytes], wanted: &[Bytes]) -> Option<String> {
    (got != wanted).then(|| {
        let frame = got
            .iter()
            .zip(wanted)
            .position(|(got, wanted)| got != wanted);
        let place = frame.map_or(String::new(), |frame| {
            let bytes = got[frame].iter().zip(&wanted[frame]);
            let byte = bytes.into_iter().position(|(got, wanted)| got != wanted);
            format!(", from frame {frame} byte {byte:?} on")
        });
        format!("got {}, wanted {}{place}", describe(got), describe(wanted))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_frames_are_shown_by_their_beginning() {
        assert_eq!(describe(&frames(["a\n", ""])), r#"["a\n", ""]"#);
        assert!(describe(&[pattern(100)]).ends_with("… 100 bytes]"));
    }

    #[test]
    fn differences_are_found() {
        assert_eq!(difference(&frame("a"), &frame("a")), None);
        let told = difference(&frame("abc"), &frame("abd")).expect("a difference");
        assert!(told.ends_with("from frame 0 byte Some(2) on"), "{told}");
    }
}
