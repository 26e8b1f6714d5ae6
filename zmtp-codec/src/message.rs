//! A whole message: one or more frames.

mod into_message;

pub use into_message::{IntoMessage, Lent};

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use bytes::{BufMut, Bytes, BytesMut};

use crate::frame::FrameHeader;
use crate::packed::Packed;

/// A message of one or more frames, each of any bytes.
///
/// Small messages live inside the value (up to 66 bytes in one frame, or in
/// several with two bytes of overhead each) and cost no allocation; larger
/// frames are [`Bytes`], shared when the message is cloned. A message always
/// has at least one frame, which may be empty.
///
/// A larger frame that was received may share its memory with others that came about
/// the same time: whoever keeps it keeps up to 16 times its size alive. A copy,
/// `Message::from(message.body())`, is alone.
///
/// ```
/// use zmtp_codec::Message;
///
/// let hello = Message::from("hello");
/// assert_eq!(hello.body(), b"hello");
///
/// let parts = Message::from_frames(["weather", "sunny"]);
/// assert_eq!(parts.len(), 2);
/// assert_eq!(parts.frame(1), Some(&b"sunny"[..]));
/// ```
#[derive(Clone)]
pub struct Message {
    body: Body,
}

#[derive(Clone)]
pub(crate) enum Body {
    /// Frames as they stand on the wire, small enough to live here.
    Packed(Packed),
    /// One frame, and the message's origin.
    Single(Bytes, u32),
    /// Two frames or more, of which one at least is too large to pack, and the origin.
    Multi(Vec<Bytes>, u32),
}

