//! Small messages, kept inline as the bytes they are on the wire.

use bytes::{Bytes, BytesMut};

use crate::frame::MORE;

/// How many bytes of frames, headers included, fit inside a message. 64-byte
/// bodies are common in this field and fit; see `docs/performance.md` for the
/// sizes tried.
pub(crate) const CAPACITY: usize = 68;

/// What a short frame's header takes.
const HEADER: usize = 2;

/// One or more whole short data frames; the last one, and only it, has no MORE flag.
///
/// The bytes behind the frames are left over from whatever was there: nothing reads
/// them. A message is most often moved right after it was filled, and a load is quick
/// then only if one store has written all of it. So the order of the fields is fixed:
/// first the word by which a message's other forms are told apart, then one that an
/// error takes the place of where there is no message, then what is moved together, in
/// the steps in which it was filled.
#[derive(Clone)]
#[repr(C)]
pub(crate) struct Packed {
    form: Form,
    /// How many bytes the frames take.
    length: u32,
    /// The frames, and in the last four bytes the message's origin.
    wire: [u8; WIRE],
}

/// Four steps of 16 bytes and one of 8, of which the frames have all but the origin.
const WIRE: usize = CAPACITY + 4;
const STEPS: usize = 64;

/// A word with one value, which leaves the others for an enum around it.
#[derive(Clone, Copy)]
#[repr(u32)]
enum Form {
    Packed,
}

impl Packed {
    /// One frame without a body.
    pub(crate) const EMPTY_FRAME: Self = Self {
        form: Form::Packed,
        length: HEADER as u32,
        wire: [0; WIRE],
    };

    /// Whose message it is.
    #[inline]
    pub(crate) fn origin(&self) -> u32 {
        self.wire
            .last_chunk()
            .map_or(0, |origin| u32::from_le_bytes(*origin))
    }

    #[inline]
    pub(crate) fn set_origin(&mut self, origin: u32) {
        self.wire[CAPACITY..].copy_from_slice(&origin.to_le_bytes());
    }

    /// How many bytes the frames take.
    #[inline]
    fn length(&self) -> usize {
        self.length as usize
    }

    /// Becomes a single frame; says whether it fits.
    #[inline]
    pub(crate) fn fill_frame(&mut self, body: &[u8]) -> bool {
        let end = HEADER + body.len();
        let Some(to) = self.wire[..CAPACITY].get_mut(HEADER..end) else {
            return false;
        };
        to.copy_from_slice(body);
        self.wire[0] = 0;
        self.wire[1] = body.len() as u8;
        self.length = end as u32;
        true
    }

    /// Takes several frames, if they fit together.
    pub(crate) fn from_frames<'a>(frames: impl IntoIterator<Item = &'a [u8]>) -> Option<Self> {
        let mut frames = frames.into_iter();
        let mut packed = Self::EMPTY_FRAME;
        if !packed.fill_frame(frames.next()?) {
            return None;
        }
        frames
            .all(|frame| packed.push_back(frame))
            .then_some(packed)
    }

    /// Becomes the whole frames that stand at the front of `wire`, `length` bytes, of
    /// a message with this origin; says whether they fit.
    ///
    /// The caller has seen that they are short data frames of one message.
    #[inline]
    pub(crate) fn fill(&mut self, wire: &[u8], length: usize, origin: u32) -> bool {
        if length > CAPACITY {
            return false;
        }
        // Copying the full width is some loads and stores, where copying just
        // the frames would be a call.
        let whole = wire.first_chunk::<CAPACITY>();
        if let Some((steps, last)) = whole.and_then(|wire| wire.split_last_chunk::<4>()) {
            let last = u64::from(origin) << 32 | u64::from(u32::from_le_bytes(*last));
            self.wire[..STEPS].copy_from_slice(steps);
            self.wire[STEPS..].copy_from_slice(&last.to_le_bytes());
        } else if let (Some(to), Some(from)) = (self.wire.get_mut(..length), wire.get(..length)) {
            to.copy_from_slice(from);
            self.set_origin(origin);
        } else {
            return false;
        }
        self.length = length as u32;
        true
    }

    #[inline]
    fn as_wire(&self) -> &[u8] {
        self.wire.get(..self.length()).unwrap_or(&[])
    }

    #[inline]
    pub(crate) fn frames(&self) -> Frames<'_> {
        Frames {
            wire: self.as_wire(),
        }
    }

    #[inline]
    pub(crate) fn first(&self) -> &[u8] {
        self.frames().next().unwrap_or(&[])
    }

    #[inline]
    pub(crate) fn last(&self) -> &[u8] {
        if self.wire[0] & MORE == 0 {
            return self.wire.get(HEADER..self.length()).unwrap_or(&[]);
        }
        self.frames().last().unwrap_or(&[])
    }

    /// Puts a frame in front; says whether it fits.
    pub(crate) fn push_front(&mut self, body: &[u8]) -> bool {
        let used = self.length();
        let shift = HEADER + body.len();
        if shift + used > CAPACITY {
            return false;
        }
        self.wire.copy_within(..used, shift);
        self.write_frame(0, MORE, body);
        self.length += shift as u32;
        true
    }

    /// Puts a frame behind the last; says whether it fits.
    pub(crate) fn push_back(&mut self, body: &[u8]) -> bool {
        let used = self.length();
        let end = used + HEADER + body.len();
        if end > CAPACITY {
            return false;
        }
        let last = used - HEADER - self.last().len();
        if let Some(flags) = self.wire.get_mut(last) {
            *flags |= MORE;
        }
        self.write_frame(used, 0, body);
        self.length = end as u32;
        true
    }

    /// Writes a frame at `at`, where the caller has seen that it fits.
    fn write_frame(&mut self, at: usize, flags: u8, body: &[u8]) {
        let target = self.wire.get_mut(at..at + HEADER + body.len());
        if let Some([header_flags, header_size, target @ ..]) = target {
            *header_flags = flags;
            *header_size = body.len() as u8;
            target.copy_from_slice(body);
        }
    }

    /// Takes the first frame off, unless it is the only one.
    pub(crate) fn pop_front(&mut self) -> Option<Bytes> {
        if self.wire[0] & MORE == 0 {
            return None;
        }
        let frame = Bytes::copy_from_slice(self.first());
        let taken = HEADER + frame.len();
        let used = self.length();
        self.wire.copy_within(taken..used, 0);
        self.length -= taken as u32;
        Some(frame)
    }

    /// Writes the frames but the first `skip`.
    #[inline]
    pub(crate) fn encode(&self, skip: usize, output: &mut BytesMut) {
        if skip > 0 {
            let mut frames = self.frames();
            for _ in 0..skip {
                frames.next();
            }
            output.extend_from_slice(frames.wire);
            return;
        }
        // The full width, then cut: see `fill`.
        let end = output.len() + self.length();
        output.extend_from_slice(&self.wire[..CAPACITY]);
        output.truncate(end);
    }
}

/// The bodies of packed frames.
#[derive(Clone)]
pub(crate) struct Frames<'a> {
    wire: &'a [u8],
}

impl<'a> Iterator for Frames<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        let [_flags, size, rest @ ..] = self.wire else {
            return None;
        };
        let (body, wire) = rest.split_at_checked(usize::from(*size))?;
        self.wire = wire;
        Some(body)
    }
}