impl Message {
    /// A message of one empty frame.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            body: Body::Packed(Packed::EMPTY_FRAME),
        }
    }

    /// A message with one frame for each item; of one empty frame if there is none.
    pub fn from_frames<F: Into<Bytes>>(frames: impl IntoIterator<Item = F>) -> Self {
        Self::from_vec(frames.into_iter().map(Into::into).collect())
    }

    fn from_vec(mut frames: Vec<Bytes>) -> Self {
        if let Some(packed) = Packed::from_frames(frames.iter().map(|frame| &frame[..])) {
            return Body::Packed(packed).into();
        }
        match frames.len() {
            0 | 1 => frames
                .pop()
                .map_or_else(Self::new, |frame| Body::Single(frame, 0).into()),
            _ => Body::Multi(frames, 0).into(),
        }
    }

    /// How many frames the message has, at least one.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.body {
            Body::Packed(packed) => packed.frames().count(),
            Body::Single(..) => 1,
            Body::Multi(frames, _) => frames.len(),
        }
    }

    /// Whether the message is one empty frame.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.size() == 0 && self.len() == 1
    }

    /// The bytes in all bodies together.
    #[must_use]
    pub fn size(&self) -> usize {
        self.frames().map(<[u8]>::len).sum()
    }

    /// The frames' bodies, first to last.
    pub fn frames(&self) -> Frames<'_> {
        Frames(match &self.body {
            Body::Packed(packed) => Source::Packed(packed.frames()),
            Body::Single(frame, _) => Source::Shared(core::slice::from_ref(frame).iter()),
            Body::Multi(frames, _) => Source::Shared(frames.iter()),
        })
    }

    /// The body of the frame at `index`, counted from zero.
    #[must_use]
    pub fn frame(&self, index: usize) -> Option<&[u8]> {
        self.frames().nth(index)
    }

    /// The body of the last frame: the whole content of a message of one frame,
    /// and the payload behind an envelope.
    #[must_use]
    #[inline]
    pub fn body(&self) -> &[u8] {
        match &self.body {
            Body::Packed(packed) => packed.last(),
            Body::Single(frame, _) => frame,
            Body::Multi(frames, _) => frames.last().map_or(&[], |frame| frame),
        }
    }

    /// The body of the first frame: a topic, a routing id, or the whole content.
    #[must_use]
    #[inline]
    pub fn head(&self) -> &[u8] {
        match &self.body {
            Body::Packed(packed) => packed.first(),
            Body::Single(frame, _) => frame,
            Body::Multi(frames, _) => frames.first().map_or(&[], |frame| frame),
        }
    }

    /// The last frame as text, if it is UTF-8.
    ///
    /// # Errors
    ///
    /// Where the first invalid byte stands.
    pub fn as_str(&self) -> Result<&str, core::str::Utf8Error> {
        core::str::from_utf8(self.body())
    }

    /// Takes the frames out.
    #[must_use]
    pub fn into_frames(self) -> Vec<Bytes> {
        self.body.into_frames()
    }

    /// Takes the last frame out and forgets the others.
    #[must_use]
    pub fn into_body(self) -> Bytes {
        match self.body {
            Body::Packed(packed) => Bytes::copy_from_slice(packed.last()),
            Body::Single(frame, _) => frame,
            Body::Multi(mut frames, _) => frames.pop().unwrap_or_default(),
        }
    }

    /// Puts a frame in front.
    pub fn push_front(&mut self, frame: impl Into<Bytes>) {
        let frame = frame.into();
        if let Body::Packed(packed) = &mut self.body {
            if packed.push_front(&frame) {
                return;
            }
        }
        let origin = self.origin();
        let mut frames = self.body.take().into_frames();
        frames.insert(0, frame);
        self.body = Body::Multi(frames, origin);
    }

    /// Puts a frame behind the last.
    pub fn push_back(&mut self, frame: impl Into<Bytes>) {
        let frame = frame.into();
        if let Body::Packed(packed) = &mut self.body {
            if packed.push_back(&frame) {
                return;
            }
        }
        let origin = self.origin();
        let mut frames = self.body.take().into_frames();
        frames.push(frame);
        self.body = Body::Multi(frames, origin);
    }

    /// Takes the first frame off, unless it is the only one.
    pub fn pop_front(&mut self) -> Option<Bytes> {
        match &mut self.body {
            Body::Packed(packed) => packed.pop_front(),
            Body::Single(..) => None,
            Body::Multi(frames, origin) => {
                let origin = *origin;
                let first = (frames.len() > 1).then(|| frames.remove(0))?;
                let rest = core::mem::take(frames);
                *self = Self::from_vec(rest);
                self.set_origin(origin);
                Some(first)
            }
        }
    }

    /// Whose message this is: a key that the receiving side may attach and that
    /// never travels. 0 where there is none.
    #[must_use]
    pub fn origin(&self) -> u32 {
        match &self.body {
            Body::Packed(packed) => packed.origin(),
            Body::Single(_, origin) | Body::Multi(_, origin) => *origin,
        }
    }

    /// Attaches the key that [`origin`](Self::origin) returns.
    pub fn set_origin(&mut self, origin: u32) {
        match &mut self.body {
            Body::Packed(packed) => packed.set_origin(origin),
            Body::Single(_, old) | Body::Multi(_, old) => *old = origin,
        }
    }

    /// Becomes the message of one small frame, if it is packed already and the
    /// frame fits; says whether it did.
    #[inline]
    fn fill_frame(&mut self, body: &[u8]) -> bool {
        match &mut self.body {
            Body::Packed(packed) => packed.fill_frame(body),
            _ => false,
        }
    }

    /// Becomes the message of whole short frames at the front of `wire`, `length`
    /// bytes, with this origin; says whether they fit.
    #[inline]
    pub(crate) fn fill(&mut self, wire: &[u8], length: usize, origin: u32) -> bool {
        if let Body::Packed(packed) = &mut self.body {
            return packed.fill(wire, length, origin);
        }
        let mut packed = Packed::EMPTY_FRAME;
        let filled = packed.fill(wire, length, origin);
        if filled {
            *self = Body::Packed(packed).into();
        }
        filled
    }

    /// Takes the body of the only frame out, if it has `size` bytes or more, which are more
    /// than fit inside; an empty frame stays.
    #[inline]
    pub(crate) fn take_large(&mut self, size: usize) -> Option<Bytes> {
        match &mut self.body {
            Body::Single(frame, _) if frame.len() >= size => {
                let frame = core::mem::take(frame);
                self.body.take();
                Some(frame)
            }
            _ => None,
        }
    }

    /// Writes the message as plain data frames; a body of at least `share_from`
    /// bytes is not copied but given to `share`, which is told the output's
    /// length at that point.
    #[inline]
    pub(crate) fn encode(
        &self,
        skip: usize,
        share_from: usize,
        output: &mut BytesMut,
        share: impl FnMut(usize, &Bytes),
    ) {
        match &self.body {
            Body::Packed(packed) => packed.encode(skip, output),
            Body::Single(..) if skip > 0 => {}
            Body::Single(frame, _) => {
                encode_frames(core::slice::from_ref(frame), share_from, output, share);
            }
            Body::Multi(frames, _) => {
                encode_frames(frames.get(skip..).unwrap_or(&[]), share_from, output, share);
            }
        }
    }
}

fn encode_frames(
    frames: &[Bytes],
    share_from: usize,
    output: &mut BytesMut,
    mut share: impl FnMut(usize, &Bytes),
) {
    for (index, body) in frames.iter().enumerate() {
        let more = index + 1 < frames.len();
        FrameHeader {
            more,
            command: false,
            size: body.len() as u64,
        }
        .encode(output);
        if body.len() < share_from {
            output.put_slice(body);
        } else {
            share(output.len(), body);
        }
    }
}

impl Body {
    /// Leaves an empty frame behind.
    fn take(&mut self) -> Self {
        core::mem::replace(self, Body::Packed(Packed::EMPTY_FRAME))
    }

    fn into_frames(self) -> Vec<Bytes> {
        match self {
            Body::Packed(packed) => packed.frames().map(Bytes::copy_from_slice).collect(),
            Body::Single(frame, _) => alloc::vec![frame],
            Body::Multi(frames, _) => frames,
        }
    }
}

impl From<Body> for Message {
    #[inline]
    fn from(body: Body) -> Self {
        Self { body }
    }
}

/// The bodies of a message's frames, from [`Message::frames`].
#[derive(Clone)]
pub struct Frames<'a>(Source<'a>);

#[derive(Clone)]
enum Source<'a> {
    Packed(crate::packed::Frames<'a>),
    Shared(core::slice::Iter<'a, Bytes>),
}

impl<'a> Iterator for Frames<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        match &mut self.0 {
            Source::Packed(frames) => frames.next(),
            Source::Shared(frames) => frames.next().map(|frame| &frame[..]),
        }
    }
}

impl fmt::Debug for Frames<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone().map(Printable)).finish()
    }
}

/// Bytes, shown as a byte string and cut where they get long.
struct Printable<'a>(&'a [u8]);

impl fmt::Debug for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 32;
        let shown = self.0.get(..SHOWN).unwrap_or(self.0);
        write!(f, "b\"{}\"", shown.escape_ascii())?;
        if self.0.len() > SHOWN {
            write!(f, "… ({} bytes)", self.0.len())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Message").field(&self.frames()).finish()
    }
}

impl Default for Message {
    fn default() -> Self {
        Self::new()
    }
}

/// Messages are equal when their frames are; where they came from does not count.
impl PartialEq for Message {
    fn eq(&self, other: &Self) -> bool {
        self.frames().eq(other.frames())
    }
}

impl Eq for Message {}

impl From<&[u8]> for Message {
    #[inline]
    fn from(body: &[u8]) -> Self {
        let mut message = Self::new();
        if !message.fill_frame(body) {
            message.body = Body::Single(Bytes::copy_from_slice(body), 0);
        }
        message
    }
}

impl From<Bytes> for Message {
    #[inline]
    fn from(body: Bytes) -> Self {
        let mut message = Self::new();
        if !message.fill_frame(&body) {
            message.body = Body::Single(body, 0);
        }
        message
    }
}

impl<const N: usize> From<&[u8; N]> for Message {
    #[inline]
    fn from(body: &[u8; N]) -> Self {
        Self::from(&body[..])
    }
}

impl From<&str> for Message {
    #[inline]
    fn from(body: &str) -> Self {
        Self::from(body.as_bytes())
    }
}

impl From<String> for Message {
    #[inline]
    fn from(body: String) -> Self {
        Self::from(Bytes::from(body))
    }
}

impl From<Vec<u8>> for Message {
    #[inline]
    fn from(body: Vec<u8>) -> Self {
        Self::from(Bytes::from(body))
    }
}

impl<F: Into<Bytes>> FromIterator<F> for Message {
    fn from_iter<I: IntoIterator<Item = F>>(frames: I) -> Self {
        Self::from_frames(frames)
    }
}

#[cfg(test)]
mod tests;
